//! More to do than there is room for.

use futures_util::future::join_all;
use sea_orm::TransactionTrait as _;
use serde_json::json;
use taproom::{config::DatabaseConfig, database, http::settings::Settings};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{summary, until};
use crate::http_support::{Options, TestServer};
use crate::support::{app::TestApp, patient, postgres::postgres_database, sqlite};

#[tokio::test]
async fn what_is_too_much_is_refused_at_once() {
    let settings = Settings { max_concurrency: 2, ..Settings::default() };
    let server = TestServer::start_with(Options { settings, ..Options::default() }).await;
    let send = |credential: &str| server.post().bearer_auth(credential).json(&json!({ "query": "{ __typename }" })).send();
    let busy = [tokio::spawn(send("forever")), tokio::spawn(send("forever"))];
    // Before its credential is looked at: this one would panic.
    until("the third is refused", async || {
        server.lifecycle.in_flight() == 2 && summary(send("panic").await.unwrap()).await == "503 1 OVERLOADED"
    })
    .await;
    let mut refused = 0;
    for _ in 0..20 {
        assert_eq!(summary(send("panic").await.unwrap()).await, "503 1 OVERLOADED");
        refused += 1;
    }
    // Before its body is read: this one never comes.
    let mut stream = TcpStream::connect(&server.address).await.unwrap();
    let head =
        "POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 503");
    for path in ["/livez", "/readyz", "/version", "/"] {
        assert_eq!(server.get(path).send().await.unwrap().status(), 200, "{path}");
    }
    for request in &busy {
        request.abort();
    }
    until("there is room again", async || summary(send("good").await.unwrap()).await == "200 - ").await;
    eprintln!("2 operations at a time: {} refused, health and playground answered", refused + 1);
}

/// A body that takes its time keeps nobody else out.
#[tokio::test]
async fn a_slow_body_takes_no_place() {
    let settings = Settings { max_concurrency: 1, ..Settings::default() };
    let server = TestServer::start_with(Options { settings, ..Options::default() }).await;
    let mut slow = TcpStream::connect(&server.address).await.unwrap();
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n{";
    slow.write_all(head.as_bytes()).await.unwrap();
    until("it is under way", async || server.lifecycle.in_flight() == 1).await;
    let request = server.post().json(&json!({ "query": "{ __typename }" }));
    assert_eq!(summary(request.send().await.unwrap()).await, "200 - ");
}

/// Bodies that never end take no place, but memory: for 32 of the largest size there is room. Small ones always find some.
#[tokio::test]
async fn bodies_take_no_more_memory_than_there_is_for_them() {
    let settings = Settings { max_body_bytes: 100_000, ..Settings::default() };
    let server = TestServer::start_with(Options { settings, ..Options::default() }).await;
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n";
    let mut slow = Vec::new();
    for _ in 0..50 {
        let mut stream = TcpStream::connect(&server.address).await.unwrap();
        stream.write_all(format!("{head}{}", " ".repeat(99_999)).as_bytes()).await.unwrap();
        slow.push(stream);
    }
    let send = |bytes: usize| {
        let variables = json!({ "unused": "x".repeat(bytes) });
        server.post().json(&json!({ "query": "{ __typename }", "variables": variables })).send()
    };
    until("there is no memory left", async || summary(send(90_000).await.unwrap()).await == "503 1 OVERLOADED").await;
    assert_eq!(summary(send(1_000).await.unwrap()).await, "200 - ");
    drop(slow);
    until("there is memory again", async || summary(send(90_000).await.unwrap()).await == "200 - ").await;
}

#[tokio::test]
async fn an_exhausted_pool_is_no_outage() {
    let (_migrated, folder) = sqlite().await;
    let mut urls = vec![format!("sqlite:{}", folder.path().join("taproom.db").display())];
    urls.extend(postgres_database().await.map(|postgres| postgres.url));
    for url in urls {
        let config = DatabaseConfig { pool_size: 2, acquire_timeout_ms: 1_000, ..patient(&url) };
        let app = TestApp::over(database::connect(&config).await.unwrap(), Settings::default()).await;
        let key = app.writer().await;
        let get = async |path: &str| reqwest::get(format!("{}{path}", app.url)).await.unwrap().status().as_u16();
        let query = json!({ "query": "{ beers { totalCount } }" });
        let held = [app.db.begin().await.unwrap(), app.db.begin().await.unwrap()];
        let refused = join_all((0..10).map(|_| async { summary(app.send(Some(&key), &query).await).await }));
        let failed = async { summary(app.send(None, &query).await).await };
        let (refused, failed, alive) = tokio::join!(refused, failed, get("/livez"));
        assert_eq!(
            (refused, failed.as_str(), alive),
            (vec!["503 1 SERVICE_UNAVAILABLE".to_owned(); 10], "503 1 SERVICE_UNAVAILABLE", 200)
        );
        for transaction in held {
            transaction.rollback().await.unwrap();
        }
        // The probes that the doubts have caused found the database there: nothing has to come back first.
        assert_eq!((summary(app.send(Some(&key), &query).await).await.as_str(), get("/readyz").await), ("200 - ", 200));
    }
}
