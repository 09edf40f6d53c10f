//! What the catalogue lists: each table with what can be read along with a row.

use entity::{beer, brewery, review, style};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, FromQueryResult, IdenStatic, Iterable, QueryResult,
    sea_query::{Alias, Expr, ExprTrait, JoinType, SelectStatement},
};
use uuid::Uuid;

use super::list::Resource;

/// A beer, and what was read along with it.
#[derive(Clone, Debug)]
pub struct Beer {
    pub beer: beer::Model,
    /// None if it was not asked for.
    pub brewery: Option<brewery::Model>,
    /// None if it was not asked for; none inside if the beer has none.
    pub style: Option<Option<style::Model>>,
    /// Whether `beer.description` was read; it can be long, and lists rarely show it.
    pub has_description: bool,
}

/// What to read along with a beer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct BeerInclude {
    pub brewery: bool,
    pub style: bool,
    pub description: bool,
}

impl BeerInclude {
    /// Everything.
    pub const ALL: Self = Self { brewery: true, style: true, description: true };
}

impl Resource for Beer {
    type Entity = beer::Entity;
    type Include = BeerInclude;
    const ID: beer::Column = beer::Column::Id;

    fn select(statement: &mut SelectStatement, include: BeerInclude) {
        select_columns::<beer::Entity>(statement, "beer_", |column| {
            include.description || !matches!(column, beer::Column::Description)
        });
        if include.brewery {
            select_columns::<brewery::Entity>(statement, "brewery_", |_| true);
            join::<brewery::Entity>(statement, JoinType::InnerJoin, beer::Column::BreweryId, brewery::Column::Id);
        }
        if include.style {
            select_columns::<style::Entity>(statement, "style_", |_| true);
            join::<style::Entity>(statement, JoinType::LeftJoin, beer::Column::StyleId, style::Column::Id);
        }
    }

    fn from_row(row: &QueryResult, include: BeerInclude) -> Result<Self, DbErr> {
        Ok(Self {
            beer: beer::Model::from_query_result(row, "beer_")?,
            brewery: include.brewery.then(|| brewery::Model::from_query_result(row, "brewery_")).transpose()?,
            style: include.style.then(|| style::Model::from_query_result_optional(row, "style_")).transpose()?,
            has_description: include.description,
        })
    }

    fn model(&self) -> &beer::Model {
        &self.beer
    }

    fn id(&self) -> Uuid {
        self.beer.id
    }
}

/// A review, and what was read along with it.
#[derive(Clone, Debug)]
pub struct Review {
    pub review: review::Model,
    /// The beer alone, without description and relations; none if it was not asked for.
    pub beer: Option<Beer>,
}

/// What to read along with a review.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ReviewInclude {
    pub beer: bool,
}

impl Resource for Review {
    type Entity = review::Entity;
    type Include = ReviewInclude;
    const ID: review::Column = review::Column::Id;

    fn select(statement: &mut SelectStatement, include: ReviewInclude) {
        select_columns::<review::Entity>(statement, "review_", |_| true);
        if include.beer {
            Beer::select(statement, BeerInclude::default());
            join::<beer::Entity>(statement, JoinType::InnerJoin, review::Column::BeerId, beer::Column::Id);
        }
    }

    fn from_row(row: &QueryResult, include: ReviewInclude) -> Result<Self, DbErr> {
        Ok(Self {
            review: review::Model::from_query_result(row, "review_")?,
            beer: include.beer.then(|| Beer::from_row(row, BeerInclude::default())).transpose()?,
        })
    }

    fn model(&self) -> &review::Model {
        &self.review
    }

    fn id(&self) -> Uuid {
        self.review.id
    }
}

/// Breweries and styles refer to nothing that could be read along.
macro_rules! plain_resource {
    ($table:ident, $prefix:literal) => {
        impl Resource for $table::Model {
            type Entity = $table::Entity;
            type Include = ();
            const ID: $table::Column = $table::Column::Id;

            fn select(statement: &mut SelectStatement, (): ()) {
                select_columns::<$table::Entity>(statement, $prefix, |_| true);
            }

            fn from_row(row: &QueryResult, (): ()) -> Result<Self, DbErr> {
                Self::from_query_result(row, $prefix)
            }

            fn model(&self) -> &Self {
                self
            }

            fn id(&self) -> Uuid {
                self.id
            }
        }
    };
}

plain_resource!(brewery, "brewery_");
plain_resource!(style, "style_");

/// Selects a table's columns under a prefix; those not wanted as null, so that the row still makes a model.
fn select_columns<E: EntityTrait>(statement: &mut SelectStatement, prefix: &str, wanted: impl Fn(&E::Column) -> bool) {
    for column in E::Column::iter() {
        let alias = Alias::new(format!("{prefix}{}", column.as_str()));
        let value = if wanted(&column) { Expr::col(column.as_column_ref()) } else { Expr::cust("NULL") };
        statement.expr_as(value, alias);
    }
}

fn join<E: EntityTrait>(statement: &mut SelectStatement, kind: JoinType, from: impl ColumnTrait, to: impl ColumnTrait) {
    statement.join(kind, E::default(), Condition::all().add(Expr::col(from.as_column_ref()).equals(to.as_column_ref())));
}
