//! `filter` of each list. What is given has to hold all together; `and`, `or` and `not` combine further.

use async_graphql::{ID, InputObject, Result};
use entity::{beer, brewery, review, style};
use sea_orm::Condition;
use uuid::Uuid;

use super::{
    combine::{Budget, combine},
    text::comparable,
};
use crate::{
    catalog::filter::{TextMatch, ValueMatch, related},
    graphql::{connection::check_ids, error::ErrorCode, id::NodeType},
};

/// Compares a name, without regard to case and accents.
#[derive(InputObject, Clone, Debug)]
pub struct NameFilter {
    /// Is this.
    #[graphql(validator(custom = "comparable"))]
    eq: Option<String>,
    /// Is one of these, at most 100.
    #[graphql(name = "in", validator(max_items = 100, list, custom = "comparable"))]
    one_of: Option<Vec<String>>,
    /// Contains this.
    #[graphql(validator(custom = "comparable"))]
    contains: Option<String>,
    /// Starts with this.
    #[graphql(validator(custom = "comparable"))]
    starts_with: Option<String>,
}

/// Compares a text, exactly.
#[derive(InputObject, Clone, Debug)]
pub struct StringFilter {
    /// Is this.
    #[graphql(validator(custom = "comparable"))]
    eq: Option<String>,
    /// Is one of these, at most 100.
    #[graphql(name = "in", validator(max_items = 100, list, custom = "comparable"))]
    one_of: Option<Vec<String>>,
    /// Is absent, or not.
    is_null: Option<bool>,
}

/// Compares a number. One that is absent meets only `isNull: true`.
#[derive(InputObject, Clone, Debug)]
pub struct FloatFilter {
    /// Is this.
    eq: Option<f64>,
    /// Is greater than this.
    gt: Option<f64>,
    /// Is this or greater.
    gte: Option<f64>,
    /// Is less than this.
    lt: Option<f64>,
    /// Is this or less.
    lte: Option<f64>,
    /// Is absent, or not.
    is_null: Option<bool>,
}

/// Compares a whole number.
#[derive(InputObject, Clone, Debug)]
pub struct IntFilter {
    /// Is this.
    eq: Option<i32>,
    /// Is one of these, at most 100.
    #[graphql(name = "in", validator(max_items = 100))]
    one_of: Option<Vec<i32>>,
    /// Is greater than this.
    gt: Option<i32>,
    /// Is this or greater.
    gte: Option<i32>,
    /// Is less than this.
    lt: Option<i32>,
    /// Is this or less.
    lte: Option<i32>,
}

/// Compares an id.
#[derive(InputObject, Clone, Debug)]
pub struct IdFilter {
    /// Is this.
    eq: Option<ID>,
    /// Is one of these, at most 100.
    #[graphql(name = "in")]
    one_of: Option<Vec<ID>>,
    /// Is absent, or not.
    is_null: Option<bool>,
}

/// Which beers.
#[derive(InputObject, Clone, Debug, Default)]
pub struct BeerFilter {
    /// By name.
    name: Option<NameFilter>,
    /// By alcohol by volume, percent.
    abv: Option<FloatFilter>,
    /// By International Bitterness Units.
    ibu: Option<FloatFilter>,
    /// By colour, Standard Reference Method.
    srm: Option<FloatFilter>,
    /// By mean rating, 1 to 5.
    rating_average: Option<FloatFilter>,
    /// By number of reviews.
    rating_count: Option<IntFilter>,
    /// By the brewery's id.
    brewery_id: Option<IdFilter>,
    /// By the style's id.
    style_id: Option<IdFilter>,
    /// By what the brewery is like.
    brewery: Option<Box<BreweryFilter>>,
    /// By what the style is like; beers without a style are not among them.
    style: Option<Box<StyleFilter>>,
    /// All of these hold.
    and: Option<Vec<BeerFilter>>,
    /// At least one of these holds.
    or: Option<Vec<BeerFilter>>,
    /// This does not hold.
    not: Option<Box<BeerFilter>>,
}

/// Which breweries.
#[derive(InputObject, Clone, Debug, Default)]
pub struct BreweryFilter {
    /// By name.
    name: Option<NameFilter>,
    /// By city.
    city: Option<StringFilter>,
    /// By state, province or the like.
    region: Option<StringFilter>,
    /// By country.
    country: Option<StringFilter>,
    /// At least one of its beers is like this.
    some_beer: Option<Box<BeerFilter>>,
    /// All of these hold.
    and: Option<Vec<BreweryFilter>>,
    /// At least one of these holds.
    or: Option<Vec<BreweryFilter>>,
    /// This does not hold.
    not: Option<Box<BreweryFilter>>,
}

/// Which styles.
#[derive(InputObject, Clone, Debug, Default)]
pub struct StyleFilter {
    /// By name.
    name: Option<NameFilter>,
    /// By category.
    category: Option<StringFilter>,
    /// At least one beer of the style is like this.
    some_beer: Option<Box<BeerFilter>>,
    /// All of these hold.
    and: Option<Vec<StyleFilter>>,
    /// At least one of these holds.
    or: Option<Vec<StyleFilter>>,
    /// This does not hold.
    not: Option<Box<StyleFilter>>,
}

/// Which reviews.
#[derive(InputObject, Clone, Debug, Default)]
pub struct ReviewFilter {
    /// By stars, 1 to 5.
    rating: Option<IntFilter>,
    /// By the author's name.
    author: Option<StringFilter>,
    /// By the beer's id.
    beer_id: Option<IdFilter>,
    /// By what the beer is like.
    beer: Option<Box<BeerFilter>>,
    /// All of these hold.
    and: Option<Vec<ReviewFilter>>,
    /// At least one of these holds.
    or: Option<Vec<ReviewFilter>>,
    /// This does not hold.
    not: Option<Box<ReviewFilter>>,
}

impl BeerFilter {
    fn within(self, budget: &mut Budget) -> Result<Condition> {
        let brewery = self.brewery.map(|filter| filter.within(budget)).transpose()?;
        let style = self.style.map(|filter| filter.within(budget)).transpose()?;
        let own = Condition::all()
            .add_option(self.name.map(|filter| filter.matching().on(beer::Column::NameFolded)))
            .add_option(self.abv.map(|filter| filter.matching().on(beer::Column::Abv)))
            .add_option(self.ibu.map(|filter| filter.matching().on(beer::Column::Ibu)))
            .add_option(self.srm.map(|filter| filter.matching().on(beer::Column::Srm)))
            .add_option(self.rating_average.map(|filter| filter.matching().on(beer::Column::RatingAverage)))
            .add_option(self.rating_count.map(|filter| filter.matching().on(beer::Column::RatingCount)))
            .add_option(ids(self.brewery_id, "breweryId", NodeType::Brewery)?.map(|ids| ids.on(beer::Column::BreweryId)))
            .add_option(ids(self.style_id, "styleId", NodeType::Style)?.map(|ids| ids.on(beer::Column::StyleId)))
            .add_option(brewery.map(|is| related::<brewery::Entity>(beer::Column::BreweryId, brewery::Column::Id, is)))
            .add_option(style.map(|is| related::<style::Entity>(beer::Column::StyleId, style::Column::Id, is)));
        combine(own, self.and, self.or, self.not.map(|filter| *filter), Self::within, budget)
    }
}

impl BreweryFilter {
    fn within(self, budget: &mut Budget) -> Result<Condition> {
        let beer = self.some_beer.map(|filter| filter.within(budget)).transpose()?;
        let own = Condition::all()
            .add_option(self.name.map(|filter| filter.matching().on(brewery::Column::NameFolded)))
            .add_option(self.city.map(|filter| filter.matching().on(brewery::Column::City)))
            .add_option(self.region.map(|filter| filter.matching().on(brewery::Column::Region)))
            .add_option(self.country.map(|filter| filter.matching().on(brewery::Column::Country)))
            .add_option(beer.map(|is| related::<beer::Entity>(brewery::Column::Id, beer::Column::BreweryId, is)));
        combine(own, self.and, self.or, self.not.map(|filter| *filter), Self::within, budget)
    }
}

impl StyleFilter {
    fn within(self, budget: &mut Budget) -> Result<Condition> {
        let beer = self.some_beer.map(|filter| filter.within(budget)).transpose()?;
        let own = Condition::all()
            .add_option(self.name.map(|filter| filter.matching().on(style::Column::NameFolded)))
            .add_option(self.category.map(|filter| filter.matching().on(style::Column::Category)))
            .add_option(beer.map(|is| related::<beer::Entity>(style::Column::Id, beer::Column::StyleId, is)));
        combine(own, self.and, self.or, self.not.map(|filter| *filter), Self::within, budget)
    }
}

impl ReviewFilter {
    fn within(self, budget: &mut Budget) -> Result<Condition> {
        let beer = self.beer.map(|filter| filter.within(budget)).transpose()?;
        let own = Condition::all()
            .add_option(self.rating.map(|filter| filter.matching().on(review::Column::Rating)))
            .add_option(self.author.map(|filter| filter.matching().on(review::Column::Author)))
            .add_option(ids(self.beer_id, "beerId", NodeType::Beer)?.map(|ids| ids.on(review::Column::BeerId)))
            .add_option(beer.map(|is| related::<beer::Entity>(review::Column::BeerId, beer::Column::Id, is)));
        combine(own, self.and, self.or, self.not.map(|filter| *filter), Self::within, budget)
    }
}

/// Implements what a list does with its filter.
macro_rules! conditions {
    ($($filter:ident),+) => {
        $(impl $filter {
            /// # Errors
            /// If an id in it is none, or if there are too many filters in it.
            pub fn condition(self) -> Result<Condition> {
                self.within(&mut Budget::default())
            }
        })+
    };
}

conditions!(BeerFilter, BreweryFilter, StyleFilter, ReviewFilter);

fn ids(filter: Option<IdFilter>, field: &str, kind: NodeType) -> Result<Option<ValueMatch<Uuid>>> {
    let Some(filter) = filter else { return Ok(None) };
    check_ids(field, filter.one_of.as_deref().unwrap_or_default())?;
    let key =
        |id: &ID| kind.key(id).map_err(|message| ErrorCode::BadUserInput.error(format!("`{field}` in the filter: {message}")));
    let eq = filter.eq.as_ref().map(key).transpose()?;
    let one_of = filter.one_of.map(|ids| ids.iter().map(key).collect::<Result<Vec<_>>>()).transpose()?;
    Ok(Some(ValueMatch { eq, one_of, is_null: filter.is_null, ..ValueMatch::default() }))
}

impl NameFilter {
    fn matching(self) -> TextMatch {
        TextMatch { eq: self.eq, one_of: self.one_of, contains: self.contains, starts_with: self.starts_with }
    }
}

impl StringFilter {
    fn matching(self) -> ValueMatch<String> {
        ValueMatch { eq: self.eq, one_of: self.one_of, is_null: self.is_null, ..ValueMatch::default() }
    }
}

impl FloatFilter {
    fn matching(self) -> ValueMatch<f64> {
        let Self { eq, gt, gte, lt, lte, is_null } = self;
        ValueMatch { eq, one_of: None, gt, gte, lt, lte, is_null }
    }
}

impl IntFilter {
    fn matching(self) -> ValueMatch<i32> {
        let Self { eq, one_of, gt, gte, lt, lte } = self;
        ValueMatch { eq, one_of, gt, gte, lt, lte, is_null: None }
    }
}
