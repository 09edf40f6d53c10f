//! The sample catalogue, on demand.

use sea_orm::DatabaseTransaction;
use serde::{Deserialize, Serialize};

use super::{Actor, Command, Outcome};
use crate::catalog::{
    error::WriteError,
    seed::{self, SeedError},
};

/// Fills in the hand-written sample catalogue; what is there already stays.
#[derive(Clone)]
pub struct SeedCatalog;

/// How many rows a seed created.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeededCatalog {
    pub styles: u64,
    pub breweries: u64,
    pub beers: u64,
    pub reviews: u64,
}

impl Command for SeedCatalog {
    type Output = SeededCatalog;

    async fn execute(self, txn: &DatabaseTransaction, _: &Actor) -> Result<Outcome<SeededCatalog>, WriteError> {
        let seeded = seed::sample(txn).await.map_err(|error| match error {
            SeedError::Database(error) => error,
            other => sea_orm::DbErr::Custom(other.to_string()),
        })?;
        Ok(Outcome::done(SeededCatalog {
            styles: seeded.styles.created,
            breweries: seeded.breweries.created,
            beers: seeded.beers.created,
            reviews: seeded.reviews,
        }))
    }
}
