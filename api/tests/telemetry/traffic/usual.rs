//! A day of the new slot: what works, what clients do wrong, and a fault of ours.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{Catalogue, LITERAL, VARIABLE, finish, sample};
use crate::receiver::Receiver;
use crate::recording::Run;
use crate::service::{Service, done, refused};

const CREATE: &str =
    "mutation CreateBrewery($input: CreateBreweryInput!) { createBrewery(input: $input) { brewery { id } errors { code } } }";

pub async fn run(catalogue: &Catalogue) -> Run {
    let receiver = Receiver::start().await;
    let service = Service::start(
        &receiver,
        &[
            ("TAPROOM_DATABASE_URL", &catalogue.url),
            ("TAPROOM_PROFILE", "development"),
            ("TAPROOM_SLOT", "green"),
            ("TAPROOM_MAX_BODY_BYTES", "100000"),
            ("TAPROOM_BODY_TIMEOUT", "300ms"),
        ],
    )
    .await;
    probes(&service).await;
    sample::send(&service, catalogue).await;
    successes(&service, catalogue).await;
    slow(&service, catalogue).await;
    persisted(&service).await;
    http_errors(&service).await;
    graphql_errors(&service, catalogue).await;
    credentials(&service, catalogue).await;
    catalogue.without_reviews(fault(&service)).await;
    finish("usual", service, &receiver).await
}

/// What load balancers and browsers ask.
async fn probes(service: &Service) {
    for path in ["/livez", "/readyz", "/version", "/", "/playground/nothing"] {
        service.request(Method::GET, path).send().await.unwrap();
    }
    // Somebody's, by way of a load balancer.
    service.request(Method::GET, "/livez").header("x-forwarded-for", "192.0.2.7").send().await.unwrap();
    unreadable(service).await;
    for method in ["OPTIONS", "BREW"] {
        service.request(method.parse().unwrap(), "/graphql").send().await.unwrap();
    }
}

/// More headers than hyper reads.
async fn unreadable(service: &Service) {
    let mut stream = tokio::net::TcpStream::connect(&service.address).await.unwrap();
    let headers: String = (0..150).map(|at| format!("x-{at}: y\r\n")).collect();
    stream.write_all(format!("GET / HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

async fn successes(service: &Service, catalogue: &Catalogue) {
    for first in 1..=20 {
        let beers = "query Beers($first: Int!) { beers(first: $first) { nodes { name brewery { name } } totalCount } }";
        done(service.post(&json!({ "query": beers, "variables": { "first": first } }))).await;
    }
    for document in
        ["query NotListed { styles { totalCount } }", "{ search(query: \"stout\") { edges { node { __typename } } } }"]
    {
        done(service.post(&json!({ "query": document }))).await;
    }
    for name in [VARIABLE, "Orval"] {
        let input = json!({ "name": name, "description": VARIABLE });
        let created = service.post(&json!({ "query": CREATE, "variables": { "input": input } })).bearer_auth(&catalogue.admin);
        let id = done(created).await["createBrewery"]["brewery"]["id"].take();
        change(service, catalogue, "updateBrewery", json!({ "id": id, "expectedRevision": 1, "city": LITERAL })).await;
        change(service, catalogue, "deleteBrewery", json!({ "id": id })).await;
    }
}

async fn change(service: &Service, catalogue: &Catalogue, field: &str, input: Value) {
    let of_type = format!("{}{}Input!", field[..1].to_uppercase(), &field[1..]);
    let document = format!("mutation ($input: {of_type}) {{ {field}(input: $input) {{ errors {{ code message }} }} }}");
    let request = service.post(&json!({ "query": document, "variables": { "input": input } }));
    let payload = done(request.bearer_auth(&catalogue.admin)).await;
    assert_eq!(payload[field]["errors"], json!([]), "{payload}");
}

/// SQL that takes longer than a second.
async fn slow(service: &Service, catalogue: &Catalogue) {
    let lock = catalogue.lock().await;
    let document = CREATE.replace("CreateBrewery(", "Slow(");
    let request = service.post(&json!({ "query": document, "variables": { "input": { "name": "Slow" } } }));
    let slow = tokio::spawn(done(request.bearer_auth(&catalogue.admin)));
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    lock.rollback().await.unwrap();
    slow.await.unwrap();
}

async fn persisted(service: &Service) {
    let document = "query Persisted { __typename }";
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": sha256(document) } });
    let by_id = || service.post(&json!({ "extensions": extensions }));
    refused(by_id(), "PERSISTED_QUERY_NOT_FOUND").await;
    done(service.post(&json!({ "query": document, "extensions": extensions }))).await;
    done(by_id()).await;
}

async fn http_errors(service: &Service) {
    let post = || service.request(Method::POST, "/graphql");
    refused(post().header("content-type", "application/json").body("["), "BAD_REQUEST").await;
    refused(service.request(Method::PUT, "/graphql"), "METHOD_NOT_ALLOWED").await;
    refused(post().header("accept", "image/png"), "NOT_ACCEPTABLE").await;
    refused(post().header("content-type", "text/plain").body("{}"), "UNSUPPORTED_MEDIA_TYPE").await;
    refused(service.post(&json!({ "query": " ".repeat(100_000) })), "PAYLOAD_TOO_LARGE").await;
    refused(service.request(Method::GET, "/nowhere"), "NOT_FOUND").await;
    // REQUEST_TIMEOUT.
    let mut stream = service.connect().await;
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).await.unwrap();
    assert_eq!(&status, b"HTTP/1.1 408");
}

async fn graphql_errors(service: &Service, catalogue: &Catalogue) {
    let ask = |document: &str| service.post(&json!({ "query": document }));
    refused(ask(&format!("{{ beers(first: \"{LITERAL}\"")), "GRAPHQL_PARSE_FAILED").await;
    refused(ask(&format!("query Beers {{ beers(first: \"{LITERAL}\") {{ totalCount }} }}")), "GRAPHQL_VALIDATION_FAILED").await;
    refused(ask(&format!("query Beers {{ beers(after: \"{LITERAL}\") {{ totalCount }} }}")), "BAD_USER_INPUT").await;
    let seed = ask("mutation { seedCatalog(input: {}) { errors { code } } }").bearer_auth(&catalogue.admin);
    refused(seed, "FEATURE_DISABLED").await;
}

async fn credentials(service: &Service, catalogue: &Catalogue) {
    let create = || service.post(&json!({ "query": CREATE, "variables": { "input": { "name": "x" } } }));
    refused(create().bearer_auth(LITERAL), "UNAUTHENTICATED").await;
    refused(create().bearer_auth(&catalogue.reviewer), "FORBIDDEN").await;
}

async fn fault(service: &Service) {
    for _ in 0..5 {
        let document = "query Beers { beers(first: 1) { nodes { reviews { totalCount } } } }";
        refused(service.post(&json!({ "query": document })), "INTERNAL_SERVER_ERROR").await;
    }
}

pub fn sha256(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}
