//! How much a client may ask. Quotas are so small that a slow test does not get enough back to matter.

use std::net::IpAddr;

use reqwest::{RequestBuilder, Response};
use serde_json::json;
use taproom::http::settings::Settings;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::http_support::{Options, TestServer, header, only_error};

async fn start(points: u32, trusts_us: bool) -> TestServer {
    let trusted_proxies = if trusts_us { vec![IpAddr::from([127, 0, 0, 1]).into()] } else { Vec::new() };
    let settings = Settings { rate_limit: Some(points), trusted_proxies, ..Settings::default() };
    TestServer::start_with(Options { settings, ..Options::default() }).await
}

fn query(server: &TestServer) -> RequestBuilder {
    server.post().json(&json!({"query": "{ __typename }"}))
}

fn limit(response: &Response) -> (&str, &str) {
    (header(response, "ratelimit-policy"), header(response, "ratelimit"))
}

#[tokio::test]
async fn a_client_that_has_spent_its_points_is_told_when_to_come_back() {
    let server = start(15, false).await;
    let first = query(&server).send().await.unwrap();
    assert_eq!(first.status(), 200);
    // 10 for its arrival, 1 for the operation; one comes back every 4 s.
    let (policy, standing) = limit(&first);
    let expected: Vec<_> = (4..=14).map(|left| format!(r#""cost";r={left};t={}"#, (15 - left) * 4)).collect();
    assert!(policy == r#""cost";q=15;w=60"# && expected.iter().any(|it| it == standing), "{standing}");

    let ask = async || query(&server).header("accept", "application/graphql-response+json").send().await.unwrap();
    let mut second = ask().await;
    // After a stall it has enough again; it cannot have for long.
    while second.status() == 200 {
        second = ask().await;
    }
    assert_eq!(second.status(), 429);
    let seconds: u32 = header(&second, "retry-after").parse().unwrap();
    assert!((1..=40).contains(&seconds), "{seconds}");
    assert_eq!(limit(&second).0, r#""cost";q=15;w=60"#);
    assert!(header(&second, "content-type").starts_with("application/graphql-response+json"));
    let (code, message) = only_error(second).await;
    assert_eq!(code, "RATE_LIMITED");
    assert!(message.contains("costs 10 points") && message.contains(&format!("try again in {seconds} s")), "{message}");

    for path in ["/livez", "/readyz", "/version", "/"] {
        let response = server.get(path).send().await.unwrap();
        assert_eq!((response.status().as_u16(), limit(&response)), (200, ("", "")), "{path} is not limited");
    }
}

#[tokio::test]
async fn the_arrival_is_charged_to_the_address_and_the_operation_to_the_principal() {
    let server = start(25, false).await;
    let known = query(&server).bearer_auth("good").send().await.unwrap();
    assert_eq!((known.status().as_u16(), limit(&known).1), (200, r#""cost";r=24;t=3"#), "of the principal");
    assert_eq!(query(&server).bearer_auth("bad").send().await.unwrap().status(), 401);
    let third = query(&server).bearer_auth("good").send().await.unwrap();
    assert_eq!(third.status(), 429, "guessing credentials costs the address its points");
}

#[tokio::test]
async fn a_request_that_is_refused_is_told_how_it_stands() {
    let server = start(1000, false).await;
    for request in [server.post().body("x"), server.get("/graphql"), query(&server).header("accept", "text/html")] {
        let response = request.send().await.unwrap();
        assert!(response.status().is_client_error());
        assert!(limit(&response).1.starts_with(r#""cost";r=9"#), "{:?}", limit(&response));
    }
}

#[tokio::test]
async fn what_can_never_be_paid_is_refused_for_good() {
    let server = start(5, false).await;
    let response = query(&server).send().await.unwrap();
    assert_eq!((response.status().as_u16(), header(&response, "retry-after")), (429, ""));
    let message = only_error(response).await.1;
    assert!(message.contains("costs 10 points, and a client has only 5 in 60 s"), "{message}");
}

#[tokio::test]
async fn only_a_trusted_proxy_says_whom_it_speaks_for() {
    let from = |server: &TestServer, client: &str| query(server).header("x-forwarded-for", client.to_owned()).send();
    let server = start(15, true).await;
    for client in ["203.0.113.1", "203.0.113.2", "203.0.113.1, 203.0.113.3", "2001:db8::1", "2001:db8:0:1::1"] {
        assert_eq!(from(&server, client).await.unwrap().status(), 200, "{client} has its own points");
    }
    for client in ["203.0.113.1", "203.0.113.9, 203.0.113.2:4711", "::ffff:203.0.113.3", "2001:db8::2"] {
        assert_eq!(from(&server, client).await.unwrap().status(), 429, "{client} is one of them");
    }
    let server = start(15, false).await;
    assert_eq!(from(&server, "203.0.113.1").await.unwrap().status(), 200);
    assert_eq!(from(&server, "203.0.113.2").await.unwrap().status(), 429, "a stranger's word");
}

/// 50,000 bytes are 500 points, in whatever pieces they come.
#[tokio::test]
async fn a_body_in_small_pieces_costs_as_much_as_one_in_a_piece() {
    let settings = Settings { rate_limit: Some(1000), max_body_bytes: 100_000, ..Settings::default() };
    let server = TestServer::start_with(Options { settings, ..Options::default() }).await;
    let mut stream = TcpStream::connect(&server.address).await.unwrap();
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n\
        transfer-encoding: chunked\r\n\r\n";
    let body = format!("{:<50000}", r#"{"query": "{ __typename }"}"#);
    let pieces = body.as_bytes().chunks(50).map(|piece| format!("32\r\n{}\r\n", String::from_utf8_lossy(piece)));
    stream.write_all(format!("{head}{}0\r\n\r\n", pieces.collect::<String>()).as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let left = answer.split("ratelimit: \"cost\";r=").nth(1).and_then(|rest| rest.split(';').next()).unwrap();
    // 16 come back in a second.
    assert!(answer.starts_with("HTTP/1.1 200") && left.parse::<u32>().unwrap() < 900, "{answer}");
}
