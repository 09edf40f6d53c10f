//! Figures of documents, as a table.

use async_graphql::Variables;
use async_graphql::parser::parse_query;
use serde_json::{Value, json};

use super::*;

fn judge(document: &str, variables: Value, limits: &LimitsConfig) -> (Result<Verdict, ServerError>, u64) {
    let document = parse_query(document).unwrap();
    let chosen = document.operations.iter().next().map(|(_, operation)| operation);
    check(&document, chosen, &Variables::from_json(variables), limits)
}

fn verdict(document: &str, variables: Value) -> Verdict {
    judge(document, variables, &LimitsConfig::default()).0.unwrap()
}

fn code(document: &str, variables: Value) -> Option<String> {
    let error = judge(document, variables, &LimitsConfig::default()).0.err()?;
    Some(error.extensions?.get("code")?.clone().into_json().ok()?.as_str()?.to_owned())
}

#[test]
fn a_point_is_a_field_that_may_be_resolved() {
    for (document, cost) in [
        ("{ __typename }", 1),
        ("{ a: __typename b: __typename }", 2),
        ("{ beers { totalCount } }", 1 + 251),
        ("{ beers { aggregates { count abv { average } } } }", 1 + 251 + 1 + 2),
        ("{ beers(first: 10) { nodes { id } edges { node { id } } } }", 1 + 1 + 10 + 1 + 10 * 2),
        ("{ beers(first: 10) { ... { nodes { id } } pageInfo { hasNextPage } } }", 1 + 1 + 10 + 2),
        ("{ beers(first: 10) { ...F } } fragment F on BeerConnection { nodes { id } }", 1 + 1 + 10),
        ("{ breweries(first: 5) { nodes { beers(first: 3) { nodes { id name } } } } }", 2 + 5 * (2 + 3 * 2)),
        ("{ nodes(ids: [1, 2, 3]) { id } }", 1 + 3),
        ("{ nodes(ids: \"one\") { id } }", 1 + 1),
        ("{ node(id: 1) { ... on Beer { id } ... on Style { id name } } }", 1 + 1 + 2),
        ("{ beers(filter: { abv: { gt: 1 } }) { pageInfo { hasNextPage } } }", 1 + 100 + 2),
        ("{ beers(filter: { or: [{ not: { brewery: { name: { contains: \"a\" } } } }] }) { __typename } }", 1 + 5 * 50 + 500 + 1),
        ("query ($f: BeerFilter = { style: { name: { eq: 1 } } }) { beers(filter: $f) { __typename } }", 1 + 150 + 250 + 1),
        ("{ beers @skip(if: true) { totalCount } }", 1 + 251),
        ("{ ... { ... { __typename } } }", 1 + 1),
        ("{ ...A ...A } fragment A on Query { __typename }", 2),
        ("{ nobody knows }", 2),
        ("mutation { createStyle(input: { name: \"x\" }) { style { id } errors { message } } }", 1 + 10 + 2 + 1 + 16),
        ("mutation { importBeers(input: { rows: [{}, {}, {}] }) { errors { message code } } }", 1 + 30 + 1 + 3 * 16 * 2),
    ] {
        assert_eq!(verdict(document, json!({})).cost, cost, "{document}");
    }
    let import = "mutation ($i: ImportBeersInput!) { importBeers(input: $i) { errors { code } } }";
    assert_eq!(verdict(import, json!({ "i": { "rows": vec![json!({}); 50] } })).cost, 1 + 500 + 1 + 50 * 16);
}

#[test]
fn figures_are_those_of_the_expanded_document() {
    for (document, fields, depth, aliases, directives) in [
        ("{ a }", 1, 1, 0, 0),
        ("{ a: b { c: d } }", 2, 2, 2, 0),
        ("{ ...F @d ...F } fragment F on Query @d { a: b @d { c } }", 4, 2, 2, 5),
        ("query ($v: Int @d) @d { a }", 1, 1, 0, 2),
        ("{ a } fragment F on Query { b: c { d } }", 3, 2, 1, 0),
        ("query A { a } query B { b { c } }", 3, 2, 0, 0),
        ("{ ...U ...U }", 2, 0, 0, 0),
    ] {
        let found = verdict(document, json!({})).document;
        assert_eq!(
            (found.fields, found.depth, found.aliases, found.directives),
            (fields, depth, aliases, directives),
            "{document}"
        );
    }
}

#[test]
fn values_count_wherever_they_come_from() {
    for (document, variables, values, variable_values) in [
        ("{ a(b: 1, c: [1, 2], d: { e: 1 }) }", json!({}), 1 + 3 + 2, 0),
        ("query ($v: [Int]) { a(b: $v) c(d: [$v, 1]) }", json!({ "v": [1, 2] }), 1 + 3, 3 + 3),
        ("query ($v: [Int] = [1, 2]) { a @skip(if: $v) }", json!({}), 1, 3),
        ("{ ...F ...F } fragment F on Query { a(b: $v) }", json!({ "v": 1, "w": [1, 2, 3] }), 2, 2),
    ] {
        let found = verdict(document, variables).document;
        assert_eq!((found.values, found.variable_values), (values, variable_values), "{document}");
    }
    let twice = "query ($v: [Int]) { a(b: $v) c(b: $v) }";
    assert_eq!(code(twice, json!({ "v": vec![1; 1_000] })), None);
    assert_eq!(code(twice, json!({ "v": vec![1; 3_000] })).as_deref(), Some(ErrorCode::TokenLimitExceeded.as_str()));
    let deep = |levels: usize| json!({ "v": (0..levels).fold(json!(vec![1; 3_000]), |inner, _| json!([inner])) });
    assert_eq!(code("query ($v: [Int]) { a(b: $v) }", deep(7)), None);
    assert_eq!(code("query ($v: [Int]) { a(b: $v) }", deep(8)).as_deref(), Some(ErrorCode::TokenLimitExceeded.as_str()));
}

#[test]
fn clashes_are_counted_as_often_as_they_would_be_reported() {
    let invalid = Some(ErrorCode::GraphqlValidationFailed.as_str().to_owned());
    let many = |count: usize| "b ".repeat(count);
    for (document, expected) in [
        (format!("{{ {} }}", "a { b } ".repeat(20)), None),
        (format!("{{ a {{ b: c {} }} }}", many(490)), None),
        (format!("{{ a {{ b: c {} }} }}", many(510)), invalid.clone()),
        (format!("{{ a {{ b(x: 1 y: 2) {} }} }}", many(300)), invalid.clone()),
        (format!("{{ a {{ ... {{ ... {{ b: c {} }} }} }} }}", many(200)), invalid.clone()),
        (format!("{{ a {{ b: c ...F }} }} fragment F on X {{ {} }}", many(510)), invalid.clone()),
        (format!("{{ a }} fragment F on X {{ a {{ b: c {} }} }}", many(510)), invalid),
        (format!("{{ a {{ c: b {} }} }}", many(1_900)), None),
    ] {
        assert_eq!(code(&document, json!({})), expected, "{}", &document[..40]);
    }
}

#[test]
fn fragments_in_one_another_are_compared_only_so_often() {
    let chain: String = (0..40).map(|number| format!("fragment F{number} on X {{ ...F{} }} ", number + 1)).collect();
    let (error, visits) = judge(
        &format!("{{ ...F0 }} {chain} fragment F40 on X {{ {} }}", "a ".repeat(1_500)),
        json!({}),
        &LimitsConfig { max_root_fields: 9_999, ..LimitsConfig::default() },
    );
    assert_eq!(error.unwrap_err().extensions.unwrap().get("code"), Some(&ErrorCode::FieldLimitExceeded.as_str().into()));
    assert!(visits <= 10 * 2_000 + 2 * 1_600, "{visits}");
}
