//! An operation never costs more than the guard said.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use taproom::auth::{Scope, Viewer};

use crate::documents::{Choices, Request};
use crate::service::Service;

/// What is not worth the wait to be executed.
const DEAR: u64 = 60_000;

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").map_or(200, |cases| cases.parse().unwrap())
}

#[test]
fn no_operation_resolves_more_fields_than_it_costs() {
    let service = Service::without_limits();
    let schema = service.schema();
    let totals = Cell::new((0, 0, f64::MAX));
    let requests = proptest::collection::vec(any::<u8>(), 1..400).prop_map(|bytes| schema.query(&mut Choices(&bytes)));
    // `PROPTEST_CASES` and `PROPTEST_RNG_SEED` say otherwise.
    let config = Config { cases: cases(), failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&requests, |Request { document, variables }| {
        let prepared = service.prepare(&document, variables, &Viewer::anonymous());
        let prepared = prepared.map_err(|error| TestCaseError::fail(error.message))?;
        let cost = prepared.cost;
        if cost > DEAR {
            return Ok(());
        }
        service.resolved.take();
        let response = service.execute(prepared, Viewer::anonymous());
        let invalid = response.errors.iter().find(|error| error.path.is_empty());
        prop_assert!(invalid.is_none(), "{invalid:?}");
        let found = service.resolved.take();
        prop_assert!(found <= cost, "{found} fields, but it costs {cost}");
        let (executed, fields, tightest) = totals.get();
        totals.set((executed + 1, fields + found, f64::min(tightest, cost as f64 / found.max(1) as f64)));
        Ok(())
    });
    let (executed, fields, tightest) = totals.get();
    println!("{executed} operations with {fields} fields; {tightest:.2} points for a field at least");
    result.unwrap_or_else(|failed| panic!("{failed}"));
    assert!(executed >= 100, "only {executed} were executed");
}

#[test]
fn the_mistakes_of_an_import_were_paid_for() {
    let service = Service::without_limits();
    let viewer = Viewer::authenticated("key:test".to_owned(), Scope::ALL.to_vec());
    let document = "mutation ($input: ImportBeersInput!) { importBeers(input: $input) {
        beerIds createdCount updatedCount unchangedCount errors { __typename code path message referenceCount } } }";
    let row = json!({ "breweryId": "x", "styleId": "y", "name": "", "abv": -1, "ibu": -1, "srm": -1, "description": "x".repeat(20_000) });
    for rows in [1, 10, 300] {
        let input = json!({ "input": { "idempotencyKey": format!("k{rows}"), "rows": vec![row.clone(); rows] } });
        let prepared = service.prepare(document, input, &viewer).unwrap();
        let cost = prepared.cost;
        service.resolved.take();
        let response = service.execute(prepared, viewer.clone());
        assert!(response.errors.is_empty(), "{:?}", response.errors);
        let found = service.resolved.take();
        println!("{rows} wrong rows: {found} fields, {cost} points");
        assert!(found <= cost && found > 4 * rows as u64, "{rows}: {found} fields, {cost} points");
    }
}
