//! Importing the Open Beer DB's files: `categories.csv`, `styles.csv`, `breweries.csv`, `geocodes.csv` and `beers.csv`.
//!
//! One import is one transaction. Bad *data* is skipped and reported; any other failure (a missing file, a missing column, I/O, the
//! database) leaves nothing behind. All files are opened and their headers checked before anything is written. Run again, it finds
//! everything unchanged and writes nothing. What a file does not say, it does not erase (see [`super::bulk`]).
//!
//! # What becomes of bad data
//! **A bad value costs its column, a bad row costs the row.**
//! - A value of an *optional* column that cannot be read or breaks a rule of the catalogue is dropped, and the row kept without it:
//!   an ABV of 99.98 %, `abc` as a number, a website without scheme, text that is no UTF-8, control characters, an over-long text, a
//!   style that does not exist. Each is reported as [`Kind::DroppedValue`].
//! - A row that is not what it must be is rejected: another number of columns than the header's, no readable id, no valid name, a
//!   coordinate that is none ([`Kind::InvalidRow`]); one whose id or natural key an earlier row of the file has, or a brewery's
//!   second geocode ([`Kind::DuplicateRow`]); one that belongs to a category or brewery which was not accepted ([`Kind::OrphanRow`]).
//! - Of duplicates the first row counts. Beers of a duplicate brewery go to the first one, beers of a duplicate style likewise; the
//!   geocode of a duplicate brewery is an orphan.
//!
//! # Cleaning
//! Not reported, since nothing is lost:
//! - blanks around values go, and blank values are absent;
//! - 0 in `abv`, `ibu` and `srm` means "unknown" in these files and is absent (so it is for an alcohol-free beer, too);
//! - numbers were once 32 bits wide: 18.200000762939453 is 18.2. `abv`, `ibu` and `srm` keep 2 decimals, degrees 5 (about a metre);
//! - `style_id` -1, 0 or empty means "no style"; `cat_id` of a beer is ignored, its style says more;
//! - UTF-8 that was once read as Windows-1252 (`cafÃ©`) is put right where the whole value can be.
//!
//! A record that grows beyond 1 MiB fails the import: a quote that is never closed would swallow the rest of its file unnoticed.

mod beers;
mod bounded;
mod breweries;
mod cell;
mod error;
mod geocodes;
mod lines;
mod report;
mod settle;
mod source;
mod styles;

use std::path::Path;

pub use error::ImportError;
use report::Log;
pub use report::{FileSummary, Kind, Reject, RejectSink, Summary};
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr};
pub use source::SourceFile;
use source::{Record, Source, Sources};

use super::progress::{Progress, Unit};
use crate::database;

/// Rows that are read, checked and written together.
const CHUNK: usize = 500;

/// What the steps of an import share.
struct Run<'a> {
    db: &'a DatabaseTransaction,
    log: Log<'a>,
    progress: &'a dyn Progress,
}

/// Imports the files of `dir`. Rows and values that cannot be stored go to `rejects`, in no particular order.
///
/// # Errors
/// See [`ImportError`]. Nothing was written then.
pub async fn import(
    db: &DatabaseConnection,
    dir: &Path,
    rejects: &mut dyn RejectSink,
    progress: &dyn Progress,
) -> Result<Summary, ImportError> {
    let sources = Sources::open(dir)?;
    let transaction = database::begin(db).await?;
    let mut run = Run { db: &transaction, log: Log::new(rejects), progress };
    let imported = run.all(sources).await;
    let summary = run.log.into_summary();
    match imported {
        Ok(()) => {
            transaction.commit().await?;
            Ok(summary)
        }
        Err(error) => {
            // What went wrong first is what to report, and a transaction that cannot be rolled back is not committed either.
            let _ = transaction.rollback().await;
            Err(error)
        }
    }
}

impl Run<'_> {
    async fn all(&mut self, sources: Sources) -> Result<(), ImportError> {
        one_at_a_time(self.db).await?;
        let styles = self.styles(sources.categories, sources.styles).await?;
        let geocodes = self.geocodes(sources.geocodes)?;
        let breweries = self.breweries(sources.breweries, geocodes).await?;
        self.beers(sources.beers, &breweries, &styles).await
    }

    fn begin(&self, source: &Source) {
        self.progress.begin(source.file.name(), source.length, Unit::Bytes);
    }

    /// The next record of `source`, counted.
    fn next(&mut self, source: &mut Source) -> Result<Option<Record>, ImportError> {
        let record = source.next()?;
        if record.is_some() {
            self.log.count(source.file).read += 1;
            self.progress.reach(source.position());
        }
        Ok(record)
    }
}

/// Two imports at once would wait for each other's rows in turn, and one of them fail. SQLite has one writer anyway.
async fn one_at_a_time(db: &DatabaseTransaction) -> Result<(), DbErr> {
    if db.get_database_backend() == DatabaseBackend::Postgres {
        db.execute_unprepared("SELECT pg_advisory_xact_lock(hashtextextended('taproom import', 0))").await?;
    }
    Ok(())
}
