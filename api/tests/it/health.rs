//! Health: who may send requests here, and which build this is.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::http_support::{Options, Probe, TestServer, header, json as body_of};

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
    let started = Instant::now();
    let (status, body) = readiness(Probe::Slow).await;
    assert_eq!((status, &body["reason"]), (503, &json!("DATABASE_TIMEOUT")));
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
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
    assert!(chrono::DateTime::parse_from_rfc3339(body["buildTime"].as_str().unwrap()).is_ok(), "{body}");
    for path in ["/", "/livez", "/readyz", "/graphql", "/nowhere", "/playground/app.js"] {
        let response = server.get(path).send().await.unwrap();
        assert_eq!(header(&response, "x-taproom-version"), env!("CARGO_PKG_VERSION"), "{path}");
        assert_eq!(header(&response, "x-taproom-commit"), commit, "{path}");
        assert_eq!(header(&response, "x-taproom-build-time"), body["buildTime"], "{path}");
    }
}
