//! No foreign page can make a browser ask a document of its choice.

use std::sync::Arc;

use serde_json::json;
use taproom::config::{DocumentsConfig, LimitsConfig, Profile};
use taproom::graphql::{Features, documents::Documents};
use taproom::http::settings::Settings;

use crate::http_support::{Options, TestServer, only_error, with_query};

async fn start(profile: Profile) -> TestServer {
    TestServer::start_with(Options { settings: Settings { profile, ..Settings::default() }, ..Options::default() }).await
}

fn document() -> String {
    with_query("/graphql", &[("query", "{ __typename }")])
}

#[tokio::test]
async fn in_production_a_get_with_a_document_needs_a_header_that_browsers_ask_about() {
    let server = start(Profile::Production).await;
    let refused: [&[(&str, &str)]; 9] = [
        &[],
        &[("accept", "application/json"), ("accept-language", "de"), ("range", "bytes=0-")],
        &[("content-type", "text/plain")],
        &[("content-type", "Text/Plain;charset=utf-8")],
        &[("content-type", "application/x-www-form-urlencoded")],
        &[("content-type", "multipart/form-data; boundary=x")],
        &[("content-type", "nonsense")],
        &[("content-type", "application/json"), ("content-type", "text/plain")],
        &[("sec-fetch-site", "none"), ("cookie", "a=b"), ("referer", "https://taproom.example/")],
    ];
    for headers in refused {
        for path in [document(), document().replace("query=", "%71uery=")] {
            let request = headers.iter().fold(server.get(&path), |request, (name, value)| request.header(*name, *value));
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 400, "{headers:?}");
            let (code, message) = only_error(response).await;
            assert!(code == "CSRF_PREVENTED" && message.contains("`apollo-require-preflight: true`"), "{code}: {message}");
        }
    }
    let head = server.client.head(format!("http://{}{}", server.address, document())).send().await.unwrap();
    assert_eq!(head.status(), 400);
    let accepted = [
        ("apollo-require-preflight", "true"),
        ("graphql-require-preflight", "1"),
        ("x-apollo-operation-name", "A"),
        ("authorization", "Bearer good"),
        ("content-type", "application/json"),
    ];
    for (name, value) in accepted {
        assert_eq!(server.get(&document()).header(name, value).send().await.unwrap().status(), 200, "{name}");
    }
}

/// Whoever lures somebody to a page may have registered the document before.
#[tokio::test]
async fn a_get_by_hash_needs_one_too_if_anybody_can_have_registered_it() {
    let documents = DocumentsConfig { persisted_queries_bytes: 1 << 20, ..DocumentsConfig::default() };
    let documents = Arc::new(Documents::load(&documents, &LimitsConfig::default()).unwrap());
    let settings = Settings { profile: Profile::Production, ..Settings::default() };
    let features = Features { documents, ..Features::default() };
    let server = TestServer::start_with(Options { settings, features, ..Options::default() }).await;
    let hash = "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38";
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    let registered = server.post().json(&json!({ "query": "{__typename}", "extensions": extensions })).send().await.unwrap();
    assert_eq!(registered.status(), 200);
    let stored = with_query("/graphql", &[("extensions", &extensions.to_string())]);
    let (code, _) = only_error(server.get(&stored).send().await.unwrap()).await;
    assert_eq!(code, "CSRF_PREVENTED");
    let asked = server.get(&stored).header("apollo-require-preflight", "true").send().await.unwrap();
    assert_eq!(asked.status(), 200);
}

#[tokio::test]
async fn development_is_as_the_specification_says() {
    let server = start(Profile::Development).await;
    assert_eq!(server.get(&document()).send().await.unwrap().status(), 200);
}
