//! Which half of a change a migration is: see `docs/migrations.md`.

use sea_orm_migration::MigrationTrait;

/// What a migration may do to a schema that the previous release still uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Adds what the previous release can ignore.
    Expand,
    /// Removes, or requires, what no release still in use cares about.
    Contract {
        /// The first release that neither reads nor writes what is removed, as `0.2.0`. It is an earlier one than the migration's.
        unused_since: &'static str,
    },
}

/// A migration and its phase. There is no way to list one without the other.
pub struct Step {
    /// What it may do.
    pub phase: Phase,
    /// What it does.
    pub migration: Box<dyn MigrationTrait>,
}

impl Step {
    /// A migration that only adds.
    pub fn expand(migration: impl MigrationTrait + 'static) -> Self {
        Self { phase: Phase::Expand, migration: Box::new(migration) }
    }

    /// A migration that removes what is unused since a release.
    pub fn contract(unused_since: &'static str, migration: impl MigrationTrait + 'static) -> Self {
        Self { phase: Phase::Contract { unused_since }, migration: Box::new(migration) }
    }
}
