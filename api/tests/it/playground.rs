//! The playground's page, as a server sees it.

use taproom::http::playground::LOADS_FROM_CDN;

use crate::http_support::{Options, TestServer, header, json};

async fn page(host: &str) -> String {
    let server = TestServer::start_with(Options { local_write_key: Some("</script>key"), ..Options::default() }).await;
    let response = server.get("/").header("accept", "text/html,*/*;q=0.8").header("host", host).send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.text().await.unwrap()
}

#[tokio::test]
async fn the_page_is_strict_and_complete() {
    let server = TestServer::start().await;
    let response = server.get("/").header("accept", "text/html").send().await.unwrap();
    assert_eq!(header(&response, "content-type"), "text/html; charset=utf-8");
    assert_eq!(header(&response, "cache-control"), "no-store");
    let policy = header(&response, "content-security-policy").to_owned();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(policy.contains("cdn.jsdelivr.net"), LOADS_FROM_CDN);

    let page = response.text().await.unwrap();
    assert!(!page.contains("__PLAYGROUND_CONFIG__") && !page.contains("<!-- vendor"), "{page}");
    assert!(page.contains(r#"{"endpoint":"/graphql","version":""#), "{page}");
    assert_eq!(page.contains(r#""notice":"This build had no Node"#), LOADS_FROM_CDN);
    assert_eq!(page.matches("integrity=\"sha384-").count(), 4);
    let local = page.split('"').filter(|text| text.starts_with("/playground/"));
    for path in local {
        let response = server.get(path).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let cache = if path.contains("/vendor/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        assert_eq!(header(&response, "cache-control"), cache, "{path}");
        let again = server.get(path).header("if-none-match", header(&response, "etag")).send().await.unwrap();
        assert_eq!(again.status(), 304, "{path}");
    }
}

#[tokio::test]
async fn the_write_key_is_for_this_machine_only() {
    for host in ["localhost:8080", "127.0.0.1", "[::1]:8080", "localhost"] {
        let page = page(host).await;
        assert!(page.contains(r#""writeKey":"\u003c/script>key""#), "{host}: {page}");
    }
    for host in ["evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "user@localhost.example"] {
        assert!(!page(host).await.contains("writeKey"), "{host}");
    }
}

#[tokio::test]
async fn programs_are_told_where_to_go() {
    let server = TestServer::start().await;
    let response = server.get("/").send().await.unwrap();
    assert_eq!(header(&response, "content-type"), "application/json");
    assert_eq!(json(response).await["graphql"], "/graphql");
}
