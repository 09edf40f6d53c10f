//! How text is compared: without case, accents and repeated blanks, alike on both databases.

use deunicode::deunicode;

use super::rules::BreweryFields;

/// `text` as it is sorted, matched and searched by: transliterated to ASCII, lower case, blanks collapsed.
///
/// A name in which nothing can be transliterated keeps its lower-case form, so that it is still told apart from others.
#[must_use]
pub fn fold(text: &str) -> String {
    let ascii = deunicode(text).to_lowercase();
    let folded = collapse_blanks(&ascii);
    if folded.is_empty() { collapse_blanks(&text.to_lowercase()) } else { folded }
}

/// The folded words of `text`, a blank between them: letters and digits, nothing else. Left to themselves, the two databases would not
/// agree where a word ends: in "6.66" and "and/or", PostgreSQL's parser sees one each.
#[must_use]
pub fn words(text: &str) -> String {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Name and place of a brewery in one string, unique among breweries: folded name, city, region and country, one a line.
#[must_use]
pub fn place_key(brewery: &BreweryFields) -> String {
    let place = [&brewery.city, &brewery.region, &brewery.country].map(|part| part.as_deref().map(fold).unwrap_or_default());
    // A folded text holds no line break, so that no two places share a key by how they are split.
    format!("{}\n{}", fold(&brewery.name), place.join("\n"))
}

fn collapse_blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{fold, place_key};
    use crate::catalog::rules::BreweryFields;

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

    #[test]
    fn a_place_is_told_apart_by_each_part() {
        let at = |city: Option<&str>, region: Option<&str>| BreweryFields {
            name: "Bräu".into(),
            city: city.map(Into::into),
            region: region.map(Into::into),
            ..BreweryFields::default()
        };
        assert_eq!(
            place_key(&at(Some("KÖLN"), None)),
            place_key(&BreweryFields { name: "brau".into(), ..at(Some("Koln"), None) })
        );
        assert_ne!(place_key(&at(Some("Salem"), None)), place_key(&at(None, Some("Salem"))));
    }
}
