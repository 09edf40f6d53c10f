//! How deep a document nests, found out before it is parsed: the parser gives up at some 600 levels of values, fewer overflow a stack
//! later on, and that takes the whole process with it.

/// Deepest nesting of braces, brackets and parentheses. JSON, and with it variables, has a limit of the same size in `serde_json`.
pub(super) const MAX_NESTING: usize = 100;

/// Whether a document nests deeper than [`MAX_NESTING`].
pub(super) fn is_too_deep(document: &str) -> bool {
    let mut depth = 0_usize;
    let mut rest = document;
    while let Some(next) = rest.chars().next() {
        rest = match next {
            '"' if rest.starts_with("\"\"\"") => after_block_string(&rest[3..]),
            '"' => after_string(&rest[1..]),
            '#' => rest.find(['\n', '\r']).map_or("", |end| &rest[end..]),
            _ => {
                match next {
                    '{' | '[' | '(' => depth += 1,
                    '}' | ']' | ')' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                &rest[next.len_utf8()..]
            }
        };
        if depth > MAX_NESTING {
            return true;
        }
    }
    false
}

fn after_string(text: &str) -> &str {
    let mut escaped = false;
    for (place, next) in text.char_indices() {
        match next {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' | '\n' | '\r' => return &text[place + 1..],
            _ => {}
        }
    }
    ""
}

fn after_block_string(mut text: &str) -> &str {
    while let Some(end) = text.find("\"\"\"") {
        let escaped = text[..end].ends_with('\\');
        text = &text[end + 3..];
        if !escaped {
            return text;
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::{MAX_NESTING, is_too_deep};

    #[test]
    fn only_what_opens_and_does_not_close_counts() {
        let deep = "{".repeat(MAX_NESTING + 1);
        for (document, expected) in [
            (deep.clone(), true),
            ("[(".repeat(MAX_NESTING), true),
            ("{".repeat(MAX_NESTING), false),
            ("{[()]}".repeat(10_000), false),
            (format!("\"{deep}"), false),
            (format!("\"\\\"{deep}\" \"é{deep}\""), false),
            (format!("\"\" {deep}"), true),
            (format!("\"\n{deep}"), true),
            (format!("# \" {deep}\n"), false),
            (format!("# \"\n{deep}"), true),
            (format!("\"\"\" \" \\\"\"\" {deep} \"\"\""), false),
            (format!("\"\"\" \"\"\" {deep}"), true),
        ] {
            assert_eq!(is_too_deep(&document), expected, "{document}");
        }
    }
}
