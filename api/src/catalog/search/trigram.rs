//! Similarity of texts by trigrams, as `pg_trgm` defines it (<https://www.postgresql.org/docs/15/pgtrgm.html>), for SQLite.

use std::collections::BTreeSet;

/// The trigrams of each word, with two blanks before it and one after.
pub(super) fn trigrams(text: &str) -> BTreeSet<String> {
    words(text).flat_map(|word| of_word(&word)).collect()
}

/// How much of `query` occurs in the most similar run of words of `text`: 0 (nothing) to 1 (all of its trigrams).
pub(super) fn word_similarity(query: &str, text: &str) -> f64 {
    let wanted = trigrams(query);
    if wanted.is_empty() {
        return 0.0;
    }
    let words: Vec<Vec<String>> = words(text).map(|word| of_word(&word)).collect();
    let mut best = 0.0_f64;
    for start in 0..words.len() {
        let mut extent = BTreeSet::new();
        for word in &words[start..] {
            extent.extend(word.iter());
            let shared = wanted.iter().filter(|trigram| extent.contains(trigram)).count();
            let union = wanted.len() + extent.len() - shared;
            // As pg_trgm does, what the extent has in excess counts less than what it lacks.
            let similarity = (shared as f64 / wanted.len() as f64).min(2.0 * shared as f64 / union as f64);
            best = best.max(similarity);
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

    #[test]
    fn a_typo_is_similar_and_another_word_is_not() {
        for (query, name) in [("pilzner", "pilsner urquell"), ("guiness", "guinness draught"), ("heffeweizen", "hefeweizen")] {
            assert!(word_similarity(query, name) >= 0.5, "{query} / {name}");
        }
        for (query, name) in [("stout", "pilsner urquell"), ("ipa", "hefeweizen")] {
            assert!(word_similarity(query, name) < 0.5, "{query} / {name}");
        }
        assert!((word_similarity("orval", "orval") - 1.0).abs() < f64::EPSILON);
    }
}
