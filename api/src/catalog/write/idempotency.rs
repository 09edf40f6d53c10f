//! Idempotency keys: a client that got no answer sends its mutation again, and it still happens once.
//!
//! After [the IETF draft on the Idempotency-Key header](https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/),
//! with the key in the mutation's input, for one request may hold several mutations.

use chrono::{DateTime, Utc};
use entity::idempotency_record::{ActiveModel, Column, Entity};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, TryInsertResult,
    sea_query::{Expr, ExprTrait, Query},
};
use serde::{Serialize, de::DeserializeOwned};

use super::Outcome;
use crate::catalog::error::{Rejection, RejectionCode};
use crate::clock;

/// A mutation's claim to a key. The key is the principal's own, and one for each mutation.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Name of the mutation's field, such as `createBeer`.
    pub mutation: &'static str,
    /// The key that the client chose.
    pub key: String,
    /// SHA-256 of the input as the client sent it: defaults that a later version adds do not make it another input.
    pub input_hash: Vec<u8>,
}

impl Claim {
    /// Takes the key, or returns the outcome that it already has. A claim by a transaction that is still open is waited for.
    pub(super) async fn take<T: DeserializeOwned>(
        &self,
        txn: &DatabaseTransaction,
        principal: &str,
    ) -> Result<Option<Outcome<T>>, DbErr> {
        let record = ActiveModel {
            principal: Set(principal.to_owned()),
            mutation: Set(self.mutation.to_owned()),
            key: Set(self.key.clone()),
            input_hash: Set(self.input_hash.clone()),
            outcome: Set(String::new()),
            created_at: Set(clock::now()),
        };
        let taken = Entity::insert(record)
            .on_conflict_do_nothing_on([Column::Principal, Column::Mutation, Column::Key])
            .exec_without_returning(txn)
            .await?;
        if matches!(taken, TryInsertResult::Inserted(1)) {
            return Ok(None);
        }
        let record = Entity::find_by_id(self.id(principal)).one(txn).await?;
        let record = record.ok_or_else(|| DbErr::RecordNotFound("the idempotency key that is taken".to_owned()))?;
        if record.input_hash != self.input_hash {
            let message = "idempotencyKey was already used for another input; choose a new key for a new change";
            let rejection = Rejection::new(RejectionCode::IdempotencyKeyReused, "idempotencyKey", message);
            return Ok(Some(Outcome { value: None, rejections: vec![rejection] }));
        }
        serde_json::from_str(&record.outcome).map(Some).map_err(|error| DbErr::Json(error.to_string()))
    }

    /// Writes the outcome under the key.
    pub(super) async fn settle<T: Serialize>(
        &self,
        txn: &DatabaseTransaction,
        principal: &str,
        outcome: &Outcome<T>,
    ) -> Result<(), DbErr> {
        let outcome = serde_json::to_string(outcome).map_err(|error| DbErr::Json(error.to_string()))?;
        let (principal, mutation, key) = self.id(principal);
        let record = ActiveModel {
            principal: Set(principal),
            mutation: Set(mutation),
            key: Set(key),
            outcome: Set(outcome),
            ..Default::default()
        };
        Entity::update(record).exec(txn).await.map(|_| ())
    }

    fn id(&self, principal: &str) -> (String, String, String) {
        (principal.to_owned(), self.mutation.to_owned(), self.key.clone())
    }
}

/// Keys forgotten by one statement: few enough to stay far below the statement timeout after any pause.
const FORGET_BATCH: u64 = 5_000;

/// Forgets the keys taken before `time`; returns how many.
///
/// # Errors
/// If the database fails; what was forgotten until then stays so.
pub async fn forget_before(db: &impl ConnectionTrait, time: DateTime<Utc>) -> Result<u64, DbErr> {
    let key = [Column::Principal, Column::Mutation, Column::Key];
    let batch = Query::select().columns(key).from(Entity).and_where(Column::CreatedAt.lt(time)).limit(FORGET_BATCH).to_owned();
    let key = Expr::tuple(key.map(Expr::col));
    let forget = Query::delete().from_table(Entity).and_where(key.in_subquery(batch)).to_owned();
    let mut forgotten = 0;
    loop {
        let deleted = db.execute(&forget).await?.rows_affected();
        forgotten += deleted;
        if deleted < FORGET_BATCH {
            return Ok(forgotten);
        }
    }
}
