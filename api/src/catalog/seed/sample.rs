//! The sample catalogue: real styles, breweries and beers, written by hand, with a few reviews that say they are samples.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{brewery, review};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, SelectExt as _};
use serde::Deserialize;
use uuid::Uuid;

use super::SeedError;
use crate::catalog::{
    bulk::{BeerRow, Change, Outcome, insert_beers, insert_breweries, insert_styles},
    error::Rejection,
    rules::{BeerFields, BreweryFields, ReviewFields, StyleFields},
    write::add_to_summary,
};
use crate::clock;

/// The principal that wrote the sample's reviews; no credential has it, so that only an admin may remove them.
pub const SAMPLE_PRINCIPAL: &str = "system:sample";

const SAMPLE: &str = include_str!("sample.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Catalogue {
    pub styles: Vec<Style>,
    pub breweries: Vec<Brewery>,
    pub reviews: Vec<Review>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Style {
    pub name: String,
    pub category: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Brewery {
    name: String,
    city: Option<String>,
    region: Option<String>,
    country: Option<String>,
    website: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    description: Option<String>,
    beers: Vec<Beer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Beer {
    name: String,
    /// Name of a style of the same file.
    style: Option<String>,
    abv: Option<f64>,
    ibu: Option<f64>,
    srm: Option<f64>,
    description: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Review {
    /// Names of a brewery and a beer of the same file.
    brewery: String,
    beer: String,
    author: String,
    rating: i32,
    body: Option<String>,
}

/// How many rows of a table were written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows that are new.
    pub created: u64,
    /// Rows that were there already, edited or not: they stay as they are.
    pub unchanged: u64,
}

/// What filling in the sample catalogue did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SampleSummary {
    /// Styles.
    pub styles: Counts,
    /// Breweries.
    pub breweries: Counts,
    /// Beers.
    pub beers: Counts,
    /// Reviews: only of beers that this call created.
    pub reviews: u64,
}

/// Fills in what is missing of the sample catalogue. What exists, found by its natural key, stays as it is, so that a second call
/// changes nothing and edits are kept; what was deleted or renamed is missing and comes back. The caller owns the
/// transaction ([`begin`](crate::database::begin)).
///
/// # Errors
/// See [`SeedError`].
pub async fn sample<C: ConnectionTrait>(db: &C) -> Result<SampleSummary, SeedError> {
    let Catalogue { styles, breweries, reviews } = catalogue()?;

    let fields = styles.into_iter().map(Style::checked).collect::<Result<Vec<_>, _>>()?;
    let styles = insert_styles(db, &fields).await?;
    let style_ids: HashMap<&str, Uuid> =
        fields.iter().zip(&styles).map(|(style, outcome)| (style.name.as_str(), outcome.id)).collect();

    let (fields, beers): (Vec<_>, Vec<_>) = breweries.into_iter().map(Brewery::split).unzip();
    let fields = fields.into_iter().map(|brewery| brewery.check().map_err(broken)).collect::<Result<Vec<_>, _>>()?;
    let breweries = insert_breweries(db, &fields).await?;

    let mut names = Vec::new();
    let mut rows = Vec::new();
    for ((brewery, outcome), beers) in fields.iter().zip(&breweries).zip(beers) {
        for beer in beers {
            let row = beer.row(outcome.id, &style_ids)?;
            names.push((brewery.name.clone(), row.fields.name.clone()));
            rows.push(row);
        }
    }
    let beers = insert_beers(db, &rows).await?;
    let by_name: HashMap<(String, String), Outcome> = names.into_iter().zip(beers.iter().copied()).collect();
    let reviews = write_reviews(db, reviews, &by_name).await?;
    Ok(SampleSummary { styles: count(&styles), breweries: count(&breweries), beers: count(&beers), reviews })
}

/// Fills in the sample catalogue when there is no brewery, and with it no beer; `None` when there is one. The caller owns the
/// transaction, as with [`sample`].
///
/// # Errors
/// See [`SeedError`].
pub async fn sample_if_empty<C: ConnectionTrait>(db: &C) -> Result<Option<SampleSummary>, SeedError> {
    if brewery::Entity::find().exists(db).await? { Ok(None) } else { sample(db).await.map(Some) }
}

pub(super) fn catalogue() -> Result<Catalogue, SeedError> {
    serde_json::from_str(SAMPLE).map_err(|error| SeedError::Sample(error.to_string()))
}

fn broken(wrong: Vec<Rejection>) -> SeedError {
    SeedError::Sample(format!("{wrong:?}"))
}

fn count(outcomes: &[Outcome]) -> Counts {
    let of = |change| outcomes.iter().filter(|outcome| outcome.change == change).count() as u64;
    Counts { created: of(Change::Created), unchanged: of(Change::Unchanged) }
}

impl Style {
    pub(super) fn checked(self) -> Result<StyleFields, SeedError> {
        StyleFields { name: self.name, category: self.category }.check().map_err(broken)
    }
}

impl Brewery {
    fn split(self) -> (BreweryFields, Vec<Beer>) {
        let Self { name, city, region, country, website, latitude, longitude, description, beers } = self;
        (BreweryFields { name, city, region, country, website, latitude, longitude, description }, beers)
    }
}

impl Beer {
    fn row(self, brewery_id: Uuid, styles: &HashMap<&str, Uuid>) -> Result<BeerRow, SeedError> {
        let Self { name, style, abv, ibu, srm, description } = self;
        let known = |style: String| {
            let missing = || SeedError::Sample(format!("beer {name:?} has the style {style:?}, which is not among the styles"));
            styles.get(style.as_str()).copied().ok_or_else(missing)
        };
        let style_id = style.map(known).transpose()?;
        let fields = BeerFields { name, abv, ibu, srm, description }.check().map_err(broken)?;
        Ok(BeerRow { brewery_id, style_id, fields })
    }
}

/// Writes the reviews of beers that are new: somebody may have removed them from the others.
async fn write_reviews<C: ConnectionTrait>(
    db: &C,
    reviews: Vec<Review>,
    beers: &HashMap<(String, String), Outcome>,
) -> Result<u64, SeedError> {
    let now = clock::now();
    let mut rows = Vec::new();
    let mut ratings: HashMap<Uuid, (i32, i32)> = HashMap::new();
    for Review { brewery, beer, author, rating, body } in reviews {
        let missing = || SeedError::Sample(format!("a review is of {beer:?} by {brewery:?}, which is not among the beers"));
        let outcome = *beers.get(&(brewery.clone(), beer.clone())).ok_or_else(missing)?;
        let fields = ReviewFields { author, rating, body }.check().map_err(broken)?;
        if outcome.change == Change::Created {
            let (count, sum) = ratings.entry(outcome.id).or_default();
            *count += 1;
            *sum += fields.rating;
            rows.push(review_row(outcome.id, fields, now));
        }
    }
    let written = rows.len() as u64;
    if written > 0 {
        review::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    for (beer, (count, sum)) in ratings {
        add_to_summary(db, beer, count, sum).await?;
    }
    Ok(written)
}

fn review_row(beer: Uuid, ReviewFields { author, rating, body }: ReviewFields, now: DateTime<Utc>) -> review::ActiveModel {
    review::ActiveModel {
        id: Set(Uuid::now_v7()),
        beer_id: Set(beer),
        author: Set(author),
        rating: Set(rating),
        body: Set(body),
        principal: Set(SAMPLE_PRINCIPAL.to_owned()),
        revision: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    }
}
