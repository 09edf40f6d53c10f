//! Why a command failed.

use sea_orm::DbErr;
use uuid::Uuid;

use super::{healthcheck::HealthcheckError, import::ImportCommandError, serve::ServeError};
use crate::{
    auth::{JwksError, api_key::CreateError},
    catalog::seed::SeedError,
    config::IncompleteJwtConfig,
    database::{ConnectError, roles::RolesError},
};

/// A command's failure, in one line.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
    #[error("the database's schema is older than this version needs: {} missing; run `taproom migrate up`", .0.join(", "))]
    SchemaMissing(Vec<String>),
    #[error("another migration holds the lock on this database; wait for it to end and try again")]
    MigrationRunning,
    #[error("no key was made: {0}")]
    KeyNotCreated(#[from] CreateError),
    #[error("there is no API key {0}; `taproom key list` shows those there are")]
    NoSuchKey(Uuid),
    #[error("roles are for PostgreSQL, and this is the SQLite database {0}; name a PostgreSQL server in TAPROOM_DATABASE_URL")]
    RolesOnSqlite(String),
    #[error(transparent)]
    Roles(#[from] RolesError),
    #[error(transparent)]
    IncompleteJwt(#[from] IncompleteJwtConfig),
    #[error(transparent)]
    Jwks(#[from] JwksError),
    #[error("cannot start the runtime: {0}")]
    Runtime(std::io::Error),
    #[error("cannot write the output: {0}")]
    Output(#[from] std::io::Error),
    #[error(transparent)]
    Seed(#[from] SeedError),
    #[error(transparent)]
    Import(#[from] ImportCommandError),
    #[error(transparent)]
    Serve(#[from] Box<ServeError>),
    #[error(transparent)]
    Healthcheck(#[from] HealthcheckError),
}
