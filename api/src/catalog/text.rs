//! How text is compared: without case, accents and repeated blanks, alike on both databases.

use deunicode::deunicode;

/// `text` as it is sorted, matched and searched by: transliterated to ASCII, lower case, blanks collapsed.
///
/// A name in which nothing can be transliterated keeps its lower-case form, so that it is still told apart from others.
#[must_use]
pub fn fold(text: &str) -> String {
    let ascii = deunicode(text).to_lowercase();
    let folded = collapse_blanks(&ascii);
    if folded.is_empty() { collapse_blanks(&text.to_lowercase()) } else { folded }
}

fn collapse_blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn ignores_case_accents_and_blanks() {
        assert_eq!(fold("  Plzeňský   PRAZDROJ "), "plzensky prazdroj");
        assert_eq!(fold("Nøgne Ø"), "nogne o");
        assert_eq!(fold("Früh Kölsch"), fold("FRUH KOLSCH"));
    }

    #[test]
    fn keeps_what_it_cannot_transliterate() {
        assert!(!fold("\u{e000}").is_empty());
    }
}
