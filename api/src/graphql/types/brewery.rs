use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Utc};
use entity::{beer, brewery};

use super::Beer;
use crate::graphql::{
    cache_hints::{CATALOGUE, cache_control},
    connection::{Connection, NodeObject, PageArguments, Selected, connect, counted},
    id::NodeType,
    input::{BeerFilter, BeerOrder},
};

/// A brewery.
pub struct Brewery(brewery::Model);

impl From<brewery::Model> for Brewery {
    fn from(brewery: brewery::Model) -> Self {
        Self(brewery)
    }
}

counted!(BreweryListFields, brewery::Model);

impl NodeObject for Brewery {
    type Resource = brewery::Model;
    type Extra = BreweryListFields;

    fn include(_: &Selected<'_>) {}
}

/// A brewery.
#[Object(directive = cache_control::apply(Some(CATALOGUE), None, None))]
impl Brewery {
    /// Identifies it among all objects; opaque.
    pub(super) async fn id(&self) -> ID {
        NodeType::Brewery.id(self.0.id)
    }

    /// Its name, unique at its place.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// City or town.
    async fn city(&self) -> Option<&str> {
        self.0.city.as_deref()
    }

    /// State, province or the like.
    async fn region(&self) -> Option<&str> {
        self.0.region.as_deref()
    }

    /// Country, in English.
    async fn country(&self) -> Option<&str> {
        self.0.country.as_deref()
    }

    /// Its website's address.
    async fn website(&self) -> Option<&str> {
        self.0.website.as_deref()
    }

    /// Degrees north (WGS 84); null if the place is not known.
    async fn latitude(&self) -> Option<f64> {
        self.0.latitude
    }

    /// Degrees east (WGS 84); null if the place is not known.
    async fn longitude(&self) -> Option<f64> {
        self.0.longitude
    }

    /// What it is like, in prose.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Grows by one with every update; send it back as `expectedRevision`.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// What it brews; by name unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of every connection")]
    async fn beers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100; 20 if neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(default_with = "Some(BeerOrder::default())", desc = "The order.")] order_by: Option<BeerOrder>,
        #[graphql(desc = "Which ones: at most 36 filters in one another, of texts of at most 200 characters.")] filter: Option<
            BeerFilter,
        >,
    ) -> Result<Connection<Beer>> {
        let page = PageArguments { first, after, last, before };
        let parent = (beer::Column::BreweryId, self.0.id);
        connect(ctx, page, order_by.unwrap_or_default().into(), filter.unwrap_or_default().condition()?, Some(parent)).await
    }

    /// When it was added.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last updated.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}
