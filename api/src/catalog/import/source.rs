//! The files of the Open Beer DB, read record by record.

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::{bounded::Bounded, error::ImportError, lines::LineCounter, report::Kind};

/// Longest record, bytes, with its quotes and the blank lines before it. The longest of the real data has 5 KiB.
const MAX_RECORD: usize = 1 << 20;

/// One of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SourceFile {
    /// `categories.csv`
    Categories,
    /// `styles.csv`
    Styles,
    /// `breweries.csv`
    Breweries,
    /// `geocodes.csv`
    Geocodes,
    /// `beers.csv`
    Beers,
}

impl SourceFile {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 5] = [Self::Categories, Self::Styles, Self::Breweries, Self::Geocodes, Self::Beers];

    /// The file's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Categories => "categories.csv",
            Self::Styles => "styles.csv",
            Self::Breweries => "breweries.csv",
            Self::Geocodes => "geocodes.csv",
            Self::Beers => "beers.csv",
        }
    }

    /// The columns that are read; they are found by name, and the others ignored.
    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Categories => &["id", "cat_name"],
            Self::Styles => &["id", "cat_id", "style_name"],
            Self::Breweries => &["id", "name", "city", "state", "country", "website", "descript"],
            Self::Geocodes => &["brewery_id", "latitude", "longitude"],
            Self::Beers => &["brewery_id", "name", "style_id", "abv", "ibu", "srm", "descript"],
        }
    }
}

/// All files, open, their headers checked.
pub(super) struct Sources {
    pub categories: Source,
    pub styles: Source,
    pub breweries: Source,
    pub geocodes: Source,
    pub beers: Source,
}

impl Sources {
    pub(super) fn open(dir: &Path) -> Result<Self, ImportError> {
        Ok(Self {
            categories: Source::open(dir, SourceFile::Categories)?,
            styles: Source::open(dir, SourceFile::Styles)?,
            breweries: Source::open(dir, SourceFile::Breweries)?,
            geocodes: Source::open(dir, SourceFile::Geocodes)?,
            beers: Source::open(dir, SourceFile::Beers)?,
        })
    }
}

/// A record: the cells of the columns that are read, in [`SourceFile`]'s order, or why it has none.
pub(super) struct Record {
    /// The line it begins on, from 1.
    pub line: u64,
    cells: Result<Vec<Vec<u8>>, String>,
}

impl Record {
    /// The cells, `N` of them as [`SourceFile`] has columns.
    pub(super) fn cells<const N: usize>(self) -> Result<[Vec<u8>; N], (Kind, String)> {
        let invalid = |reason| (Kind::InvalidRow, reason);
        let cells = self.cells.map_err(invalid)?;
        cells.try_into().map_err(|cells: Vec<_>| invalid(format!("{} of {N} columns were read", cells.len())))
    }
}

/// One open file.
pub(super) struct Source {
    pub file: SourceFile,
    /// Its length when it was opened, bytes.
    pub length: u64,
    path: PathBuf,
    reader: Reader<Bounded<File>>,
    /// Where the columns are that are read.
    positions: Vec<usize>,
    /// Columns of the header.
    width: usize,
    record: ByteRecord,
    lines: LineCounter<BufReader<File>>,
}

impl Source {
    fn open(dir: &Path, file: SourceFile) -> Result<Self, ImportError> {
        let path = dir.join(file.name());
        let failed = |source| ImportError::Open { path: path.clone(), source };
        let opened = File::open(&path).map_err(failed)?;
        let lines = LineCounter::new(BufReader::new(File::open(&path).map_err(failed)?));
        let length = opened.metadata().map_err(failed)?.len();
        // Records of another length than the header's are reported, not fatal.
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(Bounded::new(opened, MAX_RECORD as u64));
        let header = match reader.byte_headers().cloned() {
            Ok(header) => header,
            Err(_) if reader.get_ref().exceeded() => {
                return Err(ImportError::RecordTooLong { path, line: 1, limit: MAX_RECORD });
            }
            Err(source) => return Err(ImportError::Read { path, line: 1, source }),
        };
        let position = |name: &str| header.iter().position(|column| column.trim_ascii() == name.as_bytes());
        let missing: Vec<_> = file.columns().iter().copied().filter(|name| position(name).is_none()).collect();
        if !missing.is_empty() {
            return Err(ImportError::Header { path, missing });
        }
        let positions = file.columns().iter().filter_map(|name| position(name)).collect();
        Ok(Self { file, length, path, reader, positions, width: header.len(), record: ByteRecord::new(), lines })
    }

    /// How far it is read, bytes.
    pub(super) fn position(&self) -> u64 {
        self.reader.position().byte()
    }

    /// The next record; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Record>, ImportError> {
        let failed = |line, source| ImportError::Read { path: self.path.clone(), line, source };
        let start = self.reader.position().clone();
        self.reader.get_mut().begin(start.byte());
        let read = self.reader.read_byte_record(&mut self.record);
        if matches!(read, Ok(false)) {
            return Ok(None);
        }
        let line = self.lines.line_of(start.byte()).map_err(|source| failed(start.line(), source.into()))?;
        if self.reader.get_ref().exceeded() || self.record.as_slice().len() > MAX_RECORD {
            return Err(ImportError::RecordTooLong { path: self.path.clone(), line, limit: MAX_RECORD });
        }
        read.map_err(|source| failed(start.line(), source))?;
        let found = self.record.len();
        let cells = if found == self.width {
            Ok(self.positions.iter().filter_map(|&position| self.record.get(position)).map(<[u8]>::to_vec).collect())
        } else {
            Err(format!("the row has {found} columns, the header {}; is a quote or comma missing or too many?", self.width))
        };
        Ok(Some(Record { line, cells }))
    }
}

#[cfg(test)]
mod tests {
    use super::{ImportError, MAX_RECORD, Source, SourceFile};

    #[test]
    fn stops_reading_where_an_unclosed_quote_exceeds_the_limit() {
        let dir = tempfile::tempdir().unwrap();
        let rest = "2,\n".repeat(2 * MAX_RECORD);
        let path = dir.path().join(SourceFile::Categories.name());
        std::fs::write(&path, format!("id,cat_name\n1,Ale\n\n2,\"{rest}")).unwrap();
        let mut source = Source::open(dir.path(), SourceFile::Categories).unwrap();
        assert!(source.next().unwrap().is_some());
        assert!(matches!(source.next(), Err(ImportError::RecordTooLong { line: 4, .. })));
        assert!(source.reader.get_ref().bytes_read() < 2 * MAX_RECORD as u64);

        std::fs::write(&path, format!("id,\"cat_name\n{rest}")).unwrap();
        let opened = Source::open(dir.path(), SourceFile::Categories);
        assert!(matches!(opened, Err(ImportError::RecordTooLong { line: 1, .. })));
    }
}
