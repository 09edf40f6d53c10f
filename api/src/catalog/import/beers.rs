//! `beers.csv`.

use std::collections::HashMap;

use uuid::Uuid;

use super::{
    CHUNK, ImportError, Kind, Run,
    breweries::Breweries,
    cell,
    settle::settle,
    source::{Record, Source},
    styles::Styles,
};
use crate::catalog::{
    bulk::{self, BeerRow},
    rules::BeerFields,
    text::fold,
};

/// The beers that were accepted so far: lines by (brewery, folded name).
type Seen = HashMap<(Uuid, String), u64>;

impl Run<'_> {
    pub(super) async fn beers(&mut self, mut source: Source, breweries: &Breweries, styles: &Styles) -> Result<(), ImportError> {
        let (mut seen, mut chunk) = (Seen::new(), Vec::new());
        self.begin(&source);
        while let Some(record) = self.next(&mut source)? {
            let line = record.line;
            match accept(record, breweries, styles, &mut seen) {
                Ok((beer, dropped)) => {
                    for reason in dropped {
                        self.log.reject(source.file, line, Kind::DroppedValue, reason)?;
                    }
                    chunk.push(beer);
                }
                Err((kind, reason)) => self.log.reject(source.file, line, kind, reason)?,
            }
            if chunk.len() == CHUNK {
                self.write_beers(&source, &mut chunk).await?;
            }
        }
        self.write_beers(&source, &mut chunk).await?;
        self.progress.end();
        Ok(())
    }

    async fn write_beers(&mut self, source: &Source, chunk: &mut Vec<BeerRow>) -> Result<(), ImportError> {
        for outcome in bulk::upsert_beers(self.db, chunk).await? {
            self.log.written(source.file, outcome.change);
        }
        chunk.clear();
        Ok(())
    }
}

/// The beer, and why values of it were dropped.
fn accept(
    record: Record,
    breweries: &Breweries,
    styles: &Styles,
    seen: &mut Seen,
) -> Result<(BeerRow, Vec<String>), (Kind, String)> {
    let line = record.line;
    let invalid = |reason| (Kind::InvalidRow, reason);
    let [brewery, name, style, abv, ibu, srm, description] = record.cells()?;
    let brewery = cell::id("brewery_id", brewery).map_err(invalid)?;
    let name = cell::text("name", name).map_err(invalid)?.unwrap_or_default();
    let Some(&brewery_id) = breweries.get(&brewery) else {
        return Err((Kind::OrphanRow, format!("brewery {brewery} is not among the accepted rows of breweries.csv")));
    };
    let mut dropped = Vec::new();
    let style_id = cell::kept(style_of(style, styles), &mut dropped);
    let fields = BeerFields {
        name,
        abv: cell::kept(cell::measurement("abv", abv), &mut dropped),
        ibu: cell::kept(cell::measurement("ibu", ibu), &mut dropped),
        srm: cell::kept(cell::measurement("srm", srm), &mut dropped),
        description: cell::kept(cell::text("descript", description), &mut dropped),
    };
    let (fields, broken) = settle(fields).map_err(invalid)?;
    dropped.extend(broken);
    if let Some(first) = seen.get(&(brewery_id, fold(&fields.name))) {
        return Err((Kind::DuplicateRow, format!("its brewery has a beer {:?} on line {first} already", fields.name)));
    }
    seen.insert((brewery_id, fold(&fields.name)), line);
    Ok((BeerRow { brewery_id, style_id, fields }, dropped))
}

/// -1 and 0 mean "no style" in these files, as an empty cell does.
fn style_of(cell: Vec<u8>, styles: &Styles) -> Result<Option<Uuid>, String> {
    match cell::optional_id("style_id", cell)? {
        None | Some(-1 | 0) => Ok(None),
        Some(style) => {
            let missing = || format!("style_id {style} is not among the accepted rows of styles.csv");
            styles.get(&style).copied().map(Some).ok_or_else(missing)
        }
    }
}
