//! Made-up rows: each depends on nothing but its number, so that the same beers come out of every run, every machine and every
//! version, and more of them continue what there is.
//!
//! Random bits come from ChaCha, whose output is specified, and are mapped to values here: `rand`'s own mappings and its small
//! generators may change between versions.

use chrono::{DateTime, TimeDelta, Utc};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};
use uuid::{Builder, Uuid};

use super::words::{ADJECTIVES, FLAVOURS, LANDMARKS, MOODS, NOUNS, SUFFIXES, TOWNS};
use crate::catalog::rules::{BeerFields, BreweryFields};

/// Beers in a row that one brewery has, until there are [`MAX_BREWERIES`]; then the first one gets more.
const BEERS_PER_BREWERY: u64 = 40;
/// Most breweries. Fewer than there are names of them.
const MAX_BREWERIES: u64 = 10_000;
/// 2020-01-01T00:00:00Z. Before anything real was stored, so that made-up rows sort before it.
const EPOCH_SECONDS: i64 = 1_577_836_800;

/// What a row is of; each kind has its own random numbers and its own range of time.
#[derive(Clone, Copy)]
enum Kind {
    Style = 0,
    Brewery = 1,
    Beer = 2,
}

/// When and as what a row was created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub id: Uuid,
    pub created_at: DateTime<Utc>,
}

/// A made-up beer.
#[derive(Debug, PartialEq)]
pub(super) struct Beer {
    pub identity: Identity,
    pub brewery_id: Uuid,
    /// Which of the styles, counted round from 0.
    pub style: Option<usize>,
    pub fields: BeerFields,
}

/// How many breweries the first `beers` beers have.
pub(super) fn brewery_count(beers: u64) -> u64 {
    beers.div_ceil(BEERS_PER_BREWERY).min(MAX_BREWERIES)
}

pub(super) fn style(number: u64) -> Identity {
    identity(Kind::Style, number).0
}

pub(super) fn brewery(number: u64) -> (Identity, BreweryFields) {
    let (identity, mut random) = identity(Kind::Brewery, number);
    // Any odd factor visits all names before it repeats one.
    let name = (number.wrapping_mul(9_973) as usize) % (ADJECTIVES.len() * LANDMARKS.len() * SUFFIXES.len());
    let (name, suffix) = (name / SUFFIXES.len(), name % SUFFIXES.len());
    let name = format!("{} {} {}", ADJECTIVES[name % 64], LANDMARKS[name / 64], SUFFIXES[suffix]);
    let (city, region, country, latitude, longitude) = TOWNS[below(&mut random, TOWNS.len())];
    let fields = BreweryFields {
        description: chance(&mut random, 50).then(|| format!("A {} brewery. Made up.", MOODS[below(&mut random, MOODS.len())])),
        name,
        city: Some(city.to_owned()),
        region: Some(region.to_owned()),
        country: Some(country.to_owned()),
        website: None,
        latitude: Some(latitude),
        longitude: Some(longitude),
    };
    (identity, fields)
}

pub(super) fn beer(number: u64) -> Beer {
    let (identity, mut random) = identity(Kind::Beer, number);
    let turn = number / BEERS_PER_BREWERY;
    let (brewery, round) = (turn % MAX_BREWERIES, turn / MAX_BREWERIES);
    let style = chance(&mut random, 85).then(|| below(&mut random, 1 << 16));
    let fields = BeerFields {
        name: beer_name(brewery, round * BEERS_PER_BREWERY + number % BEERS_PER_BREWERY),
        abv: chance(&mut random, 90).then(|| tenths(&mut random, 28, 125)),
        ibu: chance(&mut random, 60).then(|| tenths(&mut random, 50, 1_000).trunc()),
        srm: chance(&mut random, 50).then(|| tenths(&mut random, 20, 400)),
        description: chance(&mut random, 70).then(|| description(&mut random)),
    };
    Beer { identity, brewery_id: self::identity(Kind::Brewery, brewery).0.id, style, fields }
}

/// The name of a brewery's beer, unlike that of any other one of its: 4,096 names, walked by an odd step.
fn beer_name(brewery: u64, ordinal: u64) -> String {
    let brewery = brewery + 1;
    let (start, step) = (brewery.wrapping_mul(2_654_435_761), (brewery.wrapping_mul(40_503) % 2_048) * 2 + 1);
    let name = (start.wrapping_add(ordinal.wrapping_mul(step)) % (64 * 64)) as usize;
    format!("{} {}", ADJECTIVES[name % 64], NOUNS[name / 64])
}

fn description(random: &mut ChaCha8Rng) -> String {
    let first = below(random, FLAVOURS.len());
    let second = (first + 1 + below(random, FLAVOURS.len() - 1)) % FLAVOURS.len();
    format!("A {} beer with {} and {}. Made up.", MOODS[below(random, MOODS.len())], FLAVOURS[first], FLAVOURS[second])
}

/// The row's identity, and the random numbers for the rest of it. A second passes from row to row.
fn identity(kind: Kind, number: u64) -> (Identity, ChaCha8Rng) {
    let mut seed = *b"taproom: made-up beers, kind    ";
    seed[31] = kind as u8;
    let mut random = ChaCha8Rng::from_seed(seed);
    random.set_stream(number);
    // 30 days from kind to kind: more seconds than there are rows of one.
    let seconds = kind as i64 * 30 * 86_400 + number.min(u64::from(u32::MAX)) as i64;
    let created_at = DateTime::UNIX_EPOCH + TimeDelta::seconds(EPOCH_SECONDS + seconds);
    let mut bits = [0; 10];
    random.fill_bytes(&mut bits);
    let id = Builder::from_unix_timestamp_millis(created_at.timestamp_millis().unsigned_abs(), &bits).into_uuid();
    (Identity { id, created_at }, random)
}

fn below(random: &mut ChaCha8Rng, limit: usize) -> usize {
    random.next_u32() as usize % limit
}

fn chance(random: &mut ChaCha8Rng, percent: usize) -> bool {
    below(random, 100) < percent
}

/// A number of `low` to `high` tenths.
fn tenths(random: &mut ChaCha8Rng, low: usize, high: usize) -> f64 {
    (low + below(random, high - low + 1)) as f64 / 10.0
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{MAX_BREWERIES, beer, beer_name, brewery, brewery_count};
    use crate::catalog::text::{fold, place_key};

    #[test]
    fn rows_stay_what_they_are() {
        let first = beer(0);
        assert_eq!(first.identity.id.to_string(), beer(0).identity.id.to_string());
        assert_eq!(first, beer(0));
        assert_ne!(first.identity.id, beer(1).identity.id);
    }

    #[test]
    fn rows_keep_to_the_rules_and_fold_to_lower_case() {
        for number in 0..2_000 {
            let fields = beer(number).fields;
            assert_eq!(fields.clone().check(), Ok(fields.clone()));
            assert_eq!(fold(&fields.name), fields.name.to_lowercase());
            let description = fields.description.unwrap_or_default();
            assert_eq!(fold(&description), description.to_lowercase());
            let (_, brewery) = brewery(number);
            assert_eq!(brewery.clone().check(), Ok(brewery));
        }
    }

    #[test]
    fn names_are_unique() {
        let breweries: HashSet<_> = (0..MAX_BREWERIES).map(|number| place_key(&brewery(number).1)).collect();
        assert_eq!(breweries.len() as u64, MAX_BREWERIES);
        for brewery in [0, 1, 7, MAX_BREWERIES - 1] {
            let beers: HashSet<_> = (0..4_096).map(|ordinal| beer_name(brewery, ordinal)).collect();
            assert_eq!(beers.len(), 4_096);
        }
    }

    #[test]
    fn a_brewery_has_forty_beers() {
        assert_eq!([brewery_count(1), brewery_count(40), brewery_count(41), brewery_count(1_000_000)], [1, 1, 2, MAX_BREWERIES]);
        assert_eq!(beer(39).brewery_id, brewery(0).0.id);
        assert_eq!(beer(40).brewery_id, brewery(1).0.id);
        assert_eq!(beer(40 * MAX_BREWERIES).brewery_id, brewery(0).0.id);
    }
}
