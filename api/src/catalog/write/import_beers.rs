//! Many beers at once, all or nothing.

use std::collections::{HashMap, HashSet};

use entity::{brewery, style};
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Actor, Command, Outcome};
use crate::catalog::{
    bulk::{self, BeerRow, Change},
    error::{Rejection, RejectionCode, WriteError},
    text::fold,
};

/// Most beers of one call.
pub const MAX_ROWS: usize = 1_000;

/// Creates beers, or updates those that their brewery already has; absent values leave what is stored alone.
pub struct ImportBeers(pub Vec<BeerRow>);

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
        let rows = check_fields(self.0, &mut wrong);
        check_repeats(&rows, &mut wrong);
        check_relations(txn, &rows, &mut wrong).await?;
        if !wrong.is_empty() {
            return Err(WriteError::Rejected(wrong));
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

/// The rows in the form in which they are stored; those that break a rule as they came.
fn check_fields(rows: Vec<BeerRow>, wrong: &mut Vec<Rejection>) -> Vec<BeerRow> {
    let check = |(index, row): (usize, BeerRow)| match row.fields.clone().check() {
        Ok(fields) => BeerRow { fields, ..row },
        Err(rejections) => {
            wrong.extend(rejections.into_iter().map(|rejection| at(index, rejection)));
            row
        }
    };
    rows.into_iter().enumerate().map(check).collect()
}

fn check_repeats(rows: &[BeerRow], wrong: &mut Vec<Rejection>) {
    let mut seen = HashMap::new();
    for (index, row) in rows.iter().enumerate() {
        if let Some(first) = seen.insert((row.brewery_id, fold(&row.fields.name)), index) {
            let message = format!("rows {first} and {index} name the same beer of the same brewery; send it once");
            wrong.push(at(index, Rejection::new(RejectionCode::Invalid, "name", message)));
        }
    }
}

async fn check_relations(txn: &DatabaseTransaction, rows: &[BeerRow], wrong: &mut Vec<Rejection>) -> Result<(), DbErr> {
    let breweries: HashSet<Uuid> = rows.iter().map(|row| row.brewery_id).collect();
    let styles: HashSet<Uuid> = rows.iter().filter_map(|row| row.style_id).collect();
    let breweries = existing::<brewery::Entity>(txn, brewery::Column::Id, breweries).await?;
    let styles = existing::<style::Entity>(txn, style::Column::Id, styles).await?;
    for (index, row) in rows.iter().enumerate() {
        if !breweries.contains(&row.brewery_id) {
            wrong.push(at(index, missing("breweryId", "brewery")));
        }
        if row.style_id.is_some_and(|id| !styles.contains(&id)) {
            wrong.push(at(index, missing("styleId", "style")));
        }
    }
    Ok(())
}

async fn existing<E: EntityTrait>(
    txn: &DatabaseTransaction,
    id: E::Column,
    wanted: HashSet<Uuid>,
) -> Result<HashSet<Uuid>, DbErr> {
    if wanted.is_empty() {
        return Ok(wanted);
    }
    let found: Vec<Uuid> = E::find().select_only().column(id).filter(id.is_in(wanted)).into_tuple().all(txn).await?;
    Ok(found.into_iter().collect())
}

fn missing(field: &str, what: &str) -> Rejection {
    Rejection::new(RejectionCode::NotFound, field, format!("{field} names no {what}; it may have been deleted"))
}
