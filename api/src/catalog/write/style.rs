//! Commands on styles.

use entity::{beer, style};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::{
    Actor, Change, Command, Outcome, beer::index_beers_where, changed, conflict, find, not_found, settle_update,
    still_referenced, unique_or, unreferenced_or,
};
use crate::catalog::{
    error::{Rejection, RejectionCode, WriteError},
    rules::StyleFields,
    text::fold,
};
use crate::clock;

/// Adds a style.
#[derive(Clone)]
pub struct CreateStyle(pub StyleFields);

/// Changes a style.
#[derive(Clone)]
pub struct UpdateStyle {
    pub id: Uuid,
    pub expected_revision: i32,
    pub changes: StyleChanges,
}

/// What to change of a style.
#[derive(Clone, Default)]
pub struct StyleChanges {
    pub name: Change<String>,
    pub category: Change<String>,
}

/// Removes a style that no beer has.
#[derive(Clone)]
pub struct DeleteStyle(pub Uuid);

impl Command for CreateStyle {
    type Output = style::Model;

    async fn execute(self, txn: &DatabaseTransaction, _: &Actor) -> Result<Outcome<style::Model>, WriteError> {
        let fields = self.0.check().map_err(WriteError::Rejected)?;
        let now = clock::now();
        let row = style::ActiveModel {
            id: Set(Uuid::now_v7()),
            revision: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..columns(&fields)
        };
        unique_or(style::Entity::insert(row).exec_with_returning(txn).await, || taken(&fields)).map(Outcome::done)
    }
}

impl Command for UpdateStyle {
    type Output = style::Model;

    async fn execute(self, txn: &DatabaseTransaction, _: &Actor) -> Result<Outcome<style::Model>, WriteError> {
        let current: style::Model = find(txn, "id", self.id).await?;
        if current.revision != self.expected_revision {
            return Ok(conflict(current, self.expected_revision));
        }
        let old_name = current.name_folded.clone();
        let fields = StyleFields {
            name: changed(self.changes.name, current.name),
            category: changed(self.changes.category, current.category),
        };
        let fields = fields.check().map_err(WriteError::Rejected)?;
        let renamed = fold(&fields.name) != old_name;
        let row = style::ActiveModel { revision: Set(current.revision + 1), updated_at: Set(clock::now()), ..columns(&fields) };
        let update = style::Entity::update_many()
            .set(row)
            .filter(style::Column::Id.eq(self.id))
            .filter(style::Column::Revision.eq(self.expected_revision))
            .exec_with_returning(txn);
        let updated = unique_or(update.await, || taken(&fields))?;
        if renamed {
            index_beers_where(txn, beer::Column::StyleId.eq(self.id)).await?;
        }
        settle_update(txn, self.id, self.expected_revision, updated).await
    }
}

impl Command for DeleteStyle {
    type Output = Uuid;

    async fn execute(self, txn: &DatabaseTransaction, _: &Actor) -> Result<Outcome<Uuid>, WriteError> {
        let beers = beer::Entity::find().filter(beer::Column::StyleId.eq(self.0)).count(txn).await?;
        if beers > 0 {
            return Err(still_referenced("style", "beers", beers));
        }
        let deleted = style::Entity::delete_by_id(self.0).exec(txn).await;
        let deleted = unreferenced_or(deleted, "style", "beers")?;
        if deleted.rows_affected == 0 { Err(not_found("id", "style").into()) } else { Ok(Outcome::done(self.0)) }
    }
}

fn columns(fields: &StyleFields) -> style::ActiveModel {
    style::ActiveModel {
        name: Set(fields.name.clone()),
        name_folded: Set(fold(&fields.name)),
        category: Set(fields.category.clone()),
        ..Default::default()
    }
}

fn taken(fields: &StyleFields) -> Rejection {
    let message = format!("the category {:?} already has a style {:?}", fields.category, fields.name);
    Rejection::new(RejectionCode::AlreadyExists, "name", message)
}
