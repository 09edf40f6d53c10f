//! Commands on beers.

use entity::{beer, brewery, review, style};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{LockType, SimpleExpr},
};
use uuid::Uuid;

use super::{
    Actor, Change, Command, Outcome, Revisioned, changed, conflict, find, not_found, settle_update, still_referenced, unique_or,
    unreferenced_or,
};
use crate::catalog::{
    error::{Rejection, RejectionCode, WriteError},
    rules::BeerFields,
    search::documents,
    text::fold,
};
use crate::clock;

/// Adds a beer to a brewery.
#[derive(Clone)]
pub struct CreateBeer {
    pub brewery_id: Uuid,
    pub style_id: Option<Uuid>,
    pub fields: BeerFields,
}

/// Changes a beer.
#[derive(Clone)]
pub struct UpdateBeer {
    pub id: Uuid,
    pub expected_revision: i32,
    pub changes: BeerChanges,
}

/// What to change of a beer.
#[derive(Clone, Default)]
pub struct BeerChanges {
    pub brewery_id: Change<Uuid>,
    pub style_id: Change<Option<Uuid>>,
    pub name: Change<String>,
    pub abv: Change<Option<f64>>,
    pub ibu: Change<Option<f64>>,
    pub srm: Change<Option<f64>>,
    pub description: Change<Option<String>>,
}

/// Removes a beer that has no reviews.
#[derive(Clone)]
pub struct DeleteBeer(pub Uuid);

impl Command for CreateBeer {
    type Output = beer::Model;

    async fn execute(self, txn: &DatabaseTransaction, _: &Actor) -> Result<Outcome<beer::Model>, WriteError> {
        let fields = self.fields.check().map_err(WriteError::Rejected)?;
        check_relations(txn, Some(self.brewery_id), self.style_id).await?;
        let now = clock::now();
        let row = beer::ActiveModel {
            id: Set(Uuid::now_v7()),
            brewery_id: Set(self.brewery_id),
            style_id: Set(self.style_id),
            revision: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..columns(&fields)
        };
        let created = unique_or(beer::Entity::insert(row).exec_with_returning(txn).await, || taken(&fields))?;
        documents::index_beers(txn, &[created.id]).await?;
        Ok(Outcome::done(created))
    }
}

impl Command for UpdateBeer {
    type Output = beer::Model;

    async fn execute(self, txn: &DatabaseTransaction, _: &Actor) -> Result<Outcome<beer::Model>, WriteError> {
        let current: beer::Model = find(txn, "id", self.id).await?;
        if current.revision != self.expected_revision {
            return Ok(conflict(current, self.expected_revision));
        }
        let changes = self.changes;
        check_relations(txn, changes.brewery_id, changes.style_id.flatten()).await?;
        let fields = BeerFields {
            name: changed(changes.name, current.name),
            abv: changed(changes.abv, current.abv),
            ibu: changed(changes.ibu, current.ibu),
            srm: changed(changes.srm, current.srm),
            description: changed(changes.description, current.description),
        };
        let fields = fields.check().map_err(WriteError::Rejected)?;
        let row = beer::ActiveModel {
            brewery_id: Set(changed(changes.brewery_id, current.brewery_id)),
            style_id: Set(changed(changes.style_id, current.style_id)),
            revision: Set(current.revision + 1),
            updated_at: Set(clock::now()),
            ..columns(&fields)
        };
        let update = beer::Entity::update_many()
            .set(row)
            .filter(beer::Column::Id.eq(self.id))
            .filter(beer::Column::Revision.eq(self.expected_revision))
            .exec_with_returning(txn);
        let updated = unique_or(update.await, || taken(&fields))?;
        documents::index_beers(txn, &[self.id]).await?;
        settle_update(txn, self.id, self.expected_revision, updated).await
    }
}

impl Command for DeleteBeer {
    type Output = Uuid;

    async fn execute(self, txn: &DatabaseTransaction, _: &Actor) -> Result<Outcome<Uuid>, WriteError> {
        let reviews = review::Entity::find().filter(review::Column::BeerId.eq(self.0)).count(txn).await?;
        if reviews > 0 {
            return Err(still_referenced("beer", "reviews", reviews));
        }
        let deleted = beer::Entity::delete_by_id(self.0).exec(txn).await;
        if unreferenced_or(deleted, "beer", "reviews")?.rows_affected == 0 {
            return Err(not_found("id", "beer").into());
        }
        documents::remove(txn, self.0).await?;
        Ok(Outcome::done(self.0))
    }
}

/// Indexes the beers anew that meet a condition: what they are searched by has changed elsewhere.
///
/// They are locked before their names are read. Otherwise a brewery and a style that are renamed at once would each write the other's
/// old name, or wait for each other; `bulk` locks beers in this order, too.
pub(super) async fn index_beers_where(db: &impl ConnectionTrait, condition: SimpleExpr) -> Result<(), DbErr> {
    use beer::Column::{BreweryId, Id, NameFolded};
    let beers = beer::Entity::find().select_only().column(Id).filter(condition).order_by_asc(BreweryId).order_by_asc(NameFolded);
    let ids = beers.lock(LockType::NoKeyUpdate).into_tuple().all(db).await?;
    documents::index_beers(db, &ids).await
}

/// Whether they exist; they stay for the rest of the transaction.
async fn check_relations(txn: &DatabaseTransaction, brewery_id: Option<Uuid>, style_id: Option<Uuid>) -> Result<(), WriteError> {
    let mut missing = Vec::new();
    if let Some(id) = brewery_id
        && brewery::Model::keep(txn, id).await?.is_none()
    {
        missing.push(not_found("breweryId", "brewery"));
    }
    if let Some(id) = style_id
        && style::Model::keep(txn, id).await?.is_none()
    {
        missing.push(not_found("styleId", "style"));
    }
    if missing.is_empty() { Ok(()) } else { Err(WriteError::Rejected(missing)) }
}

fn columns(fields: &BeerFields) -> beer::ActiveModel {
    beer::ActiveModel {
        name: Set(fields.name.clone()),
        name_folded: Set(fold(&fields.name)),
        abv: Set(fields.abv),
        ibu: Set(fields.ibu),
        srm: Set(fields.srm),
        description: Set(fields.description.clone()),
        ..Default::default()
    }
}

fn taken(fields: &BeerFields) -> Rejection {
    let message = format!("the brewery already has a beer {:?}; update that one, or choose another name", fields.name);
    Rejection::new(RejectionCode::AlreadyExists, "name", message)
}
