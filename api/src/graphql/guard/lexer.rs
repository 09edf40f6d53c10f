//! Bytes, tokens and nesting of a document, counted without parsing it: parsing is what costs, some 0.5 ms a kilobyte, and deep nesting
//! overflows the parser's stack.

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// Lexical tokens ([§2.1.6](https://spec.graphql.org/September2025/#sec-Language.Source-Text.Lexical-Tokens)); text that is none
    /// counts by its bytes.
    pub tokens: u64,
    /// Deepest nesting of braces, brackets and parentheses.
    pub nesting: u64,
    /// Whether a block string has no end. The parser would take its quotes for an empty string and go on behind it, having looked for
    /// the end as often as such quotes come.
    pub is_unterminated: bool,
}

/// Counts in one pass.
pub fn scan(document: &str) -> Scan {
    let bytes = document.as_bytes();
    let mut scan = Scan::default();
    let (mut at, mut open) = (0, 0_u64);
    while let Some(&byte) = bytes.get(at) {
        let end = match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at = end_of(bytes, at, |byte| !matches!(byte, b'\n' | b'\r'));
                continue;
            }
            b'"' if bytes[at..].starts_with(br#"""""#) => after_block_string(bytes, at + 3).unwrap_or_else(|| {
                scan.is_unterminated = true;
                bytes.len()
            }),
            b'"' => after_string(bytes, at + 1),
            b'.' if bytes[at..].starts_with(b"...") => at + 3,
            b'_' | b'A'..=b'Z' | b'a'..=b'z' => end_of(bytes, at, |byte| byte == b'_' || byte.is_ascii_alphanumeric()),
            b'-' | b'0'..=b'9' => {
                end_of(bytes, at + 1, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-'))
            }
            b'{' | b'[' | b'(' => {
                open += 1;
                scan.nesting = scan.nesting.max(open);
                at + 1
            }
            b'}' | b']' | b')' => {
                open = open.saturating_sub(1);
                at + 1
            }
            _ => at + 1,
        };
        scan.tokens += 1;
        at = end;
    }
    scan
}

fn end_of(bytes: &[u8], from: usize, belongs: impl Fn(u8) -> bool) -> usize {
    bytes[from..].iter().position(|&byte| !belongs(byte)).map_or(bytes.len(), |length| from + length)
}

fn after_string(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' | b'\n' | b'\r' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn after_block_string(bytes: &[u8], mut at: usize) -> Option<usize> {
    while at < bytes.len() {
        if bytes[at..].starts_with(br#"\""""#) {
            at += 4;
        } else if bytes[at..].starts_with(br#"""""#) {
            return Some(at + 3);
        } else {
            at += 1;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Scan, scan};

    #[test]
    fn tokens_are_the_specifications() {
        for (document, tokens) in [
            ("", 0),
            (" ,\t\r\n\u{feff}", 3),
            ("# a comment { \" \n{ a }", 3),
            ("query Q($a: [Int!]! = [1, -2.5e+3]) @d { ...F ... on T { a: b(c: $a) } }", 37),
            (r#"{ a(b: "x \" { y", c: """ z \""" } """) }"#, 11),
            ("\"unterminated {\n}", 2),
            ("\"\" \"\"", 2),
            ("1.5.5-e", 1),
        ] {
            assert_eq!(scan(document).tokens, tokens, "{document}");
        }
    }

    #[test]
    fn only_what_opens_and_does_not_close_nests() {
        let deep = "{".repeat(60);
        for (document, nesting) in [
            (deep.clone(), 60),
            ("[(".repeat(60), 120),
            ("{[()]}".repeat(10_000), 3),
            ("}}}{".to_owned(), 1),
            (format!("\"{deep}"), 0),
            (format!("\"\\\"{deep}\" \"é{deep}\""), 0),
            (format!("\"\" {deep}"), 60),
            (format!("\"\n{deep}"), 60),
            (format!("# \" {deep}\n"), 0),
            (format!("# \"\n{deep}"), 60),
            (format!("\"\"\" \" \\\"\"\" {deep} \"\"\""), 0),
            (format!("\"\"\" \"\"\" {deep}"), 60),
        ] {
            assert_eq!(scan(&document).nesting, nesting, "{document}");
        }
    }

    #[test]
    fn a_block_string_without_end_is_told() {
        for (document, is_unterminated) in [
            ("{ a(x: [\"\"\" x\" [[[[", true),
            (r#"{ a(x: ["\\""""\\""""\\"""""#, true),
            (r#"""" \""" ""#, true),
            (r#"""" \""" """"#, false),
            ("\"unterminated", false),
            ("# \"\"\"", false),
        ] {
            assert_eq!(scan(document).is_unterminated, is_unterminated, "{document}");
        }
    }

    #[test]
    fn it_ends_wherever_the_document_does() {
        for document in ["\"", "\"\\", "\"\"\"", "\"\"\"\\\"\"\"", "#", "-", "...", "..", "é", "\"é\\"] {
            assert!(scan(document) != Scan::default() || document == "#", "{document}");
        }
    }
}
