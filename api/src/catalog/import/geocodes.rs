//! `geocodes.csv`: where breweries are.

use std::collections::HashMap;

use super::{
    ImportError, Kind, Run, cell,
    settle::messages,
    source::{Record, Source, SourceFile},
};
use crate::catalog::rules::BreweryFields;

/// Where a brewery is.
pub(super) struct Geocode {
    line: u64,
    pub latitude: f64,
    pub longitude: f64,
}

/// Geocodes by the files' ids of breweries.
pub(super) type Geocodes = HashMap<i64, Geocode>;

impl Run<'_> {
    /// Reads the geocodes, of which breweries take theirs.
    pub(super) fn geocodes(&mut self, mut source: Source) -> Result<Geocodes, ImportError> {
        let mut geocodes = Geocodes::new();
        self.begin(&source);
        while let Some(record) = self.next(&mut source)? {
            let line = record.line;
            let (brewery, geocode) = match geocode(record) {
                Ok(geocode) => geocode,
                Err(reason) => {
                    self.log.reject(source.file, line, Kind::InvalidRow, reason)?;
                    continue;
                }
            };
            if let Some(first) = geocodes.get(&brewery).map(|geocode| geocode.line) {
                let reason = format!("brewery {brewery} has a geocode on line {first} already");
                self.log.reject(source.file, line, Kind::DuplicateRow, reason)?;
                continue;
            }
            geocodes.insert(brewery, geocode);
        }
        self.progress.end();
        Ok(geocodes)
    }

    /// Reports the geocodes that no brewery took.
    pub(super) fn orphan_geocodes(&mut self, left: Geocodes) -> Result<(), ImportError> {
        let mut left: Vec<_> = left.into_iter().map(|(brewery, geocode)| (geocode.line, brewery)).collect();
        left.sort_unstable();
        for (line, brewery) in left {
            let reason = format!("brewery {brewery} is not among the accepted rows of breweries.csv");
            self.log.reject(SourceFile::Geocodes, line, Kind::OrphanRow, reason)?;
        }
        Ok(())
    }
}

fn geocode(record: Record) -> Result<(i64, Geocode), String> {
    let line = record.line;
    let [brewery, latitude, longitude] = record.cells().map_err(|(_, reason)| reason)?;
    let brewery = cell::id("brewery_id", brewery)?;
    let latitude = cell::degrees("latitude", latitude)?;
    let longitude = cell::degrees("longitude", longitude)?;
    // The rules know coordinates as a part of a brewery.
    let located = BreweryFields {
        name: "any".to_owned(),
        latitude: Some(latitude),
        longitude: Some(longitude),
        ..BreweryFields::default()
    };
    located.check().map_err(messages)?;
    Ok((brewery, Geocode { line, latitude, longitude }))
}
