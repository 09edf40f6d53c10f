//! How the catalogue changes: a [`Command`] runs in one transaction, together with the idempotency key that it was sent under.

mod beer;
mod brewery;
mod expiry;
mod idempotency;
mod import_beers;
mod review;
mod seed_catalog;
mod style;

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait, QuerySelect, SqlErr, TransactionTrait, sea_query::LockType,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::error::{Rejection, RejectionCode, WriteError};
use crate::database;

pub use beer::{BeerChanges, CreateBeer, DeleteBeer, UpdateBeer};
pub use brewery::{BreweryChanges, CreateBrewery, DeleteBrewery, UpdateBrewery};
pub use expiry::keep_forgetting;
pub use idempotency::{Claim, forget_before};
pub use import_beers::{ImportBeers, ImportRow, ImportedBeers, MAX_ROWS};
pub(in crate::catalog) use review::add_to_summary;
pub use review::{CreateReview, DeleteReview, ReviewChanges, UpdateReview};
pub use seed_catalog::{SeedCatalog, SeededCatalog};
pub use style::{CreateStyle, DeleteStyle, StyleChanges, UpdateStyle};

/// Who writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The credential: reviews and idempotency keys belong to it.
    pub principal: String,
    /// Whether it may change what belongs to others.
    pub is_admin: bool,
}

/// A change to the catalogue. It is tried again when its transaction loses to another one, hence [`Clone`].
pub trait Command: Clone + Send {
    /// What it leaves behind: the row that it wrote, as it was then, or the id of the one that is gone. Under an idempotency key it
    /// is stored as JSON and read by older and newer versions: a field may be added with `#[serde(default)]`, and none renamed.
    type Output: Serialize + DeserializeOwned + Send;

    /// Makes the change, or says why not. Whatever it wrote is undone unless it returns [`Outcome::done`].
    fn execute(
        self,
        txn: &DatabaseTransaction,
        actor: &Actor,
    ) -> impl Future<Output = Result<Outcome<Self::Output>, WriteError>> + Send;
}

/// What an input was translated to; one that cannot be is refused like one that breaks a rule, under the same idempotency key.
impl<C: Command> Command for Result<C, Vec<Rejection>> {
    type Output = C::Output;

    async fn execute(self, txn: &DatabaseTransaction, actor: &Actor) -> Result<Outcome<C::Output>, WriteError> {
        self.map_err(WriteError::Rejected)?.execute(txn, actor).await
    }
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome<T> {
    /// What was written; after a revision conflict, the current state.
    pub value: Option<T>,
    /// Why nothing was written. Empty if the change was made.
    pub rejections: Vec<Rejection>,
}

impl<T> Outcome<T> {
    /// The change was made.
    pub const fn done(value: T) -> Self {
        Self { value: Some(value), rejections: Vec::new() }
    }
}

/// A row that is changed only by who has seen its latest state.
trait Revisioned: Sized + Send {
    /// What it is called in messages.
    const NAME: &'static str;

    /// Starts at 1 and grows by one with every update.
    fn revision(&self) -> i32;

    /// The row's present state.
    fn find(txn: &DatabaseTransaction, id: Uuid) -> impl Future<Output = Result<Option<Self>, DbErr>> + Send;

    /// The same, and nobody deletes or renames the row before the transaction ends.
    fn keep(txn: &DatabaseTransaction, id: Uuid) -> impl Future<Output = Result<Option<Self>, DbErr>> + Send;
}

macro_rules! revisioned {
    ($($table:ident),*) => {$(
        impl Revisioned for entity::$table::Model {
            const NAME: &'static str = stringify!($table);

            fn revision(&self) -> i32 {
                self.revision
            }

            async fn find(txn: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>, DbErr> {
                entity::$table::Entity::find_by_id(id).one(txn).await
            }

            async fn keep(txn: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>, DbErr> {
                entity::$table::Entity::find_by_id(id).lock(LockType::KeyShare).one(txn).await
            }
        }
    )*};
}

revisioned!(beer, brewery, review, style);

/// The row, or a refusal that names `field`.
async fn find<M: Revisioned>(txn: &DatabaseTransaction, field: &str, id: Uuid) -> Result<M, WriteError> {
    M::find(txn, id).await?.ok_or_else(|| not_found(field, M::NAME).into())
}

/// Somebody else made a change first: the refusal, with what is there now.
fn conflict<M: Revisioned>(current: M, expected: i32) -> Outcome<M> {
    let revision = current.revision();
    let message = format!(
        "expectedRevision is {expected}, but the current revision is {revision}; look at what changed and send the update again"
    );
    let rejection = Rejection::new(RejectionCode::RevisionConflict, "expectedRevision", message);
    Outcome { value: Some(current), rejections: vec![rejection] }
}

/// What an update at a revision returned: the updated row, or nothing if the revision was no longer current.
async fn settle_update<M: Revisioned>(
    txn: &DatabaseTransaction,
    id: Uuid,
    expected: i32,
    mut updated: Vec<M>,
) -> Result<Outcome<M>, WriteError> {
    match updated.pop() {
        Some(row) => Ok(Outcome::done(row)),
        None => Ok(conflict(find(txn, "id", id).await?, expected)),
    }
}

/// How often a transaction is tried that loses to another one.
const ATTEMPTS: usize = 3;

/// Runs a command: the change, the idempotency key and its outcome are written in one transaction or not at all.
///
/// A transaction that the database ends in favour of another one is tried again. Our own lock rows in one order, so that this is
/// rare: two that rename and import the same beers can still wait for each other at a unique index.
///
/// With a [`Claim`], the first call's outcome is returned to every later call with the same key and input, refusals included;
/// faults of the server are not outcomes and leave the key unused.
///
/// # Errors
/// If the database fails. Nothing was written then.
pub async fn run<C: Command>(
    db: &DatabaseConnection,
    actor: &Actor,
    claim: Option<Claim>,
    command: C,
) -> Result<Outcome<C::Output>, DbErr> {
    for attempt in 1..ATTEMPTS {
        match try_once(db, actor, claim.as_ref(), command.clone()).await {
            Err(error) if database::is_conflict(&error) => tracing::warn!(%error, attempt, "a transaction is tried again"),
            result => return result,
        }
    }
    try_once(db, actor, claim.as_ref(), command).await
}

async fn try_once<C: Command>(
    db: &DatabaseConnection,
    actor: &Actor,
    claim: Option<&Claim>,
    command: C,
) -> Result<Outcome<C::Output>, DbErr> {
    let txn = database::begin(db).await?;
    if let Some(claim) = claim
        && let Some(outcome) = claim.take(&txn, &actor.principal).await?
    {
        txn.rollback().await?;
        return Ok(outcome);
    }
    // A refused change is undone by itself, for the outcome has yet to be written.
    let savepoint = txn.begin().await?;
    let outcome = match command.execute(&savepoint, actor).await {
        Ok(outcome) => outcome,
        Err(WriteError::Rejected(rejections)) => Outcome { value: None, rejections },
        Err(WriteError::Database(error)) => return Err(error),
    };
    if outcome.rejections.is_empty() {
        savepoint.commit().await?;
    } else {
        savepoint.rollback().await?;
    }
    if let Some(claim) = claim {
        claim.settle(&txn, &actor.principal, &outcome).await?;
    }
    txn.commit().await?;
    Ok(outcome)
}

/// A change to one column of a row: none leaves it as it is.
pub type Change<T> = Option<T>;

/// `current` unless there is a change.
fn changed<T>(change: Change<T>, current: T) -> T {
    change.unwrap_or(current)
}

/// Turns the violation of a unique index into a refusal.
fn unique_or<T>(result: Result<T, DbErr>, rejection: impl FnOnce() -> Rejection) -> Result<T, WriteError> {
    result.map_err(|error| match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => rejection().into(),
        _ => error.into(),
    })
}

fn not_found(field: &str, what: &str) -> Rejection {
    let message = format!("{field} names no {what}; it may have been deleted");
    Rejection::new(RejectionCode::NotFound, field, message)
}

/// Turns the violation of a foreign key, by a reference that came to be after they were counted, into a refusal.
fn unreferenced_or<T>(result: Result<T, DbErr>, what: &str, by: &str) -> Result<T, WriteError> {
    result.map_err(|error| match error.sql_err() {
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => still_referenced(what, by, 1),
        _ => error.into(),
    })
}

/// Refuses to delete what others refer to.
fn still_referenced(what: &str, by: &str, count: u64) -> WriteError {
    let message = format!("the {what} is still referred to by {by} ({count}); delete or move them first");
    let mut rejection = Rejection::new(RejectionCode::StillReferenced, "id", message);
    rejection.reference_count = Some(count);
    rejection.into()
}
