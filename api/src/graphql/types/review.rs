use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Utc};
use entity::review;

use super::{Beer, beer::gone};
use crate::{
    catalog::{
        list::Resource,
        resource::{self, ReviewInclude},
    },
    graphql::{
        cache_hints::{REVIEWS, cache_control},
        connection::{NodeObject, Selected, counted},
        id::NodeType,
        loaders::{Row, load},
    },
};

/// What somebody thinks of a beer.
pub struct Review(resource::Review);

impl From<resource::Review> for Review {
    fn from(review: resource::Review) -> Self {
        Self(review)
    }
}

impl From<review::Model> for Review {
    fn from(review: review::Model) -> Self {
        Self(resource::Review { review, beer: None })
    }
}

counted!(ReviewListFields, resource::Review);

impl NodeObject for Review {
    type Resource = resource::Review;
    type Extra = ReviewListFields;

    fn include(selected: &Selected<'_>) -> ReviewInclude {
        ReviewInclude { beer: selected.has("beer") }
    }
}

/// What somebody thinks of a beer.
#[Object(directive = cache_control::apply(Some(REVIEWS), None, None))]
impl Review {
    /// Identifies it among all objects; opaque.
    pub(super) async fn id(&self) -> ID {
        NodeType::Review.id(self.0.id())
    }

    /// The beer.
    async fn beer(&self, ctx: &Context<'_>) -> Result<Beer> {
        if let Some(beer) = &self.0.beer {
            return Ok(beer.clone().into());
        }
        let include = <Beer as NodeObject>::include(&Selected::of_object(ctx));
        let beer = load(ctx, Row::<resource::Beer> { id: self.0.review.beer_id, include }).await?;
        beer.map(Beer::from).ok_or_else(|| gone("beer"))
    }

    /// The name that its author gave.
    async fn author(&self) -> &str {
        &self.0.review.author
    }

    /// Stars, 1 (worst) to 5 (best).
    async fn rating(&self) -> i32 {
        self.0.review.rating
    }

    /// What the author has to say.
    async fn body(&self) -> Option<&str> {
        self.0.review.body.as_deref()
    }

    /// Grows by one with every update; send it back as `expectedRevision`.
    async fn revision(&self) -> i32 {
        self.0.review.revision
    }

    /// When it was written.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.review.created_at
    }

    /// When it was last updated.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.review.updated_at
    }
}
