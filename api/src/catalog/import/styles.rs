//! `categories.csv` and `styles.csv`.

use std::collections::HashMap;

use uuid::Uuid;

use super::{
    CHUNK, ImportError, Kind, Run, cell,
    settle::messages,
    source::{Record, Source},
};
use crate::catalog::{bulk, rules::StyleFields, text::fold};

/// Names of categories by the files' ids.
type Categories = HashMap<i64, String>;

/// Styles of the catalogue by the files' ids.
pub(super) type Styles = HashMap<i64, Uuid>;

/// The styles that were accepted so far.
#[derive(Default)]
struct Seen {
    /// Ids of the file, with the lines they are on.
    lines: HashMap<i64, u64>,
    /// First id of each (folded name, category).
    keys: HashMap<(String, String), i64>,
    /// Ids of duplicates, with that of the first.
    duplicates: Vec<(i64, i64)>,
}

type Refusal = (Kind, String);

impl Run<'_> {
    pub(super) async fn styles(&mut self, mut categories: Source, mut styles: Source) -> Result<Styles, ImportError> {
        let categories = self.categories(&mut categories)?;
        let (mut ids, mut seen, mut chunk) = (Styles::new(), Seen::default(), Vec::new());
        self.begin(&styles);
        while let Some(record) = self.next(&mut styles)? {
            let line = record.line;
            match seen.accept(record, &categories) {
                Ok(style) => chunk.push(style),
                Err((kind, reason)) => self.log.reject(styles.file, line, kind, reason)?,
            }
            if chunk.len() == CHUNK {
                self.write_styles(&styles, &mut chunk, &mut ids).await?;
            }
        }
        self.write_styles(&styles, &mut chunk, &mut ids).await?;
        for (duplicate, first) in seen.duplicates {
            if let Some(&id) = ids.get(&first) {
                ids.insert(duplicate, id);
            }
        }
        self.progress.end();
        Ok(ids)
    }

    async fn write_styles(
        &mut self,
        source: &Source,
        chunk: &mut Vec<(i64, StyleFields)>,
        ids: &mut Styles,
    ) -> Result<(), ImportError> {
        let (keys, rows): (Vec<_>, Vec<_>) = chunk.drain(..).unzip();
        for (key, outcome) in keys.into_iter().zip(bulk::upsert_styles(self.db, &rows).await?) {
            self.log.written(source.file, outcome.change);
            ids.insert(key, outcome.id);
        }
        Ok(())
    }

    fn categories(&mut self, source: &mut Source) -> Result<Categories, ImportError> {
        let mut categories = Categories::new();
        self.begin(source);
        while let Some(record) = self.next(source)? {
            let line = record.line;
            match category(record, &categories) {
                Ok((id, name)) => {
                    categories.insert(id, name);
                    self.log.count(source.file).merged += 1;
                }
                Err((kind, reason)) => self.log.reject(source.file, line, kind, reason)?,
            }
        }
        self.progress.end();
        Ok(categories)
    }
}

fn category(record: Record, categories: &Categories) -> Result<(i64, String), Refusal> {
    let [id, name] = record.cells()?;
    let id = cell::id("id", id).map_err(invalid)?;
    let category = cell::text("cat_name", name).map_err(invalid)?.unwrap_or_default();
    if categories.contains_key(&id) {
        return Err((Kind::DuplicateRow, format!("id {id} has been given to a category before")));
    }
    // The rules know a category as a part of a style.
    let style = StyleFields { name: "any".to_owned(), category };
    style.check().map(|style| (id, style.category)).map_err(|wrong| invalid(messages(wrong)))
}

impl Seen {
    fn accept(&mut self, record: Record, categories: &Categories) -> Result<(i64, StyleFields), Refusal> {
        let line = record.line;
        let [id, category, name] = record.cells()?;
        let id = cell::id("id", id).map_err(invalid)?;
        let category = cell::id("cat_id", category).map_err(invalid)?;
        let name = cell::text("style_name", name).map_err(invalid)?.unwrap_or_default();
        if let Some(first) = self.lines.get(&id) {
            return Err((Kind::DuplicateRow, format!("id {id} has been given to the style on line {first}")));
        }
        let Some(category) = categories.get(&category) else {
            return Err((Kind::OrphanRow, format!("category {category} is not among the accepted rows of categories.csv")));
        };
        let style = StyleFields { name, category: category.clone() }.check().map_err(|wrong| invalid(messages(wrong)))?;
        self.lines.insert(id, line);
        let key = (fold(&style.name), style.category.clone());
        if let Some(&first) = self.keys.get(&key) {
            self.duplicates.push((id, first));
            let first = self.lines.get(&first).copied().unwrap_or_default();
            return Err((
                Kind::DuplicateRow,
                format!("style {:?} of {:?} is on line {first} already", style.name, style.category),
            ));
        }
        self.keys.insert(key, id);
        Ok((id, style))
    }
}

fn invalid(reason: String) -> Refusal {
    (Kind::InvalidRow, reason)
}
