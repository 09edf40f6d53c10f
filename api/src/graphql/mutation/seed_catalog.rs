use async_graphql::{Context, InputObject, Object, Result};

use super::{Requires, errors, run};
use crate::{
    auth::Scope,
    catalog::write::{Outcome, SeedCatalog, SeededCatalog},
    graphql::{Features, error::ErrorCode, types::UserError},
};

/// How to fill in the sample catalogue.
#[derive(InputObject)]
pub struct SeedCatalogInput {
    /// Makes a retry safe: a second call with the same key and input returns what the first returned and writes nothing.
    idempotency_key: Option<String>,
}

/// What became of `seedCatalog`.
#[derive(async_graphql::SimpleObject)]
pub struct SeedCatalogPayload {
    /// How many styles were new.
    created_style_count: u64,
    /// How many breweries were new.
    created_brewery_count: u64,
    /// How many beers were new.
    created_beer_count: u64,
    /// How many sample reviews were new.
    created_review_count: u64,
    /// What was wrong with the input; empty if all went well.
    errors: Vec<UserError>,
}

impl From<Outcome<SeededCatalog>> for SeedCatalogPayload {
    fn from(outcome: Outcome<SeededCatalog>) -> Self {
        let seeded = outcome.value.unwrap_or_default();
        Self {
            created_style_count: seeded.styles,
            created_brewery_count: seeded.breweries,
            created_beer_count: seeded.beers,
            created_review_count: seeded.reviews,
            errors: errors(outcome.rejections),
        }
    }
}

#[derive(Default)]
pub struct SeedCatalogMutation;

#[Object]
impl SeedCatalogMutation {
    /// Fills in the small hand-written catalogue of real beers; what is there already stays. Needs `admin`, and a server that was
    /// started with it enabled.
    #[graphql(guard = "Requires(Scope::Admin)")]
    async fn seed_catalog(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and with what.")] input: SeedCatalogInput,
    ) -> Result<SeedCatalogPayload> {
        if !ctx.data::<Features>()?.seed_catalog {
            return Err(
                ErrorCode::FeatureDisabled.error("seedCatalog is switched off; start the server with TAPROOM_SEED_MUTATION=true")
            );
        }
        Ok(run(ctx, "seedCatalog", Scope::Admin, input.idempotency_key, Ok(SeedCatalog)).await?.into())
    }
}
