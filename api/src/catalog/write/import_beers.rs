//! Many beers at once, all or nothing.

use std::collections::{HashMap, HashSet};

use entity::{brewery, style};
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect, sea_query::LockType};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Actor, Command, Outcome, not_found};
use crate::catalog::{
    bulk::{self, BeerRow, Change},
    error::{Rejection, RejectionCode, WriteError},
    rules::BeerFields,
    text::fold,
};

/// Most beers of one call.
pub const MAX_ROWS: usize = 1_000;

/// Creates beers, or updates those that their brewery already has; absent values leave what is stored alone.
#[derive(Clone)]
pub struct ImportBeers(pub Vec<ImportRow>);

/// A beer as it was sent. An id that cannot be read is refused together with whatever else is wrong with any row.
#[derive(Clone)]
pub struct ImportRow {
    /// Id of a brewery.
    pub brewery_id: Result<Uuid, Rejection>,
    /// Id of a style; `None` leaves a stored one alone.
    pub style_id: Result<Option<Uuid>, Rejection>,
    /// Everything else, as it was sent.
    pub fields: BeerFields,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedBeers {
    /// The beers' ids, in the order of the rows.
    pub ids: Vec<Uuid>,
    /// Rows that made a new beer.
    pub created: u32,
    /// Rows that changed a beer.
    pub updated: u32,
    /// Rows that said what was known.
    pub unchanged: u32,
}

impl Command for ImportBeers {
    type Output = ImportedBeers;

    async fn execute(self, txn: &DatabaseTransaction, _: &Actor) -> Result<Outcome<ImportedBeers>, WriteError> {
        if self.0.len() > MAX_ROWS {
            let message = format!("there are {} rows; the limit is {MAX_ROWS}, so send them in parts", self.0.len());
            return Err(Rejection::new(RejectionCode::Invalid, "rows", message).into());
        }
        let mut wrong = Vec::new();
        check_repeats(&self.0, &mut wrong);
        check_relations(txn, &self.0, &mut wrong).await?;
        let rows = checked(self.0, &mut wrong);
        if !wrong.is_empty() {
            // Row by row, as a person would mend them.
            wrong.sort_by_key(|&(row, _)| row);
            return Err(WriteError::Rejected(wrong.into_iter().map(|(row, rejection)| at(row, rejection)).collect()));
        }
        let mut imported = ImportedBeers::default();
        for outcome in bulk::upsert_beers(txn, &rows).await? {
            imported.ids.push(outcome.id);
            match outcome.change {
                Change::Created => imported.created += 1,
                Change::Updated => imported.updated += 1,
                Change::Unchanged | Change::Repeated => imported.unchanged += 1,
            }
        }
        Ok(Outcome::done(imported))
    }
}

fn at(row: usize, rejection: Rejection) -> Rejection {
    rejection.within(&["rows", &row.to_string()])
}

/// What is wrong, with the index of its row.
type Wrong = Vec<(usize, Rejection)>;

/// The rows in the form in which they are stored, but for those that break a rule or have an id that is none.
fn checked(rows: Vec<ImportRow>, wrong: &mut Wrong) -> Vec<BeerRow> {
    let mut checked = Vec::with_capacity(rows.len());
    for (index, ImportRow { brewery_id, style_id, fields }) in rows.into_iter().enumerate() {
        let mut refuse = |rejections: Vec<Rejection>| wrong.extend(rejections.into_iter().map(|rejection| (index, rejection)));
        let brewery_id = brewery_id.map_err(|rejection| refuse(vec![rejection]));
        let style_id = style_id.map_err(|rejection| refuse(vec![rejection]));
        let fields = fields.check().map_err(refuse);
        if let (Ok(brewery_id), Ok(style_id), Ok(fields)) = (brewery_id, style_id, fields) {
            checked.push(BeerRow { brewery_id, style_id, fields });
        }
    }
    checked
}

fn check_repeats(rows: &[ImportRow], wrong: &mut Wrong) {
    let mut seen = HashMap::new();
    for (index, row) in rows.iter().enumerate() {
        let Ok(brewery_id) = row.brewery_id else { continue };
        if let Some(first) = seen.insert((brewery_id, fold(&row.fields.name)), index) {
            let message = format!("rows {first} and {index} name the same beer of the same brewery; send it once");
            wrong.push((index, Rejection::new(RejectionCode::Invalid, "name", message)));
        }
    }
}

async fn check_relations(txn: &DatabaseTransaction, rows: &[ImportRow], wrong: &mut Wrong) -> Result<(), DbErr> {
    let brewery_of = |row: &ImportRow| row.brewery_id.as_ref().ok().copied();
    let style_of = |row: &ImportRow| row.style_id.as_ref().ok().copied().flatten();
    let breweries = kept::<brewery::Entity>(txn, brewery::Column::Id, rows.iter().filter_map(brewery_of)).await?;
    let styles = kept::<style::Entity>(txn, style::Column::Id, rows.iter().filter_map(style_of)).await?;
    for (index, row) in rows.iter().enumerate() {
        if brewery_of(row).is_some_and(|id| !breweries.contains(&id)) {
            wrong.push((index, not_found("breweryId", "brewery")));
        }
        if style_of(row).is_some_and(|id| !styles.contains(&id)) {
            wrong.push((index, not_found("styleId", "style")));
        }
    }
    Ok(())
}

/// Those that exist. They stay for the rest of the transaction: nobody deletes or renames them.
async fn kept<E: EntityTrait>(
    txn: &DatabaseTransaction,
    id: E::Column,
    wanted: impl Iterator<Item = Uuid>,
) -> Result<HashSet<Uuid>, DbErr> {
    let wanted: HashSet<Uuid> = wanted.collect();
    if wanted.is_empty() {
        return Ok(wanted);
    }
    let found = E::find().select_only().column(id).filter(id.is_in(wanted)).lock(LockType::KeyShare);
    let found: Vec<Uuid> = found.into_tuple().all(txn).await?;
    Ok(found.into_iter().collect())
}
