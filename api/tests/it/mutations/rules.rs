//! Every rule of the catalogue: what is refused, and where it is said to be wrong.

use serde_json::{Value, json};

use super::Ids;
use crate::support::{app::TestApp, writing::with};

/// A mutation, an input, and everything that is wrong with it.
type Case = (&'static str, Value, &'static [&'static str]);

fn long(characters: usize) -> String {
    "ø".repeat(characters)
}

fn creations(ids: &Ids, gone: &Ids) -> Vec<Case> {
    let beer = json!({ "breweryId": ids.brewery, "name": "x" });
    let review = json!({ "beerId": ids.beer, "author": "x", "rating": 3 });
    let brewery = json!({ "name": "x" });
    vec![
        ("createStyle", json!({ "name": " ", "category": long(101) }), &["INVALID input.name", "INVALID input.category"]),
        ("createStyle", json!({ "name": long(201), "category": "a\u{7}" }), &["INVALID input.name", "INVALID input.category"]),
        (
            "createBrewery",
            json!({
                "name": "a\u{0}b", "city": long(101), "region": long(101), "country": "a\u{1b}", "website": "ftp://x.example",
                "latitude": 90.1, "longitude": -180.1, "description": long(10_001)
            }),
            &[
                "INVALID input.name",
                "INVALID input.city",
                "INVALID input.region",
                "INVALID input.country",
                "INVALID input.website",
                "INVALID input.latitude",
                "INVALID input.longitude",
                "INVALID input.description",
            ],
        ),
        ("createBrewery", with(&brewery, json!({ "latitude": 1 })), &["INVALID input.longitude"]),
        ("createBrewery", with(&brewery, json!({ "longitude": 1 })), &["INVALID input.latitude"]),
        ("createBrewery", with(&brewery, json!({ "website": "orval.be" })), &["INVALID input.website"]),
        (
            "createBeer",
            with(&beer, json!({ "name": "", "abv": 70.1, "ibu": -0.1, "srm": 200.1, "description": "\u{0}" })),
            &["INVALID input.name", "INVALID input.abv", "INVALID input.ibu", "INVALID input.srm", "INVALID input.description"],
        ),
        (
            "createBeer",
            with(&beer, json!({ "breweryId": gone.brewery, "styleId": gone.style })),
            &["NOT_FOUND input.breweryId", "NOT_FOUND input.styleId"],
        ),
        ("createBeer", with(&beer, json!({ "breweryId": ids.style })), &["INVALID input.breweryId"]),
        ("createBeer", with(&beer, json!({ "styleId": "x" })), &["INVALID input.styleId"]),
        (
            "createReview",
            with(&review, json!({ "author": long(101), "rating": 0, "body": long(10_001) })),
            &["INVALID input.rating", "INVALID input.author", "INVALID input.body"],
        ),
        ("createReview", with(&review, json!({ "rating": 6 })), &["INVALID input.rating"]),
        ("createReview", with(&review, json!({ "beerId": gone.beer })), &["NOT_FOUND input.beerId"]),
        ("createReview", with(&review, json!({ "beerId": ids.review })), &["INVALID input.beerId"]),
    ]
}

fn changes(ids: &Ids, gone: &Ids) -> Vec<Case> {
    let style = json!({ "id": ids.style, "expectedRevision": 1 });
    let brewery = with(&style, json!({ "id": ids.brewery }));
    let beer = with(&style, json!({ "id": ids.beer }));
    let review = with(&style, json!({ "id": ids.review }));
    vec![
        ("updateStyle", with(&style, json!({ "name": "", "category": " " })), &["INVALID input.name", "INVALID input.category"]),
        ("updateStyle", with(&style, json!({ "name": null })), &["INVALID input.name"]),
        ("updateStyle", with(&style, json!({ "category": null })), &["INVALID input.category"]),
        ("updateBrewery", with(&brewery, json!({ "name": null })), &["INVALID input.name"]),
        ("updateBrewery", with(&brewery, json!({ "latitude": 1 })), &["INVALID input.longitude"]),
        (
            "updateBrewery",
            with(&brewery, json!({ "city": long(101), "website": "x" })),
            &["INVALID input.city", "INVALID input.website"],
        ),
        ("updateBeer", with(&beer, json!({ "name": null })), &["INVALID input.name"]),
        ("updateBeer", with(&beer, json!({ "breweryId": null })), &["INVALID input.breweryId"]),
        ("updateBeer", with(&beer, json!({ "breweryId": ids.beer })), &["INVALID input.breweryId"]),
        ("updateBeer", with(&beer, json!({ "styleId": ids.beer })), &["INVALID input.styleId"]),
        (
            "updateBeer",
            with(&beer, json!({ "breweryId": gone.brewery, "styleId": gone.style })),
            &["NOT_FOUND input.breweryId", "NOT_FOUND input.styleId"],
        ),
        (
            "updateBeer",
            with(&beer, json!({ "name": "\t", "abv": -1, "ibu": 2501, "srm": -1 })),
            &["INVALID input.name", "INVALID input.abv", "INVALID input.ibu", "INVALID input.srm"],
        ),
        ("updateReview", with(&review, json!({ "author": null })), &["INVALID input.author"]),
        ("updateReview", with(&review, json!({ "rating": null })), &["INVALID input.rating"]),
        ("updateReview", with(&review, json!({ "author": "", "rating": 6 })), &["INVALID input.rating", "INVALID input.author"]),
        ("updateBeer", with(&beer, json!({ "expectedRevision": 0, "abv": 71 })), &["REVISION_CONFLICT input.expectedRevision"]),
    ]
}

/// An id that is none, one of another type and one whose row is gone, for every mutation that takes one.
fn identities(ids: &Ids, gone: &Ids) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (update, delete, other, gone) in [
        ("updateStyle", "deleteStyle", &ids.beer, &gone.style),
        ("updateBrewery", "deleteBrewery", &ids.style, &gone.brewery),
        ("updateBeer", "deleteBeer", &ids.brewery, &gone.beer),
        ("updateReview", "deleteReview", &ids.beer, &gone.review),
    ] {
        for (id, expected) in [
            (&json!("x"), &["INVALID input.id"]),
            (&json!(""), &["INVALID input.id"]),
            (other, &["INVALID input.id"]),
            (gone, &["NOT_FOUND input.id"]),
        ] {
            cases.push((update, json!({ "id": id, "expectedRevision": 1 }), expected));
            cases.push((delete, json!({ "id": id }), expected));
        }
    }
    cases
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once_and_nothing_is_written() {
    for app in TestApp::on_each_database().await {
        let key = app.writer().await;
        let gone = Ids::new(&app, &key).await;
        let all = [("Review", &gone.review), ("Beer", &gone.beer), ("Brewery", &gone.brewery), ("Style", &gone.style)];
        for (kind, id) in all {
            app.done(&key, &format!("delete{kind}"), json!({ "id": id })).await;
        }
        let ids = Ids::new(&app, &key).await;
        let before = app.row_counts().await;
        for (field, input, expected) in [creations(&ids, &gone), changes(&ids, &gone), identities(&ids, &gone)].concat() {
            assert_eq!(app.refused(&key, field, input.clone()).await, expected, "{field} {input:.200}");
        }
        assert_eq!(app.row_counts().await, before);
        for (kind, id) in [("Review", &ids.review), ("Beer", &ids.beer), ("Brewery", &ids.brewery), ("Style", &ids.style)] {
            assert_eq!(app.read(kind, id).await["revision"], 1, "{kind}");
        }
    }
}

#[tokio::test]
async fn what_is_just_right_is_accepted() {
    for app in TestApp::on_each_database().await {
        let key = app.writer().await;
        let ids = Ids::new(&app, &key).await;
        for (field, input) in [
            ("createStyle", json!({ "name": long(200), "category": long(100) })),
            ("createBrewery", json!({ "name": long(200), "latitude": -90, "longitude": 180, "description": long(10_000) })),
            ("createBeer", json!({ "breweryId": ids.brewery, "name": long(200), "abv": 70, "ibu": 2500, "srm": 200 })),
            ("createBeer", json!({ "breweryId": ids.brewery, "name": "0", "abv": 0, "ibu": -0.0, "srm": 0 })),
            ("createReview", json!({ "beerId": ids.beer, "author": long(100), "rating": 1, "body": long(10_000) })),
        ] {
            app.done(&key, field, input).await;
        }
    }
}
