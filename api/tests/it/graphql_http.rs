//! GraphQL over HTTP: what `tests/conformance` audits, and what it does not.

use reqwest::Method;
use serde_json::json;
use taproom::http::settings::Settings;

use crate::http_support::{Options, TestServer, header, json as body_of, only_error, with_query};

const GRAPHQL: &str = "application/graphql-response+json";
const JSON: &str = "application/json";
const QUERY: &str = r#"{"query":"{ __typename }"}"#;

#[tokio::test]
async fn the_response_type_is_negotiated() {
    let server = TestServer::start().await;
    let cases = [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        ("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8", GRAPHQL),
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL),
        ("application/json;q=0.4, application/graphql-response+json;q=0.5", GRAPHQL),
        ("application/graphql-response+json;q=0.4, application/json;q=0.5", JSON),
        ("application/json;q=0, */*", GRAPHQL),
        ("text/html, */*;q=0.1", JSON),
        ("APPLICATION/JSON", JSON),
    ];
    for (accept, expected) in cases {
        let mut request = server.post().header("content-type", JSON).body(QUERY);
        if !accept.is_empty() {
            request = request.header("accept", accept);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200, "{accept}");
        assert_eq!(header(&response, "content-type"), format!("{expected}; charset=utf-8"), "{accept}");
        assert_eq!(header(&response, "vary"), "accept");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
    }
    for accept in ["text/html", "image/*", "application/json;q=0", "nonsense", "application/xml, text/plain"] {
        let response = server.post().header("content-type", JSON).header("accept", accept).body(QUERY).send().await.unwrap();
        assert_eq!(response.status(), 406, "{accept}");
        let (code, message) = only_error(response).await;
        assert_eq!(code, "NOT_ACCEPTABLE");
        assert!(message.contains(accept), "{message}");
    }
}

#[tokio::test]
async fn only_uncompressed_json_in_utf8_is_read() {
    let server = TestServer::start().await;
    for content_type in [JSON, "application/json; charset=utf-8", "application/json;charset=\"UTF-8\"", "Application/JSON"] {
        let response = server.post().header("content-type", content_type).body(QUERY).send().await.unwrap();
        assert_eq!(response.status(), 200, "{content_type}");
    }
    let forbidden = [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin1",
        "x",
        "",
    ];
    for content_type in forbidden {
        let response = server.post().header("content-type", content_type).body(QUERY).send().await.unwrap();
        assert_eq!(response.status(), 415, "{content_type}");
        assert_eq!(only_error(response).await.0, "UNSUPPORTED_MEDIA_TYPE");
    }
    let response = server.post().body(QUERY).send().await.unwrap();
    assert_eq!(response.status(), 415, "no type at all");
    let compressed =
        server.post().header("content-type", JSON).header("content-encoding", "gzip").body(QUERY).send().await.unwrap();
    assert_eq!(compressed.status(), 415);
    assert!(only_error(compressed).await.1.contains("Content-Encoding"));
}

#[tokio::test]
async fn a_malformed_request_is_told_which_member_is_wrong() {
    let server = TestServer::start().await;
    let cases = [
        ("", "the body is empty"),
        ("{", "not valid JSON: EOF"),
        ("\u{1}", "not valid JSON"),
        ("null", "but is null"),
        ("3", "must be a JSON object with the member `query`, but is a number"),
        (r#"[{"query":"{ __typename }"}]"#, "batches are not supported"),
        ("[]", "batches are not supported"),
        ("{}", "`query` is missing"),
        (r#"{"query":null}"#, "`query` must be a string, but is null"),
        (r#"{"query":7}"#, "`query` must be a string, but is a number"),
        (r#"{"query":"{x}","operationName":{}}"#, "`operationName` must be a string or null, but is an object"),
        (r#"{"query":"{x}","variables":[]}"#, "`variables` must be an object or null, but is a list"),
        (r#"{"query":"{x}","variables":"{}"}"#, "`variables` must be an object or null, but is a string"),
        (r#"{"query":"{x}","extensions":true}"#, "`extensions` must be an object or null, but is a boolean"),
    ];
    for (body, expected) in cases {
        for accept in [GRAPHQL, JSON] {
            let response = server.post().header("content-type", JSON).header("accept", accept).body(body).send().await.unwrap();
            assert_eq!(response.status(), 400, "{body}");
            assert!(header(&response, "content-type").starts_with(accept), "{body}");
            let (code, message) = only_error(response).await;
            assert_eq!(code, "BAD_REQUEST", "{body}");
            assert!(message.contains(expected), "{body}: {message}");
        }
    }
    let deep = format!(r#"{{"query":"{{x}}","variables":{{"a":{}1{}}}}}"#, "[".repeat(300), "]".repeat(300));
    let not_utf8 = b"{\"query\":\"\xff\"}".to_vec();
    for body in [deep.into_bytes(), not_utf8] {
        let response = server.post().header("content-type", JSON).body(body).send().await.unwrap();
        assert_eq!(response.status(), 400);
        assert!(only_error(response).await.1.contains("not valid JSON"));
    }
}

#[tokio::test]
async fn a_document_that_fails_has_the_status_its_media_type_says() {
    let server = TestServer::start().await;
    let cases = [
        (json!({"query": "{"}), "GRAPHQL_PARSE_FAILED"),
        (json!({"query": ""}), "GRAPHQL_PARSE_FAILED"),
        (json!({"query": "{ noSuchField }"}), "GRAPHQL_VALIDATION_FAILED"),
        (json!({"query": "query A { __typename } query B { __typename }"}), "GRAPHQL_VALIDATION_FAILED"),
        (json!({"query": "query A { __typename }", "operationName": "B"}), "GRAPHQL_VALIDATION_FAILED"),
        (json!({"query": "query($a: Int!) { __typename }"}), "GRAPHQL_VALIDATION_FAILED"),
        (
            json!({"query": "query($a: String!) { __type(name: $a) { name } }", "variables": {"a": 1}}),
            "GRAPHQL_VALIDATION_FAILED",
        ),
    ];
    for (request, expected) in cases {
        for (accept, status) in [(GRAPHQL, 400), (JSON, 200)] {
            let response = server.post().header("accept", accept).json(&request).send().await.unwrap();
            assert_eq!(response.status(), status, "{request} as {accept}");
            let body = body_of(response).await;
            assert!(body.get("data").is_none(), "{body}");
            for error in body["errors"].as_array().unwrap() {
                assert_eq!(error["extensions"]["code"], expected, "{request}: {body}");
            }
        }
    }
}

#[tokio::test]
async fn get_is_for_queries() {
    let server = TestServer::start().await;
    let get = |parameters: &[(&str, &str)]| server.get(&with_query("/graphql", parameters)).send();

    let query = "query A($name: String!) { __type(name: $name) { name } } query B { __typename }";
    let response = get(&[("query", query), ("operationName", "A"), ("variables", r#"{"name":"Query"}"#)]).await.unwrap();
    assert_eq!(body_of(response).await, json!({"data": {"__type": {"name": "Query"}}}));
    let response = get(&[("query", "{ __typename }"), ("operationName", ""), ("variables", "null")]).await.unwrap();
    assert_eq!(response.status(), 200, "an empty operation name is none");

    let bad: [(&[(&str, &str)], &str); 5] = [
        (&[], "`query` is missing"),
        (&[("query", "{ a }"), ("query", "{ b }")], "`query` is given more than once"),
        (&[("query", "{ a }"), ("variables", "{")], "`variables` is not valid JSON"),
        (&[("query", "{ a }"), ("variables", "[]")], "`variables` must be an object or null"),
        (&[("query", "{ a }"), ("extensions", "1")], "`extensions` must be an object or null"),
    ];
    for (parameters, expected) in bad {
        let response = get(parameters).await.unwrap();
        assert_eq!(response.status(), 400, "{parameters:?}");
        let (code, message) = only_error(response).await;
        assert_eq!(code, "BAD_REQUEST");
        assert!(message.contains(expected), "{message}");
    }
}

#[tokio::test]
async fn mutations_and_other_methods_are_not_allowed() {
    let server = TestServer::start().await;
    for accept in [GRAPHQL, JSON] {
        let mutation = [("query", "query Q { __typename } mutation M { __typename }"), ("operationName", "M")];
        let response = server.get(&with_query("/graphql", &mutation)).header("accept", accept).send().await.unwrap();
        assert_eq!(response.status(), 405, "{accept}");
        assert_eq!(header(&response, "allow"), "POST");
        let (code, message) = only_error(response).await;
        assert_eq!(
            (code.as_str(), message.as_str()),
            ("METHOD_NOT_ALLOWED", "a mutation must be sent by POST; GET is for queries only")
        );
    }
    let by_post = server.post().json(&json!({"query": "mutation { __typename }"})).send().await.unwrap();
    assert_eq!(by_post.status(), 200);
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let url = format!("http://{}/graphql", server.address);
        let response = server.client.request(method.clone(), url).send().await.unwrap();
        assert_eq!(response.status(), 405, "{method}");
        assert_eq!(header(&response, "allow"), "GET, HEAD, POST");
        assert_eq!(only_error(response).await.0, "METHOD_NOT_ALLOWED");
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_however_it_is_sent() {
    let server = TestServer::start_with(Options {
        settings: Settings { max_body_bytes: 1000, ..Settings::default() },
        ..Options::default()
    })
    .await;
    let fits = format!("{QUERY}{}", " ".repeat(1000 - QUERY.len()));
    let response = server.post().header("content-type", JSON).body(fits.clone()).send().await.unwrap();
    assert_eq!(response.status(), 200);

    let one_more = format!("{fits} ");
    let streamed = reqwest::Body::wrap(OneByOne(one_more.clone().into_bytes().into()));
    for body in [one_more.into(), " ".repeat(7000).into(), streamed] {
        let body: reqwest::Body = body;
        let response = server.post().header("content-type", JSON).body(body).send().await.unwrap();
        assert_eq!(response.status(), 413);
        let error = only_error(response).await;
        assert_eq!(error, ("PAYLOAD_TOO_LARGE".to_owned(), "the body is larger than the limit of 1000 bytes".to_owned()));
    }
}

/// A body of unknown length, sent in pieces of a hundred bytes.
struct OneByOne(std::collections::VecDeque<u8>);

impl hyper::body::Body for OneByOne {
    type Data = axum::body::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Self::Data>, Self::Error>>> {
        let length = self.0.len().min(100);
        let chunk: Vec<u8> = self.0.drain(..length).collect();
        std::task::Poll::Ready((!chunk.is_empty()).then(|| Ok(hyper::body::Frame::data(chunk.into()))))
    }
}

#[tokio::test]
async fn a_credential_that_is_no_good_is_not_anonymity() {
    let server = TestServer::start().await;
    let query = || server.post().json(&json!({"query": "{ __typename }"}));

    assert_eq!(query().bearer_auth("good").send().await.unwrap().status(), 200);
    let response = query().bearer_auth("bad").send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert_eq!(header(&response, "www-authenticate"), r#"Bearer error="invalid_token""#);
    assert_eq!(only_error(response).await, ("UNAUTHENTICATED".to_owned(), "the credential is not known".to_owned()));

    let twice = query().header("authorization", "Bearer good").header("authorization", "Bearer bad").send().await.unwrap();
    assert_eq!(twice.status(), 401);
    let not_text = query().header("authorization", b"Bearer \xff".as_slice()).send().await.unwrap();
    assert_eq!(not_text.status(), 401);

    let response = query().bearer_auth("no-database").send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(header(&response, "retry-after"), "1");
    assert_eq!(only_error(response).await.0, "SERVICE_UNAVAILABLE");
}

#[tokio::test]
async fn a_panic_answers_without_detail_and_harms_nobody_else() {
    let server = TestServer::start().await;
    let response = server.post().json(&json!({"query": "{ __typename }"})).bearer_auth("panic").send().await.unwrap();
    assert_eq!(response.status(), 500);
    assert_eq!(header(&response, "x-taproom-version"), env!("CARGO_PKG_VERSION"));
    let (code, message) = only_error(response).await;
    assert_eq!(code, "INTERNAL_SERVER_ERROR");
    assert!(!message.contains("secret"), "{message}");
    assert_eq!(server.lifecycle.in_flight(), 0);
    assert_eq!(server.get("/livez").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn an_unknown_path_says_where_to_go() {
    let server = TestServer::start().await;
    for path in
        ["/graphiql", "/graphql/", "/playground/no-such-file.js", "/playground/..%2f..%2fCargo.toml", "/playground/index.html"]
    {
        let response = server.get(path).send().await.unwrap();
        assert_eq!(response.status(), 404, "{path}");
        assert!(only_error(response).await.1.contains("GraphQL is at /graphql"), "{path}");
    }
    let response = server.client.post(format!("http://{}/livez", server.address)).send().await.unwrap();
    assert_eq!((response.status().as_u16(), header(&response, "allow")), (405, "GET, HEAD"));
}
