//! Why it could not be done. No sentence has a secret in it.

use lambda_runtime::Diagnostic;
use taproom::database::ConnectError;
use taproom::database::roles::RolesError;

/// A sentence for whoever runs Terraform.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(
        "the event is neither {{\"roles\": {{\"owner\": …, \"migrator\": …, \"app\": …}}}} nor {{\"introspection_key\": {{\"secret\": …}}}}: {0}"
    )]
    UnknownEvent(String),
    #[error("the role's name \"{name}\" {reason}")]
    Name { name: String, reason: &'static str },
    #[error("the function's variable {0} is not set")]
    Variable(&'static str),
    #[error("DATABASE_HOST, DATABASE_PORT and DATABASE_NAME make no address: {0}")]
    Address(String),
    #[error("HTTPS to AWS cannot be set up: {0}")]
    Https(String),
    #[error("the secret {secret} cannot be {done}: {reason}")]
    Secret { secret: String, done: &'static str, reason: String },
    #[error(
        "the secret {0} is no JSON with a username and a password; MASTER_SECRET has to name the secret that RDS made for the master user"
    )]
    NoLogin(String),
    #[error("cannot reach the database: {0}; its security group has to admit the function's")]
    Unreachable(String),
    #[error(
        "the database cannot be trusted: {0}; rds-ca.pem in the function's package has to have the authority of its region, and \
         DATABASE_HOST has to be the name in its certificate"
    )]
    Untrusted(String),
    #[error("the database refused the master user: {0}")]
    Refused(String),
    #[error("the package has no usable rds-ca.pem: {0}; pack it with the program")]
    Authorities(String),
    #[error("{0}")]
    Connect(String),
    #[error(transparent)]
    Roles(#[from] RolesError),
    #[error("no API key can be made: {0}; the migrations have to be applied first")]
    Key(String),
    #[error("time is up; raise the function's timeout")]
    OutOfTime,
}

impl Failure {
    /// Whether it may be otherwise soon.
    #[must_use]
    pub const fn may_pass(&self) -> bool {
        // A secret: throttling, or the permission of a role that was made a moment ago. A login: the password was changed in between.
        matches!(self, Self::Secret { .. } | Self::Unreachable(_) | Self::Refused(_) | Self::Roles(RolesError::Database(_)))
    }

    const fn kind(&self) -> &'static str {
        match self {
            Self::UnknownEvent(_) => "UnknownEvent",
            Self::Name { .. } => "Name",
            Self::Variable(_) | Self::Address(_) => "Environment",
            Self::Https(_) => "Https",
            Self::Secret { .. } | Self::NoLogin(_) => "Secret",
            Self::Unreachable(_) => "Unreachable",
            Self::Untrusted(_) | Self::Authorities(_) => "Untrusted",
            Self::Refused(_) => "Refused",
            Self::Connect(_) => "Connect",
            Self::Roles(_) => "Roles",
            Self::Key(_) => "Key",
            Self::OutOfTime => "OutOfTime",
        }
    }
}

impl From<ConnectError> for Failure {
    /// The service's sentences name variables that this function has not.
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Unreachable { address, reason } => Self::Unreachable(format!("{address}: {reason}")),
            ConnectError::TimedOut { address, milliseconds } => {
                Self::Unreachable(format!("{address} did not answer within {milliseconds} ms"))
            }
            ConnectError::Tls { address, reason } => Self::Untrusted(format!("{address}: {reason}")),
            ConnectError::Refused { address, user, reason } => Self::Refused(format!("{address}, {user}: {reason}")),
            // It starts, or it has no connection left.
            ConnectError::Server { address, reason } => Self::Refused(format!("{address}: {reason}")),
            ConnectError::Ca { reason, .. } => Self::Authorities(reason),
            other => Self::Connect(other.to_string()),
        }
    }
}

impl From<Failure> for Diagnostic {
    fn from(failure: Failure) -> Self {
        Self { error_type: failure.kind().to_owned(), error_message: failure.to_string() }
    }
}
