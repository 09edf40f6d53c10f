//! `taproom import DIR`: loads the Open Beer DB's files.

use std::{
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use comfy_table::{CellAlignment, Table, presets};
use sea_orm::DatabaseConnection;
use tempfile::NamedTempFile;

use super::progress::Console;
use crate::catalog::import::{ImportError, Reject, RejectSink, Summary, import};

/// Loads the Open Beer DB's files from a folder: categories.csv, styles.csv, breweries.csv, geocodes.csv and beers.csv.
///
/// One import is one transaction: bad rows are skipped and bad values left out, both listed in the rejects file; any other failure
/// leaves nothing behind. Run twice, the second time changes nothing.
///
/// A bad value costs its column: an ABV of 99.98 % is left out, the beer stays. A bad row costs the row: of duplicates the first one
/// counts, beers of a duplicate brewery go to the first one, and what belongs to a brewery or category that is not there is skipped.
/// Zeros in abv, ibu and srm mean "unknown". A value that the files do not give leaves the catalogue's alone.
#[derive(Args, Clone, Debug)]
pub struct ImportArgs {
    /// The folder that holds the files.
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// Where rejected rows and dropped values are listed, as CSV; written only when there are any.
    #[arg(long, value_name = "FILE", default_value = "taproom-import-rejects.csv")]
    pub rejects: PathBuf,
}

/// Why the command failed.
#[derive(Debug, thiserror::Error)]
pub enum ImportCommandError {
    /// The rejects file cannot be written; nothing was imported.
    #[error("cannot write the rejects file {}: {source}; nothing was imported, name another file with --rejects", path.display())]
    Rejects {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The rejects file could not be put in its place after the import.
    #[error("everything was imported, but the rejects file cannot be written to {}: {source}", path.display())]
    KeepRejects {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The import failed.
    #[error("{0}; nothing was imported")]
    Import(#[from] ImportError),
}

/// Runs the command and prints what became of each file.
///
/// # Errors
/// See [`ImportCommandError`].
pub async fn run(args: ImportArgs, db: DatabaseConnection) -> Result<(), ImportCommandError> {
    let mut rejects = RejectsFile::create(&args.rejects)
        .map_err(|source| ImportCommandError::Rejects { path: args.rejects.clone(), source })?;
    let summary = {
        let progress = Console::new();
        import(&db, &args.dir, &mut rejects, &progress).await?
    };
    println!("{}", table(&summary));
    if summary.rejects() > 0 {
        rejects.keep(&args.rejects).map_err(|source| ImportCommandError::KeepRejects { path: args.rejects.clone(), source })?;
        println!("{} rejected rows and dropped values are listed in {}", summary.rejects(), args.rejects.display());
    }
    Ok(())
}

fn table(summary: &Summary) -> Table {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(["file", "read", "created", "updated", "unchanged", "merged", "rejected", "values dropped"]);
    for (file, count) in summary.files() {
        let counts =
            [count.read, count.created, count.updated, count.unchanged, count.merged, count.rejected, count.values_dropped];
        table.add_row(std::iter::once(file.name().to_owned()).chain(counts.map(|count| count.to_string())));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// The rejects, in a temporary file beside where they are to go: what is there appears at once and whole, or not at all.
struct RejectsFile {
    writer: csv::Writer<BufWriter<NamedTempFile>>,
}

impl RejectsFile {
    fn create(path: &Path) -> io::Result<Self> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut writer = csv::Writer::from_writer(BufWriter::new(NamedTempFile::new_in(folder)?));
        writer.write_record(["file", "line", "kind", "reason"])?;
        Ok(Self { writer })
    }

    fn keep(self, path: &Path) -> io::Result<()> {
        let buffered = self.writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        let mut file = buffered.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.flush()?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    }
}

impl RejectSink for RejectsFile {
    fn reject(&mut self, reject: Reject) -> io::Result<()> {
        let line = reject.line.to_string();
        self.writer.write_record([reject.file.name(), &line, reject.kind.as_str(), &reject.reason])?;
        Ok(())
    }
}
