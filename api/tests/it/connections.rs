//! What a connection may take. Limits are short where they must be reached, and long where they must not; no time is measured.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use axum::{Router, routing::get};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use taproom::http::connections::Connections;
use taproom::http::lifecycle::Lifecycle;
use taproom::http::settings::Settings;
use taproom::http::shutdown::{Signals, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::http_support::{Options, TestServer};

const SHORT: Duration = Duration::from_millis(200);
const PING: &str = "GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n";

async fn start(connections: Connections) -> TestServer {
    let settings = Settings { body_timeout: SHORT, ..Settings::default() };
    TestServer::start_with(Options { connections, settings, ..Options::default() }).await
}

async fn connect(server: &TestServer, first: &str) -> TcpStream {
    let mut stream = TcpStream::connect(&server.address).await.unwrap();
    stream.write_all(first.as_bytes()).await.unwrap();
    stream
}

/// What comes until the server closes the connection.
async fn rest(mut stream: TcpStream) -> String {
    let mut received = Vec::new();
    // It may be reset after its last byte, where the client was still sending.
    let _ = stream.read_to_end(&mut received).await;
    String::from_utf8(received).unwrap()
}

async fn http2(server: &TestServer) -> (http2::SendRequest<Body>, tokio::task::JoinHandle<()>) {
    let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(connect(server, "").await)).await.unwrap();
    (sender, tokio::spawn(async move { connection.await.unwrap() }))
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let server = start(Connections::default()).await;
    let head = "POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    let answer = rest(connect(&server, head).await).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(
        answer.contains("connection: close\r\n") && answer.contains("REQUEST_TIMEOUT") && answer.contains("200ms"),
        "{answer}"
    );
}

#[tokio::test]
async fn an_idle_connection_is_closed_however_far_it_came() {
    let server = start(Connections { idle_timeout: SHORT, ..Connections::default() }).await;
    for sent in ["", "G", "GET /livez HTTP/1.1\r\nhost: lo", "PRI * HTTP/2.0\r\n"] {
        assert_eq!(rest(connect(&server, sent).await).await, "", "{sent}");
    }
    let answer = rest(connect(&server, PING).await).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with(r#"{"status":"alive"}"#), "{answer}");

    let (_never_asks, connection) = http2(&server).await;
    connection.await.unwrap();
    let (mut asks, connection) = http2(&server).await;
    let request = || Request::get(format!("http://{}/livez", server.address)).body(Body::empty()).unwrap();
    assert_eq!(asks.send_request(request()).await.unwrap().status(), 200);
    connection.await.unwrap();
    assert!(asks.send_request(request()).await.is_err());
}

#[tokio::test]
async fn a_connection_with_a_slow_request_is_not_idle() {
    let server = start(Connections { idle_timeout: SHORT, ..Connections::default() }).await;
    let slow = "GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer slow\r\n\r\n";
    let answer = rest(connect(&server, slow).await).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (mut sender, _connection) = http2(&server).await;
    let url = format!("http://{}/graphql?query=%7B__typename%7D", server.address);
    let request = Request::get(url).header("authorization", "Bearer slow").body(Body::empty()).unwrap();
    assert_eq!(sender.send_request(request).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_head_has_a_bound() {
    let server = start(Connections::default()).await;
    for (target, header, status) in [(60_000, 1, "404"), (1, 60_000, "404"), (66_000, 1, "431"), (1, 66_000, "431")] {
        let (target, header) = ("x".repeat(target), "x".repeat(header));
        let head = format!("GET /{target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx: {header}\r\n\r\n");
        let answer = rest(connect(&server, &head).await).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    }
}

#[tokio::test]
async fn a_connection_waits_for_a_place() {
    let server = start(Connections { max_connections: 1, ..Connections::default() }).await;
    let mut first = connect(&server, PING).await;
    first.read_u8().await.unwrap();
    let mut second = connect(&server, PING).await;
    assert!(timeout(SHORT, second.read_u8()).await.is_err(), "while the first is open");
    drop(first);
    second.read_u8().await.unwrap();
}

#[tokio::test]
async fn who_reads_nothing_loses_the_connection() {
    let connections = Connections { write_timeout: SHORT, max_connections: 1, ..Connections::default() };
    let app = Router::new().route("/large", get(async || vec![b'x'; 32 << 20])).route("/livez", get(async || "alive"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (_stop, signals) = Signals::channel();
    let plan = Options::default().plan;
    tokio::spawn(async move { serve(listener, app, connections, &Lifecycle::default(), signals, plan).await });

    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut reads_nothing = socket.connect(address).await.unwrap();
    reads_nothing.write_all(b"GET /large HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut next = TcpStream::connect(address).await.unwrap();
    next.write_all(PING.as_bytes()).await.unwrap();
    next.read_u8().await.expect("its place is given to the next");
}
