//! Cursors of another list, and texts that are none.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use proptest::{
    prelude::*,
    sample::Index,
    test_runner::{Config, TestRunner},
};
use serde_json::json;
use tokio::runtime::Runtime;

use super::model::catalogue;
use crate::support::app::TestApp;

/// A cursor that is refused says which argument it was; no cursor is worth a server fault.
async fn refused(app: &TestApp, field: &str, order: &str, cursor: &str) -> bool {
    let mut refused = false;
    for argument in ["after", "before"] {
        let query = format!(
            "query ($cursor: String) {{ {field}(orderBy: {{ field: {order} }}, {argument}: $cursor) {{ nodes {{ id }} }} }}"
        );
        let response = app.execute(&query, json!({ "cursor": cursor })).await;
        if let Some(error) = response["errors"].get(0) {
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{order} {cursor:?}: {response:#}");
            assert!(error["message"].as_str().unwrap().contains(&format!("`{argument}`")), "{response:#}");
            refused = true;
        }
    }
    refused
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_order_only() {
    for app in catalogue().await {
        let cursor = app.query("{ beers(first: 1, orderBy: { field: ABV }) { pageInfo { endCursor } } }", json!({})).await;
        let cursor = cursor["beers"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
        assert!(!refused(&app, "beers", "ABV", &cursor).await);
        for order in ["ABV, direction: DESC", "NAME", "IBU", "RATING", "CREATED_AT"] {
            assert!(refused(&app, "beers", order, &cursor).await, "{order}");
        }

        let id = "018f0000-0000-7000-8000-000000000000";
        for (field, order, json) in [
            ("beers", "ABV", format!(r#"{{"o":"abv:asc","k":"5","i":"{id}"}}"#)),
            ("beers", "ABV", format!(r#"{{"o":"abv:asc","k":5,"i":"{id}"}}"#)),
            ("beers", "ABV", format!(r#"{{"o":"abv:asc","k":1e999,"i":"{id}"}}"#)),
            ("beers", "ABV", format!(r#"{{"o":"abv:asc","k":NaN,"i":"{id}"}}"#)),
            ("beers", "ABV", format!(r#"{{"o":"abv:asc","k":[5.0],"i":"{id}"}}"#)),
            ("beers", "ABV", r#"{"o":"abv:asc","k":5.0,"i":"x"}"#.to_owned()),
            ("beers", "ABV", r#"{"o":"abv:asc","k":5.0}"#.to_owned()),
            ("beers", "NAME", format!(r#"{{"o":"name_folded:asc","k":1.5,"i":"{id}"}}"#)),
            ("beers", "NAME", format!(r#"{{"o":"name_folded:asc","i":"{id}"}}"#)),
            ("beers", "NAME", format!(r#"{{"o":"name_folded:asc","k":"a\u0000b","i":"{id}"}}"#)),
            ("beers", "NAME", format!(r#"{{"o":"name_folded:asc","k":"\ud800","i":"{id}"}}"#)),
            ("beers", "CREATED_AT", format!(r#"{{"o":"created:asc","k":1.5,"i":"{id}"}}"#)),
            ("reviews", "RATING", format!(r#"{{"o":"rating:asc","k":99999999999,"i":"{id}"}}"#)),
            ("reviews", "RATING", format!(r#"{{"o":"rating:asc","i":"{id}"}}"#)),
            ("breweries", "NAME", "[]".to_owned()),
            ("styles", "NAME", "{".repeat(1_000)),
            ("styles", "NAME", "[".repeat(100_000)),
        ] {
            assert!(refused(&app, field, order, &BASE64.encode(&json)).await, "{json}");
        }
        // Far off, and still places.
        for key in ["1e308", "-1e308", "1e-320", "-0.0", "1e300"] {
            let json = format!(r#"{{"o":"abv:asc","k":{key},"i":"{id}"}}"#);
            assert!(!refused(&app, "beers", "ABV", &BASE64.encode(&json)).await, "{json}");
        }
    }
}

#[test]
fn no_cursor_whatsoever_is_a_server_fault() {
    let runtime = Runtime::new().unwrap();
    let (apps, real) = runtime.block_on(async {
        let apps = catalogue().await;
        let page = apps[0].query("{ beers(first: 1) { pageInfo { endCursor } } }", json!({})).await;
        let real = page["beers"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
        (apps, real)
    });
    let json = BASE64.decode(&real).unwrap();
    let damaged = prop_oneof![
        any::<String>(),
        proptest::collection::vec(any::<u8>(), 0..80).prop_map(|bytes| BASE64.encode(bytes)),
        any::<Index>().prop_map(move |end| real[..end.index(real.len())].to_owned()),
        (any::<Index>(), 0..8_u32).prop_map(move |(at, bit)| {
            let mut bytes = json.clone();
            bytes[at.index(json.len())] ^= 1 << bit;
            BASE64.encode(bytes)
        }),
    ];
    let config = Config { cases: 300, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&damaged, |cursor| {
        runtime.block_on(async {
            for app in &apps {
                refused(app, "beers", "NAME", &cursor).await;
            }
        });
        Ok(())
    });
    result.unwrap();
}
