//! What mutations do, and what they refuse.

mod import_beers;
mod reviews;
mod rows;
mod rules;
mod uniqueness;

use serde_json::{Value, json};
use taproom::auth::Scope;

use crate::support::app::TestApp;

/// What a catalogue of one of each holds.
struct Ids {
    style: Value,
    brewery: Value,
    beer: Value,
    review: Value,
}

impl Ids {
    async fn new(app: &TestApp, key: &str) -> Self {
        let style = app.done(key, "createStyle", json!({ "name": "Trappist", "category": "Ale" })).await["id"].take();
        let brewery = app.done(key, "createBrewery", json!({ "name": "Orval", "city": "Florenville" })).await["id"].take();
        let beer = json!({ "breweryId": brewery, "styleId": style, "name": "Orval", "abv": 6.2 });
        let beer = app.done(key, "createBeer", beer).await["id"].take();
        let review = app.done(key, "createReview", json!({ "beerId": beer, "author": "Ada", "rating": 4 })).await["id"].take();
        Self { style, brewery, beer, review }
    }
}

#[tokio::test]
async fn mutations_of_one_request_run_in_order() {
    let document = r#"mutation {
        c: createStyle(input: { name: "C", category: "Ale" }) { style { id } }
        again: createStyle(input: { name: "C", category: "Ale" }) { errors { code } }
        a: createStyle(input: { name: "A", category: "Ale" }) { style { id } }
    }"#;
    for app in TestApp::on_each_database().await {
        let response = app.execute_as(Some(&app.writer().await), document, json!({})).await;
        let data = &response["data"];
        assert_eq!(data["again"]["errors"], json!([{ "code": "ALREADY_EXISTS" }]), "{response:#}");
        assert!(data["c"]["style"]["id"].as_str().unwrap() < data["a"]["style"]["id"].as_str().unwrap(), "ids grow with time");
    }
}

#[tokio::test]
async fn a_search_finds_what_has_just_been_written() {
    for app in TestApp::on_each_database().await {
        let key = app.writer().await;
        let ids = Ids::new(&app, &key).await;
        let found = async |text: &str| {
            let query =
                "query ($text: String!) { search(query: $text) { nodes { ... on Beer { name } ... on Brewery { name } } } }";
            let data = app.query(query, json!({ "text": text })).await;
            let mut names: Vec<String> = data["search"]["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|node| node["name"].as_str().unwrap().to_owned())
                .collect();
            names.sort();
            names
        };
        assert_eq!(found("trappist").await, ["Orval"]);
        assert_eq!(found("florenville").await, ["Orval"]);
        app.done(&key, "updateStyle", json!({ "id": ids.style, "expectedRevision": 1, "name": "Monastic" })).await;
        app.done(&key, "updateBrewery", json!({ "id": ids.brewery, "expectedRevision": 1, "name": "Villers", "city": null }))
            .await;
        app.done(&key, "updateBeer", json!({ "id": ids.beer, "expectedRevision": 1, "description": "Brettanomyces" })).await;
        app.done(&key, "importBeers", json!({ "rows": [{ "breweryId": ids.brewery, "name": "Quadruple" }] })).await;
        for (text, expected) in [
            ("trappist", vec![]),
            ("florenville", vec![]),
            ("monastic", vec!["Orval"]),
            ("villers", vec!["Orval", "Quadruple", "Villers"]),
            ("brettanomyces", vec!["Orval"]),
        ] {
            assert_eq!(found(text).await, expected, "{text}");
        }
        app.done(&key, "deleteReview", json!({ "id": ids.review })).await;
        app.done(&key, "deleteBeer", json!({ "id": ids.beer })).await;
        assert_eq!(found("monastic").await, [""; 0]);
    }
}

#[tokio::test]
async fn the_sample_is_filled_in_once_and_only_where_that_is_enabled() {
    for app in TestApp::on_each_database().await {
        let admin = app.key(&[Scope::Admin]).await;
        let seed = async |app: &TestApp| app.write(&admin, "seedCatalog", json!({})).await;
        let first = seed(&app).await;
        for (field, table) in [("Style", "style"), ("Brewery", "brewery"), ("Beer", "beer"), ("Review", "review")] {
            let stored = app.number(&format!("SELECT count(*) FROM {table}")).await;
            assert!(stored > 0 && first[format!("created{field}Count")] == stored, "{field}: {first:#}");
        }
        let nothing = json!({ "createdStyleCount": 0, "createdBreweryCount": 0, "createdBeerCount": 0, "createdReviewCount": 0, "errors": [] });
        assert_eq!(seed(&app).await, nothing);

        let disabled = app.another_without_features().await;
        let document = "mutation { seedCatalog(input: {}) { createdBeerCount } }";
        let response = disabled.execute_as(Some(&admin), document, json!({})).await;
        assert_eq!(response["errors"][0]["extensions"]["code"], "FEATURE_DISABLED", "{response:#}");
    }
}
