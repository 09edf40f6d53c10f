//! Stopping in process, over HTTP/1.1 and HTTP/2; `program.rs` does it with the real program and real signals.

use std::io::Write;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::json;
use taproom::http::shutdown::{Outcome, Plan};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::http_support::{Options, TestServer, header};

/// Until a test gives up; less than an idle connection may last.
const PATIENCE: Duration = Duration::from_secs(60);

fn plan(drain_delay: u64, deadline: u64) -> Options {
    let plan = Plan { drain_delay: Duration::from_millis(drain_delay), deadline: Duration::from_millis(deadline) };
    Options { plan, ..Options::default() }
}

/// Sends a query that takes as long as `credential` says, and waits until the server has it.
async fn send_slow(server: &TestServer, credential: &str) -> JoinHandle<StatusCode> {
    let request = server.post().bearer_auth(credential).json(&json!({"query": "{ __typename }"}));
    let status = tokio::spawn(async move { request.send().await.unwrap().status() });
    wait_for_one(server).await;
    status
}

async fn send_slow_by_http2(server: &TestServer, credential: &str) -> JoinHandle<StatusCode> {
    let stream = TcpStream::connect(&server.address).await.unwrap();
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let url = format!("http://{}/graphql?query=%7B__typename%7D", server.address);
    let request = Request::get(url).header("authorization", format!("Bearer {credential}")).body(Body::empty()).unwrap();
    let status = tokio::spawn(async move { sender.send_request(request).await.unwrap().status() });
    wait_for_one(server).await;
    status
}

async fn wait_for_one(server: &TestServer) {
    while server.lifecycle.in_flight() == 0 {
        sleep(Duration::from_millis(5)).await;
    }
}

/// Waits until nobody listens any more.
async fn wait_until_closed(server: &TestServer) {
    while TcpStream::connect(&server.address).await.is_ok() {
        sleep(Duration::from_millis(20)).await;
    }
}

/// Draining takes seconds, so that a busy machine gets its question in.
async fn requests_under_way_finish_and_new_ones_are_refused(by_http2: bool) {
    let server = TestServer::start_with(plan(3000, 600_000)).await;
    let under_way = if by_http2 { send_slow_by_http2(&server, "gated").await } else { send_slow(&server, "gated").await };
    server.signals.send("test").unwrap();
    while !server.lifecycle.is_draining() {
        sleep(Duration::from_millis(5)).await;
    }
    let during = server.get("/readyz").send().await.unwrap();
    assert_eq!((during.status().as_u16(), header(&during, "connection")), (503, "close"), "still served, not ready");
    timeout(PATIENCE, wait_until_closed(&server)).await.expect("accepts nothing more");
    assert!(!server.outcome.is_finished());

    server.gate.open();
    assert_eq!(under_way.await.unwrap(), 200);
    assert_eq!(server.outcome.await.unwrap(), Outcome::Drained);
}

#[tokio::test]
async fn over_http1_requests_under_way_finish_and_new_ones_are_refused() {
    requests_under_way_finish_and_new_ones_are_refused(false).await;
}

#[tokio::test]
async fn over_http2_requests_under_way_finish_and_new_ones_are_refused() {
    requests_under_way_finish_and_new_ones_are_refused(true).await;
}

#[tokio::test]
async fn the_deadline_and_a_second_signal_cut_what_is_left() {
    let server = TestServer::start_with(plan(0, 300)).await;
    let forever = send_slow(&server, "forever").await;
    server.signals.send("test").unwrap();
    assert_eq!(server.outcome.await.unwrap(), Outcome::Cut { requests: 1 });
    assert_eq!(forever.await.unwrap(), 503, "and is told so");

    let server = TestServer::start_with(plan(600_000, 1_200_000)).await;
    let _forever = send_slow(&server, "forever").await;
    server.signals.send("first").unwrap();
    server.signals.send("second").unwrap();
    let outcome = timeout(PATIENCE, server.outcome).await.expect("at once");
    assert_eq!(outcome.unwrap(), Outcome::Cut { requests: 1 });
}

#[tokio::test]
async fn what_was_sent_before_the_signal_is_answered_although_nothing_had_been_read() {
    let server = TestServer::start_with(plan(0, 600_000)).await;
    sleep(Duration::from_millis(50)).await;
    // Without a pause, so that the server, on the same thread, cannot accept any; no more than the listener keeps waiting.
    let connect = || std::net::TcpStream::connect(&server.address).unwrap();
    let mut asking: Vec<_> = (0..100).map(|_| connect()).collect();
    let _silent = connect();
    for stream in &mut asking {
        stream.write_all(b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    }
    server.signals.send("test").unwrap();
    for stream in asking {
        stream.set_nonblocking(true).unwrap();
        let mut response = String::new();
        TcpStream::from_std(stream).unwrap().read_to_string(&mut response).await.unwrap();
        assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    }
    let outcome = timeout(PATIENCE, server.outcome).await.expect("not delayed by the silent one");
    assert_eq!(outcome.unwrap(), Outcome::Drained);
}
