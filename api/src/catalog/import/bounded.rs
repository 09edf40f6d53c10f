//! A reader that stops in the middle of an endless record: the `csv` crate would gather it in memory up to the end of the file.

use std::io::{self, Read};

/// Reads from `R` no further than the limit, and at most one read more, after where the last record began.
pub(super) struct Bounded<R> {
    inner: R,
    limit: u64,
    /// Where the last record began, bytes.
    start: u64,
    /// Bytes read.
    read: u64,
    exceeded: bool,
}

impl<R> Bounded<R> {
    /// A record begins at once.
    pub(super) fn new(inner: R, limit: u64) -> Self {
        Self { inner, limit, start: 0, read: 0, exceeded: false }
    }

    /// A record begins at byte `start`.
    pub(super) fn begin(&mut self, start: u64) {
        self.start = start;
    }

    /// Whether a read was refused because of the limit.
    pub(super) fn exceeded(&self) -> bool {
        self.exceeded
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.exceeded = self.read > self.start.saturating_add(self.limit);
        if self.exceeded {
            return Err(io::Error::other("a record is too long"));
        }
        let read = self.inner.read(buffer)?;
        self.read += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
impl<R> Bounded<R> {
    pub(super) fn bytes_read(&self) -> u64 {
        self.read
    }
}
