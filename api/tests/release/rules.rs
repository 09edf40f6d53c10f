//! Every rule has a sample, and is told to whoever writes a migration.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    checker::{Verdict, refused},
    samples::sampled,
    support::other_version::workspace,
};

/// Why there is no sample in `samples/refused.rs`.
const NO_SAMPLE: &[(&str, &str)] = &[
    ("ban-alter-generated-expression", "PostgreSQL 15 cannot; and a new one is `adding-field-with-default`, too, which is worse"),
    ("ban-concurrent-index-creation-in-transaction", "PostgreSQL refuses it: `fails`"),
    ("ban-duplicate-column-assignments", "PostgreSQL refuses it: `fails`"),
    ("unreadable", "nothing is known that PostgreSQL reads and Squawk does not"),
    ("undecided-transaction", "in `samples/allowed.rs`, as are the next"),
    ("not-an-earlier-release", "only of a contract"),
    ("no-way-down", "samples are not taken back"),
    ("another-way-down", "samples are not taken back"),
    ("no-way-up-again", "samples are not taken back"),
];

#[test]
fn each_has_a_sample_or_a_reason() {
    let without: BTreeSet<_> = NO_SAMPLE.iter().map(|(rule, _)| (*rule).to_owned()).collect();
    let sampled: BTreeSet<_> = sampled().map(str::to_owned).collect();
    assert_eq!(without.intersection(&sampled).collect::<Vec<_>>(), [""; 0], "has a sample after all");
    let known: BTreeSet<_> = refused().into_keys().collect();
    assert_eq!(&without | &sampled, known);
}

#[test]
fn each_is_in_its_table_of_the_documentation() {
    let text = std::fs::read_to_string(workspace().join("docs/migrations.md")).unwrap();
    let (_, tables) = text.split_once("What a contract may do:").unwrap();
    let (contract, nothing) = tables.split_once("What nothing may do:").unwrap();
    let mut documented = BTreeMap::new();
    for (part, verdict) in [(contract, Verdict::Compatibility), (nothing, Verdict::Always)] {
        let rows = part.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
        for rule in rows.filter_map(|row| row.split('|').nth(1)).flat_map(names) {
            assert_eq!(documented.insert(rule.to_owned(), verdict), None, "{rule} is there twice");
        }
    }
    assert_eq!(documented, refused());
}

/// What is in backticks, unless it is SQL.
fn names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2).filter(|name| name.starts_with(|first: char| first.is_ascii_lowercase()))
}
