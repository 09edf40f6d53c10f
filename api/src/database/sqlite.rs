//! The embedded database.

use std::{path::Path, time::Duration};

use sea_orm::DatabaseConnection;
use sqlx::{
    ConnectOptions as _, Connection as _,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::ConnectError;
use crate::config::DatabaseConfig;

/// Opens the file at `path`, creating it if need be.
pub async fn connect(config: &DatabaseConfig, path: &Path) -> Result<DatabaseConnection, ConnectError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(Duration::from_millis(config.busy_timeout_ms.into()))
        // Readers and the writer do not wait for each other.
        .journal_mode(SqliteJournalMode::Wal)
        // NORMAL would lose nothing when the process is killed, but the last commits at a loss of power. A write that was
        // acknowledged is to stay, and one fsync a transaction is a price that PostgreSQL asks, too.
        .synchronous(SqliteSynchronous::Full)
        .disable_statement_logging();
    let pool = SqlitePoolOptions::new()
        .max_connections(config.pool_size)
        .acquire_timeout(config.acquire_timeout())
        // A file does not hang up.
        .test_before_acquire(false)
        // For telemetry, which counts the waits.
        .acquire_time_level(log::LevelFilter::Trace)
        .after_release(|connection, _| {
            Box::pin(async move {
                if connection.is_in_transaction() {
                    // A dropped transaction's rollback may be under way. One that SQLite has rolled back by itself, for lack of disk, sqlx
                    // takes for open for ever, and could begin no other.
                    connection.ping().await?;
                    return Ok(!connection.is_in_transaction());
                }
                Ok(true)
            })
        })
        .connect_with(options)
        .await
        .map_err(|error| ConnectError::Sqlite { path: path.to_owned(), reason: error.to_string() })?;
    Ok(pool.into())
}
