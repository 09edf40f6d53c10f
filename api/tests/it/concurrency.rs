//! Many writers at once, on two instances of the service.

use std::time::Duration;

use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use serde_json::{Value, json};
use taproom::{
    catalog::{
        rules::StyleFields,
        write::{Actor, CreateStyle, run},
    },
    database,
};

use crate::support::{
    app::TestApp,
    sqlite,
    writing::{all_at_once, refusals},
};

/// Two instances over a database of each kind, and a key to write with.
async fn pairs() -> Vec<([TestApp; 2], String)> {
    let mut pairs = Vec::new();
    for app in TestApp::on_each_database().await {
        let key = app.writer().await;
        let another = app.another().await;
        pairs.push(([app, another], key));
    }
    pairs
}

async fn brewery(app: &TestApp, key: &str, name: &str) -> Value {
    app.done(key, "createBrewery", json!({ "name": name })).await["id"].take()
}

async fn beer(app: &TestApp, key: &str) -> Value {
    let brewery = brewery(app, key, "Orval").await;
    app.done(key, "createBeer", json!({ "breweryId": brewery, "name": "Orval" })).await["id"].take()
}

/// How often each list of refusals is among the payloads; the empty one stands for success.
fn tally(payloads: &[Value]) -> Vec<(Vec<String>, usize)> {
    let mut all: Vec<_> = payloads.iter().map(refusals).collect();
    all.sort();
    all.chunk_by(|a, b| a == b).map(|same| (same[0].clone(), same.len())).collect()
}

/// Every beer's summary against its reviews.
async fn assert_summaries(app: &TestApp) {
    let wrong = "SELECT count(*) FROM beer WHERE rating_count <> (SELECT count(*) FROM review WHERE beer_id = beer.id)
        OR rating_sum <> (SELECT coalesce(sum(rating), 0) FROM review WHERE beer_id = beer.id)";
    assert_eq!(app.number(wrong).await, 0);
}

#[tokio::test]
async fn every_review_counts() {
    for (apps, key) in pairs().await {
        let beer = beer(&apps[0], &key).await;
        let review = |n: usize| ("createReview", json!({ "beerId": beer, "author": "Ada", "rating": n % 5 + 1 }));
        let payloads = all_at_once(&apps, &key, (0..32).map(review)).await;
        assert_eq!(tally(&payloads), [(Vec::new(), 32)]);
        assert_eq!(
            apps[0].number("SELECT rating_count FROM (SELECT CAST(rating_count AS BIGINT) AS rating_count FROM beer) b").await,
            32
        );
        assert_summaries(&apps[0]).await;
    }
}

#[tokio::test]
async fn of_updates_from_one_revision_one_wins() {
    for (apps, key) in pairs().await {
        let beer = beer(&apps[0], &key).await;
        let update = |n: u32| ("updateBeer", json!({ "id": beer, "expectedRevision": 1, "abv": n }));
        let payloads = all_at_once(&apps, &key, (0..16).map(update)).await;
        assert_eq!(tally(&payloads), [(Vec::new(), 1), (vec!["REVISION_CONFLICT input.expectedRevision".to_owned()], 15)]);
        let winner = payloads.iter().find(|payload| refusals(payload).is_empty()).unwrap();
        for payload in &payloads {
            assert_eq!(payload["beer"], winner["beer"], "the losers see what the winner wrote");
        }
    }
}

#[tokio::test]
async fn changed_and_removed_reviews_leave_an_exact_summary() {
    for (apps, key) in pairs().await {
        let beer = beer(&apps[0], &key).await;
        let create = |_| ("createReview", json!({ "beerId": beer, "author": "Ada", "rating": 3 }));
        let reviews = all_at_once(&apps, &key, (0..12).map(create)).await;
        // Each is changed twice from the same revision and removed twice, and others come.
        let calls = reviews.iter().flat_map(|payload| {
            let id = &payload["review"]["id"];
            let update = |rating| ("updateReview", json!({ "id": id, "expectedRevision": 1, "rating": rating }));
            let delete = || ("deleteReview", json!({ "id": id }));
            [update(1), delete(), update(5), create(0), delete()]
        });
        let payloads = all_at_once(&apps, &key, calls).await;
        let allowed = ["NOT_FOUND input.id", "REVISION_CONFLICT input.expectedRevision"];
        for (refusals, count) in tally(&payloads) {
            assert!(refusals.iter().all(|refusal| allowed.contains(&refusal.as_str())), "{count} times {refusals:?}");
        }
        let deleted = payloads.iter().filter(|payload| payload["deletedReviewId"].is_string()).count();
        assert_eq!(deleted, 12, "each is removed once");
        assert_summaries(&apps[0]).await;
    }
}

#[tokio::test]
async fn of_equal_things_one_is_created() {
    for (apps, key) in pairs().await {
        let brewery = brewery(&apps[0], &key, "Orval").await;
        for (field, input) in [
            ("createBeer", json!({ "breweryId": brewery, "name": "Orval" })),
            ("createBrewery", json!({ "name": "Rochefort" })),
            ("createStyle", json!({ "name": "Trappist", "category": "Ale" })),
        ] {
            let payloads = all_at_once(&apps, &key, (0..16).map(|_| (field, input.clone()))).await;
            assert_eq!(tally(&payloads), [(Vec::new(), 1), (vec!["ALREADY_EXISTS input.name".to_owned()], 15)], "{field}");
        }
    }
}

#[tokio::test]
async fn what_is_deleted_meanwhile_gets_no_orphans() {
    for (apps, key) in pairs().await {
        let style = json!({ "name": "Trappist", "category": "Ale" });
        for round in 0..6 {
            let brewery = brewery(&apps[0], &key, &format!("Brewery {round}")).await;
            let style = apps[0].done(&key, "createStyle", style.clone()).await["id"].take();
            let calls = (0..12).map(|n| match n {
                4 => ("deleteStyle", json!({ "id": style })),
                5 => ("deleteBrewery", json!({ "id": brewery })),
                8 => ("importBeers", json!({ "rows": [{ "breweryId": brewery, "styleId": style, "name": "Imported" }] })),
                n => ("createBeer", json!({ "breweryId": brewery, "styleId": style, "name": format!("Beer {n}") })),
            });
            let payloads = all_at_once(&apps, &key, calls).await;
            let allowed = ["NOT_FOUND ", "STILL_REFERENCED input.id"];
            for (refusals, count) in tally(&payloads) {
                let ok = |refusal: &String| allowed.iter().any(|allowed| refusal.starts_with(allowed));
                assert!(refusals.iter().all(ok), "{count} times {refusals:?}");
            }
            // Free the style's name for the next round.
            apps[0].db.execute_unprepared("DELETE FROM beer").await.unwrap();
            apps[0].db.execute_unprepared("DELETE FROM style").await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_beer_that_is_deleted_meanwhile_gets_no_reviews() {
    for (apps, key) in pairs().await {
        let brewery = brewery(&apps[0], &key, "Orval").await;
        for round in 0..6 {
            let input = json!({ "breweryId": brewery, "name": format!("Beer {round}") });
            let beer = apps[0].done(&key, "createBeer", input).await["id"].take();
            let calls = (0..8).map(|n| match n {
                3 => ("deleteBeer", json!({ "id": beer })),
                _ => ("createReview", json!({ "beerId": beer, "author": "Ada", "rating": 4 })),
            });
            for (refusals, count) in tally(&all_at_once(&apps, &key, calls).await) {
                let allowed = [vec![], vec!["NOT_FOUND input.beerId".to_owned()], vec!["STILL_REFERENCED input.id".to_owned()]];
                assert!(allowed.contains(&refusals), "{count} times {refusals:?}");
            }
        }
        assert_summaries(&apps[0]).await;
    }
}

#[tokio::test]
async fn renames_and_imports_do_not_lock_each_other_out() {
    for (apps, key) in pairs().await {
        let app = &apps[0];
        let brewery = brewery(app, &key, "Old brewery").await;
        let style = app.done(&key, "createStyle", json!({ "name": "Old style", "category": "Ale" })).await["id"].take();
        let rows = |round: i32, n: i32| -> Vec<Value> {
            let row =
                |i| json!({ "breweryId": brewery, "styleId": style, "name": format!("Beer {}", (i * 7 + n) % 40), "ibu": round });
            (0..40).map(row).collect()
        };
        app.done(&key, "importBeers", json!({ "rows": rows(0, 0) })).await;
        for round in 1..=5 {
            let payloads = all_at_once(
                &apps,
                &key,
                [
                    ("updateBrewery", json!({ "id": brewery, "expectedRevision": round, "name": format!("Brewery {round}") })),
                    ("updateStyle", json!({ "id": style, "expectedRevision": round, "name": format!("Style {round}") })),
                    ("importBeers", json!({ "rows": rows(round, 3) })),
                    ("importBeers", json!({ "rows": rows(round + 10, 11) })),
                ],
            )
            .await;
            assert_eq!(tally(&payloads), [(Vec::new(), 4)]);
            let current = format!("SELECT count(*) FROM search_document WHERE context = 'brewery {round} style {round}'");
            assert_eq!(app.number(&current).await, 40, "every beer is found by both new names");
        }
    }
}

/// Without luck: the brewery's deletion is not committed while the beer is written, and is before it is done.
#[tokio::test]
async fn a_beer_waits_for_the_deletion_of_its_brewery() {
    for (apps, key) in pairs().await {
        let app = &apps[0];
        if !app.is_postgres() {
            continue; // Writers take turns on SQLite.
        }
        for (n, field) in ["createBeer", "importBeers"].into_iter().enumerate() {
            let brewery = brewery(app, &key, &format!("Brewery {n}")).await;
            let beer = json!({ "breweryId": brewery, "name": "Orval" });
            let input = if field == "importBeers" { json!({ "rows": [beer] }) } else { beer };
            let deletion = app.db.begin().await.unwrap();
            deletion.execute_unprepared("DELETE FROM brewery").await.unwrap();
            let commit = async {
                while app.number("SELECT count(*) FROM pg_locks WHERE NOT granted").await == 0 {}
                deletion.commit().await.unwrap();
            };
            let (payload, ()) = tokio::join!(app.write(&key, field, input), commit);
            assert!(refusals(&payload)[0].starts_with("NOT_FOUND "), "{payload:#}");
        }
    }
}

/// The category is the error that the database makes up; a sequence counts the attempts, for it does not go back with the transaction.
#[tokio::test]
async fn a_transaction_that_loses_is_tried_again_but_not_for_ever() {
    let fail = "CREATE SEQUENCE attempts;
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF nextval('attempts') <= CAST(new.name AS integer) THEN
                RAISE EXCEPTION 'secret' USING ERRCODE = new.category;
            END IF;
            RETURN new;
        END $$;
        CREATE TRIGGER fail BEFORE INSERT ON style FOR EACH ROW EXECUTE FUNCTION fail()";
    for (apps, key) in pairs().await {
        let app = &apps[0];
        if !app.is_postgres() {
            continue;
        }
        app.db.execute_unprepared(fail).await.unwrap();
        for (failures, error, attempts, code) in [
            (2, "40P01", 3, None),
            (2, "40001", 3, None),
            (9, "40P01", 3, Some("SERVICE_UNAVAILABLE")),
            (1, "55P03", 1, Some("SERVICE_UNAVAILABLE")),
            (1, "57014", 1, Some("SERVICE_UNAVAILABLE")),
            (1, "XX000", 1, Some("INTERNAL_SERVER_ERROR")),
        ] {
            app.db
                .execute_unprepared("ALTER SEQUENCE attempts RESTART; DELETE FROM idempotency_record; DELETE FROM style")
                .await
                .unwrap();
            let input = json!({ "name": failures.to_string(), "category": error, "idempotencyKey": "K" });
            let document = "mutation ($input: CreateStyleInput!) { createStyle(input: $input) { errors { code } } }";
            let response = app.execute_as(Some(&key), document, json!({ "input": input })).await;
            assert_eq!(response["errors"][0]["extensions"]["code"].as_str(), code, "{error}: {response:#}");
            assert!(!response.to_string().contains("secret"));
            assert_eq!(app.number("SELECT last_value FROM attempts").await, attempts, "{error}");
            let written = i64::from(code.is_none());
            assert_eq!(app.number("SELECT count(*) FROM style").await, written, "{error}");
            assert_eq!(app.number("SELECT count(*) FROM idempotency_record").await, written, "a fault is no outcome: {error}");
        }
    }
}

#[tokio::test]
async fn a_lock_that_is_not_had_in_time_is_nobodys_fault() {
    let (db, _folder) = sqlite().await;
    let options = (*db.get_sqlite_connection_pool().connect_options()).clone().busy_timeout(Duration::ZERO);
    let impatient = sqlx::SqlitePool::connect_with(options).await.unwrap().into();
    let actor = Actor { principal: "key:test".into(), is_admin: false };
    let create = || CreateStyle(StyleFields { name: "IPA".into(), category: "Ale".into() });

    let other = database::begin(&db).await.unwrap();
    let error = run(&impatient, &actor, None, create()).await.unwrap_err();
    assert!(database::is_transient(&error) && !database::is_conflict(&error), "{error}");
    other.rollback().await.unwrap();
    run(&impatient, &actor, None, create()).await.unwrap();
}
