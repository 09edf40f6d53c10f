use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Utc};
use entity::{beer, style};

use super::Beer;
use crate::graphql::{
    cache_hints::{CATALOGUE, cache_control},
    connection::{Connection, NodeObject, PageArguments, Selected, connect, counted},
    id::NodeType,
    input::{BeerFilter, BeerOrder},
};

/// A style of beer.
pub struct Style(style::Model);

impl From<style::Model> for Style {
    fn from(style: style::Model) -> Self {
        Self(style)
    }
}

counted!(StyleListFields, style::Model);

impl NodeObject for Style {
    type Resource = style::Model;
    type Extra = StyleListFields;

    fn include(_: &Selected<'_>) {}
}

/// A style of beer.
#[Object(directive = cache_control::apply(Some(CATALOGUE), None, None))]
impl Style {
    /// Identifies it among all objects; opaque.
    pub(super) async fn id(&self) -> ID {
        NodeType::Style.id(self.0.id)
    }

    /// Its name, unique within its category.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The family of styles it belongs to, such as "IPA".
    async fn category(&self) -> &str {
        &self.0.category
    }

    /// Grows by one with every update; send it back as `expectedRevision`.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// Beers of this style; by name unless ordered otherwise.
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
        let parent = (beer::Column::StyleId, self.0.id);
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
