//! Why a credential does not make a viewer.

use sea_orm::DbErr;

use super::JwksError;

/// A request whose credential was not accepted, by the client's doing or ours.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The client's: there is an `Authorization` header, but of no form that we understand.
    #[error(
        "the Authorization header is not of the form `Bearer CREDENTIAL`; send an API key or an access token that way, or no header"
    )]
    MalformedHeader,
    /// The client's. Deliberately silent about what is wrong: who guesses credentials shall learn nothing.
    #[error("the credential is not valid, or not any more; get a new one, or send no Authorization header")]
    InvalidCredential,
    /// Ours: whether the API key is good cannot be known.
    #[error("the API key cannot be checked at the moment; try again")]
    Database(#[source] DbErr),
    /// Ours, or the issuer's: whether the token is good cannot be known.
    #[error("the access token cannot be checked at the moment; try again")]
    Issuer(#[source] JwksError),
}

impl AuthError {
    /// Whether the client is to blame (HTTP 401), and not the server or its issuer (HTTP 503).
    #[must_use]
    pub const fn is_client_fault(&self) -> bool {
        matches!(self, Self::MalformedHeader | Self::InvalidCredential)
    }
}
