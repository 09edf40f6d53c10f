//! From an `Authorization` header to a [`Viewer`]: API keys and JSON Web Tokens.

pub mod api_key;
mod authenticator;
mod error;
mod jwks;
mod jwt;
mod scope;
mod viewer;

pub use authenticator::Authenticator;
pub use error::AuthError;
pub use jwks::JwksError;
pub use jwt::JwtVerifier;
pub use scope::Scope;
pub use viewer::{Denied, Viewer};
