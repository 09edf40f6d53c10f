//! Figures over all the rows of a list, whatever page of it is shown; for one list, or for each parent's in one statement.

use std::collections::HashMap;

use entity::{beer, brewery};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, Order, QueryResult,
    sea_query::{Alias, Asterisk, Expr, ExprTrait, Func, JoinType, Query, SelectStatement, SimpleExpr},
};
use uuid::Uuid;

use super::{
    Column, Resource,
    keyset::{column, table},
    parents::id_list,
};

/// Whose lists: one without a parent (none), or those of many parents, by the column that refers to them.
pub type Parents<'a, C> = Option<(C, &'a [Uuid])>;

/// Figures by parent; the key of a list without parent is none.
pub type ByParent<T> = HashMap<Option<Uuid>, T>;

/// Least, greatest and mean of the values that are known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Range {
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub avg: Option<f64>,
}

/// Figures about beers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BeerStatistics {
    pub count: i64,
    pub abv: Range,
    pub ibu: Range,
}

/// How many rows share a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket<T> {
    pub value: T,
    pub count: i64,
}

/// Counts the rows.
///
/// # Errors
/// If the database fails.
pub async fn count<R: Resource>(
    db: &impl ConnectionTrait,
    filter: &Condition,
    parents: Parents<'_, Column<R>>,
) -> Result<ByParent<i64>, DbErr> {
    let statement = group::<R>(db, filter, parents);
    db.query_all(&statement).await?.iter().map(|row| Ok((parent(row, parents.is_some())?, row.try_get("", "count")?))).collect()
}

/// Count and ranges of beers.
///
/// # Errors
/// If the database fails.
pub async fn beer_statistics<R: Resource<Entity = beer::Entity>>(
    db: &impl ConnectionTrait,
    filter: &Condition,
    parents: Parents<'_, beer::Column>,
) -> Result<ByParent<BeerStatistics>, DbErr> {
    let mut statement = group::<R>(db, filter, parents);
    for (measure, name) in [(beer::Column::Abv, "abv"), (beer::Column::Ibu, "ibu")] {
        statement
            .expr_as(column(measure).min(), Alias::new(format!("{name}_min")))
            .expr_as(column(measure).max(), Alias::new(format!("{name}_max")))
            .expr_as(Func::avg(column(measure)), Alias::new(format!("{name}_avg")));
    }
    let range = |row: &QueryResult, name: &str| {
        let figure = |figure: &str| row.try_get("", &format!("{name}_{figure}"));
        Ok::<_, DbErr>(Range { min: figure("min")?, max: figure("max")?, avg: figure("avg")? })
    };
    let read = |row: &QueryResult| {
        let statistics = BeerStatistics { count: row.try_get("", "count")?, abv: range(row, "abv")?, ibu: range(row, "ibu")? };
        Ok((parent(row, parents.is_some())?, statistics))
    };
    db.query_all(&statement).await?.iter().map(read).collect()
}

/// How many beers each style has, most first; none stands for beers without a style.
///
/// # Errors
/// If the database fails.
pub async fn beers_by_style<R: Resource<Entity = beer::Entity>>(
    db: &impl ConnectionTrait,
    filter: &Condition,
    parents: Parents<'_, beer::Column>,
) -> Result<ByParent<Vec<Bucket<Option<Uuid>>>>, DbErr> {
    buckets(db, group::<R>(db, filter, parents), column(beer::Column::StyleId), parents.is_some()).await
}

/// How many beers come from each country, most first; none stands for breweries without a country.
///
/// # Errors
/// If the database fails.
pub async fn beers_by_country<R: Resource<Entity = beer::Entity>>(
    db: &impl ConnectionTrait,
    filter: &Condition,
    parents: Parents<'_, beer::Column>,
) -> Result<ByParent<Vec<Bucket<Option<String>>>>, DbErr> {
    let mut statement = group::<R>(db, filter, parents);
    let same = column(brewery::Column::Id).equals(beer::Column::BreweryId.as_column_ref());
    statement.join(JoinType::InnerJoin, brewery::Entity, Condition::all().add(same));
    buckets(db, statement, column(brewery::Column::Country), parents.is_some()).await
}

async fn buckets<T: sea_orm::TryGetable>(
    db: &impl ConnectionTrait,
    mut statement: SelectStatement,
    value: Expr,
    has_parents: bool,
) -> Result<ByParent<Vec<Bucket<T>>>, DbErr> {
    statement
        .expr_as(value.clone(), "value")
        .add_group_by([SimpleExpr::from(value.clone())])
        .order_by("count", Order::Desc)
        .order_by_expr(value, Order::Asc);
    let mut found: ByParent<Vec<Bucket<T>>> = HashMap::new();
    for row in db.query_all(&statement).await? {
        let bucket = Bucket { value: row.try_get("", "value")?, count: row.try_get("", "count")? };
        found.entry(parent(&row, has_parents)?).or_default().push(bucket);
    }
    Ok(found)
}

/// `SELECT [parent,] COUNT(*) AS count FROM … WHERE … [GROUP BY parent]`
fn group<R: Resource>(db: &impl ConnectionTrait, filter: &Condition, parents: Parents<'_, Column<R>>) -> SelectStatement {
    let mut statement = Query::select();
    statement.expr_as(Func::count(Expr::col(Asterisk)), "count").from(table::<R>()).cond_where(filter.clone());
    if let Some((by, ids)) = parents {
        statement
            .expr_as(column(by), "parent")
            .and_where(column(by).in_subquery(id_list(db.get_database_backend(), ids)))
            .add_group_by([SimpleExpr::from(column(by))]);
    }
    statement
}

fn parent(row: &QueryResult, has_parents: bool) -> Result<Option<Uuid>, DbErr> {
    if has_parents { row.try_get("", "parent") } else { Ok(None) }
}
