//! Beers, found by (brewery, folded name).

use entity::beer::{Column, Entity};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::upsert::{Existing, Outcome, Plan, Row, upsert};
use crate::catalog::{rules::BeerFields, search::documents, text::fold};

/// A beer with its relations.
#[derive(Clone, Debug, PartialEq)]
pub struct BeerRow {
    /// Id of an existing brewery.
    pub brewery_id: Uuid,
    /// Id of an existing style; `None` leaves a stored one alone.
    pub style_id: Option<Uuid>,
    /// Everything else, checked.
    pub fields: BeerFields,
}

const PLAN: Plan<Entity> = Plan {
    key: &[Column::BreweryId, Column::NameFolded],
    stated: &[Column::Name],
    optional: &[Column::StyleId, Column::Abv, Column::Ibu, Column::Srm, Column::Description],
    read_key: |row| Ok(key(row.try_get("", "brewery_id")?, &row.try_get::<String>("", "name_folded")?)),
    existing: Existing::Update,
};

/// Creates or updates beers with their search documents; the outcomes are in their order. See the [module](super) for what counts
/// as an update.
///
/// # Errors
/// The database's, among them a brewery or style that does not exist.
pub async fn upsert_beers<C: ConnectionTrait>(db: &C, beers: &[BeerRow]) -> Result<Vec<Outcome>, DbErr> {
    write(db, &PLAN, beers).await
}

/// Creates the beers that do not exist with their search documents and leaves the others as they are; the outcomes are in their order.
///
/// # Errors
/// The database's, among them a brewery or style that does not exist.
pub async fn insert_beers<C: ConnectionTrait>(db: &C, beers: &[BeerRow]) -> Result<Vec<Outcome>, DbErr> {
    write(db, &Plan { existing: Existing::Keep, ..PLAN }, beers).await
}

async fn write<C: ConnectionTrait>(db: &C, plan: &Plan<Entity>, beers: &[BeerRow]) -> Result<Vec<Outcome>, DbErr> {
    let outcomes = upsert(db, plan, beers.iter().map(row).collect()).await?;
    let written: Vec<Uuid> = outcomes.iter().filter(|outcome| outcome.change.is_written()).map(|outcome| outcome.id).collect();
    documents::index_beers(db, &written).await?;
    Ok(outcomes)
}

fn row(beer: &BeerRow) -> Row {
    let name_folded = fold(&beer.fields.name);
    Row {
        key: key(beer.brewery_id, &name_folded),
        values: vec![
            beer.brewery_id.into(),
            name_folded.into(),
            beer.fields.name.as_str().into(),
            beer.style_id.into(),
            beer.fields.abv.into(),
            beer.fields.ibu.into(),
            beer.fields.srm.into(),
            beer.fields.description.clone().into(),
        ],
    }
}

fn key(brewery_id: Uuid, name_folded: &str) -> String {
    format!("{brewery_id}\n{name_folded}")
}
