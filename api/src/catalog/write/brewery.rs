//! Commands on breweries.

use entity::{beer, brewery};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::{
    Actor, Change, Command, Outcome, beer::index_beers_where, changed, conflict, find, not_found, settle_update,
    still_referenced, unique_or, unreferenced_or,
};
use crate::catalog::{
    error::{Rejection, RejectionCode, WriteError},
    rules::BreweryFields,
    search::documents,
    text::{fold, place_key},
};
use crate::clock;

/// Adds a brewery.
#[derive(Clone)]
pub struct CreateBrewery(pub BreweryFields);

/// Changes a brewery.
#[derive(Clone)]
pub struct UpdateBrewery {
    pub id: Uuid,
    pub expected_revision: i32,
    pub changes: BreweryChanges,
}

/// What to change of a brewery.
#[derive(Clone, Default)]
pub struct BreweryChanges {
    pub name: Change<String>,
    pub city: Change<Option<String>>,
    pub region: Change<Option<String>>,
    pub country: Change<Option<String>>,
    pub website: Change<Option<String>>,
    pub latitude: Change<Option<f64>>,
    pub longitude: Change<Option<f64>>,
    pub description: Change<Option<String>>,
}

/// Removes a brewery that has no beers.
#[derive(Clone)]
pub struct DeleteBrewery(pub Uuid);

impl Command for CreateBrewery {
    type Output = brewery::Model;

    async fn execute(self, txn: &DatabaseTransaction, _: &Actor) -> Result<Outcome<brewery::Model>, WriteError> {
        let fields = self.0.check().map_err(WriteError::Rejected)?;
        let now = clock::now();
        let row = brewery::ActiveModel {
            id: Set(Uuid::now_v7()),
            revision: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..columns(&fields)
        };
        let created = unique_or(brewery::Entity::insert(row).exec_with_returning(txn).await, || taken(&fields))?;
        documents::index_breweries(txn, &[created.id]).await?;
        Ok(Outcome::done(created))
    }
}

impl Command for UpdateBrewery {
    type Output = brewery::Model;

    async fn execute(self, txn: &DatabaseTransaction, _: &Actor) -> Result<Outcome<brewery::Model>, WriteError> {
        let current: brewery::Model = find(txn, "id", self.id).await?;
        if current.revision != self.expected_revision {
            return Ok(conflict(current, self.expected_revision));
        }
        let (changes, renamed) = (self.changes, current.name_folded.clone());
        let fields = BreweryFields {
            name: changed(changes.name, current.name),
            city: changed(changes.city, current.city),
            region: changed(changes.region, current.region),
            country: changed(changes.country, current.country),
            website: changed(changes.website, current.website),
            latitude: changed(changes.latitude, current.latitude),
            longitude: changed(changes.longitude, current.longitude),
            description: changed(changes.description, current.description),
        };
        let fields = fields.check().map_err(WriteError::Rejected)?;
        let renamed = fold(&fields.name) != renamed;
        let row = brewery::ActiveModel { revision: Set(current.revision + 1), updated_at: Set(clock::now()), ..columns(&fields) };
        let update = brewery::Entity::update_many()
            .set(row)
            .filter(brewery::Column::Id.eq(self.id))
            .filter(brewery::Column::Revision.eq(self.expected_revision))
            .exec_with_returning(txn);
        let updated = unique_or(update.await, || taken(&fields))?;
        documents::index_breweries(txn, &[self.id]).await?;
        if renamed {
            index_beers_where(txn, beer::Column::BreweryId.eq(self.id)).await?;
        }
        settle_update(txn, self.id, self.expected_revision, updated).await
    }
}

impl Command for DeleteBrewery {
    type Output = Uuid;

    async fn execute(self, txn: &DatabaseTransaction, _: &Actor) -> Result<Outcome<Uuid>, WriteError> {
        let beers = beer::Entity::find().filter(beer::Column::BreweryId.eq(self.0)).count(txn).await?;
        if beers > 0 {
            return Err(still_referenced("brewery", "beers", beers));
        }
        let deleted = brewery::Entity::delete_by_id(self.0).exec(txn).await;
        if unreferenced_or(deleted, "brewery", "beers")?.rows_affected == 0 {
            return Err(not_found("id", "brewery").into());
        }
        documents::remove(txn, self.0).await?;
        Ok(Outcome::done(self.0))
    }
}

fn columns(fields: &BreweryFields) -> brewery::ActiveModel {
    brewery::ActiveModel {
        name: Set(fields.name.clone()),
        name_folded: Set(fold(&fields.name)),
        city: Set(fields.city.clone()),
        region: Set(fields.region.clone()),
        country: Set(fields.country.clone()),
        place_key: Set(place_key(fields)),
        website: Set(fields.website.clone()),
        latitude: Set(fields.latitude),
        longitude: Set(fields.longitude),
        description: Set(fields.description.clone()),
        ..Default::default()
    }
}

fn taken(fields: &BreweryFields) -> Rejection {
    let message = format!("there is already a brewery {:?} at this place; update it, or tell the two apart by city", fields.name);
    Rejection::new(RejectionCode::AlreadyExists, "name", message)
}
