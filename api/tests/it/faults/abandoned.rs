//! What a request that was given up leaves behind on PostgreSQL.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use serde_json::{Value, json};
use taproom::{config::DatabaseConfig, database, http::settings::Settings};
use tokio::net::TcpStream;

use super::{summary, until};
use crate::support::{app::TestApp, patient, postgres::postgres_database};

const UPDATE: &str =
    "mutation ($id: ID!) { updateBrewery(input: { id: $id, expectedRevision: 1, city: \"Orval\" }) { brewery { revision } } }";

fn update(id: &Value) -> Value {
    json!({ "query": UPDATE, "variables": { "id": id } })
}

/// Nothing but the abandonment can end these statements: PostgreSQL has no limit, and the test holds the rows' locks.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_waits_for_ends_on_the_server_and_nothing_else_does() {
    let Some(postgres) = postgres_database().await else { return };
    let config = DatabaseConfig { statement_timeout_ms: Some(0), lock_timeout_ms: 0, pool_size: 3, ..patient(&postgres.url) };
    let db = database::connect(&config).await.unwrap();
    let app = Arc::new(TestApp::over(db.clone(), Settings::default()).await);
    let hasty = Settings { request_timeout: Duration::from_millis(300), ..Settings::default() };
    let hasty = TestApp::over(db, hasty).await;
    let key = app.writer().await;
    let mut breweries = Vec::new();
    for name in ["innocent", "too slow", "client gone"] {
        breweries.push(app.done(&key, "createBrewery", json!({ "name": name })).await["id"].take());
    }

    let observer = postgres.connect().await;
    let locks = observer.begin().await.unwrap();
    locks.execute_unprepared("SELECT 1 FROM brewery FOR UPDATE").await.unwrap();
    let observer = TestApp::over(observer, Settings::default()).await;
    let waiting = async || {
        observer
            .number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
            .await
    };
    let send = |id: &Value| {
        let (app, key, body) = (app.clone(), key.clone(), update(id));
        tokio::spawn(async move { app.send(Some(&key), &body).await })
    };
    let innocent = send(&breweries[0]);
    until("the innocent one waits", async || waiting().await == 1).await;

    assert_eq!(summary(hasty.send(Some(&key), &update(&breweries[1])).await).await, "503 1 OPERATION_TIMEOUT");
    until("the slow statement is gone", async || waiting().await == 1).await;

    let gone = send(&breweries[2]);
    until("both wait", async || waiting().await == 2).await;
    gone.abort();
    until("the statement of who hung up is gone", async || waiting().await == 1).await;

    reset_by_http2(&app.url, &key, &update(&breweries[2]), async || until("both wait", async || waiting().await == 2).await)
        .await;
    until("the statement of the stream that was reset is gone", async || waiting().await == 1).await;

    locks.rollback().await.unwrap();
    assert_eq!(summary(innocent.await.unwrap()).await, "200 - ");
    for (brewery, revision) in breweries.iter().zip([2, 1, 1]) {
        assert_eq!(app.read("Brewery", brewery).await["revision"], revision, "{brewery}");
    }
    // As many at once as the pool has connections, and the rows are free.
    let again = [send(&breweries[1]), send(&breweries[2]), send(&breweries[0])];
    for response in again {
        assert_eq!(response.await.unwrap().status(), 200);
    }
}

/// Sends a request over HTTP/2 and resets its stream, and not the connection, once `waits` is done.
async fn reset_by_http2(url: &str, key: &str, body: &Value, waits: impl AsyncFnOnce()) {
    let stream = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request = Request::post(format!("{url}/graphql"))
        .header("authorization", format!("Bearer {key}"))
        .header("content-type", "application/json");
    let mut response = Box::pin(sender.send_request(request.body(Body::from(body.to_string())).unwrap()));
    tokio::select! {
        response = &mut response => panic!("{response:?}"),
        () = waits() => drop(response),
    }
    // The stream is reset by a task of the connection, which would end with its last sender.
    tokio::spawn(async move {
        sender.ready().await.unwrap();
        tokio::time::sleep(Duration::from_secs(60)).await;
    });
}
