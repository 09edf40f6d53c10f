//! Who is served when the places are taken. Those of loopback are taken away, for that is where tests come from.

use taproom::http::connections::Connections;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{LONG, PING, SHORT, connect, http2, rest, start};
use crate::http_support::TestServer;

/// Is answered never.
const BUSY: &str = "GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer forever\r\n\r\n";

fn places(max_connections: u32) -> Connections {
    Connections { max_connections, reserved_for_loopback: 0, ..Connections::default() }
}

/// A connection whose request is under way.
async fn busy(server: &TestServer, before: usize) -> TcpStream {
    let stream = connect(server, BUSY).await;
    while server.lifecycle.in_flight() == before {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    stream
}

async fn answers(stream: &mut TcpStream) {
    let mut answer = [0; 1024];
    let length = timeout(LONG, stream.read(&mut answer)).await.expect("in time").unwrap();
    assert!(answer[..length].starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer[..length]));
}

#[tokio::test]
async fn who_has_a_request_keeps_its_place() {
    let server = start(places(1)).await;
    let first = busy(&server, 0).await;
    let mut second = connect(&server, PING).await;
    assert!(timeout(10 * SHORT, second.read_u8()).await.is_err(), "while the first is open");
    drop(first);
    answers(&mut second).await;
    // Nobody waits any more.
    tokio::time::sleep(10 * SHORT).await;
    second.write_all(PING.as_bytes()).await.unwrap();
    answers(&mut second).await;
}

#[tokio::test]
async fn who_asks_nothing_makes_place_however_far_it_came() {
    let server = start(places(1)).await;
    for sent in ["", "G", "GET /livez HTTP/1.1\r\nhost: lo", "PRI * HTTP/2.0\r\n"] {
        let silent = connect(&server, sent).await;
        answers(&mut connect(&server, PING).await).await;
        assert_eq!(rest(silent).await, "", "{sent}");
    }
    let mut idle = connect(&server, PING).await;
    answers(&mut idle).await;
    answers(&mut connect(&server, PING).await).await;

    let (_never_asks, connection) = http2(&server).await;
    answers(&mut connect(&server, PING).await).await;
    connection.await.unwrap();
}

#[tokio::test]
async fn many_silent_ones_make_place_for_one_after_the_other() {
    let server = start(places(20)).await;
    let mut silent = Vec::new();
    for _ in 0..100 {
        silent.push(connect(&server, "").await);
    }
    for _ in 0..3 {
        answers(&mut connect(&server, PING).await).await;
    }
}

#[tokio::test]
async fn only_as_many_leave_as_must_and_the_longest_idle_first() {
    let server = start(places(2)).await;
    let (mut first, mut second) = (connect(&server, PING).await, connect(&server, "").await);
    answers(&mut first).await;
    // It is idle for longer than either may be in a crowd, before anybody waits.
    tokio::time::sleep(10 * SHORT).await;
    second.write_all(PING.as_bytes()).await.unwrap();
    answers(&mut second).await;

    let mut third = connect(&server, PING).await;
    answers(&mut third).await;
    assert_eq!(first.read(&mut [0]).await.unwrap(), 0);
    for mut stays in [second, third] {
        stays.write_all(PING.as_bytes()).await.unwrap();
        answers(&mut stays).await;
    }
}

#[tokio::test]
async fn the_health_check_of_the_container_has_a_place() {
    let limits = Connections { max_waiting: 1, reserved_for_loopback: 1, ..places(1) };
    let server = start(limits).await;
    let _one = busy(&server, 0).await;
    let mut health = connect(&server, PING).await;
    answers(&mut health).await;
    let mut waits = connect(&server, PING).await;
    assert_eq!(rest(connect(&server, "").await).await, "", "one may wait, and is not lost for those that come later");
    drop(health);
    let mut health = connect(&server, PING).await;
    let answer = timeout(LONG, async {
        // Until the server has seen that the former one is gone.
        while health.write_all(PING.as_bytes()).await.is_err() || !matches!(health.read_u8().await, Ok(b'H')) {
            health = connect(&server, "").await;
        }
    });
    answer.await.expect("its place is free again");
    assert!(timeout(SHORT, waits.read_u8()).await.is_err());
}
