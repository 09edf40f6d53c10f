//! Idempotency keys: whatever happens between a call and its retry, it happens once.

use std::time::Duration;

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use taproom::{
    auth::Scope,
    catalog::write::{forget_before, keep_forgetting},
    clock,
};

use crate::support::{
    app::TestApp,
    writing::{all_at_once, refusals, with},
};

/// A brewery's and its beer's id.
async fn beer(app: &TestApp, key: &str) -> (Value, Value) {
    let brewery = app.done(key, "createBrewery", json!({ "name": "Orval" })).await["id"].take();
    let beer = app.done(key, "createBeer", json!({ "breweryId": brewery, "name": "Orval" })).await["id"].take();
    (brewery, beer)
}

#[tokio::test]
async fn a_retry_returns_the_first_result_and_writes_nothing() {
    for app in TestApp::on_each_database().await {
        let key = app.writer().await;
        let (brewery, orval) = beer(&app, &key).await;
        let create = json!({ "breweryId": brewery, "name": "Petit Orval", "abv": 3.5, "idempotencyKey": "1" });
        let update = json!({ "id": orval, "expectedRevision": 1, "abv": 6.2, "idempotencyKey": "1" });
        let created = app.write(&key, "createBeer", create.clone()).await;
        let updated = app.write(&key, "updateBeer", update.clone()).await;
        assert_eq!((&created["beer"]["abv"], &updated["beer"]["revision"]), (&json!(3.5), &json!(2)));

        // The rows change meanwhile, and the service restarts.
        app.done(&key, "updateBeer", json!({ "id": orval, "expectedRevision": 2, "abv": 6.9 })).await;
        let delete = json!({ "id": created["beer"]["id"], "idempotencyKey": "1" });
        let deleted = app.write(&key, "deleteBeer", delete.clone()).await;
        let before = app.row_counts().await;
        for app in [app.another().await, app] {
            for (field, input, first) in
                [("createBeer", &create, &created), ("updateBeer", &update, &updated), ("deleteBeer", &delete, &deleted)]
            {
                assert_eq!(&app.write(&key, field, input.clone()).await, first, "{field}");
                assert_eq!(refusals(first), [""; 0]);
            }
            assert_eq!(app.row_counts().await, before);
        }
    }
}

#[tokio::test]
async fn a_refusal_is_a_result_too() {
    for app in TestApp::on_each_database().await {
        let key = app.writer().await;
        let (brewery, beer) = beer(&app, &key).await;
        let early = json!({ "id": beer, "expectedRevision": 2, "abv": 6, "idempotencyKey": "early" });
        let again = json!({ "breweryId": brewery, "name": "Orval", "idempotencyKey": "again" });
        let wrong = json!({ "breweryId": beer, "name": "Orval", "idempotencyKey": "wrong" });
        let calls = [("updateBeer", &early), ("createBeer", &again), ("createBeer", &wrong)];
        let mut first = Vec::new();
        for (field, input) in calls {
            first.push(app.write(&key, field, input.clone()).await);
        }
        assert_eq!(refusals(&first[0]), ["REVISION_CONFLICT input.expectedRevision"]);
        assert_eq!(refusals(&first[1]), ["ALREADY_EXISTS input.name"]);
        assert_eq!(refusals(&first[2]), ["INVALID input.breweryId"]);

        // By now the first two would do.
        app.done(&key, "updateBeer", json!({ "id": beer, "expectedRevision": 1, "name": "Orval Vert" })).await;
        for ((field, input), first) in calls.into_iter().zip(&first) {
            assert_eq!(&app.write(&key, field, input.clone()).await, first, "{input}");
        }
        // Mended, it is another input.
        let mended = with(&wrong, json!({ "breweryId": brewery }));
        assert_eq!(app.refused(&key, "createBeer", mended).await, ["IDEMPOTENCY_KEY_REUSED input.idempotencyKey"]);
    }
}

/// `null` and a value left out are two inputs, for to an update they mean different things. So are 5 and 5.0: what counts is what was
/// sent, not what it comes to.
#[tokio::test]
async fn the_input_counts_as_it_was_sent() {
    let first = r#"mutation { updateBeer(input: { id: "ID", expectedRevision: 1, abv: 5, ibu: null, idempotencyKey: "K" }) { errors { code } } }"#;
    let same = [
        (
            "mutation { updateBeer(input: { idempotencyKey: \"K\", ibu: null, abv: 5, expectedRevision: 1, id: \"ID\" }) { errors { code } } }",
            json!({}),
        ),
        (
            "mutation ($input: UpdateBeerInput!) { renamed: updateBeer(input: $input) { beer { name } errors { code } } }",
            json!({ "input": { "id": "ID", "ibu": null, "abv": 5, "idempotencyKey": "K", "expectedRevision": 1 } }),
        ),
        (
            "mutation ($abv: Float, $ibu: Float) { updateBeer(input: { id: \"ID\", expectedRevision: 1, abv: $abv, ibu: $ibu, idempotencyKey: \"K\" }) { errors { code } } }",
            json!({ "abv": 5, "ibu": null }),
        ),
    ];
    let other = [
        (r#"id: "ID", expectedRevision: 1, abv: 5, idempotencyKey: "K""#, json!({})),
        (r#"id: "ID", expectedRevision: 1, abv: 5, ibu: null, srm: null, idempotencyKey: "K""#, json!({})),
        (r#"id: "ID", expectedRevision: 1, abv: 5.0, ibu: null, idempotencyKey: "K""#, json!({})),
        (r#"id: "ID", expectedRevision: 2, abv: 5, ibu: null, idempotencyKey: "K""#, json!({})),
        (r#"id: "ID", expectedRevision: 1, abv: 5, ibu: $ibu, idempotencyKey: "K""#, json!({})),
    ];
    for app in TestApp::on_each_database().await {
        let key = app.writer().await;
        let (_, beer) = beer(&app, &key).await;
        let beer = beer.as_str().unwrap();
        let send = async |document: &str, variables: &Value| {
            let variables = serde_json::from_str(&variables.to_string().replace("ID", beer)).unwrap();
            let mut response = app.execute_as(Some(&key), &document.replace("\"ID\"", &format!("\"{beer}\"")), variables).await;
            assert!(response.get("errors").is_none(), "{document}: {response:#}");
            let field = if document.contains("renamed") { "renamed" } else { "updateBeer" };
            response["data"][field]["errors"].take()
        };
        assert_eq!(send(first, &json!({})).await, json!([]));
        for (document, variables) in &same {
            assert_eq!(send(document, variables).await, json!([]), "{document}");
        }
        for (input, variables) in &other {
            let document = format!("mutation ($ibu: Float) {{ updateBeer(input: {{ {input} }}) {{ errors {{ code }} }} }}");
            let document = if input.contains("$ibu") { document } else { document.replace("($ibu: Float) ", "") };
            assert_eq!(send(&document, variables).await, json!([{ "code": "IDEMPOTENCY_KEY_REUSED" }]), "{input}");
        }
        assert_eq!(app.number("SELECT CAST(revision AS BIGINT) FROM beer").await, 2, "one update");
    }
}

#[tokio::test]
async fn keys_belong_to_a_principal_and_a_mutation() {
    for app in TestApp::on_each_database().await {
        let (key, other) = (app.writer().await, app.writer().await);
        let input = json!({ "name": "IPA", "category": "Ale", "idempotencyKey": "K" });
        let style = app.done(&key, "createStyle", input.clone()).await;
        assert_eq!(app.refused(&other, "createStyle", input).await, ["ALREADY_EXISTS input.name"]);
        app.done(&key, "createBrewery", json!({ "name": "Orval", "idempotencyKey": "K" })).await;

        // Each mutation of a request has its own.
        let both = "mutation ($id: ID!) {
            a: updateStyle(input: { id: $id, expectedRevision: 1, category: \"Bitter\", idempotencyKey: \"a\" }) { style { revision } errors { code } }
            b: updateStyle(input: { id: $id, expectedRevision: 2, category: \"Ale\", idempotencyKey: \"b\" }) { style { revision } errors { code } }
        }";
        for _ in 0..2 {
            let data = app.execute_as(Some(&key), both, json!({ "id": style["id"] })).await;
            let revisions = [&data["data"]["a"]["style"]["revision"], &data["data"]["b"]["style"]["revision"]];
            assert_eq!(revisions, [&json!(2), &json!(3)], "{data:#}");
        }
    }
}

#[tokio::test]
async fn of_calls_at_once_one_writes_and_all_answer_alike() {
    for app in TestApp::on_each_database().await {
        let key = app.writer().await;
        let (_, beer) = beer(&app, &key).await;
        let apps = [app.another().await, app];
        let before = apps[0].row_counts().await;
        // A review, since nothing else would keep a second one out.
        let input = json!({ "beerId": beer, "author": "Ada", "rating": 5, "idempotencyKey": "K" });
        let payloads = all_at_once(&apps, &key, (0..16).map(|_| ("createReview", input.clone()))).await;
        assert!(payloads[0]["review"]["id"].is_string(), "{:#}", payloads[0]);
        assert!(payloads.iter().all(|payload| payload == &payloads[0]));
        let [reviews, keys] = [3, 5].map(|table: usize| before[table]);
        let after = apps[0].row_counts().await;
        assert_eq!((after[3], after[5]), (reviews + 1, keys + 1));
    }
}

#[tokio::test]
async fn a_fault_of_the_server_leaves_the_key_unused() {
    for app in TestApp::on_each_database().await {
        let key = app.writer().await;
        let (fault, mend) = if app.is_postgres() {
            let fault = "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'secret'; END $$;
                CREATE TRIGGER fault BEFORE INSERT ON style FOR EACH ROW EXECUTE FUNCTION fault()";
            (fault, "DROP TRIGGER fault ON style")
        } else {
            ("CREATE TRIGGER fault BEFORE INSERT ON style BEGIN SELECT RAISE(ABORT, 'secret'); END", "DROP TRIGGER fault")
        };
        let before = app.row_counts().await;
        app.db.execute_unprepared(fault).await.unwrap();
        let create = r#"mutation { createStyle(input: { name: "IPA", category: "Ale", idempotencyKey: "K" }) { style { name } errors { code } } }"#;
        let response = app.execute_as(Some(&key), create, json!({})).await;
        assert_eq!(response["errors"][0]["extensions"]["code"], "INTERNAL_SERVER_ERROR", "{response:#}");
        assert!(!response.to_string().contains("secret"));
        assert_eq!(app.row_counts().await, before);

        app.db.execute_unprepared(mend).await.unwrap();
        let response = app.execute_as(Some(&key), create, json!({})).await;
        assert_eq!(response["data"]["createStyle"]["style"]["name"], "IPA", "{response:#}");
    }
}

#[tokio::test]
async fn an_outcome_of_another_version_is_read() {
    for app in TestApp::on_each_database().await {
        let key = app.writer().await;
        let input = json!({ "name": "Orval", "city": "Florenville", "idempotencyKey": "K" });
        let created = app.done(&key, "createBrewery", input.clone()).await;
        // A newer version has columns that we do not know, an older one lacked some that we do.
        let row = json!({
            "id": "01920000-0000-7000-8000-000000000000", "name": "Stored", "name_folded": "stored", "place_key": "stored", "revision": 7,
            "founded": 1931, "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"
        });
        let refusal = json!({ "code": "INVALID", "path": ["name"], "message": "was wrong", "hint": "new" });
        for outcome in
            [json!({ "value": row, "rejections": [], "version": 9 }), json!({ "value": null, "rejections": [refusal] })]
        {
            app.db.execute_unprepared(&format!("UPDATE idempotency_record SET outcome = '{outcome}'")).await.unwrap();
            let payload = app.write(&key, "createBrewery", input.clone()).await;
            if outcome["value"].is_null() {
                assert_eq!(refusals(&payload), ["INVALID input.name"]);
            } else {
                let brewery = &payload["brewery"];
                assert_eq!(
                    [&brewery["name"], &brewery["revision"], &brewery["city"]],
                    [&json!("Stored"), &json!(7), &Value::Null]
                );
                assert_ne!(brewery["id"], created["id"]);
            }
        }
    }
}

#[tokio::test]
async fn a_key_that_is_none_is_refused() {
    for app in TestApp::on_each_database().await {
        let key = app.writer().await;
        let with_key = |key: &str| json!({ "name": "IPA", "category": "Ale", "idempotencyKey": key });
        for bad in ["", "  ", "a\nb", "a\0", &"x".repeat(256)] {
            let refusals = app.refused(&key, "createStyle", with_key(bad)).await;
            assert_eq!(refusals, ["INVALID input.idempotencyKey"], "{bad:?}");
        }
        assert_eq!(app.number("SELECT count(*) FROM style").await, 0);
        app.done(&key, "createStyle", with_key(&"ø".repeat(255))).await;
    }
}

#[tokio::test]
async fn a_retry_needs_the_scope_still() {
    for app in TestApp::on_each_database().await {
        let key = app.key(&[Scope::CatalogWrite]).await;
        let create =
            r#"mutation { createStyle(input: { name: "IPA", category: "Ale", idempotencyKey: "K" }) { style { name } } }"#;
        assert!(app.execute_as(Some(&key), create, json!({})).await.get("errors").is_none());
        app.db.execute_unprepared("UPDATE api_key SET scopes = 'reviews:write'").await.unwrap();
        let response = app.execute_as(Some(&key), create, json!({})).await;
        assert_eq!((&response["data"], &response["errors"][0]["extensions"]["code"]), (&Value::Null, &json!("FORBIDDEN")));
    }
}

#[tokio::test]
async fn keys_are_forgotten_when_they_are_old() {
    for app in TestApp::on_each_database().await {
        let key = app.writer().await;
        let create = |key: &str| json!({ "name": key, "category": "Ale", "idempotencyKey": key });
        app.done(&key, "createStyle", create("old")).await;
        let between = clock::now();
        app.done(&key, "createStyle", create("new")).await;
        assert_eq!(forget_before(&app.db, between).await.unwrap(), 1);
        app.done(&key, "createStyle", create("new")).await;
        assert_eq!(app.refused(&key, "createStyle", create("old")).await, ["ALREADY_EXISTS input.name"]);
    }
}

#[tokio::test]
async fn the_service_forgets_again_and_again() {
    for app in TestApp::on_each_database().await {
        let key = app.writer().await;
        let keys = async || app.number("SELECT count(*) FROM idempotency_record").await;
        let style = |name: &str| json!({ "name": name, "category": "Ale", "idempotencyKey": name });
        app.done(&key, "createStyle", style("a")).await;
        let hour = Duration::from_secs(3600);
        let nothing = keep_forgetting(app.db.clone(), hour, Duration::from_millis(1));
        assert!(tokio::time::timeout(Duration::from_millis(50), nothing).await.is_err(), "it goes on until it is dropped");
        assert_eq!(keys().await, 1, "an hour has not passed");

        let everything = tokio::spawn(keep_forgetting(app.db.clone(), Duration::ZERO, Duration::from_millis(1)));
        for name in ["b", "c"] {
            app.done(&key, "createStyle", style(name)).await;
            while keys().await > 0 {}
        }
        everything.abort();
    }
}
