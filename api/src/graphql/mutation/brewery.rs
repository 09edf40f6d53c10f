use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use entity::brewery;
use uuid::Uuid;

use super::{Rejections, Requires, optional, payload, required, run};
use crate::{
    auth::Scope,
    catalog::{
        rules::BreweryFields,
        write::{BreweryChanges, CreateBrewery, DeleteBrewery, UpdateBrewery},
    },
    graphql::{id::NodeType, types::Brewery},
};

/// What to create a brewery of.
#[derive(InputObject)]
pub struct CreateBreweryInput {
    /// Its name, unique at its place; at most 200 characters.
    name: String,
    /// City or town; at most 100 characters.
    city: Option<String>,
    /// State, province or the like; at most 100 characters.
    region: Option<String>,
    /// Country, in English; at most 100 characters.
    country: Option<String>,
    /// Its website's address, `http` or `https`; at most 500 characters.
    website: Option<String>,
    /// Degrees north (WGS 84); together with `longitude` or not at all.
    latitude: Option<f64>,
    /// Degrees east (WGS 84); together with `latitude` or not at all.
    longitude: Option<f64>,
    /// What it is like, in prose; at most 10,000 characters.
    description: Option<String>,
    /// Makes a retry safe: a second call with the same key and input returns what the first returned and writes nothing.
    idempotency_key: Option<String>,
}

/// What to change of a brewery. What is left out stays; null removes.
#[derive(InputObject)]
pub struct UpdateBreweryInput {
    /// The brewery.
    id: ID,
    /// The `revision` that the change is based on.
    expected_revision: i32,
    /// Its new name.
    name: MaybeUndefined<String>,
    /// City or town.
    city: MaybeUndefined<String>,
    /// State, province or the like.
    region: MaybeUndefined<String>,
    /// Country, in English.
    country: MaybeUndefined<String>,
    /// Its website's address.
    website: MaybeUndefined<String>,
    /// Degrees north (WGS 84).
    latitude: MaybeUndefined<f64>,
    /// Degrees east (WGS 84).
    longitude: MaybeUndefined<f64>,
    /// What it is like, in prose.
    description: MaybeUndefined<String>,
    /// Makes a retry safe: a second call with the same key and input returns what the first returned and writes nothing.
    idempotency_key: Option<String>,
}

/// Which brewery to delete.
#[derive(InputObject)]
pub struct DeleteBreweryInput {
    /// The brewery.
    id: ID,
    /// Makes a retry safe: a second call with the same key and input returns what the first returned and writes nothing.
    idempotency_key: Option<String>,
}

payload! {
    /// What became of `createBrewery`.
    CreateBreweryPayload {
        /// The new brewery; null if there were errors.
        brewery: Brewery = brewery::Model => Brewery::from
    }
}

payload! {
    /// What became of `updateBrewery`.
    UpdateBreweryPayload {
        /// The brewery as it is now: updated, or after `REVISION_CONFLICT` as somebody else left it. Null after other errors.
        brewery: Brewery = brewery::Model => Brewery::from
    }
}

payload! {
    /// What became of `deleteBrewery`.
    DeleteBreweryPayload {
        /// The id that is gone; null if there were errors.
        deleted_brewery_id: ID = Uuid => |id| NodeType::Brewery.id(id)
    }
}

#[derive(Default)]
pub struct BreweryMutation;

#[Object]
impl BreweryMutation {
    /// Adds a brewery. Needs `catalog:write`.
    #[graphql(guard = "Requires(Scope::CatalogWrite)")]
    async fn create_brewery(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and with what.")] input: CreateBreweryInput,
    ) -> Result<CreateBreweryPayload> {
        let key = input.idempotency_key.clone();
        Ok(run(ctx, "createBrewery", Scope::CatalogWrite, key, Ok(input.command())).await?.into())
    }

    /// Changes a brewery. Needs `catalog:write`.
    #[graphql(guard = "Requires(Scope::CatalogWrite)")]
    async fn update_brewery(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and with what.")] input: UpdateBreweryInput,
    ) -> Result<UpdateBreweryPayload> {
        let key = input.idempotency_key.clone();
        Ok(run(ctx, "updateBrewery", Scope::CatalogWrite, key, input.command()).await?.into())
    }

    /// Removes a brewery that has no beers. Needs `catalog:write`.
    #[graphql(guard = "Requires(Scope::CatalogWrite)")]
    async fn delete_brewery(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and with what.")] input: DeleteBreweryInput,
    ) -> Result<DeleteBreweryPayload> {
        let command = NodeType::Brewery.key_of("id", &input.id).map(DeleteBrewery).map_err(Rejections::from);
        Ok(run(ctx, "deleteBrewery", Scope::CatalogWrite, input.idempotency_key, command).await?.into())
    }
}

impl CreateBreweryInput {
    fn command(self) -> CreateBrewery {
        CreateBrewery(BreweryFields {
            name: self.name,
            city: self.city,
            region: self.region,
            country: self.country,
            website: self.website,
            latitude: self.latitude,
            longitude: self.longitude,
            description: self.description,
        })
    }
}

impl UpdateBreweryInput {
    fn command(self) -> Result<UpdateBrewery, Rejections> {
        let changes = BreweryChanges {
            name: required("name", self.name)?,
            city: optional(self.city),
            region: optional(self.region),
            country: optional(self.country),
            website: optional(self.website),
            latitude: optional(self.latitude),
            longitude: optional(self.longitude),
            description: optional(self.description),
        };
        Ok(UpdateBrewery { id: NodeType::Brewery.key_of("id", &self.id)?, expected_revision: self.expected_revision, changes })
    }
}
