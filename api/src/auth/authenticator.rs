//! Which credential a request carries, and whose it is.

use sea_orm::DatabaseConnection;

use super::{AuthError, JwtVerifier, Viewer, api_key};

/// Turns `Authorization` headers into viewers.
pub struct Authenticator {
    db: DatabaseConnection,
    tokens: Option<JwtVerifier>,
}

impl Authenticator {
    /// API keys are looked up in `db`; access tokens are accepted if there is a verifier for them.
    #[must_use]
    pub const fn new(db: DatabaseConnection, tokens: Option<JwtVerifier>) -> Self {
        Self { db, tokens }
    }

    /// Who sends a request with this `Authorization` header; without one, somebody anonymous.
    ///
    /// A credential that is there and no good is an error and not anonymity: its sender believes to be somebody.
    ///
    /// # Errors
    /// See [`AuthError`].
    pub async fn authenticate(&self, authorization: Option<&str>) -> Result<Viewer, AuthError> {
        let Some(header) = authorization else { return Ok(Viewer::anonymous()) };
        let (scheme, credential) = header.trim().split_once(' ').ok_or(AuthError::MalformedHeader)?;
        let credential = credential.trim_start();
        if !scheme.eq_ignore_ascii_case("Bearer") || credential.is_empty() || credential.contains(char::is_whitespace) {
            return Err(AuthError::MalformedHeader);
        }
        if credential.starts_with(api_key::PREFIX) {
            return api_key::verify(&self.db, credential).await;
        }
        match &self.tokens {
            Some(tokens) => tokens.verify(credential).await,
            None => Err(AuthError::InvalidCredential),
        }
    }
}
