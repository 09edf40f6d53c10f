use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use entity::review;
use uuid::Uuid;

use super::{Rejections, Requires, optional, payload, required, run};
use crate::{
    auth::Scope,
    catalog::{
        rules::ReviewFields,
        write::{CreateReview, DeleteReview, ReviewChanges, UpdateReview},
    },
    graphql::{id::NodeType, types::Review},
};

/// What to create a review of.
#[derive(InputObject)]
pub struct CreateReviewInput {
    /// The beer.
    beer_id: ID,
    /// The name to show; at most 100 characters.
    author: String,
    /// Stars, 1 (worst) to 5 (best).
    rating: i32,
    /// What there is to say; at most 10,000 characters.
    body: Option<String>,
    /// Makes a retry safe: a second call with the same key and input returns what the first returned and writes nothing.
    idempotency_key: Option<String>,
}

/// What to change of a review. What is left out stays; null removes.
#[derive(InputObject)]
pub struct UpdateReviewInput {
    /// The review.
    id: ID,
    /// The `revision` that the change is based on.
    expected_revision: i32,
    /// The name to show.
    author: MaybeUndefined<String>,
    /// Stars, 1 (worst) to 5 (best).
    rating: MaybeUndefined<i32>,
    /// What there is to say.
    body: MaybeUndefined<String>,
    /// Makes a retry safe: a second call with the same key and input returns what the first returned and writes nothing.
    idempotency_key: Option<String>,
}

/// Which review to delete.
#[derive(InputObject)]
pub struct DeleteReviewInput {
    /// The review.
    id: ID,
    /// Makes a retry safe: a second call with the same key and input returns what the first returned and writes nothing.
    idempotency_key: Option<String>,
}

payload! {
    /// What became of `createReview`.
    CreateReviewPayload {
        /// The new review; null if there were errors.
        review: Review = review::Model => Review::from
    }
}

payload! {
    /// What became of `updateReview`.
    UpdateReviewPayload {
        /// The review as it is now: updated, or after `REVISION_CONFLICT` as it was left before. Null after other errors.
        review: Review = review::Model => Review::from
    }
}

payload! {
    /// What became of `deleteReview`.
    DeleteReviewPayload {
        /// The id that is gone; null if there were errors.
        deleted_review_id: ID = Uuid => |id| NodeType::Review.id(id)
    }
}

#[derive(Default)]
pub struct ReviewMutation;

#[Object]
impl ReviewMutation {
    /// Adds a review; it belongs to the credential that adds it. Needs `reviews:write`.
    #[graphql(guard = "Requires(Scope::ReviewsWrite)")]
    async fn create_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and with what.")] input: CreateReviewInput,
    ) -> Result<CreateReviewPayload> {
        let key = input.idempotency_key.clone();
        Ok(run(ctx, "createReview", Scope::ReviewsWrite, key, input.command()).await?.into())
    }

    /// Changes a review of one's own. Needs `reviews:write`.
    #[graphql(guard = "Requires(Scope::ReviewsWrite)")]
    async fn update_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and with what.")] input: UpdateReviewInput,
    ) -> Result<UpdateReviewPayload> {
        let key = input.idempotency_key.clone();
        Ok(run(ctx, "updateReview", Scope::ReviewsWrite, key, input.command()).await?.into())
    }

    /// Removes a review of one's own; with the scope `admin`, anybody's. Needs `reviews:write`.
    #[graphql(guard = "Requires(Scope::ReviewsWrite)")]
    async fn delete_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and with what.")] input: DeleteReviewInput,
    ) -> Result<DeleteReviewPayload> {
        let command = NodeType::Review.key_of("id", &input.id).map(DeleteReview).map_err(Rejections::from);
        Ok(run(ctx, "deleteReview", Scope::ReviewsWrite, input.idempotency_key, command).await?.into())
    }
}

impl CreateReviewInput {
    fn command(self) -> Result<CreateReview, Rejections> {
        Ok(CreateReview {
            beer_id: NodeType::Beer.key_of("beerId", &self.beer_id)?,
            fields: ReviewFields { author: self.author, rating: self.rating, body: self.body },
        })
    }
}

impl UpdateReviewInput {
    fn command(self) -> Result<UpdateReview, Rejections> {
        let changes = ReviewChanges {
            author: required("author", self.author)?,
            rating: required("rating", self.rating)?,
            body: optional(self.body),
        };
        Ok(UpdateReview { id: NodeType::Review.key_of("id", &self.id)?, expected_revision: self.expected_revision, changes })
    }
}
