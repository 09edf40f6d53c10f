use async_graphql::{Context, Error, ID, Object, Result};
use chrono::{DateTime, Utc};
use entity::{beer, brewery, review, style};

use super::{Brewery, Review, Style, beer_aggregates::BeerListFields};
use crate::{
    catalog::{
        list::Resource,
        resource::{self, BeerInclude},
    },
    graphql::{
        cache_hints::{CATALOGUE, cache_control},
        connection::{Connection, NodeObject, PageArguments, Selected, connect},
        error::ErrorCode,
        id::NodeType,
        input::{ReviewFilter, ReviewOrder},
        loaders::{Row, load},
    },
};

/// A beer of one brewery.
pub struct Beer(resource::Beer);

impl From<resource::Beer> for Beer {
    fn from(beer: resource::Beer) -> Self {
        Self(beer)
    }
}

impl From<beer::Model> for Beer {
    fn from(beer: beer::Model) -> Self {
        Self(resource::Beer { beer, brewery: None, style: None, has_description: true })
    }
}

impl NodeObject for Beer {
    type Resource = resource::Beer;
    type Extra = BeerListFields;

    fn include(selected: &Selected<'_>) -> BeerInclude {
        BeerInclude { brewery: selected.has("brewery"), style: selected.has("style"), description: selected.has("description") }
    }
}

/// A beer of one brewery.
#[Object(directive = cache_control::apply(Some(CATALOGUE), None, None))]
impl Beer {
    /// Identifies it among all objects; opaque.
    pub(super) async fn id(&self) -> ID {
        NodeType::Beer.id(self.0.id())
    }

    /// Its name, unique within its brewery.
    async fn name(&self) -> &str {
        &self.0.beer.name
    }

    /// Alcohol by volume, percent; null if unknown.
    async fn abv(&self) -> Option<f64> {
        self.0.beer.abv
    }

    /// International Bitterness Units; null if unknown.
    async fn ibu(&self) -> Option<f64> {
        self.0.beer.ibu
    }

    /// Colour by the Standard Reference Method; null if unknown.
    async fn srm(&self) -> Option<f64> {
        self.0.beer.srm
    }

    /// What it is like, in prose.
    async fn description(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        if self.0.has_description {
            return self.0.beer.description.clone().map(Ok);
        }
        let include = BeerInclude { description: true, ..BeerInclude::default() };
        let beer = load(ctx, Row::<resource::Beer> { id: self.0.id(), include }).await.transpose()?;
        beer.map(|beer| beer.beer.description).transpose()
    }

    /// Grows by one with every update; send it back as `expectedRevision`. A review does not change it.
    async fn revision(&self) -> i32 {
        self.0.beer.revision
    }

    /// How many reviews it has.
    async fn rating_count(&self) -> i32 {
        self.0.beer.rating_count
    }

    /// The mean of their ratings, 1 to 5; null without reviews.
    async fn rating_average(&self) -> Option<f64> {
        self.0.beer.rating_average
    }

    /// Who brews it.
    async fn brewery(&self, ctx: &Context<'_>) -> Result<Brewery> {
        if let Some(brewery) = &self.0.brewery {
            return Ok(brewery.clone().into());
        }
        let brewery = load(ctx, Row::<brewery::Model> { id: self.0.beer.brewery_id, include: () }).await?;
        brewery.map(Brewery::from).ok_or_else(|| gone("brewery"))
    }

    /// Its style; null if unknown.
    async fn style(&self, ctx: &Context<'_>) -> Option<Result<Style>> {
        if let Some(style) = &self.0.style {
            return style.clone().map(|style| Ok(style.into()));
        }
        let id = self.0.beer.style_id?;
        Some(load(ctx, Row::<style::Model> { id, include: () }).await.transpose()?.map(Style::from))
    }

    /// What people think of it; the newest first unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of every connection")]
    async fn reviews(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100; 20 if neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(default_with = "Some(ReviewOrder::default())", desc = "The order.")] order_by: Option<ReviewOrder>,
        #[graphql(desc = "Which ones: at most 36 filters in one another, of texts of at most 200 characters.")] filter: Option<
            ReviewFilter,
        >,
    ) -> Result<Connection<Review>> {
        let page = PageArguments { first, after, last, before };
        let parent = (review::Column::BeerId, self.0.id());
        connect(ctx, page, order_by.unwrap_or_default().into(), filter.unwrap_or_default().condition()?, Some(parent)).await
    }

    /// When it was added.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.beer.created_at
    }

    /// When it was last updated.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.beer.updated_at
    }
}

/// What a row refers to vanished between two statements: foreign keys rule out everything else.
pub(super) fn gone(what: &str) -> Error {
    ErrorCode::ServiceUnavailable.error(format!("the {what} was deleted while this was read; try again"))
}
