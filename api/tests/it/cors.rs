//! Whose pages may use the endpoint.

use std::collections::BTreeSet;

use reqwest::{Method, Response, header::HeaderValue};
use serde_json::json;
use taproom::http::settings::Settings;

use crate::http_support::{Options, TestServer, header};

async fn start(origins: &[&'static str]) -> TestServer {
    let cors_origins = origins.iter().map(|origin| HeaderValue::from_static(origin)).collect();
    let settings = Settings { cors_origins, ..Settings::default() };
    TestServer::start_with(Options { settings, local_write_key: Some("key"), ..Options::default() }).await
}

async fn preflight(server: &TestServer, path: &str, origin: &str) -> Response {
    let request = server.client.request(Method::OPTIONS, format!("http://{}{path}", server.address)).header("origin", origin);
    let asking = [("access-control-request-method", "POST"), ("access-control-request-headers", "authorization,content-type")];
    asking.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
}

async fn query(server: &TestServer, origin: &str) -> Response {
    server.post().header("origin", origin).json(&json!({"query": "{ __typename }"})).send().await.unwrap()
}

fn cors_headers(response: &Response) -> BTreeSet<&str> {
    response.headers().keys().map(|name| name.as_str()).filter(|name| name.starts_with("access-control-")).collect()
}

#[tokio::test]
async fn only_the_pages_of_named_origins_may_use_the_endpoint() {
    let server = start(&["https://a.example", "http://localhost:3000"]).await;
    for origin in ["https://a.example", "http://localhost:3000"] {
        let response = preflight(&server, "/graphql", origin).await;
        assert_eq!((response.status().as_u16(), header(&response, "access-control-allow-origin")), (200, origin));
        assert_eq!(header(&response, "access-control-allow-methods"), "GET,HEAD,POST");
        assert!(
            header(&response, "access-control-allow-headers").contains("authorization,content-type,apollo-require-preflight")
        );
        assert_eq!(header(&response, "access-control-max-age"), "7200");
        assert_eq!(header(&response, "vary"), "origin");

        let response = query(&server, origin).await;
        assert_eq!((response.status().as_u16(), header(&response, "access-control-allow-origin")), (200, origin));
        let exposed = "etag,retry-after,graphql-cost,ratelimit,ratelimit-policy,x-taproom-version";
        assert_eq!(header(&response, "access-control-expose-headers"), exposed);
        let vary: Vec<_> = response.headers().get_all("vary").iter().collect();
        assert_eq!(vary, ["accept", "origin"]);
        assert_eq!(cors_headers(&response).len(), 2, "and no credentials: {:?}", response.headers());
    }
    for stranger in ["https://evil.example", "https://a.example.evil.example", "http://a.example", "null"] {
        for response in [preflight(&server, "/graphql", stranger).await, query(&server, stranger).await] {
            assert_eq!(header(&response, "access-control-allow-origin"), "", "{stranger}");
        }
    }
}

#[tokio::test]
async fn what_goes_wrong_is_told_to_an_allowed_page() {
    let server = start(&["https://a.example"]).await;
    for (credential, status) in [("bad", 401), ("panic", 500)] {
        let request = server.post().bearer_auth(credential).header("origin", "https://a.example");
        let response = request.json(&json!({"query": "{ __typename }"})).send().await.unwrap();
        assert_eq!((response.status().as_u16(), header(&response, "access-control-allow-origin")), (status, "https://a.example"));
    }
}

#[tokio::test]
async fn every_page_may_if_configured_but_none_sees_the_playground() {
    let server = start(&["*"]).await;
    let response = query(&server, "https://anybody.example").await;
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    let vary: Vec<_> = response.headers().get_all("vary").iter().collect();
    assert_eq!(vary, ["accept"], "the same for every origin");
    for path in ["/", "/readyz", "/version"] {
        let response =
            server.get(path).header("accept", "text/html").header("origin", "https://evil.example").send().await.unwrap();
        assert!(response.status().is_success() && cors_headers(&response).is_empty(), "{path}");
        assert!(cors_headers(&preflight(&server, path, "https://evil.example").await).is_empty(), "{path}");
    }
}

#[tokio::test]
async fn without_origins_nobody_is_told_anything() {
    let server = start(&[]).await;
    for response in [preflight(&server, "/graphql", "https://a.example").await, query(&server, "https://a.example").await] {
        assert!(cors_headers(&response).is_empty());
    }
}
