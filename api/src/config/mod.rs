//! Configuration: one small struct a concern, each an argument group of the command line with environment variables beside it.
//!
//! Everything has a default with which Taproom runs on a fresh machine. Where both are given, the command line wins.

mod auth;
mod clients;
mod database;
mod database_url;
mod documents;
mod graphql;
mod http;
mod limits;
mod logs;
mod profile;
mod telemetry;

pub use auth::{IncompleteJwtConfig, JwksLocation, JwtConfig, JwtIssuer};
pub use clients::ClientsConfig;
pub use database::{DatabaseAuth, DatabaseConfig};
pub use database_url::{DatabaseUrl, InvalidDatabaseUrl};
pub use documents::{DocumentsConfig, TrustedDocuments};
pub use graphql::GraphqlConfig;
pub use http::HttpConfig;
pub use limits::LimitsConfig;
pub use logs::{LogConfig, LogFormat};
pub use profile::Profile;
pub use secrecy::SecretString;
pub use telemetry::{OperationNameList, Slot, TelemetryConfig};

/// A secret from the environment. The error does not repeat it.
pub(crate) fn secret(text: &str) -> Result<SecretString, &'static str> {
    if text.is_empty() { Err("is empty; give a value, or leave it out") } else { Ok(SecretString::from(text)) }
}
