//! `breweries.csv`.

use std::collections::HashMap;

use uuid::Uuid;

use super::{
    CHUNK, ImportError, Kind, Run, cell,
    geocodes::Geocodes,
    settle::settle,
    source::{Record, Source, SourceFile},
};
use crate::catalog::{bulk, rules::BreweryFields, text::place_key};

/// Breweries of the catalogue by the files' ids.
pub(super) type Breweries = HashMap<i64, Uuid>;

/// The breweries that were accepted so far.
#[derive(Default)]
struct Seen {
    /// Ids of the file, with the lines they are on.
    lines: HashMap<i64, u64>,
    /// First id of each place key.
    keys: HashMap<String, i64>,
    /// Ids of duplicates, with that of the first.
    duplicates: Vec<(i64, i64)>,
}

impl Run<'_> {
    pub(super) async fn breweries(&mut self, mut source: Source, mut geocodes: Geocodes) -> Result<Breweries, ImportError> {
        let (mut ids, mut seen, mut chunk) = (Breweries::new(), Seen::default(), Vec::new());
        self.begin(&source);
        while let Some(record) = self.next(&mut source)? {
            let line = record.line;
            match seen.accept(record) {
                Ok((id, mut brewery, dropped)) => {
                    for reason in dropped {
                        self.log.reject(source.file, line, Kind::DroppedValue, reason)?;
                    }
                    if let Some(geocode) = geocodes.remove(&id) {
                        (brewery.latitude, brewery.longitude) = (Some(geocode.latitude), Some(geocode.longitude));
                        self.log.count(SourceFile::Geocodes).merged += 1;
                    }
                    chunk.push((id, brewery));
                }
                Err((kind, reason)) => self.log.reject(source.file, line, kind, reason)?,
            }
            if chunk.len() == CHUNK {
                self.write_breweries(&source, &mut chunk, &mut ids).await?;
            }
        }
        self.write_breweries(&source, &mut chunk, &mut ids).await?;
        for (duplicate, first) in seen.duplicates {
            if let Some(&id) = ids.get(&first) {
                ids.insert(duplicate, id);
            }
        }
        self.progress.end();
        self.orphan_geocodes(geocodes)?;
        Ok(ids)
    }

    async fn write_breweries(
        &mut self,
        source: &Source,
        chunk: &mut Vec<(i64, BreweryFields)>,
        ids: &mut Breweries,
    ) -> Result<(), ImportError> {
        let (keys, rows): (Vec<_>, Vec<_>) = chunk.drain(..).unzip();
        for (key, outcome) in keys.into_iter().zip(bulk::upsert_breweries(self.db, &rows).await?) {
            self.log.written(source.file, outcome.change);
            ids.insert(key, outcome.id);
        }
        Ok(())
    }
}

impl Seen {
    /// The file's id, the brewery, and why values of it were dropped.
    fn accept(&mut self, record: Record) -> Result<(i64, BreweryFields, Vec<String>), (Kind, String)> {
        let line = record.line;
        let invalid = |reason| (Kind::InvalidRow, reason);
        let [id, name, city, state, country, website, description] = record.cells()?;
        let id = cell::id("id", id).map_err(invalid)?;
        if let Some(first) = self.lines.get(&id) {
            return Err((Kind::DuplicateRow, format!("id {id} has been given to the brewery on line {first}")));
        }
        let mut dropped = Vec::new();
        let mut optional = |column, value| cell::kept(cell::text(column, value), &mut dropped);
        let fields = BreweryFields {
            name: cell::text("name", name).map_err(invalid)?.unwrap_or_default(),
            city: optional("city", city),
            region: optional("state", state),
            country: optional("country", country),
            website: optional("website", website),
            latitude: None,
            longitude: None,
            description: optional("descript", description),
        };
        let (brewery, broken) = settle(fields).map_err(invalid)?;
        dropped.extend(broken);
        self.lines.insert(id, line);
        let key = place_key(&brewery);
        if let Some(&first) = self.keys.get(&key) {
            self.duplicates.push((id, first));
            let first = self.lines.get(&first).copied().unwrap_or_default();
            let reason = format!("brewery {:?} of this place is on line {first} already; its beers go there", brewery.name);
            return Err((Kind::DuplicateRow, reason));
        }
        self.keys.insert(key, id);
        Ok((id, brewery, dropped))
    }
}
