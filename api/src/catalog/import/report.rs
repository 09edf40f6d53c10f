//! What an import reports: each rejected row and dropped value, and a count of everything.

use std::io;

use super::{error::ImportError, source::SourceFile};
use crate::catalog::bulk::Change;

/// What was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The row was skipped: it lacks something it must have.
    InvalidRow,
    /// The row was skipped: an earlier one is the same thing.
    DuplicateRow,
    /// The row was skipped: what it belongs to was not accepted.
    OrphanRow,
    /// The row was kept without one of its values.
    DroppedValue,
}

impl Kind {
    /// Its name in a rejects file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRow => "invalid row",
            Self::DuplicateRow => "duplicate row",
            Self::OrphanRow => "orphan row",
            Self::DroppedValue => "dropped value",
        }
    }
}

/// A row that was skipped, or a value that was dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Where it is.
    pub file: SourceFile,
    /// The line its record begins on, from 1.
    pub line: u64,
    /// What was wrong.
    pub kind: Kind,
    /// The same in words, with the value.
    pub reason: String,
}

/// Takes the rejects of an import while it runs.
pub trait RejectSink: Send {
    /// Takes one.
    ///
    /// # Errors
    /// When it cannot be kept; the import is rolled back then.
    fn reject(&mut self, reject: Reject) -> io::Result<()>;
}

/// Keeps them in memory.
impl RejectSink for Vec<Reject> {
    fn reject(&mut self, reject: Reject) -> io::Result<()> {
        self.push(reject);
        Ok(())
    }
}

/// What became of one file's rows: `read = created + updated + unchanged + merged + rejected`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileSummary {
    /// Records, the header apart.
    pub read: u64,
    /// Rows that are new in the catalogue.
    pub created: u64,
    /// Rows that changed one of the catalogue.
    pub updated: u64,
    /// Rows that the catalogue had already.
    pub unchanged: u64,
    /// Rows that have no counterpart of their own and became part of others: categories of styles, geocodes of breweries.
    pub merged: u64,
    /// Rows that were skipped.
    pub rejected: u64,
    /// Values that were dropped from rows that were kept.
    pub values_dropped: u64,
}

/// What became of every file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary([FileSummary; SourceFile::ALL.len()]);

impl Summary {
    /// What became of one file.
    #[must_use]
    pub fn of(&self, file: SourceFile) -> &FileSummary {
        &self.0[file as usize]
    }

    /// Each file with what became of it.
    pub fn files(&self) -> impl Iterator<Item = (SourceFile, &FileSummary)> {
        SourceFile::ALL.into_iter().zip(&self.0)
    }

    /// How many rows and values were reported.
    #[must_use]
    pub fn rejects(&self) -> u64 {
        self.0.iter().map(|file| file.rejected + file.values_dropped).sum()
    }
}

/// Counts, and passes rejects on.
pub(super) struct Log<'a> {
    sink: &'a mut dyn RejectSink,
    summary: Summary,
}

impl<'a> Log<'a> {
    pub(super) fn new(sink: &'a mut dyn RejectSink) -> Self {
        Self { sink, summary: Summary::default() }
    }

    pub(super) fn into_summary(self) -> Summary {
        self.summary
    }

    pub(super) fn count(&mut self, file: SourceFile) -> &mut FileSummary {
        &mut self.summary.0[file as usize]
    }

    pub(super) fn written(&mut self, file: SourceFile, change: Change) {
        let count = self.count(file);
        match change {
            Change::Created => count.created += 1,
            Change::Updated => count.updated += 1,
            // The import tells duplicates apart before it writes.
            Change::Unchanged | Change::Repeated => count.unchanged += 1,
        }
    }

    pub(super) fn reject(&mut self, file: SourceFile, line: u64, kind: Kind, reason: String) -> Result<(), ImportError> {
        match kind {
            Kind::DroppedValue => self.count(file).values_dropped += 1,
            Kind::InvalidRow | Kind::DuplicateRow | Kind::OrphanRow => self.count(file).rejected += 1,
        }
        self.sink.reject(Reject { file, line, kind, reason }).map_err(ImportError::Report)
    }
}
