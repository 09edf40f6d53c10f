//! What a connection may take. Limits are short where they must be reached, and long where they must not; no time is measured.

mod places;

use std::net::SocketAddr;
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
/// Until a test gives up; less than an idle connection may last.
const LONG: Duration = Duration::from_secs(60);
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

/// Serves `app` instead of ours; returns where.
async fn serve_app(app: Router, limits: Connections) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let plan = Options::default().plan;
    tokio::spawn(async move {
        let (_stop, signals) = Signals::channel();
        serve(listener, app, limits, &Lifecycle::default(), signals, plan).await
    });
    address
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
async fn who_reads_nothing_loses_the_connection() {
    read_nothing(SHORT).await;
}

#[tokio::test]
async fn who_reads_nothing_makes_place_long_before_for_one_that_waits() {
    read_nothing(Duration::from_secs(3600)).await;
}

async fn read_nothing(write_timeout: Duration) {
    let limits = Connections { write_timeout, max_connections: 1, reserved_for_loopback: 0, ..Connections::default() };
    let app = Router::new().route("/large", get(async || vec![b'x'; 32 << 20])).route("/livez", get(async || "alive"));
    let address = serve_app(app, limits).await;

    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut reads_nothing = socket.connect(address).await.unwrap();
    reads_nothing.write_all(b"GET /large HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut next = TcpStream::connect(address).await.unwrap();
    next.write_all(PING.as_bytes()).await.unwrap();
    next.read_u8().await.expect("its place is given to the next");
}

/// Windows of 1 let the server hand over all of a response while all but a byte of it stays in memory.
#[tokio::test]
async fn who_takes_nothing_by_flow_control_loses_the_connection() {
    let limits = Connections { write_timeout: SHORT, ..Connections::default() };
    let app = || Router::new().route("/large", get(async || vec![b'x'; 1 << 20])).route("/small", get(async || "small"));
    for (window, path) in [(0, "large"), (0, "small"), (1, "large"), (1, "small")] {
        let address = serve_app(app(), limits).await;
        let stream = TcpStream::connect(address).await.unwrap();
        let mut builder = http2::Builder::new(TokioExecutor::new());
        let (mut sender, connection) = builder.initial_stream_window_size(window).handshake(TokioIo::new(stream)).await.unwrap();
        // It answers pings.
        let connection = tokio::spawn(connection);
        let mut held = Vec::new();
        for _ in 0..10 {
            let request = Request::get(format!("http://{address}/{path}")).body(Body::empty()).unwrap();
            let response = sender.send_request(request).await.unwrap();
            assert_eq!(response.status(), 200);
            held.push(response);
        }
        let _ = timeout(LONG, connection).await.unwrap_or_else(|_| panic!("/{path} is held by a window of {window}"));
    }
}

/// Each window is far smaller than the response, and is opened again as the client reads.
#[tokio::test]
async fn who_reads_gets_everything() {
    let app = Router::new().route("/large", get(async || vec![b'x'; 3_000_001]));
    let address = serve_app(app, Connections::default()).await;
    let stream = TcpStream::connect(address).await.unwrap();
    let mut builder = http2::Builder::new(TokioExecutor::new());
    let (mut sender, connection) = builder.initial_stream_window_size(1000).handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request = || Request::get(format!("http://{address}/large")).body(Body::empty()).unwrap();
    for response in [sender.send_request(request()).await.unwrap(), sender.send_request(request()).await.unwrap()] {
        assert_eq!(response.headers()["content-length"], "3000001");
        let body = axum::body::to_bytes(Body::new(response.into_body()), usize::MAX).await.unwrap();
        assert!(body.len() == 3_000_001 && body.iter().all(|&byte| byte == b'x'));
    }
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /large HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    let answer = rest(stream).await;
    assert!(answer.contains("content-length: 3000001\r\n"));
    assert_eq!(answer.split_once("\r\n\r\n").unwrap().1, "x".repeat(3_000_001));
}
