//! The schema's history, one set of migrations for SQLite and PostgreSQL.
//!
//! Two versions of the service share one schema at every moment of a rollout, so each migration is either an *expand* (adds what
//! the old version can ignore) or the *contract* of an earlier release. How to write one: `docs/migrations.md`.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

pub mod concurrent_index;
mod dialect;
mod m20261121_000001_catalog;
mod m20261121_000002_access;
mod m20261121_000003_search;
mod phase;

pub use phase::{Phase, Step};

/// Every migration, oldest first, with its phase.
#[must_use]
pub fn history() -> Vec<Step> {
    vec![
        Step::expand(m20261121_000001_catalog::Migration),
        Step::expand(m20261121_000002_access::Migration),
        Step::expand(m20261121_000003_search::Migration),
    ]
}

/// Applies and reverts the migrations, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        history().into_iter().map(|step| step.migration).collect()
    }
}

/// Names of the migrations that this build needs applied, oldest first.
#[must_use]
pub fn required_versions() -> Vec<String> {
    Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect()
}
