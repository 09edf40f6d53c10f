//! Commands on reviews. Each keeps its beer's rating summary in the same transaction, by adding to it: two reviews at once both count.

use entity::{beer, review};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use super::{Actor, Change, Command, Outcome, changed, conflict, find, not_found, settle_update};
use crate::catalog::{
    error::{Rejection, RejectionCode, WriteError},
    rules::ReviewFields,
};
use crate::clock;

/// Adds a review of a beer.
#[derive(Clone)]
pub struct CreateReview {
    pub beer_id: Uuid,
    pub fields: ReviewFields,
}

/// Changes a review of the actor's own.
#[derive(Clone)]
pub struct UpdateReview {
    pub id: Uuid,
    pub expected_revision: i32,
    pub changes: ReviewChanges,
}

/// What to change of a review.
#[derive(Clone, Default)]
pub struct ReviewChanges {
    pub author: Change<String>,
    pub rating: Change<i32>,
    pub body: Change<Option<String>>,
}

/// Removes a review: the actor's own, or anybody's if the actor is an admin.
#[derive(Clone)]
pub struct DeleteReview(pub Uuid);

impl Command for CreateReview {
    type Output = review::Model;

    async fn execute(self, txn: &DatabaseTransaction, actor: &Actor) -> Result<Outcome<review::Model>, WriteError> {
        let fields = self.fields.check().map_err(WriteError::Rejected)?;
        // The beer first: it is locked for the rest of the transaction, so that nobody deletes it under the review.
        if !add_to_summary(txn, self.beer_id, 1, fields.rating).await? {
            return Err(not_found("beerId", "beer").into());
        }
        let now = clock::now();
        let row = review::ActiveModel {
            id: Set(Uuid::now_v7()),
            beer_id: Set(self.beer_id),
            author: Set(fields.author),
            rating: Set(fields.rating),
            body: Set(fields.body),
            principal: Set(actor.principal.clone()),
            revision: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
        };
        Ok(Outcome::done(review::Entity::insert(row).exec_with_returning(txn).await?))
    }
}

impl Command for UpdateReview {
    type Output = review::Model;

    async fn execute(self, txn: &DatabaseTransaction, actor: &Actor) -> Result<Outcome<review::Model>, WriteError> {
        let current = lock(txn, self.id).await?;
        if current.principal != actor.principal {
            return Err(not_owner("only the credential that wrote a review may change it"));
        }
        if current.revision != self.expected_revision {
            return Ok(conflict(current, self.expected_revision));
        }
        let fields = ReviewFields {
            author: changed(self.changes.author, current.author),
            rating: changed(self.changes.rating, current.rating),
            body: changed(self.changes.body, current.body),
        };
        let fields = fields.check().map_err(WriteError::Rejected)?;
        add_to_summary(txn, current.beer_id, 0, fields.rating - current.rating).await?;
        let row = review::ActiveModel {
            author: Set(fields.author),
            rating: Set(fields.rating),
            body: Set(fields.body),
            revision: Set(current.revision + 1),
            updated_at: Set(clock::now()),
            ..Default::default()
        };
        let updated = review::Entity::update_many()
            .set(row)
            .filter(review::Column::Id.eq(self.id))
            .filter(review::Column::Revision.eq(self.expected_revision))
            .exec_with_returning(txn)
            .await?;
        settle_update(txn, self.id, self.expected_revision, updated).await
    }
}

impl Command for DeleteReview {
    type Output = Uuid;

    async fn execute(self, txn: &DatabaseTransaction, actor: &Actor) -> Result<Outcome<Uuid>, WriteError> {
        let current = lock(txn, self.0).await?;
        if current.principal != actor.principal && !actor.is_admin {
            return Err(not_owner("only the credential that wrote a review, or an admin, may delete it"));
        }
        review::Entity::delete_by_id(self.0).exec(txn).await?;
        add_to_summary(txn, current.beer_id, -1, -current.rating).await?;
        Ok(Outcome::done(self.0))
    }
}

/// Adds to a beer's summary; returns whether there is such a beer. Its revision stays: a review is no change to the beer.
pub(in crate::catalog) async fn add_to_summary<C: ConnectionTrait>(
    db: &C,
    beer_id: Uuid,
    count: i32,
    sum: i32,
) -> Result<bool, DbErr> {
    use beer::Column::{Id, RatingCount, RatingSum};
    let updated = beer::Entity::update_many()
        .col_expr(RatingCount, Expr::col(RatingCount).add(count))
        .col_expr(RatingSum, Expr::col(RatingSum).add(sum))
        .filter(Id.eq(beer_id))
        .exec(db)
        .await?;
    Ok(updated.rows_affected > 0)
}

/// The review, its beer locked for the rest of the transaction. Every writer locks the beer before it looks at the review, so that
/// two never wait for each other and what is added to the summary fits the review as it is.
async fn lock(txn: &DatabaseTransaction, id: Uuid) -> Result<review::Model, WriteError> {
    let review: review::Model = find(txn, "id", id).await?;
    add_to_summary(txn, review.beer_id, 0, 0).await?;
    find(txn, "id", id).await
}

fn not_owner(message: &str) -> WriteError {
    Rejection::new(RejectionCode::NotOwner, "id", message).into()
}
