//! Similarity of texts by trigrams, as `pg_trgm` defines it (<https://www.postgresql.org/docs/15/pgtrgm.html>), for SQLite.

use std::collections::BTreeSet;

/// The trigrams of each word, with two blanks before it and one after.
pub(super) fn trigrams(text: &str) -> BTreeSet<String> {
    words(text).flat_map(|word| of_word(&word)).collect()
}

/// How similar `query` is to the run of trigrams of `text` that is most similar to it: those they share, of all that either has.
pub(super) fn word_similarity(query: &str, text: &str) -> f64 {
    let wanted = trigrams(query);
    let all: Vec<String> = words(text).flat_map(|word| of_word(&word)).collect();
    let mut best = 0.0_f64;
    for start in (0..all.len()).filter(|&start| wanted.contains(&all[start])) {
        let (mut run, mut shared) = (BTreeSet::new(), 0_u32);
        for trigram in &all[start..] {
            if run.insert(trigram) && wanted.contains(trigram) {
                shared += 1;
                let either = wanted.len() + run.len() - shared as usize;
                best = best.max(f64::from(shared) / either as f64);
            }
        }
    }
    best
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
    use super::word_similarity;
    use crate::catalog::search::MIN_SIMILARITY;

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
}
