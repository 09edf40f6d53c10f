//! Breweries, found by their place key.

use entity::brewery::{Column, Entity};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::upsert::{Existing, Outcome, Plan, Row, upsert};
use crate::catalog::{
    rules::BreweryFields,
    search::documents,
    text::{fold, place_key},
};

const PLAN: Plan<Entity> = Plan {
    key: &[Column::PlaceKey],
    stated: &[Column::Name, Column::NameFolded],
    optional: &[
        Column::City,
        Column::Region,
        Column::Country,
        Column::Website,
        Column::Latitude,
        Column::Longitude,
        Column::Description,
    ],
    read_key: |row| row.try_get("", "place_key"),
    existing: Existing::Update,
};

/// Creates or updates breweries with their search documents; the outcomes are in their order. See the [module](super) for what
/// counts as an update.
///
/// # Errors
/// The database's.
pub async fn upsert_breweries<C: ConnectionTrait>(db: &C, breweries: &[BreweryFields]) -> Result<Vec<Outcome>, DbErr> {
    write(db, &PLAN, breweries).await
}

/// Creates the breweries that do not exist with their search documents and leaves the others as they are; the outcomes are in their order.
///
/// # Errors
/// The database's.
pub async fn insert_breweries<C: ConnectionTrait>(db: &C, breweries: &[BreweryFields]) -> Result<Vec<Outcome>, DbErr> {
    write(db, &Plan { existing: Existing::Keep, ..PLAN }, breweries).await
}

async fn write<C: ConnectionTrait>(db: &C, plan: &Plan<Entity>, breweries: &[BreweryFields]) -> Result<Vec<Outcome>, DbErr> {
    let outcomes = upsert(db, plan, breweries.iter().map(row).collect()).await?;
    let written: Vec<Uuid> = outcomes.iter().filter(|outcome| outcome.change.is_written()).map(|outcome| outcome.id).collect();
    // Its beers' documents name it by its folded name, which is part of the key and so cannot have changed here.
    documents::index_breweries(db, &written).await?;
    Ok(outcomes)
}

fn row(brewery: &BreweryFields) -> Row {
    let key = place_key(brewery);
    Row {
        values: vec![
            key.as_str().into(),
            brewery.name.as_str().into(),
            fold(&brewery.name).into(),
            brewery.city.clone().into(),
            brewery.region.clone().into(),
            brewery.country.clone().into(),
            brewery.website.clone().into(),
            brewery.latitude.into(),
            brewery.longitude.into(),
            brewery.description.clone().into(),
        ],
        key,
    }
}
