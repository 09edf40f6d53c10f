//! Automatic persisted queries, as clients talk about them.

use reqwest::Response;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use taproom::config::{DocumentsConfig, LimitsConfig};
use taproom::graphql::{Features, documents::Documents};

use crate::http_support::{Options, TestServer, header, json as body_of, only_error, with_query};
use crate::support::program::{Running, next};

const QUERY: &str = "query Q { __typename }";

pub fn sha256(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}

fn persisted_query(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

/// With these extensions, and perhaps a text.
fn body(hash: &str, text: Option<&str>) -> Value {
    let mut body = json!({ "extensions": persisted_query(hash) });
    if let Some(text) = text {
        body["query"] = text.into();
    }
    body
}

async fn remembering(bytes: u64) -> TestServer {
    let config = DocumentsConfig { persisted_queries_bytes: bytes, ..DocumentsConfig::default() };
    let limits = LimitsConfig { max_document_bytes: 500, ..LimitsConfig::default() };
    let documents = Documents::load(&config, &limits).unwrap().into();
    TestServer::start_with(Options { features: Features { documents, ..Features::default() }, ..Options::default() }).await
}

impl TestServer {
    async fn send(&self, body: &Value) -> Response {
        self.post().json(body).send().await.unwrap()
    }

    async fn get_with(&self, parameters: &[(&str, &str)]) -> Response {
        self.get(&with_query("/graphql", parameters)).send().await.unwrap()
    }

    async fn is_known(&self, text: &str) -> bool {
        body_of(self.send(&body(&sha256(text), None)).await).await["errors"][0]["message"] != "PersistedQueryNotFound"
    }
}

#[tokio::test]
async fn a_document_is_sent_once_and_then_named() {
    let server = remembering(1 << 20).await;
    let hash = sha256(QUERY);
    let extensions = persisted_query(&hash).to_string();
    let id = format!("sha256:{hash}");
    let missing = async || {
        let miss = server.get_with(&[("extensions", &extensions)]).await;
        assert_eq!((miss.status().as_u16(), header(&miss, "cache-control")), (200, "no-store"));
        only_error(miss).await
    };
    assert_eq!(missing().await, ("PERSISTED_QUERY_NOT_FOUND".to_owned(), "PersistedQueryNotFound".to_owned()));
    let miss = server.post().header("accept", "application/graphql-response+json").json(&body(&hash, None)).send().await.unwrap();
    assert_eq!(miss.status(), 400, "the media type in which a status says something");

    let data = json!({ "data": { "__typename": "Query" } });
    assert_eq!(body_of(server.send(&body(&hash, Some(QUERY))).await).await, data);
    for response in [
        server.send(&body(&hash, None)).await,
        server.send(&json!({ "query": null, "extensions": persisted_query(&hash), "operationName": "Q" })).await,
        server.send(&json!({ "documentId": id })).await,
        server.send(&json!({ "documentId": id, "extensions": persisted_query(&hash) })).await,
        server.get_with(&[("extensions", &extensions)]).await,
        server.get_with(&[("documentId", &id)]).await,
    ] {
        assert_eq!(body_of(response).await, data);
    }
}

#[tokio::test]
async fn registering_works_by_get_and_by_document_id() {
    let server = remembering(1 << 20).await;
    let texts = ["{ __typename }", "{ a: __typename }"];
    let extensions = persisted_query(&sha256(texts[0])).to_string();
    assert_eq!(server.get_with(&[("query", texts[0]), ("extensions", &extensions)]).await.status(), 200);
    server.send(&json!({ "query": texts[1], "documentId": format!("sha256:{}", sha256(texts[1])) })).await;
    for text in texts {
        assert!(server.is_known(text).await, "{text}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_reference_is_said() {
    let server = remembering(1 << 20).await;
    let other = sha256("{ other }");
    let cases = [
        (body(&other, Some(QUERY)), "is not the document of the id"),
        (body(&sha256(QUERY).to_uppercase(), Some(QUERY)), "lower-case"),
        (json!({ "query": QUERY, "documentId": "mine" }), "is not the document of the id \"mine\""),
        (json!({ "documentId": "sha256:a", "extensions": persisted_query("b") }), "different documents"),
        (json!({ "documentId": 1 }), "`documentId` must be a string or null, but is a number"),
        (json!({ "extensions": { "persistedQuery": 1 } }), "`persistedQuery` must be an object or null"),
        (json!({ "extensions": { "persistedQuery": { "version": 2, "sha256Hash": other } } }), "the `version` 1"),
        (json!({ "extensions": { "persistedQuery": { "version": 1 } } }), "no `sha256Hash`"),
        (json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": 1 } } }), "`sha256Hash` must be a string"),
    ];
    for (request, expected) in cases {
        let response = server.send(&request).await;
        assert_eq!(response.status(), 400, "{request}");
        let (code, message) = only_error(response).await;
        assert_eq!(code, "BAD_REQUEST", "{request}");
        assert!(message.contains(expected), "{request}: {message}");
    }
    assert!(!server.is_known(QUERY).await && !server.is_known("{ other }").await);
    let unknown = server.get_with(&[("documentId", "mine")]).await;
    assert_eq!(only_error(unknown).await.0, "PERSISTED_QUERY_NOT_FOUND");
}

#[tokio::test]
async fn what_was_refused_is_not_remembered() {
    let server = remembering(1 << 20).await;
    let long = format!("{{ __typename }} # {}", "x".repeat(500));
    for text in
        ["{", "{ noSuchField }", "query ($a: Int!) { __typename }", "query A { __typename } query B { __typename }", &long]
    {
        server.send(&body(&sha256(text), Some(text))).await;
        assert!(!server.is_known(text).await, "{text}");
    }
}

#[tokio::test]
async fn a_hash_does_not_make_a_mutation_a_query() {
    let server = remembering(1 << 20).await;
    let text = "mutation { __typename }";
    let extensions = persisted_query(&sha256(text)).to_string();
    let by_get = async || server.get_with(&[("extensions", &extensions)]).await;
    assert_eq!(server.get_with(&[("query", text), ("extensions", &extensions)]).await.status(), 405);
    assert_eq!(only_error(by_get().await).await.0, "PERSISTED_QUERY_NOT_FOUND", "it was refused, so it is not known");
    assert_eq!(server.send(&body(&sha256(text), Some(text))).await.status(), 200);
    let response = by_get().await;
    assert_eq!((response.status().as_u16(), header(&response, "allow")), (405, "POST"));
    assert_eq!(only_error(response).await.0, "METHOD_NOT_ALLOWED");
}

#[tokio::test]
async fn a_flood_leaves_the_latest() {
    let server = remembering(20_000).await;
    let texts: Vec<String> = (0..200).map(|number| format!("{{ a{number}: __typename }}")).collect();
    for text in &texts {
        server.send(&body(&sha256(text), Some(text))).await;
        assert!(server.is_known(text).await, "{text}");
    }
    let mut known = 0;
    for text in &texts {
        known += usize::from(server.is_known(text).await);
    }
    assert!((1..=40).contains(&known), "{known} of 200 in 20,000 bytes");
}

#[tokio::test]
async fn without_memory_nothing_is_supported_but_the_text() {
    let server = remembering(0).await;
    let hash = sha256(QUERY);
    for _ in 0..2 {
        let error = only_error(server.send(&body(&hash, None)).await).await;
        assert_eq!(error, ("PERSISTED_QUERY_NOT_SUPPORTED".to_owned(), "PersistedQueryNotSupported".to_owned()));
        assert_eq!(body_of(server.send(&body(&hash, Some(QUERY))).await).await["data"]["__typename"], "Query");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_program_remembers_by_default_and_logs_where_a_document_came_from() {
    let mut running = Running::start(&[]);
    let url = format!("http://{}/graphql", running.address);
    for (text, expected) in [(Some(QUERY), "text"), (None, "persisted")] {
        let response = crate::http_support::client().post(&url).json(&body(&sha256(QUERY), text)).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(next(&mut running.log, "request")["document"], expected);
    }
}
