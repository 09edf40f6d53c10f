//! The statement that cuts a page.

use std::cmp::Ordering;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, Order,
    sea_query::{Alias, Expr, ExprTrait, IntoIden, JoinType, Query, SelectStatement, UnionType},
};

use super::{Cursor, List, Resource, Sort};

/// A walk along a list.
pub(super) struct Scan {
    /// From the end of the list to its beginning.
    pub backwards: bool,
    /// Where it starts.
    pub start: Option<Bound>,
    /// Where it ends.
    pub end: Option<Bound>,
    /// Most rows to visit.
    pub limit: u64,
}

/// A place that bounds a scan.
pub(super) struct Bound {
    pub cursor: Cursor,
    /// Whether the row at the place itself is visited.
    pub inclusive: bool,
}

/// Reads the rows of a scan, in the scan's order.
pub(super) async fn read<R: Resource>(db: &impl ConnectionTrait, list: &List<R>, scan: &Scan) -> Result<Vec<R>, DbErr> {
    let Some(ids) = ids(list, scan, None) else { return Ok(Vec::new()) };
    let mut statement = Query::select();
    statement.from_subquery(ids, page());
    join_after::<R>(&mut statement, on_page::<R>());
    R::select(&mut statement, list.include);
    order(&mut statement, &list.sort, R::ID, scan.backwards);
    statement.limit(scan.limit);
    db.query_all(&statement).await?.iter().map(|row| R::from_row(row, list.include)).collect()
}

pub(super) fn page() -> Alias {
    Alias::new("page")
}

pub(super) fn table<R: Resource>() -> sea_orm::sea_query::DynIden {
    R::Entity::default().into_iden()
}

/// Joins the table by a condition on what the statement selects from already. CROSS keeps SQLite from walking the table first,
/// <https://sqlite.org/optoverview.html#crossjoin>; to PostgreSQL it is a join like any other.
pub(super) fn join_after<R: Resource>(statement: &mut SelectStatement, on: Condition) {
    statement.join(JoinType::CrossJoin, table::<R>(), Condition::all()).cond_where(on);
}

/// What joins the table to the page of its ids.
pub(super) fn on_page<R: Resource>() -> Condition {
    Condition::all().add(column(R::ID).equals((page(), R::ID)))
}

/// `SELECT id` of the rows of a scan: at most `limit` of each of its runs, in no order. Nothing if no row can qualify.
pub(super) fn ids<R: Resource>(list: &List<R>, scan: &Scan, parent: Option<Condition>) -> Option<SelectStatement> {
    let filter = list.filter.clone().add_option(parent);
    let mut runs = runs(&list.sort, R::ID, scan).into_iter().map(|range| {
        let mut statement = Query::select();
        statement.column((table::<R>(), R::ID)).from(table::<R>()).cond_where(filter.clone()).cond_where(range);
        let direction = direction(list.sort.descending, scan.backwards);
        // Among nulls, too: otherwise PostgreSQL does not see that the index has this order.
        if let Some(key) = list.sort.column {
            statement.order_by_expr(column(key), direction.clone());
        }
        statement.order_by_expr(column(R::ID), direction).limit(scan.limit);
        // SQLite wants a subquery around a member of a union that has a limit.
        Query::select().column(R::ID).from_subquery(statement, Alias::new("run")).to_owned()
    });
    let first = runs.next()?;
    Some(runs.fold(first, |mut statement, run| statement.union(UnionType::All, run).to_owned()))
}

/// The ranges of the sort column's index that a scan walks: rows with a value, and rows without.
fn runs<C: ColumnTrait>(sort: &Sort<C>, id: C, scan: &Scan) -> Vec<Condition> {
    let kinds: &[bool] = match (sort.is_nullable(), scan.backwards) {
        (false, _) => &[false],
        (true, false) => &[false, true],
        (true, true) => &[true, false],
    };
    let run = |(position, &nulls): (usize, &bool)| {
        let mut range = Condition::all();
        if let Some(key) = sort.column.filter(|_| sort.is_nullable()) {
            range = range.add(if nulls { column(key).is_null() } else { column(key).is_not_null() });
        }
        for (bound, is_start) in [(&scan.start, true), (&scan.end, false)] {
            let Some(bound) = bound else { continue };
            let is_null = sort.column.is_some() && bound.cursor.key.is_none();
            let bound_position = kinds.iter().position(|&nulls| nulls == is_null).unwrap_or_default();
            match (position.cmp(&bound_position), is_start) {
                (Ordering::Less, true) | (Ordering::Greater, false) => return None,
                (Ordering::Equal, _) => range = range.add(beyond(sort, id, scan.backwards != is_start, bound)),
                _ => {}
            }
        }
        Some(range)
    };
    kinds.iter().enumerate().filter_map(run).collect()
}

/// What lies after a place in the list, or before it. Row values, so that the index finds the place.
fn beyond<C: ColumnTrait>(sort: &Sort<C>, id: C, after: bool, bound: &Bound) -> Expr {
    let (place, at) = match (sort.column, bound.cursor.key.clone()) {
        (Some(key), Some(value)) => (
            Expr::tuple([column(key), column(id)]),
            Expr::tuple([Expr::value(sea_orm::Value::from(value)), Expr::value(bound.cursor.id)]),
        ),
        _ => (column(id), Expr::value(bound.cursor.id)),
    };
    match (after != sort.descending, bound.inclusive) {
        (true, false) => place.gt(at),
        (true, true) => place.gte(at),
        (false, false) => place.lt(at),
        (false, true) => place.lte(at),
    }
}

/// Orders a statement over the table as the scan walks.
pub(super) fn order<C: ColumnTrait>(statement: &mut SelectStatement, sort: &Sort<C>, id: C, backwards: bool) {
    let direction = direction(sort.descending, backwards);
    if let Some(key) = sort.column {
        if sort.is_nullable() {
            statement.order_by_expr(column(key).is_null(), if backwards { Order::Desc } else { Order::Asc });
        }
        statement.order_by_expr(column(key), direction.clone());
    }
    statement.order_by_expr(column(id), direction);
}

const fn direction(descending: bool, backwards: bool) -> Order {
    if descending == backwards { Order::Asc } else { Order::Desc }
}

pub(super) fn column<C: ColumnTrait>(column: C) -> Expr {
    Expr::col(column.as_column_ref())
}
