//! The schema's history, one set of migrations for SQLite and PostgreSQL.
//!
//! Two versions of the service share one schema at every moment of a rollout, so each migration is either an *expand* (adds what
//! the old version can ignore) or the *contract* of an earlier release. See `docs/decisions/0004-expand-contract-migrations.md`.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod dialect;
mod m20261121_000001_catalog;
mod m20261121_000002_access;
mod m20261121_000003_search;

/// Applies and reverts the migrations, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_catalog::Migration),
            Box::new(m20261121_000002_access::Migration),
            Box::new(m20261121_000003_search::Migration),
        ]
    }
}

/// Names of the migrations that this build needs applied, oldest first.
#[must_use]
pub fn required_versions() -> Vec<String> {
    Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect()
}
