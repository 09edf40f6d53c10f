//! What is compressed, and what is not lest its length tell something.

use std::io::Read;

use reqwest::Response;
use serde_json::{Value, json};

use crate::http_support::{Options, TestServer, header};

const LARGE: &str = "{ __schema { types { name description fields { name description } } } }";

async fn ask(server: &TestServer, query: &str, headers: &[(&str, &str)]) -> Response {
    let request = server.post().json(&json!({ "query": query }));
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
}

fn vary(response: &Response) -> Vec<&str> {
    response.headers().get_all("vary").iter().map(|value| value.to_str().unwrap()).collect()
}

#[tokio::test]
async fn a_large_answer_to_a_stranger_is_compressed() {
    let server = TestServer::start().await;
    let plain = ask(&server, LARGE, &[]).await;
    assert_eq!((header(&plain, "content-encoding"), vary(&plain)), ("", vec!["accept", "accept-encoding"]));
    let plain = plain.bytes().await.unwrap();
    for (accept, encoding) in [("gzip", "gzip"), ("br", "br"), ("gzip, deflate, br, zstd", "br"), ("gzip;q=0, br;q=0", "")] {
        for media_type in ["application/json", "application/graphql-response+json"] {
            let response = ask(&server, LARGE, &[("accept-encoding", accept), ("accept", media_type)]).await;
            assert_eq!((header(&response, "content-encoding"), vary(&response)), (encoding, vec!["accept", "accept-encoding"]));
            let body = response.bytes().await.unwrap();
            let mut decoded = Vec::new();
            match encoding {
                "gzip" => flate2::read::GzDecoder::new(&*body).read_to_end(&mut decoded),
                "br" => brotli::Decompressor::new(&*body, 4096).read_to_end(&mut decoded),
                _ => (&*body).read_to_end(&mut decoded),
            }
            .unwrap();
            assert_eq!(decoded, plain);
            assert_eq!(body.len() < plain.len() / 4, !encoding.is_empty());
        }
    }
    let value: Value = serde_json::from_slice(&plain).unwrap();
    assert!(value["data"]["__schema"]["types"].as_array().unwrap().len() > 50);
}

#[tokio::test]
async fn what_is_small_or_for_somebody_in_particular_is_not() {
    let server = TestServer::start().await;
    let gzip = ("accept-encoding", "gzip, br");
    assert_eq!(header(&ask(&server, "{ __typename }", &[gzip]).await, "content-encoding"), "");
    for credential in [("authorization", "Bearer good"), ("cookie", "session=1")] {
        let response = ask(&server, LARGE, &[gzip, credential]).await;
        assert_eq!((response.status().as_u16(), header(&response, "content-encoding")), (200, ""), "{credential:?}");
    }
}

#[tokio::test]
async fn the_page_is_compressed_only_without_the_key() {
    let server = TestServer::start_with(Options { local_write_key: Some("key"), ..Options::default() }).await;
    for (host, has_key) in [("localhost", true), ("taproom.example", false)] {
        let request = server.get("/").header("accept", "text/html").header("accept-encoding", "gzip").header("host", host);
        let response = request.send().await.unwrap();
        assert_eq!(header(&response, "content-encoding"), if has_key { "" } else { "gzip" }, "{host}");
        let body = response.bytes().await.unwrap();
        assert_eq!(String::from_utf8_lossy(&body).contains("writeKey"), has_key);
    }
}

#[tokio::test]
async fn an_asset_has_one_weak_tag_for_all_encodings() {
    let server = TestServer::start().await;
    let get = |encoding: &str| server.get("/playground/app.css").header("accept-encoding", encoding);
    let (plain, compressed) = (get("identity").send().await.unwrap(), get("gzip").send().await.unwrap());
    assert_eq!(header(&compressed, "content-encoding"), "gzip");
    let tag = header(&plain, "etag");
    assert!(tag.starts_with("W/\"") && tag == header(&compressed, "etag"), "{tag}");
    assert_eq!(vary(&plain), ["accept-encoding"]);
    for encoding in ["identity", "gzip"] {
        let again = get(encoding).header("if-none-match", tag).send().await.unwrap();
        assert_eq!(again.status(), 304);
    }
}
