//! Reviews: whose they are, and what they do to their beer.

use serde_json::{Value, json};
use taproom::auth::Scope;

use super::Ids;
use crate::support::app::TestApp;

#[tokio::test]
async fn the_summary_follows_the_reviews_and_the_revision_does_not() {
    for app in TestApp::on_each_database().await {
        let key = app.writer().await;
        let ids = Ids::new(&app, &key).await;
        let beer = async || {
            let query = "query ($id: ID!) { beer(id: $id) { ratingCount ratingAverage revision updatedAt } }";
            app.query(query, json!({ "id": ids.beer })).await["beer"].take()
        };
        let before = beer().await;
        assert_eq!([&before["ratingCount"], &before["ratingAverage"], &before["revision"]], [&json!(1), &json!(4.0), &json!(1)]);
        let create = json!({ "beerId": ids.beer, "author": "Bob", "rating": 1 });
        let second = app.done(&key, "createReview", create).await["id"].take();
        let steps = [
            ("updateReview", json!({ "id": second, "expectedRevision": 1, "rating": 3 }), json!([2, 3.5])),
            ("updateReview", json!({ "id": second, "expectedRevision": 2, "author": "Bo" }), json!([2, 3.5])),
            ("deleteReview", json!({ "id": ids.review }), json!([1, 3.0])),
            ("deleteReview", json!({ "id": second }), json!([0, null])),
        ];
        for (field, input, expected) in steps {
            app.done(&key, field, input.clone()).await;
            let now = beer().await;
            assert_eq!(json!([now["ratingCount"], now["ratingAverage"]]), expected, "{field} {input}");
            assert_eq!((&now["revision"], &now["updatedAt"]), (&before["revision"], &before["updatedAt"]));
        }
    }
}

#[tokio::test]
async fn a_review_is_its_authors_and_an_admin_may_only_remove_it() {
    for app in TestApp::on_each_database().await {
        let ids = Ids::new(&app, &app.writer().await).await;
        let (other, admin) = (app.writer().await, app.key(&[Scope::Admin]).await);
        let before = app.read("Review", &ids.review).await;
        for (key, field, input) in [
            (&other, "updateReview", json!({ "id": ids.review, "expectedRevision": 1, "rating": 1 })),
            (&admin, "updateReview", json!({ "id": ids.review, "expectedRevision": 1, "rating": 1 })),
            // Nor is it told what the revision is.
            (&other, "updateReview", json!({ "id": ids.review, "expectedRevision": 9, "rating": 0 })),
            (&other, "deleteReview", json!({ "id": ids.review })),
        ] {
            let payload = app.write(key, field, input).await;
            assert_eq!(crate::support::writing::refusals(&payload), ["NOT_OWNER input.id"], "{field}");
            assert!(payload["review"].is_null());
        }
        assert_eq!(app.read("Review", &ids.review).await, before);
        app.done(&admin, "deleteReview", json!({ "id": ids.review })).await;
        assert_eq!(app.read("Review", &ids.review).await, Value::Null);
        assert_eq!(app.read("Beer", &ids.beer).await["ratingCount"], 0);
    }
}
