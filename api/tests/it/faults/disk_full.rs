//! A full disk: nothing is half-written, reads go on, and so do writes once there is room.

use std::process::Command;

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use taproom::{config::DatabaseConfig, database, http::settings::Settings};

use tokio::task::block_in_place;

use super::ledger::{Load, Target};
use super::restart::QUIET;
use super::{summary, until};
use crate::support::{app::TestApp, patient, program::Running, sqlite, taproom, writing::refusals};

const CREATE: &str =
    "mutation ($input: CreateReviewInput!) { createReview(input: $input) { review { id } errors { code path } } }";

async fn beer(app: &TestApp, key: &str) -> Value {
    let brewery = app.done(key, "createBrewery", json!({ "name": "Orval" })).await["id"].take();
    app.done(key, "createBeer", json!({ "breweryId": brewery, "name": "Orval" })).await["id"].take()
}

/// Writes until there is no room, then makes some by `mend` and sends the same again; returns how many were acknowledged.
async fn fill(app: &TestApp, key: &str, mend: &str) -> i64 {
    let beer = beer(app, key).await;
    let mut acknowledged = 0;
    let refused = loop {
        let review = json!({ "beerId": beer, "author": "Ada", "rating": 5, "body": "x".repeat(2_000), "idempotencyKey": acknowledged.to_string() });
        let before = app.row_counts().await;
        let variables = json!({ "input": review });
        let response = app.execute_as(Some(key), CREATE, variables.clone()).await;
        let Some(errors) = response["errors"].as_array() else {
            assert_eq!(refusals(&response["data"]["createReview"]), [""; 0]);
            acknowledged += 1;
            assert!(acknowledged < 1_000, "the disk is not full yet");
            continue;
        };
        assert_eq!(errors[0]["extensions"]["code"], "SERVICE_UNAVAILABLE", "{response:#}");
        assert_eq!(app.row_counts().await, before, "nothing is half-written");
        break variables;
    };
    for _ in 0..3 {
        let response = app.execute_as(Some(key), CREATE, refused.clone()).await;
        assert_eq!(response["errors"][0]["extensions"]["code"], "SERVICE_UNAVAILABLE", "{response:#}");
    }
    assert_eq!(app.number("SELECT count(*) FROM review").await, acknowledged);

    app.db.execute_unprepared(mend).await.unwrap();
    for _ in 0..2 {
        let response = app.execute_as(Some(key), CREATE, refused.clone()).await;
        assert!(response["data"]["createReview"]["review"]["id"].is_string(), "{response:#}");
    }
    assert_eq!(app.number("SELECT count(*) FROM review").await, acknowledged + 1);
    acknowledged
}

/// `max_page_count` makes SQLite fail exactly as a full disk: with `SQLITE_FULL`. It is the connection's, of which there is one here.
#[tokio::test]
async fn sqlite_survives_a_full_disk() {
    let (_migrated, folder) = sqlite().await;
    let url = format!("sqlite:{}", folder.path().join("taproom.db").display());
    let config = DatabaseConfig { pool_size: 1, ..patient(&url) };
    let app = TestApp::over(database::connect(&config).await.unwrap(), Settings::default()).await;
    let key = app.writer().await;
    let pages = app.number("PRAGMA page_count").await;
    app.db.execute_unprepared(&format!("PRAGMA max_page_count = {}", pages + 20)).await.unwrap();
    let acknowledged = fill(&app, &key, "PRAGMA max_page_count = 1073741823").await;
    assert!(acknowledged > 0);
    eprintln!("SQLite: disk full after {acknowledged} acknowledged writes, lost 0, doubled 0");
}

/// PostgreSQL's disk cannot be filled here: a trigger raises what it would, 53100 (`disk_full`), after three rows.
#[tokio::test]
async fn postgres_survives_a_full_disk() {
    for app in TestApp::on_each_database().await.into_iter().filter(TestApp::is_postgres) {
        let key = app.writer().await;
        let full = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF (SELECT count(*) FROM review) >= 3 THEN
                    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER full_disk BEFORE INSERT ON review FOR EACH ROW EXECUTE FUNCTION full_disk()";
        app.db.execute_unprepared(full).await.unwrap();
        assert_eq!(fill(&app, &key, "DROP TRIGGER full_disk ON review").await, 3);
    }
}

/// The real program, which the system lets write nothing to any file for a while: a write to the WAL fails in the middle of a commit.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_survives_writes_that_fail() {
    let (db, folder) = sqlite().await;
    let url = format!("sqlite:{}", folder.path().join("taproom.db").display());
    let target = Target::prepare(&db).await;
    // The signal that comes with the limit would kill it.
    let mut command = Command::new("sh");
    let taproom = taproom();
    command.args(["-c", r#"trap '' XFSZ; exec "$@""#, "sh"]).arg(taproom.get_program());
    let running = block_in_place(|| Running::launch(command, &[("TAPROOM_DATABASE_URL", &url), QUIET]));
    let address = format!("http://{}", running.address);
    let limit = |bytes: &str| {
        let limit = format!("--fsize={bytes}:unlimited");
        assert!(Command::new("prlimit").args(["--pid", &running.child.id().to_string(), &limit]).status().unwrap().success());
    };

    let load = Load::start(&target, &address, 4);
    load.acknowledged(20).await;
    limit("0");
    let failed = load.failed() + 40;
    until("writes fail", async || load.failed() >= failed).await;
    let query = json!({ "query": "{ beers { totalCount } }" });
    for _ in 0..5 {
        let response = crate::http_support::client().post(format!("{address}/graphql")).json(&query).send().await.unwrap();
        assert_eq!(summary(response).await, "200 - ", "reads go on");
    }
    limit("unlimited");
    load.acknowledged(40).await;
    let (_, failures) = load.settle("SQLite, writes failed for a while", &db).await;
    assert_eq!(failures.keys().collect::<Vec<_>>(), ["503 1 SERVICE_UNAVAILABLE"], "{failures:?}");
}
