//! PostgreSQL away for a while, on a server that is this test's own.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use serde_json::{Value, json};
use taproom::{config::DatabaseConfig, database};

use super::ledger::{Load, Target};
use super::restart::program;
use super::{summary, until};
use crate::http_support::client;
use crate::support::postgres::own_server;

const CLIENTS: usize = 8;

/// Whoever gets no result is told that the database is to blame, and if that was known beforehand, by a 503 that says when to retry.
fn assert_told(failures: &BTreeMap<String, usize>) {
    let known = ["503 1 SERVICE_UNAVAILABLE"];
    assert!(failures.keys().all(|failure| known.contains(&failure.as_str())), "{failures:?}");
}

async fn readiness(url: &str) -> (u16, Value) {
    let response = client().get(format!("{url}/readyz")).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// Ends every other connection to the database; returns how many there were.
async fn terminate(db: &DatabaseConnection) -> usize {
    let all =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    db.query_all_raw(Statement::from_string(db.get_database_backend(), all)).await.unwrap().len()
}

async fn connect(url: &str) -> DatabaseConnection {
    // One connection, so that it does not end itself.
    database::connect(&DatabaseConfig { pool_size: 1, ..DatabaseConfig::at(url.parse().unwrap()) }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_loses_nothing_and_keeps_nobody_waiting() {
    let Some((mut server, database)) = own_server().await else { return };
    let db = connect(&database).await;
    let target = Target::prepare(&db).await;
    let (_running, url) = program(&database);
    let send = async |document: &str, key: Option<&str>| {
        let request = client().post(format!("{url}/graphql")).json(&json!({ "query": document }));
        let request = if let Some(key) = key { request.bearer_auth(key) } else { request };
        request.header("accept", "application/graphql-response+json").send().await.unwrap()
    };
    let beers = "{ beers { totalCount } }";

    let load = Load::start(&target, &url, CLIENTS);
    load.acknowledged(30).await;
    server.stop().await;
    until("not ready", async || readiness(&url).await.0 == 503).await;
    until("known to be down", async || summary(send(beers, None).await).await == "503 1 SERVICE_UNAVAILABLE").await;
    // From here on nobody waits for the database or is told anything else.
    for _ in 0..50 {
        assert_eq!(summary(send(beers, None).await).await, "503 1 SERVICE_UNAVAILABLE");
        assert_eq!(summary(send(beers, Some(&target.key)).await).await, "503 1 SERVICE_UNAVAILABLE");
    }
    assert_eq!(readiness(&url).await.1["reason"], "DATABASE_UNAVAILABLE");
    assert_eq!(client().get(format!("{url}/livez")).send().await.unwrap().status(), 200);
    assert_eq!(summary(send("{", None).await).await, "400 - GRAPHQL_PARSE_FAILED", "the client's fault is told all the same");

    server.restart().await;
    until("ready again", async || readiness(&url).await.0 == 200).await;
    load.acknowledged(50).await;
    let db = connect(&database).await;
    let (_, failures) = load.settle("PostgreSQL stopped and started", &db).await;
    assert_told(&failures);

    lost_connections(&db, &target, &url).await;
}

/// The server is there all the time, but every connection to it is lost: under load, and while nobody uses them.
async fn lost_connections(db: &DatabaseConnection, target: &Target, url: &str) {
    db.execute_unprepared("DELETE FROM review; DELETE FROM beer WHERE name <> 'Orval'; DELETE FROM idempotency_record")
        .await
        .unwrap();
    let load = Load::start(target, url, CLIENTS);
    let mut terminated = 0;
    for _ in 0..3 {
        load.acknowledged(30).await;
        terminated += terminate(db).await;
    }
    load.acknowledged(30).await;
    // Mostly one request for a connection; more, if the probe's own login was among those that were ended.
    eprintln!("{} requests failed for {terminated} connections", load.failed());
    let (_, failures) = load.settle(&format!("{terminated} connections lost under load"), db).await;
    assert_told(&failures);

    let idle = terminate(db).await;
    let request = || client().post(format!("{url}/graphql")).json(&json!({ "query": "{ beers { totalCount } }" })).send();
    let mut failed = 0;
    for _ in 0..20 {
        failed += usize::from(summary(request().await.unwrap()).await != "200 - ");
    }
    eprintln!("{idle} idle connections lost: {failed} of 20 requests failed");
    assert!(failed <= 1, "after the first one, the others are asked before they are used");
}
