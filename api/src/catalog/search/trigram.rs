//! Similarity of texts by trigrams, as `pg_trgm` defines it (<https://www.postgresql.org/docs/15/pgtrgm.html>), for SQLite.

use std::collections::BTreeSet;

/// Most trigrams of a text that count. A name of 200 characters has about as many, but folding may lengthen it, and to compare takes
/// the square of them.
const MAX_TRIGRAMS: usize = 256;

/// The trigrams of each word, with two blanks before it and one after.
pub(super) fn trigrams(text: &str) -> BTreeSet<String> {
    in_order(text).collect()
}

/// How similar `query` is to the run of trigrams of `text` that is most similar to it: those they share, of all that either has.
pub(super) fn word_similarity(query: &str, text: &str) -> f64 {
    let wanted = trigrams(query);
    let all: Vec<String> = in_order(text).collect();
    let distinct: Vec<&String> = all.iter().collect::<BTreeSet<_>>().into_iter().collect();
    let is_wanted: Vec<bool> = distinct.iter().map(|trigram| wanted.contains(*trigram)).collect();
    // Numbers, since they are compared much more often than there are trigrams.
    let all: Vec<usize> = all.iter().map(|trigram| distinct.partition_point(|other| *other < trigram)).collect();
    let mut best = 0.0_f64;
    for start in (0..all.len()).filter(|&start| is_wanted[all[start]]) {
        let mut seen = vec![false; distinct.len()];
        let (mut run, mut shared) = (0, 0_u32);
        for &trigram in &all[start..] {
            if std::mem::replace(&mut seen[trigram], true) {
                continue;
            }
            run += 1;
            if is_wanted[trigram] {
                shared += 1;
                let either = wanted.len() + run - shared as usize;
                best = best.max(f64::from(shared) / either as f64);
            }
        }
    }
    best
}

fn in_order(text: &str) -> impl Iterator<Item = String> + '_ {
    words(text).flat_map(|word| of_word(&word)).take(MAX_TRIGRAMS)
}

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned)
}

fn of_word(word: &str) -> Vec<String> {
    let padded: Vec<char> = "  ".chars().chain(word.chars()).chain([' ']).collect();
    padded.windows(3).map(|window| window.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::{trigrams, word_similarity};
    use crate::database::MIN_SIMILARITY;

    #[test]
    fn a_typo_is_similar_and_another_word_is_not() {
        for (query, name) in [("pilzner", "pilsner urquell"), ("guiness", "guinness draught"), ("heffeweizen", "hefeweissbier")] {
            assert!(word_similarity(query, name) >= MIN_SIMILARITY, "{query} / {name}");
        }
        for (query, name) in [("stout", "pilsner urquell"), ("ipa", "hefeweizen")] {
            assert!(word_similarity(query, name) < MIN_SIMILARITY, "{query} / {name}");
        }
    }

    /// What PostgreSQL 15 says.
    #[test]
    fn it_is_as_similar_as_pg_trgm_finds() {
        for (query, text, similarity) in [
            ("orval", "orval", 1.0),
            ("word", "two words", 0.8),
            ("pilzner", "pilsner urquell", 5.0 / 11.0),
            ("heffeweizen", "hefeweissbier", 6.0 / 13.0),
            ("ab", "xy", 0.0),
            ("", "xy", 0.0),
        ] {
            assert!(
                (word_similarity(query, text) - similarity).abs() < 1e-9,
                "{query} / {text}: {}",
                word_similarity(query, text)
            );
        }
    }

    #[test]
    fn only_the_start_of_an_overlong_text_is_compared() {
        let words = |count| "a ".repeat(count);
        assert!((word_similarity("orval", &format!("{} orval", words(100))) - 1.0).abs() < 1e-9);
        assert!(word_similarity("orval", &format!("{} orval", words(200))) < 1e-9);
        assert_eq!(trigrams(&('\u{4e00}'..'\u{5000}').collect::<String>()).len(), 256);
    }
}
