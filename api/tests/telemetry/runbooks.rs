//! Runbooks ask the log for what is in it.

use std::fs;

use crate::asked::path;
use crate::checks::{assert_none, log_query};
use crate::recording::recording;

/// The queries of Logs Insights, each with its file: blocks of code in no language.
fn queries() -> Vec<(String, String)> {
    let mut queries = Vec::new();
    for entry in fs::read_dir(path("docs/runbooks")).unwrap() {
        let file = entry.unwrap().path();
        let text = fs::read_to_string(&file).unwrap();
        // What is between fences is every other piece.
        let blocks = text.split("```").skip(1).step_by(2).filter_map(|block| block.strip_prefix('\n'));
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        queries.extend(blocks.map(|query| (name.clone(), query.trim().to_owned())));
    }
    queries
}

fn wrong(queries: &[(String, String)]) -> Vec<String> {
    let log: Vec<_> = recording().log().collect();
    let told =
        |(file, query): &(String, String)| log_query::check(query, &log).err().map(|error| format!("{file}: {error}: {query}"));
    queries.iter().filter_map(told).collect()
}

#[test]
fn every_query_of_a_runbook_is_of_fields_that_lines_have() {
    let queries = queries();
    println!("{} queries", queries.len());
    assert!(!queries.is_empty());
    assert_none(&wrong(&queries));
}

#[test]
fn what_is_wrong_with_a_query_is_told() {
    let query = queries().into_iter().find(|(file, query)| file == "latency.md" && query.contains("duration_ms")).unwrap();
    for (to, expected) in
        [("duration", "latency.md: no line has the field duration;"), ("duration_ms | parse x", "is not modelled")]
    {
        let wrong = wrong(&[(query.0.clone(), query.1.replacen("duration_ms", to, 1))]);
        assert!(wrong.len() == 1 && wrong[0].contains(expected), "{wrong:#?}: {expected}");
    }
}
