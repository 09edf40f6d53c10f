use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use entity::beer;
use uuid::Uuid;

use super::{Rejections, Requires, optional, payload, required, run};
use crate::{
    auth::Scope,
    catalog::{
        rules::BeerFields,
        write::{BeerChanges, CreateBeer, DeleteBeer, UpdateBeer},
    },
    graphql::{id::NodeType, types::Beer},
};

/// What to create a beer of.
#[derive(InputObject)]
pub struct CreateBeerInput {
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
    /// Makes a retry safe: a second call with the same key and input returns what the first returned and writes nothing.
    idempotency_key: Option<String>,
}

/// What to change of a beer. What is left out stays; null removes.
#[derive(InputObject)]
pub struct UpdateBeerInput {
    /// The beer.
    id: ID,
    /// The `revision` that the change is based on.
    expected_revision: i32,
    /// Who brews it.
    brewery_id: MaybeUndefined<ID>,
    /// Its style.
    style_id: MaybeUndefined<ID>,
    /// Its new name.
    name: MaybeUndefined<String>,
    /// Alcohol by volume, percent, 0 to 70.
    abv: MaybeUndefined<f64>,
    /// International Bitterness Units, 0 to 2,500.
    ibu: MaybeUndefined<f64>,
    /// Colour by the Standard Reference Method, 0 to 200.
    srm: MaybeUndefined<f64>,
    /// What it is like, in prose.
    description: MaybeUndefined<String>,
    /// Makes a retry safe: a second call with the same key and input returns what the first returned and writes nothing.
    idempotency_key: Option<String>,
}

/// Which beer to delete.
#[derive(InputObject)]
pub struct DeleteBeerInput {
    /// The beer.
    id: ID,
    /// Makes a retry safe: a second call with the same key and input returns what the first returned and writes nothing.
    idempotency_key: Option<String>,
}

payload! {
    /// What became of `createBeer`.
    CreateBeerPayload {
        /// The new beer; null if there were errors.
        beer: Beer = beer::Model => Beer::from
    }
}

payload! {
    /// What became of `updateBeer`.
    UpdateBeerPayload {
        /// The beer as it is now: updated, or after `REVISION_CONFLICT` as somebody else left it. Null after other errors.
        beer: Beer = beer::Model => Beer::from
    }
}

payload! {
    /// What became of `deleteBeer`.
    DeleteBeerPayload {
        /// The id that is gone; null if there were errors.
        deleted_beer_id: ID = Uuid => |id| NodeType::Beer.id(id)
    }
}

#[derive(Default)]
pub struct BeerMutation;

#[Object]
impl BeerMutation {
    /// Adds a beer. Needs `catalog:write`.
    #[graphql(guard = "Requires(Scope::CatalogWrite)")]
    async fn create_beer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and with what.")] input: CreateBeerInput,
    ) -> Result<CreateBeerPayload> {
        let key = input.idempotency_key.clone();
        Ok(run(ctx, "createBeer", Scope::CatalogWrite, key, input.command()).await?.into())
    }

    /// Changes a beer. Needs `catalog:write`.
    #[graphql(guard = "Requires(Scope::CatalogWrite)")]
    async fn update_beer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and with what.")] input: UpdateBeerInput,
    ) -> Result<UpdateBeerPayload> {
        let key = input.idempotency_key.clone();
        Ok(run(ctx, "updateBeer", Scope::CatalogWrite, key, input.command()).await?.into())
    }

    /// Removes a beer that has no reviews. Needs `catalog:write`.
    #[graphql(guard = "Requires(Scope::CatalogWrite)")]
    async fn delete_beer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and with what.")] input: DeleteBeerInput,
    ) -> Result<DeleteBeerPayload> {
        let command = NodeType::Beer.key_of("id", &input.id).map(DeleteBeer).map_err(Rejections::from);
        Ok(run(ctx, "deleteBeer", Scope::CatalogWrite, input.idempotency_key, command).await?.into())
    }
}

impl CreateBeerInput {
    fn command(self) -> Result<CreateBeer, Rejections> {
        Ok(CreateBeer {
            brewery_id: NodeType::Brewery.key_of("breweryId", &self.brewery_id)?,
            style_id: self.style_id.map(|id| NodeType::Style.key_of("styleId", &id)).transpose()?,
            fields: BeerFields { name: self.name, abv: self.abv, ibu: self.ibu, srm: self.srm, description: self.description },
        })
    }
}

impl UpdateBeerInput {
    fn command(self) -> Result<UpdateBeer, Rejections> {
        let brewery_id = required("breweryId", self.brewery_id)?;
        let changes = BeerChanges {
            brewery_id: brewery_id.map(|id| NodeType::Brewery.key_of("breweryId", &id)).transpose()?,
            style_id: optional(self.style_id)
                .map(|id| id.map(|id| NodeType::Style.key_of("styleId", &id)).transpose())
                .transpose()?,
            name: required("name", self.name)?,
            abv: optional(self.abv),
            ibu: optional(self.ibu),
            srm: optional(self.srm),
            description: optional(self.description),
        };
        Ok(UpdateBeer { id: NodeType::Beer.key_of("id", &self.id)?, expected_revision: self.expected_revision, changes })
    }
}
