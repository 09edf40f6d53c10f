//! One page for each of many parents, in one statement whose text does not depend on how many there are.

use std::collections::HashMap;

use sea_orm::{
    Condition, ConnectionTrait, DatabaseBackend, DbErr, ModelTrait, Value,
    sea_query::{Alias, Expr, ExprTrait, Func, JoinType, Query, SelectStatement},
};
use uuid::Uuid;

use super::{
    Column, List, Resource,
    keyset::{self, Scan, column, join_after, on_page, page},
};

/// Reads the rows of a scan for each parent, in the scan's order. Parents without rows are absent.
///
/// PostgreSQL runs the page's query once a parent by LATERAL. SQLite has no LATERAL and does the same by a correlated `IN`.
pub(super) async fn read<R: Resource>(
    db: &impl ConnectionTrait,
    list: &List<R>,
    scan: &Scan,
    by: Column<R>,
    parents: &[Uuid],
) -> Result<HashMap<Uuid, Vec<R>>, DbErr> {
    let parent = Alias::new("parent");
    let of_parent = Condition::all().add(column(by).equals((parent.clone(), Alias::new("id"))));
    let Some(ids) = keyset::ids(list, scan, Some(of_parent)) else { return Ok(HashMap::new()) };
    let mut statement = Query::select();
    statement.from_subquery(id_list(db.get_database_backend(), parents), parent);
    if db.get_database_backend() == DatabaseBackend::Postgres {
        statement.join_lateral(JoinType::InnerJoin, ids, page(), Condition::all().add(Expr::cust("TRUE")));
        join_after::<R>(&mut statement, on_page::<R>());
    } else {
        join_after::<R>(&mut statement, Condition::all().add(column(R::ID).in_subquery(ids)));
    }
    R::select(&mut statement, list.include);
    keyset::order(&mut statement, &list.sort, R::ID, scan.backwards);

    let limit = usize::try_from(scan.limit).unwrap_or(usize::MAX);
    let mut rows: HashMap<Uuid, Vec<R>> = HashMap::new();
    for row in db.query_all(&statement).await? {
        let row = R::from_row(&row, list.include)?;
        if let Some(parent) = uuid(row.model().get(by)) {
            let rows = rows.entry(parent).or_default();
            if rows.len() < limit {
                rows.push(row);
            }
        }
    }
    Ok(rows)
}

/// Reads the rows with these ids, in no order.
///
/// # Errors
/// If the database fails.
pub async fn rows_of<R: Resource>(db: &impl ConnectionTrait, ids: &[Uuid], include: R::Include) -> Result<Vec<R>, DbErr> {
    let mut statement = Query::select();
    statement.from_subquery(id_list(db.get_database_backend(), ids), page());
    join_after::<R>(&mut statement, on_page::<R>());
    R::select(&mut statement, include);
    db.query_all(&statement).await?.iter().map(|row| R::from_row(row, include)).collect()
}

/// A table of ids, `SELECT … AS id`, from one parameter: the statement's text stays the same for any number, and is prepared once.
pub(super) fn id_list(backend: DatabaseBackend, ids: &[Uuid]) -> SelectStatement {
    let (id, elements) = if backend == DatabaseBackend::Postgres {
        // `unnest` tells the planner how many there are.
        let array = format!("{{{}}}", ids.iter().map(Uuid::to_string).collect::<Vec<_>>().join(","));
        (Expr::col("element"), Func::cust("unnest").arg(Expr::value(array).cast_as("uuid[]")))
    } else {
        // SeaORM stores a UUID in SQLite as 16 bytes.
        let json = serde_json::Value::from_iter(ids.iter().map(|id| id.simple().to_string())).to_string();
        (Func::cust("unhex").arg(Expr::col("value")).into(), Func::cust("json_each").arg(Expr::value(json)))
    };
    Query::select().expr_as(id, "id").from_function(elements, "element").to_owned()
}

pub(super) fn uuid(value: Value) -> Option<Uuid> {
    match value {
        Value::Uuid(id) => id,
        _ => None,
    }
}
