//! Bringing a row in line with the catalogue's rules: a bad value costs its column, a bad row costs the row.

use crate::catalog::{
    error::Rejection,
    rules::{BeerFields, BreweryFields},
};

/// Fields that can be checked, and do without some of them.
pub(super) trait Settle: Clone {
    /// The check of `catalog::rules`.
    fn check(self) -> Result<Self, Vec<Rejection>>;
    /// Makes the field absent; false when it must be there.
    fn clear(&mut self, field: &str) -> bool;
}

/// The fields that keep to the rules, and why others were dropped; or why there can be no such row.
pub(super) fn settle<T: Settle>(mut fields: T) -> Result<(T, Vec<String>), String> {
    let wrong = match fields.clone().check() {
        Ok(checked) => return Ok((checked, Vec::new())),
        Err(wrong) => wrong,
    };
    let mut dropped = Vec::new();
    for rejection in wrong {
        if !rejection.path.first().is_some_and(|field| fields.clear(field)) {
            return Err(rejection.message);
        }
        dropped.push(rejection.message);
    }
    match fields.check() {
        Ok(checked) => Ok((checked, dropped)),
        Err(wrong) => Err(messages(wrong)),
    }
}

/// All that is wrong, in one line.
pub(super) fn messages(wrong: Vec<Rejection>) -> String {
    wrong.into_iter().map(|rejection| rejection.message).collect::<Vec<_>>().join("; ")
}

impl Settle for BreweryFields {
    fn check(self) -> Result<Self, Vec<Rejection>> {
        BreweryFields::check(self)
    }

    fn clear(&mut self, field: &str) -> bool {
        match field {
            "city" => self.city = None,
            "region" => self.region = None,
            "country" => self.country = None,
            "website" => self.website = None,
            "description" => self.description = None,
            _ => return false,
        }
        true
    }
}

impl Settle for BeerFields {
    fn check(self) -> Result<Self, Vec<Rejection>> {
        BeerFields::check(self)
    }

    fn clear(&mut self, field: &str) -> bool {
        match field {
            "abv" => self.abv = None,
            "ibu" => self.ibu = None,
            "srm" => self.srm = None,
            "description" => self.description = None,
            _ => return false,
        }
        true
    }
}
