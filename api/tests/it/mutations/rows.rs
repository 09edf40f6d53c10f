//! Creating, updating and deleting: what comes back, and what is stored.

use serde_json::{Value, json};

use super::Ids;
use crate::support::{
    app::TestApp,
    writing::{refusals, with},
};

/// A type; what to create; what that makes; an update, which keeps what it leaves out and removes what is null; what that makes.
type Case = (&'static str, Value, Value, Value, Value);

fn cases(ids: &Ids, elsewhere: &Value) -> [Case; 4] {
    [
        (
            "Style",
            json!({ "name": " Märzen ", "category": "Lager" }),
            json!({ "name": "Märzen", "category": "Lager" }),
            json!({ "category": "Festbier" }),
            json!({ "category": "Festbier" }),
        ),
        (
            "Brewery",
            json!({
                "name": "Nøgne Ø", "city": " Grimstad", "region": "  ", "country": "Norway", "website": "https://nogne-o.com",
                "latitude": 58.34, "longitude": 8.59, "description": "Line\nbreak"
            }),
            json!({
                "name": "Nøgne Ø", "city": "Grimstad", "region": null, "country": "Norway", "website": "https://nogne-o.com",
                "latitude": 58.34, "longitude": 8.59, "description": "Line\nbreak"
            }),
            json!({ "region": "Agder", "website": null, "latitude": null, "longitude": null, "description": " " }),
            json!({ "region": "Agder", "website": null, "latitude": null, "longitude": null, "description": null }),
        ),
        (
            "Beer",
            json!({ "breweryId": ids.brewery, "styleId": ids.style, "name": "Petit", "abv": 3.5, "ibu": 0, "description": "x" }),
            json!({
                "brewery": { "id": ids.brewery }, "style": { "id": ids.style }, "name": "Petit", "abv": 3.5, "ibu": 0.0, "srm": null,
                "description": "x", "ratingCount": 0, "ratingAverage": null
            }),
            json!({ "breweryId": elsewhere, "styleId": null, "abv": null, "srm": 12 }),
            json!({ "brewery": { "id": elsewhere }, "style": null, "abv": null, "srm": 12.0 }),
        ),
        (
            "Review",
            json!({ "beerId": ids.beer, "author": " Ada ", "rating": 5, "body": "Dry." }),
            json!({ "beer": { "id": ids.beer }, "author": "Ada", "rating": 5, "body": "Dry." }),
            json!({ "rating": 1, "body": null }),
            json!({ "rating": 1, "body": null }),
        ),
    ]
}

#[tokio::test]
async fn what_comes_back_is_what_is_stored() {
    for app in TestApp::on_each_database().await {
        let key = app.writer().await;
        let ids = Ids::new(&app, &key).await;
        let elsewhere = app.done(&key, "createBrewery", json!({ "name": "Elsewhere" })).await["id"].take();
        let before = app.row_counts().await;
        for (kind, create, made, update, changes) in cases(&ids, &elsewhere) {
            let created = app.done(&key, &format!("create{kind}"), create).await;
            let id = &created["id"];
            assert_eq!(created, with(&made, json!({ "id": id, "revision": 1 })), "{kind}");
            assert_eq!(app.read(kind, id).await, created);

            let update = with(&update, json!({ "id": id, "expectedRevision": 1 }));
            let updated = app.done(&key, &format!("update{kind}"), update.clone()).await;
            assert_eq!(updated, with(&with(&created, changes), json!({ "revision": 2 })), "{kind}");
            assert_eq!(app.read(kind, id).await, updated);

            // The same update again is one too late, and is told what is there now.
            let late = app.write(&key, &format!("update{kind}"), update).await;
            assert_eq!(refusals(&late), ["REVISION_CONFLICT input.expectedRevision"]);
            assert_eq!(late[kind.to_lowercase()], updated);
            assert_eq!(app.read(kind, id).await, updated);

            assert_eq!(app.done(&key, &format!("delete{kind}"), json!({ "id": id })).await, *id);
            assert_eq!(app.read(kind, id).await, Value::Null);
            for (field, input) in [("delete", json!({ "id": id })), ("update", json!({ "id": id, "expectedRevision": 2 }))] {
                assert_eq!(app.refused(&key, &format!("{field}{kind}"), input).await, ["NOT_FOUND input.id"]);
            }
        }
        assert_eq!(app.row_counts().await, before);
    }
}

#[tokio::test]
async fn what_others_refer_to_is_not_deleted() {
    for app in TestApp::on_each_database().await {
        let key = app.writer().await;
        let ids = Ids::new(&app, &key).await;
        let second = json!({ "breweryId": ids.brewery, "styleId": ids.style, "name": "Petit Orval" });
        app.done(&key, "createBeer", second).await;
        for (kind, id, count) in [("Style", &ids.style, 2), ("Brewery", &ids.brewery, 2), ("Beer", &ids.beer, 1)] {
            let payload = app.write(&key, &format!("delete{kind}"), json!({ "id": id })).await;
            assert_eq!(refusals(&payload), ["STILL_REFERENCED input.id"]);
            assert_eq!(payload["errors"][0]["referenceCount"], count);
            assert!(app.read(kind, id).await.is_object());
        }
    }
}
