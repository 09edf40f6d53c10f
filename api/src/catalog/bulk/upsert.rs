//! The statement behind all bulk writes: `INSERT … ON CONFLICT (key) DO UPDATE SET … WHERE something differs RETURNING …`.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ConnectionTrait, DbErr, EntityTrait, QueryResult, Value,
    sea_query::{
        Alias, Asterisk, BinOper, Expr, ExprTrait, Func, InsertStatement, IntoIden, OnConflict, Query, SelectStatement,
        ValueTuple,
    },
};
use uuid::Uuid;

use super::MAX_PARAMETERS;
use crate::clock;

/// Parameters of a statement beside its rows' values: room for the constants in `ON CONFLICT`.
const CONSTANTS: usize = 16;

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// Its key was new.
    Created,
    /// Its key existed, and a value differed.
    Updated,
    /// Its key existed, with these values or not to be updated; nothing was written.
    Unchanged,
    /// An earlier row of the same call has this key, and that one counts; nothing was written.
    Repeated,
}

impl Change {
    /// Whether the row was written.
    #[must_use]
    pub fn is_written(self) -> bool {
        matches!(self, Self::Created | Self::Updated)
    }
}

/// What became of a row, and what it is stored as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its id; of a [`Change::Repeated`] one that of the row it repeats.
    pub id: Uuid,
    /// What was done.
    pub change: Change,
}

/// What to do about a row whose key exists.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Existing {
    /// Update it with the values that differ.
    Update,
    /// Leave it as it is.
    Keep,
}

/// Which columns a table's rows are found by and which are written.
pub(super) struct Plan<E: EntityTrait> {
    /// The columns of the unique index.
    pub key: &'static [E::Column],
    /// Columns that every row states.
    pub stated: &'static [E::Column],
    /// Columns of which an absent value leaves the stored one alone.
    pub optional: &'static [E::Column],
    /// The key of a stored row, in the form of [`Row::key`].
    pub read_key: fn(&QueryResult) -> Result<String, DbErr>,
    /// What to do about rows that exist.
    pub existing: Existing,
}

/// A row to write.
pub(super) struct Row {
    /// Its natural key in one string, to find and sort it by.
    pub key: String,
    /// Its values in the order of the plan's `key`, `stated` and `optional` columns.
    pub values: Vec<Value>,
}

/// Writes `rows`; the outcomes are in their order.
pub(super) async fn upsert<C, E>(db: &C, plan: &Plan<E>, rows: Vec<Row>) -> Result<Vec<Outcome>, DbErr>
where
    C: ConnectionTrait,
    E: EntityTrait,
{
    let now = clock::now();
    let keys: Vec<String> = rows.iter().map(|row| row.key.clone()).collect();
    let mut new: Vec<(Uuid, Row)> = rows.into_iter().map(|row| (Uuid::now_v7(), row)).collect();
    // The sort is stable: of rows with one key the first stays.
    new.sort_by(|(_, a), (_, b)| a.key.cmp(&b.key));
    new.dedup_by(|(_, later), (_, earlier)| later.key == earlier.key);

    let width = plan.key.len() + plan.stated.len() + plan.optional.len() + 3;
    let mut outcomes = HashMap::with_capacity(new.len());
    for chunk in new.chunks((MAX_PARAMETERS - CONSTANTS) / width) {
        write_chunk(db, plan, chunk, now, &mut outcomes).await?;
    }
    keys.iter().map(|key| take(&mut outcomes, key)).collect()
}

/// The outcome of `key` for its first row, [`Change::Repeated`] for the following ones.
fn take(outcomes: &mut HashMap<String, Outcome>, key: &str) -> Result<Outcome, DbErr> {
    let missing = || DbErr::RecordNotFound(format!("the row of key {key:?} vanished while it was written"));
    let outcome = outcomes.get_mut(key).ok_or_else(missing)?;
    let first = *outcome;
    outcome.change = Change::Repeated;
    Ok(first)
}

async fn write_chunk<C, E>(
    db: &C,
    plan: &Plan<E>,
    chunk: &[(Uuid, Row)],
    now: DateTime<Utc>,
    outcomes: &mut HashMap<String, Outcome>,
) -> Result<(), DbErr>
where
    C: ConnectionTrait,
    E: EntityTrait,
{
    let ids: HashMap<&str, Uuid> = chunk.iter().map(|(id, row)| (row.key.as_str(), *id)).collect();
    for written in db.query_all(&insert(plan, chunk, now)?).await? {
        let (id, key) = (written.try_get("", "id")?, (plan.read_key)(&written)?);
        let change = if ids.get(key.as_str()) == Some(&id) { Change::Created } else { Change::Updated };
        outcomes.insert(key, Outcome { id, change });
    }
    // What the statement found unchanged it does not return. On PostgreSQL it has locked it all the same: it cannot go away.
    let unchanged: Vec<&Row> = chunk.iter().map(|(_, row)| row).filter(|row| !outcomes.contains_key(&row.key)).collect();
    if unchanged.is_empty() {
        return Ok(());
    }
    for stored in db.query_all(&find(plan, &unchanged)).await? {
        let (id, key) = (stored.try_get("", "id")?, (plan.read_key)(&stored)?);
        outcomes.insert(key, Outcome { id, change: Change::Unchanged });
    }
    Ok(())
}

fn insert<E: EntityTrait>(plan: &Plan<E>, chunk: &[(Uuid, Row)], now: DateTime<Utc>) -> Result<InsertStatement, DbErr> {
    let mut columns =
        vec![Alias::new("id").into_iden(), Alias::new("created_at").into_iden(), Alias::new("updated_at").into_iden()];
    columns.extend([plan.key, plan.stated, plan.optional].into_iter().flatten().map(|column| column.into_iden()));
    let mut insert = Query::insert();
    insert.into_table(E::default()).columns(columns);
    for (id, row) in chunk {
        let generated: [Value; 3] = [(*id).into(), now.into(), now.into()];
        let values = generated.into_iter().chain(row.values.iter().cloned()).map(Expr::val);
        insert.values(values).map_err(|error| DbErr::Query(sea_orm::RuntimeErr::Internal(error.to_string())))?;
    }
    insert.on_conflict(on_conflict(plan));
    insert.returning(Query::returning().columns(returned(plan)));
    Ok(insert)
}

/// Rows to keep are "updated" where nothing is, and not by `DO NOTHING`: this way PostgreSQL locks them, as [`write_chunk`] needs.
fn on_conflict<E: EntityTrait>(plan: &Plan<E>) -> OnConflict {
    let stored = |column: E::Column| Expr::col((E::default(), column));
    let given = |column: E::Column| Expr::col((Alias::new("excluded"), column));
    let merged = |column: E::Column| Expr::from(Func::coalesce([given(column), stored(column)]));
    let stated = plan.stated.iter().map(|&column| (column, given(column)));
    let optional = plan.optional.iter().map(|&column| (column, merged(column)));
    let values: Vec<(E::Column, Expr)> = stated.chain(optional).collect();
    let differs = values
        .iter()
        .filter(|_| plan.existing == Existing::Update)
        .map(|(column, value)| value.clone().binary(BinOper::Custom("IS DISTINCT FROM"), stored(*column)))
        .fold(Expr::val(false), |any, differs| any.or(differs));

    let mut on_conflict = OnConflict::columns(plan.key.iter().copied());
    on_conflict.values(values);
    on_conflict.value(Alias::new("revision"), Expr::col((E::default(), Alias::new("revision"))).add(1));
    on_conflict.value(Alias::new("updated_at"), Expr::col((Alias::new("excluded"), Alias::new("updated_at"))));
    on_conflict.action_and_where(differs).to_owned()
}

/// `SELECT … WHERE (key) IN (SELECT * FROM (VALUES …))`, which both databases answer from the unique index.
fn find<E: EntityTrait>(plan: &Plan<E>, rows: &[&Row]) -> SelectStatement {
    let keys = rows.iter().map(|row| ValueTuple::Many(row.values[..plan.key.len()].to_vec()));
    let wanted = Query::select().column(Asterisk).from_values(keys, Alias::new("wanted")).to_owned();
    let key = Expr::tuple(plan.key.iter().map(|&column| Expr::col(column)));
    Query::select().columns(returned(plan)).from(E::default()).and_where(key.in_subquery(wanted)).to_owned()
}

fn returned<E: EntityTrait>(plan: &Plan<E>) -> impl Iterator<Item = sea_orm::sea_query::DynIden> {
    std::iter::once(Alias::new("id").into_iden()).chain(plan.key.iter().map(|column| column.into_iden()))
}
