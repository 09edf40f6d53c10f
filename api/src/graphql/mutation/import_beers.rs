use async_graphql::{Context, ID, InputObject, Object, Result};

use super::{Requires, errors, run};
use crate::{
    auth::Scope,
    catalog::{
        rules::BeerFields,
        write::{ImportBeers, ImportRow, ImportedBeers, Outcome},
    },
    graphql::{id::NodeType, types::UserError},
};

/// Beers to create or update, all or none of them.
#[derive(InputObject)]
pub struct ImportBeersInput {
    /// At most 1,000.
    rows: Vec<ImportBeerRow>,
    /// Makes a retry safe: a second call with the same key and input returns what the first returned and writes nothing.
    idempotency_key: Option<String>,
}

/// A beer, found by its brewery and name. If it exists, the values given replace the stored ones and those left out stay.
#[derive(InputObject)]
pub struct ImportBeerRow {
    /// Who brews it.
    brewery_id: ID,
    /// Its style.
    style_id: Option<ID>,
    /// Its name, unique within its brewery; at most 200 characters.
    name: String,
    /// Alcohol by volume, percent, 0 to 70.
    abv: Option<f64>,
    /// International Bitterness Units, 0 to 2,500.
    ibu: Option<f64>,
    /// Colour by the Standard Reference Method, 0 to 200.
    srm: Option<f64>,
    /// What it is like, in prose; at most 10,000 characters.
    description: Option<String>,
}

/// What became of `importBeers`.
#[derive(async_graphql::SimpleObject)]
pub struct ImportBeersPayload {
    /// The beers' ids, in the order of the rows; null if there were errors.
    beer_ids: Option<Vec<ID>>,
    /// How many rows made a new beer.
    created_count: u32,
    /// How many rows changed a beer.
    updated_count: u32,
    /// How many rows said what was known already.
    unchanged_count: u32,
    /// What was wrong with the input, row by row (`["input", "rows", "17", "abv"]`); empty if all went well.
    errors: Vec<UserError>,
}

impl From<Outcome<ImportedBeers>> for ImportBeersPayload {
    fn from(outcome: Outcome<ImportedBeers>) -> Self {
        let ids = |beers: &ImportedBeers| beers.ids.iter().map(|&id| NodeType::Beer.id(id)).collect();
        let beer_ids = outcome.value.as_ref().map(ids);
        let ImportedBeers { created, updated, unchanged, .. } = outcome.value.unwrap_or_default();
        Self {
            beer_ids,
            created_count: created,
            updated_count: updated,
            unchanged_count: unchanged,
            errors: errors(outcome.rejections),
        }
    }
}

#[derive(Default)]
pub struct ImportBeersMutation;

#[Object]
impl ImportBeersMutation {
    /// Creates or updates many beers: all of them, or none and an error for every row that is wrong. Needs `catalog:write`.
    #[graphql(guard = "Requires(Scope::CatalogWrite)")]
    async fn import_beers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and with what.")] input: ImportBeersInput,
    ) -> Result<ImportBeersPayload> {
        let command = ImportBeers(input.rows.into_iter().map(ImportRow::from).collect());
        Ok(run(ctx, "importBeers", Scope::CatalogWrite, input.idempotency_key, Ok(command)).await?.into())
    }
}

impl From<ImportBeerRow> for ImportRow {
    fn from(row: ImportBeerRow) -> Self {
        Self {
            brewery_id: NodeType::Brewery.key_of("breweryId", &row.brewery_id),
            style_id: row.style_id.map(|id| NodeType::Style.key_of("styleId", &id)).transpose(),
            fields: BeerFields { name: row.name, abv: row.abv, ibu: row.ibu, srm: row.srm, description: row.description },
        }
    }
}
