//! Connections to the catalogue's store: one pool a process, SQLite or PostgreSQL behind SeaORM's one face.

pub mod abandoned;
pub mod availability;
mod conflict;
mod credentials;
mod error;
mod postgres;
pub mod roles;
mod schema;
mod scram;
mod sqlite;

use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait as _};

pub use conflict::{is_conflict, is_transient};
pub use credentials::{AwsKeys, CredentialsError, PasswordSource, RdsIam, rds_token};
pub use error::ConnectError;
pub use postgres::{connect as connect_postgres, keep_password_fresh};
pub use schema::missing_migrations;

use crate::config::{DatabaseConfig, DatabaseUrl};
use crate::telemetry::statements;

/// The search's threshold, which PostgreSQL is told for each connection: names whose best part is less similar to the query are not what
/// was meant. Of the trigrams of "pilzner" and "pilsner", 5 in 11 are shared; of "heffeweizen" and "hefeweissbier", 6 in 13.
pub const MIN_SIMILARITY: f64 = 0.4;

/// Opens the configured database and checks that it answers.
///
/// An SQLite file that is not there is created. With RDS IAM authentication a task is started on the current runtime that renews
/// the login token for as long as the pool is open.
///
/// # Errors
/// What is wrong, with which database, and what to do; never the password.
pub async fn connect(config: &DatabaseConfig) -> Result<DatabaseConnection, ConnectError> {
    let mut db = match config.url() {
        DatabaseUrl::Sqlite(path) => sqlite::connect(config, &path).await?,
        DatabaseUrl::Postgres(url) => postgres::connect(config, &url).await?.into(),
    };
    db.set_metric_callback(statements::count);
    Ok(db)
}

/// Starts a transaction that will write.
///
/// On SQLite it takes the write lock at once (`BEGIN IMMEDIATE`), so that writers queue for up to the busy timeout. One that read
/// first and took the lock later could not be let wait: what it has read may be outdated by then, and it fails immediately
/// (<https://sqlite.org/lang_transaction.html#deferred_immediate_and_exclusive_transactions>).
///
/// # Errors
/// No connection or lock could be had in time.
pub async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
    db.begin_with_options(TransactionOptions { sqlite_transaction_mode, ..TransactionOptions::default() }).await
}
