//! Migrations that nobody should write, and some that one may: what the checker makes of them.

mod allowed;
mod refused;

pub use allowed::{INDEX, IndexSample};
pub use refused::sampled;

use migration::{Step, history};
use sea_orm::{ConnectionTrait as _, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::{
    checker::{Finding, Releases, check},
    support::postgres::PgDatabase,
};

/// A migration in plain SQL.
#[derive(Clone, Copy)]
pub struct Sample {
    pub transaction: Option<bool>,
    pub up: &'static str,
    /// Nothing: it cannot be taken back.
    pub down: &'static str,
}

impl MigrationName for Sample {
    fn name(&self) -> &str {
        "m20991231_235959_sample"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Sample {
    fn use_transaction(&self) -> Option<bool> {
        self.transaction
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(self.up).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(self.down).await.map(|_| ())
    }
}

impl Sample {
    const fn new(up: &'static str, down: &'static str) -> Self {
        Self { transaction: Some(true), up, down }
    }

    const fn outside_a_transaction(self) -> Self {
        Self { transaction: Some(false), ..self }
    }
}

/// Version 0.3.0 is to come after 0.1.0 and 0.2.0.
fn releases() -> Releases {
    Releases { next: "0.3.0".parse().unwrap(), tags: vec!["v0.1.0".to_owned(), "v0.2.0".to_owned()] }
}

/// What the checker says if `migration` came after all others.
async fn findings_of<M: MigrationTrait + Copy + 'static>(
    step: impl Fn(M) -> Step + Send + Sync,
    migration: M,
    database: &PgDatabase,
) -> Vec<Finding> {
    let with_sample = move || {
        let mut steps = history();
        steps.push(step(migration));
        steps
    };
    check(with_sample, database, &releases()).await
}
