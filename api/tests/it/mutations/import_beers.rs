//! `importBeers`: many rows, all or none of them.

use serde_json::{Value, json};

use super::Ids;
use crate::support::{
    app::TestApp,
    writing::{refusals, with},
};

fn counts(payload: &Value) -> [u64; 3] {
    ["created", "updated", "unchanged"].map(|what| payload[format!("{what}Count")].as_u64().unwrap())
}

#[tokio::test]
async fn rows_create_update_or_say_what_is_known() {
    for app in TestApp::on_each_database().await {
        let key = app.writer().await;
        let ids = Ids::new(&app, &key).await;
        let row = |name: &str| json!({ "breweryId": ids.brewery, "name": name });
        let rows = json!([
            with(&row("Petit Orval"), json!({ "styleId": ids.style, "abv": 3.5, "description": "Green" })),
            with(&row("ORVAL"), json!({ "ibu": 36, "abv": null })),
            row("Third"),
        ]);
        let payload = app.write(&key, "importBeers", json!({ "rows": rows })).await;
        assert_eq!((counts(&payload), refusals(&payload)), ([2, 1, 0], vec![]));
        let [petit, orval, _] = payload["beerIds"].as_array().unwrap().as_slice() else { panic!("{payload:#}") };
        assert_eq!(*orval, ids.beer);
        let orval = app.read("Beer", orval).await;
        assert_eq!(
            json!([orval["name"], orval["abv"], orval["ibu"], orval["revision"], orval["ratingCount"]]),
            json!(["ORVAL", 6.2, 36.0, 2, 1])
        );
        assert_eq!(orval["style"]["id"], ids.style, "what is absent stays");
        let petit = app.read("Beer", petit).await;
        assert_eq!(
            json!([petit["name"], petit["abv"], petit["description"], petit["revision"]]),
            json!(["Petit Orval", 3.5, "Green", 1])
        );

        let again = app.write(&key, "importBeers", json!({ "rows": rows })).await;
        assert_eq!((counts(&again), &again["beerIds"]), ([0, 0, 3], &payload["beerIds"]));
        let nothing = app.write(&key, "importBeers", json!({ "rows": [] })).await;
        assert_eq!((counts(&nothing), &nothing["beerIds"]), ([0, 0, 0], &json!([])));
    }
}

#[tokio::test]
async fn a_thousand_rows_are_the_most() {
    for app in TestApp::on_each_database().await {
        let key = app.writer().await;
        let ids = Ids::new(&app, &key).await;
        let row = |n: i32| json!({ "breweryId": ids.brewery, "styleId": ids.style, "name": format!("Beer {n}"), "abv": 5, "description": "x" });
        let rows = |count: i32| json!({ "rows": (0..count).rev().map(row).collect::<Vec<_>>() });
        assert_eq!(app.refused(&key, "importBeers", rows(1001)).await, ["INVALID input.rows"]);
        let payload = app.write(&key, "importBeers", rows(1000)).await;
        assert_eq!((counts(&payload), refusals(&payload)), ([1000, 0, 0], vec![]));
        for (index, name) in [(0, "Beer 999"), (500, "Beer 499"), (999, "Beer 0")] {
            assert_eq!(app.read("Beer", &payload["beerIds"][index]).await["name"], name, "ids are in the order of the rows");
        }
        assert_eq!(app.number("SELECT count(*) FROM search_document").await, 1002);
    }
}

#[tokio::test]
async fn one_wrong_row_keeps_all_others_out_and_every_wrong_row_is_reported() {
    for app in TestApp::on_each_database().await {
        let key = app.writer().await;
        let ids = Ids::new(&app, &key).await;
        let gone = app.done(&key, "createBrewery", json!({ "name": "Gone" })).await["id"].take();
        app.done(&key, "deleteBrewery", json!({ "id": gone })).await;
        let row = |name: &str| json!({ "breweryId": ids.brewery, "name": name });
        let before = app.row_counts().await;

        let last = json!({ "rows": [row("a"), row("b"), with(&row("c"), json!({ "breweryId": gone }))] });
        assert_eq!(app.refused(&key, "importBeers", last).await, ["NOT_FOUND input.rows.2.breweryId"]);
        let many = json!({ "rows": [
            with(&row("Orval"), json!({ "abv": 99.98, "breweryId": "x" })),
            row("fine"),
            with(&row(" "), json!({ "styleId": ids.beer, "srm": -1 })),
            row("FINE"),
            with(&row("b"), json!({ "breweryId": gone, "styleId": gone })),
            with(&row("b"), json!({ "breweryId": gone, "ibu": 2501 })),
        ] });
        let mut refused = app.refused(&key, "importBeers", many).await;
        let rows: Vec<char> = refused.iter().map(|refusal| refusal.split('.').nth(2).unwrap().chars().next().unwrap()).collect();
        assert!(rows.is_sorted(), "{refused:?}");
        refused.sort();
        let expected = [
            "INVALID input.rows.0.abv",
            "INVALID input.rows.0.breweryId",
            "INVALID input.rows.2.name",
            "INVALID input.rows.2.srm",
            "INVALID input.rows.2.styleId",
            "INVALID input.rows.3.name",
            "INVALID input.rows.4.styleId",
            "INVALID input.rows.5.ibu",
            "INVALID input.rows.5.name",
            "NOT_FOUND input.rows.4.breweryId",
            "NOT_FOUND input.rows.5.breweryId",
        ];
        assert_eq!(refused, expected);
        assert_eq!(app.row_counts().await, before);
    }
}
