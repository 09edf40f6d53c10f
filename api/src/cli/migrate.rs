//! `taproom migrate`.

use std::{collections::HashSet, io::Write};

use migration::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectionTrait as _, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr, TransactionTrait as _};

use super::CliError;
use crate::{config::DatabaseConfig, database};

/// The lock that a migration holds on PostgreSQL; the number is arbitrary and the same for ever.
const LOCK: &str = "SELECT pg_try_advisory_xact_lock(7461501420) AS locked";

/// Options of `migrate`.
#[derive(Debug, clap::Args)]
pub struct Migrate {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Apply every migration that is missing
    Up {
        #[command(flatten)]
        database: DatabaseConfig,
    },
    /// Revert the newest migrations; what only they could hold is lost
    Down {
        /// How many to revert
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        steps: u32,
        #[command(flatten)]
        database: DatabaseConfig,
    },
    /// Show which migrations are applied
    Status {
        #[command(flatten)]
        database: DatabaseConfig,
    },
}

impl Migrate {
    /// Does it.
    pub async fn run(self, out: &mut dyn Write) -> Result<(), CliError> {
        match self.action {
            Action::Up { database } => up(&connect(database).await?, out).await,
            Action::Down { steps, database } => down(&connect(database).await?, steps, out).await,
            Action::Status { database } => status(&connect(database).await?, out).await,
        }
    }
}

/// The migration's own connection, and one that holds the lock meanwhile.
async fn connect(config: DatabaseConfig) -> Result<DatabaseConnection, CliError> {
    let mut config = config.for_long_statements();
    config.pool_size = config.pool_size.max(2);
    Ok(database::connect(&config).await?)
}

async fn up(db: &DatabaseConnection, out: &mut dyn Write) -> Result<(), CliError> {
    let lock = lock(db).await?;
    // Asked before the migrator: that one fails if the database is ahead of this version, which is no error.
    let missing = database::missing_migrations(db).await?;
    if missing.is_empty() {
        writeln!(out, "The schema is up to date.")?;
        return Ok(());
    }
    Migrator::up(db, None).await?;
    for version in &missing {
        writeln!(out, "applied {version}")?;
    }
    unlock(lock).await
}

async fn down(db: &DatabaseConnection, steps: u32, out: &mut dyn Write) -> Result<(), CliError> {
    let lock = lock(db).await?;
    let before = applied(db).await?;
    if before.is_empty() {
        writeln!(out, "No migration is applied; there is nothing to revert.")?;
        return Ok(());
    }
    Migrator::down(db, Some(steps)).await?;
    let after: HashSet<_> = applied(db).await?.into_iter().collect();
    for version in before.iter().rev().filter(|version| !after.contains(*version)) {
        writeln!(out, "reverted {version}")?;
    }
    unlock(lock).await
}

async fn status(db: &DatabaseConnection, out: &mut dyn Write) -> Result<(), CliError> {
    let missing: HashSet<_> = database::missing_migrations(db).await?.into_iter().collect();
    for version in migration::required_versions() {
        writeln!(out, "{} {version}", if missing.contains(&version) { "missing" } else { "applied" })?;
    }
    match missing.len() {
        0 => writeln!(out, "The schema is up to date.")?,
        count => writeln!(out, "{count} missing; run `taproom migrate up`.")?,
    }
    Ok(())
}

/// The migrations of this version that are applied, oldest first.
async fn applied(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let missing: HashSet<_> = database::missing_migrations(db).await?.into_iter().collect();
    Ok(migration::required_versions().into_iter().filter(|version| !missing.contains(version)).collect())
}

/// Held until the transaction ends, also by a crash. SQLite's migrations take its write lock, which does as well.
async fn lock(db: &DatabaseConnection) -> Result<Option<DatabaseTransaction>, CliError> {
    if db.get_database_backend() != DatabaseBackend::Postgres {
        return Ok(None);
    }
    let transaction = db.begin().await?;
    let statement = sea_orm::Statement::from_string(DatabaseBackend::Postgres, LOCK);
    let row = transaction.query_one_raw(statement).await?.ok_or(CliError::MigrationRunning)?;
    if row.try_get("", "locked")? { Ok(Some(transaction)) } else { Err(CliError::MigrationRunning) }
}

async fn unlock(lock: Option<DatabaseTransaction>) -> Result<(), CliError> {
    if let Some(transaction) = lock {
        transaction.commit().await?;
    }
    Ok(())
}
