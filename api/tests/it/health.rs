//! Health: who may send requests here, and which build this is.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;

use crate::http_support::{Gate, Options, Probe, TestServer, header, json as body_of};

async fn readiness(schema: Probe) -> (u16, serde_json::Value) {
    let server = TestServer::start_with(Options { schema, ..Options::default() }).await;
    assert_eq!(server.get("/livez").send().await.unwrap().status(), 200, "alive whatever the database does");
    let response = server.get("/readyz").send().await.unwrap();
    (response.status().as_u16(), body_of(response).await)
}

#[tokio::test]
async fn readiness_is_the_databases_and_the_schemas() {
    let (status, body) = readiness(Probe::Fine).await;
    assert_eq!((status, &body["status"]), (200, &json!("ready")));
    assert!(body.get("reason").is_none());

    let (status, body) = readiness(Probe::Missing).await;
    assert_eq!((status, &body["reason"]), (503, &json!("SCHEMA_OUTDATED")));
    assert!(body["checks"][2]["detail"].as_str().unwrap().contains("taproom migrate up"), "{body}");

    let (status, body) = readiness(Probe::Broken).await;
    assert_eq!((status, &body["reason"]), (503, &json!("DATABASE_UNAVAILABLE")));
    assert!(!body.to_string().contains("hunter2"), "{body}");
}

#[tokio::test]
async fn a_database_that_hangs_is_given_up_after_a_second() {
    let (status, body) = readiness(Probe::Slow).await;
    assert_eq!((status, &body["reason"]), (503, &json!("DATABASE_TIMEOUT")));
    assert!(body["checks"][1]["detail"].as_str().unwrap().ends_with("within 1 s"), "{body}");
}

#[tokio::test]
async fn who_asks_at_the_same_time_or_soon_after_shares_the_answer() {
    let gate = Gate::default();
    let server = TestServer::start_with(Options { schema: Probe::Gated(gate.clone()), ..Options::default() }).await;
    let ask = || {
        let request = server.get("/readyz").send();
        tokio::spawn(async move { request.await.unwrap().status().as_u16() })
    };
    let asked = || gate.asked.load(Ordering::SeqCst);
    let in_flight = async |expected| {
        while server.lifecycle.in_flight() != expected {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    // Whoever leaves does not make place for another question.
    for _ in 0..20 {
        let leaves = ask();
        in_flight(1).await;
        leaves.abort();
        in_flight(0).await;
    }
    let askers: Vec<_> = (0..20).map(|_| ask()).collect();
    in_flight(askers.len()).await;
    // One, but each second the database is given up, and a busy machine may need some.
    assert!((1..=10).contains(&asked()), "{}", asked());
    gate.open();
    for asker in askers {
        // If it took too long to get here, the database was given up.
        assert!(matches!(asker.await.unwrap(), 200 | 503));
    }

    let before = asked();
    for _ in 0..500 {
        ask().await.unwrap();
    }
    assert!(asked() < before + 500, "some of them came within half a second of each other");
    let before = asked();
    while asked() == before {
        assert_eq!(ask().await.unwrap(), 200, "an answer does not count for ever");
    }
    server.lifecycle.start_draining();
    assert_eq!(ask().await.unwrap(), 503, "which nobody shares");
}

#[tokio::test]
async fn a_draining_process_is_alive_and_not_ready() {
    let server = TestServer::start().await;
    server.lifecycle.start_draining();
    assert_eq!(server.get("/livez").send().await.unwrap().status(), 200);
    let response = server.get("/readyz").send().await.unwrap();
    assert_eq!(header(&response, "connection"), "close");
    assert_eq!(response.status(), 503);
    assert_eq!(body_of(response).await["reason"], "DRAINING");
}

#[tokio::test]
async fn every_response_tells_the_version() {
    let server = TestServer::start().await;
    let response = server.get("/version").send().await.unwrap();
    let commit = header(&response, "x-taproom-commit").to_owned();
    let body = body_of(response).await;
    assert_eq!(body["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(body["commit"], commit.as_str());
    assert_eq!(body["schemaVersion"], migration::required_versions().pop().unwrap().as_str());
    assert_eq!((&body["slot"], &body["deployment"]), (&"none".into(), &serde_json::Value::Null), "it belongs to no rollout");
    assert!(chrono::DateTime::parse_from_rfc3339(body["buildTime"].as_str().unwrap()).is_ok(), "{body}");
    for path in ["/", "/livez", "/readyz", "/graphql", "/nowhere", "/playground/app.js"] {
        let response = server.get(path).send().await.unwrap();
        assert_eq!(header(&response, "x-taproom-version"), env!("CARGO_PKG_VERSION"), "{path}");
        assert_eq!(header(&response, "x-taproom-commit"), commit, "{path}");
        assert_eq!(header(&response, "x-taproom-build-time"), body["buildTime"], "{path}");
    }
}
