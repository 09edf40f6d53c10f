//! Names that are one, whatever their case, accents and blanks.

use serde_json::json;

use super::Ids;
use crate::support::app::TestApp;

#[tokio::test]
async fn a_name_is_taken_in_every_spelling_of_it() {
    for app in TestApp::on_each_database().await {
        let key = app.writer().await;
        let ids = Ids::new(&app, &key).await;
        let elsewhere = app.done(&key, "createBrewery", json!({ "name": "Elsewhere" })).await["id"].take();
        for (field, first, same, other) in [
            (
                "createStyle",
                json!({ "name": "Kölsch", "category": "Ale" }),
                json!({ "name": " KOLSCH", "category": "Ale" }),
                json!({ "name": "Kölsch", "category": "Lager" }),
            ),
            (
                "createBrewery",
                json!({ "name": "Früh", "city": "Köln" }),
                json!({ "name": "FRUH", "city": "koln " }),
                json!({ "name": "Früh", "city": "Bonn" }),
            ),
            (
                "createBeer",
                json!({ "breweryId": ids.brewery, "name": "Bière  Brune" }),
                json!({ "breweryId": ids.brewery, "name": "biere brune" }),
                json!({ "breweryId": elsewhere, "name": "Bière Brune" }),
            ),
        ] {
            let first = app.done(&key, field, first).await;
            let before = app.row_counts().await;
            assert_eq!(app.refused(&key, field, same.clone()).await, ["ALREADY_EXISTS input.name"], "{field} {same}");
            assert_eq!(app.row_counts().await, before);

            // Nor does an update get there, but each may respell its own.
            let other = app.done(&key, field, other).await;
            let update = field.replace("create", "update");
            let mut change = same;
            change["expectedRevision"] = 1.into();
            change["id"] = other["id"].clone();
            assert_eq!(app.refused(&key, &update, change.clone()).await, ["ALREADY_EXISTS input.name"], "{update} {change}");
            change["id"] = first["id"].clone();
            app.done(&key, &update, change).await;
        }
    }
}
