use async_graphql::{Context, Object, Result, SimpleObject};
use entity::style;

use super::Style;
use crate::{
    catalog::{
        list::{self, BeerStatistics},
        resource,
    },
    graphql::{
        cache_hints::cache_control,
        connection::{DEFAULT_PAGE, page_size, total_count},
        loaders::{ByCountry, ByStyle, Children, Row, Statistics, load},
    },
};

/// What concerns a whole list of beers, not only the page.
pub struct BeerListFields(Children<resource::Beer>);

impl From<Children<resource::Beer>> for BeerListFields {
    fn from(list: Children<resource::Beer>) -> Self {
        Self(list)
    }
}

#[Object]
impl BeerListFields {
    /// How many beers the filter leaves, on all pages. Counted only when selected.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i64> {
        total_count(ctx, &self.0).await
    }

    /// Figures over the beers that the filter leaves, on all pages. Computed only as far as selected.
    async fn aggregates(&self) -> BeerAggregates {
        BeerAggregates(self.0.clone())
    }
}

/// Figures over a list of beers.
pub struct BeerAggregates(Children<resource::Beer>);

/// Figures over a list of beers.
#[Object(directive = cache_control::apply(None, None, Some(true)))]
impl BeerAggregates {
    /// How many there are.
    async fn count(&self, ctx: &Context<'_>) -> Result<i64> {
        Ok(self.statistics(ctx).await?.count)
    }

    /// Alcohol by volume, percent.
    async fn abv(&self, ctx: &Context<'_>) -> Result<Statistic> {
        Ok(self.statistics(ctx).await?.abv.into())
    }

    /// International Bitterness Units.
    async fn ibu(&self, ctx: &Context<'_>) -> Result<Statistic> {
        Ok(self.statistics(ctx).await?.ibu.into())
    }

    /// How many there are of each style, most first.
    async fn by_style(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(DEFAULT_PAGE)", desc = "The first so many styles, at most 100.")] first: Option<i32>,
    ) -> Result<Vec<StyleCount>> {
        let limit = page_size("first", first.unwrap_or(DEFAULT_PAGE))?;
        let counts = load(ctx, ByStyle(self.0.clone())).await?.unwrap_or_default();
        let counts = counts.into_iter().take(usize::try_from(limit)?);
        Ok(counts.map(|bucket| StyleCount { style: bucket.value, count: bucket.count }).collect())
    }

    /// How many there are from each country, most first.
    async fn by_country(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(DEFAULT_PAGE)", desc = "The first so many countries, at most 100.")] first: Option<i32>,
    ) -> Result<Vec<CountryCount>> {
        let limit = page_size("first", first.unwrap_or(DEFAULT_PAGE))?;
        let counts = load(ctx, ByCountry(self.0.clone())).await?.unwrap_or_default();
        let counts = counts.into_iter().take(usize::try_from(limit)?);
        Ok(counts.map(|bucket| CountryCount { country: bucket.value, count: bucket.count }).collect())
    }
}

impl BeerAggregates {
    /// One statement, however many of the figures are selected: the loader answers them together.
    async fn statistics(&self, ctx: &Context<'_>) -> Result<BeerStatistics> {
        Ok(load(ctx, Statistics(self.0.clone())).await?.unwrap_or_default())
    }
}

/// Least, greatest and mean of the values that are known; null if none is.
#[derive(SimpleObject)]
#[graphql(directive = cache_control::apply(None, None, Some(true)))]
pub struct Statistic {
    /// The least.
    min: Option<f64>,
    /// The greatest.
    max: Option<f64>,
    /// The mean.
    avg: Option<f64>,
}

impl From<list::Range> for Statistic {
    fn from(range: list::Range) -> Self {
        Self { min: range.min, max: range.max, avg: range.avg }
    }
}

/// How many beers a style has.
pub struct StyleCount {
    style: Option<uuid::Uuid>,
    count: i64,
}

/// How many beers a style has.
#[Object(directive = cache_control::apply(None, None, Some(true)))]
impl StyleCount {
    /// The style; null for beers without one.
    async fn style(&self, ctx: &Context<'_>) -> Option<Result<Style>> {
        let id = self.style?;
        Some(load(ctx, Row::<style::Model> { id, include: () }).await.transpose()?.map(Style::from))
    }

    /// How many beers.
    async fn count(&self) -> i64 {
        self.count
    }
}

/// How many beers a country has.
#[derive(SimpleObject)]
#[graphql(directive = cache_control::apply(None, None, Some(true)))]
pub struct CountryCount {
    /// The country; null for breweries without one.
    country: Option<String>,
    /// How many beers.
    count: i64,
}
