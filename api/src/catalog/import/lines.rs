//! On which line a record begins. The `csv` crate does not know it after blank lines and with CR LF: it tells where it began to look
//! for the record, before the line ends that it skips.

use std::io::{self, BufRead};

/// Follows a file's reader and counts lines.
pub(super) struct LineCounter<R> {
    reader: R,
    offset: u64,
    line: u64,
}

impl<R: BufRead> LineCounter<R> {
    /// `reader` is another one of the same file, at its beginning.
    pub(super) fn new(reader: R) -> Self {
        Self { reader, offset: 0, line: 1 }
    }

    /// The line, from 1, of the first byte from `offset` on that ends no line. Offsets only grow from call to call.
    pub(super) fn line_of(&mut self, offset: u64) -> io::Result<u64> {
        loop {
            let buffer = self.reader.fill_buf()?;
            let mut skipped = 0;
            for byte in buffer {
                if self.offset >= offset && !matches!(byte, b'\r' | b'\n') {
                    break;
                }
                self.line += u64::from(*byte == b'\n');
                self.offset += 1;
                skipped += 1;
            }
            let done = skipped < buffer.len() || buffer.is_empty();
            self.reader.consume(skipped);
            if done {
                return Ok(self.line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use csv::{ByteRecord, ReaderBuilder};

    use super::LineCounter;

    fn lines(text: &str) -> Vec<u64> {
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        reader.byte_headers().unwrap();
        let mut counter = LineCounter::new(text.as_bytes());
        let mut record = ByteRecord::new();
        let mut lines = Vec::new();
        while reader.read_byte_record(&mut record).unwrap() {
            lines.push(counter.line_of(record.position().unwrap().byte()).unwrap());
        }
        lines
    }

    #[test]
    fn counts_blank_lines_and_line_breaks_in_quotes() {
        let text = "a,b\n1,2\n\n\n3,4\n\"x\ny\",5\n6,7";
        assert_eq!(lines(text), [2, 5, 6, 8]);
        assert_eq!(lines(&text.replace('\n', "\r\n")), [2, 5, 6, 8]);
        assert_eq!(lines(&format!("\u{feff}{text}")), [2, 5, 6, 8]);
    }
}
