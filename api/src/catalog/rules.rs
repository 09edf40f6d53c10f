//! The rules of the catalogue, each in one place. Every way in (mutations, import, seed) goes through the `check` functions here.
//!
//! A `check` takes what the client sent, returns it in the form in which it is stored (trimmed, blanks for absent values dropped) or
//! everything that is wrong with it at once.

use std::ops::RangeInclusive;

use url::Url;

use super::{
    error::{Rejection, RejectionCode},
    text::{fold, place_key},
};

/// Longest name of anything, characters.
pub const MAX_NAME: usize = 200;
/// Longest folded name, bytes. Folding writes some characters out as words ("㌖" as "kiromeetoru"), and PostgreSQL indexes no more than 2,704
/// bytes of a row (<https://www.postgresql.org/docs/15/btree-implementation.html>).
pub const MAX_FOLDED: usize = 800;
/// Longest [`place_key`](super::text::place_key) of a brewery, bytes; for the same reason.
pub const MAX_PLACE_KEY: usize = 2_500;
/// Longest place, category or author, characters.
pub const MAX_LABEL: usize = 100;
/// Longest website address, characters.
pub const MAX_URL: usize = 500;
/// Longest description or review, characters.
pub const MAX_TEXT: usize = 10_000;
/// Alcohol by volume, percent. The strongest beers stay below; above is a typing error.
pub const ABV: RangeInclusive<f64> = 0.0..=70.0;
/// International Bitterness Units. The highest claimed is about 2,500.
pub const IBU: RangeInclusive<f64> = 0.0..=2_500.0;
/// Standard Reference Method. Black stouts reach 40 to 80.
pub const SRM: RangeInclusive<f64> = 0.0..=200.0;
/// Stars of a review.
pub const RATING: RangeInclusive<i32> = 1..=5;

/// What a style is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct StyleFields {
    /// Unique within its category.
    pub name: String,
    /// The family of styles it belongs to.
    pub category: String,
}

/// What a brewery is made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BreweryFields {
    /// Unique at its place.
    pub name: String,
    /// City or town.
    pub city: Option<String>,
    /// State, province or the like.
    pub region: Option<String>,
    /// Country, in English.
    pub country: Option<String>,
    /// An `http` or `https` URL.
    pub website: Option<String>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// Free text.
    pub description: Option<String>,
}

/// What a beer is made of, its relations apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BeerFields {
    /// Unique within its brewery.
    pub name: String,
    /// Alcohol by volume, percent.
    pub abv: Option<f64>,
    /// International Bitterness Units.
    pub ibu: Option<f64>,
    /// Colour, Standard Reference Method.
    pub srm: Option<f64>,
    /// Free text.
    pub description: Option<String>,
}

/// What a review is made of, its beer apart.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewFields {
    /// The name to show.
    pub author: String,
    /// Stars, 1 to 5.
    pub rating: i32,
    /// Free text.
    pub body: Option<String>,
}

impl StyleFields {
    /// # Errors
    /// Everything that breaks a rule, with paths relative to the style.
    pub fn check(self) -> Result<Self, Vec<Rejection>> {
        let mut wrong = Vec::new();
        let checked = Self {
            name: required_text("name", &self.name, MAX_NAME, &mut wrong),
            category: required_text("category", &self.category, MAX_LABEL, &mut wrong),
        };
        accept(checked, wrong)
    }
}

impl BreweryFields {
    /// # Errors
    /// Everything that breaks a rule, with paths relative to the brewery.
    pub fn check(self) -> Result<Self, Vec<Rejection>> {
        let mut wrong = Vec::new();
        let checked = Self {
            name: required_text("name", &self.name, MAX_NAME, &mut wrong),
            city: optional_text("city", self.city, MAX_LABEL, &mut wrong),
            region: optional_text("region", self.region, MAX_LABEL, &mut wrong),
            country: optional_text("country", self.country, MAX_LABEL, &mut wrong),
            website: website(self.website, &mut wrong),
            latitude: number("latitude", self.latitude, -90.0..=90.0, &mut wrong),
            longitude: number("longitude", self.longitude, -180.0..=180.0, &mut wrong),
            description: optional_text("description", self.description, MAX_TEXT, &mut wrong),
        };
        let key = place_key(&checked).len();
        if key > MAX_PLACE_KEY {
            wrong
                .push(invalid("name", format!("name and place take {key} bytes in plain letters; the limit is {MAX_PLACE_KEY}")));
        }
        if checked.latitude.is_some() != checked.longitude.is_some() {
            let missing = if checked.latitude.is_some() { "longitude" } else { "latitude" };
            wrong.push(invalid(missing, "latitude and longitude are given together or not at all"));
        }
        accept(checked, wrong)
    }
}

impl BeerFields {
    /// # Errors
    /// Everything that breaks a rule, with paths relative to the beer.
    pub fn check(self) -> Result<Self, Vec<Rejection>> {
        let mut wrong = Vec::new();
        let checked = Self {
            name: required_text("name", &self.name, MAX_NAME, &mut wrong),
            abv: number("abv", self.abv, ABV, &mut wrong),
            ibu: number("ibu", self.ibu, IBU, &mut wrong),
            srm: number("srm", self.srm, SRM, &mut wrong),
            description: optional_text("description", self.description, MAX_TEXT, &mut wrong),
        };
        accept(checked, wrong)
    }
}

impl ReviewFields {
    /// # Errors
    /// Everything that breaks a rule, with paths relative to the review.
    pub fn check(self) -> Result<Self, Vec<Rejection>> {
        let mut wrong = Vec::new();
        if !RATING.contains(&self.rating) {
            let message = format!("rating is {}; it must be {} to {}", self.rating, RATING.start(), RATING.end());
            wrong.push(invalid("rating", message));
        }
        let checked = Self {
            author: required_text("author", &self.author, MAX_LABEL, &mut wrong),
            rating: self.rating,
            body: optional_text("body", self.body, MAX_TEXT, &mut wrong),
        };
        accept(checked, wrong)
    }
}

fn accept<T>(checked: T, wrong: Vec<Rejection>) -> Result<T, Vec<Rejection>> {
    if wrong.is_empty() { Ok(checked) } else { Err(wrong) }
}

fn invalid(field: &str, message: impl Into<String>) -> Rejection {
    Rejection::new(RejectionCode::Invalid, field, message)
}

fn required_text(field: &str, value: &str, max: usize, wrong: &mut Vec<Rejection>) -> String {
    let text = value.trim();
    if text.is_empty() {
        wrong.push(invalid(field, format!("{field} is blank; give it at least one character")));
    }
    check_text(field, text, max, wrong);
    let folded = fold(text).len();
    if folded > MAX_FOLDED {
        wrong.push(invalid(
            field,
            format!("{field} takes {folded} bytes in plain letters; the limit is {MAX_FOLDED}, so shorten it"),
        ));
    }
    text.to_owned()
}

/// A blank text says nothing: it is stored as absent.
fn optional_text(field: &str, value: Option<String>, max: usize, wrong: &mut Vec<Rejection>) -> Option<String> {
    let text = value.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
    check_text(field, text, max, wrong);
    Some(text.to_owned())
}

/// PostgreSQL cannot store U+0000, and other control characters only confuse who reads them.
fn check_text(field: &str, text: &str, max: usize, wrong: &mut Vec<Rejection>) {
    let length = text.chars().count();
    if length > max {
        wrong.push(invalid(field, format!("{field} has {length} characters; the limit is {max}")));
    }
    if let Some(control) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        wrong.push(invalid(field, format!("{field} contains the control character U+{:04X}; remove it", control as u32)));
    }
}

fn number(field: &str, value: Option<f64>, range: RangeInclusive<f64>, wrong: &mut Vec<Rejection>) -> Option<f64> {
    let number = value?;
    if !range.contains(&number) {
        wrong.push(invalid(field, format!("{field} is {number}; it must be {} to {}", range.start(), range.end())));
    }
    // IEEE 754 has two zeros, which compare equal and print differently.
    Some(number + 0.0)
}

fn website(value: Option<String>, wrong: &mut Vec<Rejection>) -> Option<String> {
    let text = optional_text("website", value, MAX_URL, wrong)?;
    match Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {}
        _ => wrong.push(invalid("website", format!("website {text:?} is no http or https URL; write it as https://example.com"))),
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beer(name: &str) -> BeerFields {
        BeerFields { name: name.to_owned(), ..BeerFields::default() }
    }

    #[test]
    fn trims_and_drops_blanks() {
        let checked = BeerFields { description: Some("  ".into()), ..beer("  Orval ") }.check().unwrap();
        assert_eq!(checked, beer("Orval"));
    }

    #[test]
    fn reports_everything_at_once() {
        let wrong = BeerFields { abv: Some(99.98), ibu: Some(f64::NAN), ..beer(" ") }.check().unwrap_err();
        let fields: Vec<_> = wrong.iter().map(|rejection| rejection.path.join(".")).collect();
        assert_eq!(fields, ["name", "abv", "ibu"]);
    }

    #[test]
    fn refuses_what_a_database_cannot_store() {
        assert!(beer("a\0b").check().is_err());
        assert!(beer(&"x".repeat(MAX_NAME + 1)).check().is_err());
        assert!(beer(&"ø".repeat(MAX_NAME)).check().is_ok());
    }

    #[test]
    fn refuses_what_an_index_cannot_hold() {
        let wordy = "㌖".repeat(MAX_NAME);
        assert!(fold(&wordy).len() > MAX_FOLDED, "{}", fold(&wordy).len());
        assert_eq!(beer(&wordy).check().unwrap_err()[0].path, ["name"]);
        let place = Some("㌖".repeat(MAX_LABEL));
        let brewery = BreweryFields {
            name: "x".into(),
            city: place.clone(),
            region: place.clone(),
            country: place,
            ..BreweryFields::default()
        };
        assert!(brewery.clone().check().is_err(), "{}", place_key(&brewery).len());
    }

    #[test]
    fn a_website_is_a_web_address() {
        let with = |website: &str| BreweryFields { name: "x".into(), website: Some(website.into()), ..BreweryFields::default() };
        assert!(with("https://orval.be").check().is_ok());
        for wrong in ["orval.be", "javascript:alert(1)", "https://", "ftp://orval.be"] {
            assert!(with(wrong).check().is_err(), "{wrong}");
        }
    }

    #[test]
    fn coordinates_come_in_pairs() {
        let half = BreweryFields { name: "x".into(), latitude: Some(1.0), ..BreweryFields::default() };
        assert_eq!(half.check().unwrap_err()[0].path, ["longitude"]);
    }
}
