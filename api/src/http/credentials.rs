//! The seam to `auth`: whom an `Authorization` header speaks for.

use futures_util::{FutureExt, future::BoxFuture};

use super::graphql_response::Refusal;
use crate::auth::{AuthError, Authenticator, Viewer};
use crate::graphql::error::ErrorCode;
use crate::{database, telemetry};

/// Turns `Authorization` headers into viewers.
pub trait Authenticate: Send + Sync {
    /// The viewer that `authorization`, the header's value, speaks for; without a header, nobody in particular.
    ///
    /// # Errors
    /// Whether the credential is to blame or the lookup.
    fn authenticate<'a>(&'a self, authorization: Option<&'a str>) -> BoxFuture<'a, Result<Viewer, AuthFailure>>;
}

impl Authenticate for Authenticator {
    fn authenticate<'a>(&'a self, authorization: Option<&'a str>) -> BoxFuture<'a, Result<Viewer, AuthFailure>> {
        async move {
            Self::authenticate(self, authorization).await.map_err(|error| {
                if error.is_client_fault() {
                    return AuthFailure::Invalid(error.to_string());
                }
                if let AuthError::Database(error) = &error {
                    telemetry::pool::count_timeout(error);
                    database::availability::doubt();
                }
                tracing::error!(error = &error as &dyn std::error::Error, "a credential cannot be checked");
                AuthFailure::Unavailable
            })
        }
        .boxed()
    }
}

/// Why nobody could be authenticated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthFailure {
    /// The credential is malformed, unknown, expired or revoked; says which in words for the client.
    #[error("{0}")]
    Invalid(String),
    /// It could not be looked up; a later attempt may succeed.
    #[error("credentials cannot be checked at the moment; try again later")]
    Unavailable,
}

impl From<AuthFailure> for Refusal {
    fn from(failure: AuthFailure) -> Self {
        let code = match failure {
            AuthFailure::Invalid(_) => ErrorCode::Unauthenticated,
            AuthFailure::Unavailable => ErrorCode::ServiceUnavailable,
        };
        Self::new(code, failure.to_string())
    }
}

/// The value of the one `Authorization` header.
///
/// # Errors
/// If there are several, or it is no text: nobody may guess which one was meant.
pub(super) fn authorization(headers: &axum::http::HeaderMap) -> Result<Option<&str>, Refusal> {
    let mut values = headers.get_all(axum::http::header::AUTHORIZATION).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(Refusal::new(ErrorCode::Unauthenticated, "there is more than one `Authorization` header; send one"));
    }
    let no_text = |_| Refusal::new(ErrorCode::Unauthenticated, "the `Authorization` header must be visible ASCII: `Bearer …`");
    first.map(|value| value.to_str().map_err(no_text)).transpose()
}
