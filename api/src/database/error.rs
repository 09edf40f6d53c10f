//! Why there is no connection.

use std::path::PathBuf;

use sqlx::{Error, postgres::PgConnectOptions};

use super::CredentialsError;

/// A database that cannot be used as configured. The messages hold no password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("cannot open the SQLite file {}: {reason}; check TAPROOM_DATABASE_URL and the permissions of its folder", path.display())]
    Sqlite { path: PathBuf, reason: String },
    #[error("cannot use the URL of the database ({0}); check TAPROOM_DATABASE_URL")]
    Url(String),
    #[error("cannot use the certificates in {}: {reason}; TAPROOM_DATABASE_CA names a PEM file with at least one", path.display())]
    Ca { path: PathBuf, reason: String },
    #[error("cannot reach PostgreSQL at {address}: {reason}; check that it runs and TAPROOM_DATABASE_URL")]
    Unreachable { address: String, reason: String },
    #[error(
        "PostgreSQL at {address} did not answer within {milliseconds} ms; check the network, or raise TAPROOM_DATABASE_ACQUIRE_TIMEOUT"
    )]
    TimedOut { address: String, milliseconds: u128 },
    #[error(
        "no trusted TLS connection to PostgreSQL at {address}: {reason}; name the certificate of the authority (CA) that vouches \
         for the server in TAPROOM_DATABASE_CA, and the server by the name in its certificate"
    )]
    Tls { address: String, reason: String },
    #[error(
        "PostgreSQL at {address} refused the login of {user}: {reason}; check the user in TAPROOM_DATABASE_URL, and \
         TAPROOM_DATABASE_PASSWORD or TAPROOM_DATABASE_AUTH"
    )]
    Refused { address: String, user: String, reason: String },
    #[error("PostgreSQL at {address} refused the connection: {reason}; check TAPROOM_DATABASE_URL and TAPROOM_DATABASE_ROLE")]
    Server { address: String, reason: String },
    #[error("TAPROOM_DATABASE_AUTH is rds-iam, but no region is given; set AWS_REGION to the region of the database")]
    NoRegion,
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
}

impl ConnectError {
    /// What `error` means for a login with `options`.
    pub(super) fn from_postgres(error: &Error, options: &PgConnectOptions) -> Self {
        let address = address(options);
        match error {
            Error::Database(refusal) => {
                let reason = refusal.message().to_owned();
                // Class 28: invalid authorization, https://www.postgresql.org/docs/15/errcodes-appendix.html
                if refusal.code().is_some_and(|code| code.starts_with("28")) {
                    Self::Refused { address, user: options.get_username().to_owned(), reason }
                } else {
                    Self::Server { address, reason }
                }
            }
            Error::Tls(_) => Self::Tls { address, reason: error.to_string() },
            // rustls reports a certificate it does not trust as invalid data.
            Error::Io(cause) if cause.kind() == std::io::ErrorKind::InvalidData => {
                Self::Tls { address, reason: cause.to_string() }
            }
            Error::Io(cause) => Self::Unreachable { address, reason: cause.to_string() },
            // No password is configured, or of no method that we know.
            Error::Protocol(_) | Error::Configuration(_) => {
                Self::Refused { address, user: options.get_username().to_owned(), reason: error.to_string() }
            }
            _ => Self::Unreachable { address, reason: error.to_string() },
        }
    }
}

/// Where `options` lead to, in words.
pub(super) fn address(options: &PgConnectOptions) -> String {
    match options.get_socket() {
        Some(socket) => format!("{}, port {}", socket.display(), options.get_port()),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    }
}
