//! Why an import as a whole failed.

use std::{io, path::PathBuf};

use sea_orm::DbErr;

/// A failure that rolled the import back. Bad rows are none: they are reported and skipped.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be opened.
    #[error("cannot open {}: {source}; the folder must hold categories.csv, styles.csv, breweries.csv, geocodes.csv and beers.csv", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file does not begin with the expected header.
    #[error("{} lacks the column(s) {} in its first line; is it the Open Beer DB's file?", path.display(), missing.join(", "))]
    Header {
        /// The file.
        path: PathBuf,
        /// The columns that were not found.
        missing: Vec<&'static str>,
    },
    /// A file cannot be read further.
    #[error("cannot read {} beyond line {line}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Where the last record began.
        line: u64,
        /// Why.
        source: csv::Error,
    },
    /// A record is longer than any can be.
    #[error("{}: the record that begins on line {line} is longer than {limit} bytes; is a quote not closed there?", path.display())]
    RecordTooLong {
        /// The file.
        path: PathBuf,
        /// Where the record begins.
        line: u64,
        /// The limit, bytes.
        limit: usize,
    },
    /// A rejected row cannot be reported.
    #[error("cannot report rejected rows: {0}")]
    Report(#[source] io::Error),
    /// The database failed.
    #[error("the database refused: {0}")]
    Database(#[from] DbErr),
}
