//! As strangers meet it: trusted documents only, nothing of the schema, and no more than they may spend.

use reqwest::Method;
use serde_json::json;

use super::{Catalogue, finish};
use crate::receiver::Receiver;
use crate::recording::Run;
use crate::service::{Service, body, done, refused};

const BEERS: &str = "query Beers { beers(first: 1) { nodes { name } } }";
const INTROSPECTION: &str = "query Schema { __schema { description } }";

pub async fn run(catalogue: &Catalogue) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("manifest.json");
    std::fs::write(&manifest, json!({ "beers": BEERS, "schema": INTROSPECTION }).to_string()).unwrap();
    let receiver = Receiver::start().await;
    let environment = [
        ("TAPROOM_DATABASE_URL", catalogue.url.as_str()),
        ("TAPROOM_PROFILE", "production"),
        ("TAPROOM_SLOT", "green"),
        ("TAPROOM_TRUSTED_DOCUMENTS", "only"),
        ("TAPROOM_TRUSTED_DOCUMENTS_FILE", manifest.to_str().unwrap()),
        ("TAPROOM_RATE_LIMIT", "200"),
    ];
    let service = Service::start(&receiver, &environment).await;
    done(service.post(&json!({ "documentId": "beers" }))).await;
    refused(service.post(&json!({ "query": "{ __typename }" })), "TRUSTED_DOCUMENT_REQUIRED").await;
    refused(service.post(&json!({ "documentId": "schema" })), "INTROSPECTION_DISABLED").await;
    refused(service.request(Method::GET, "/graphql?query=%7B__typename%7D"), "CSRF_PREVENTED").await;
    let mut tries = 0..1_000;
    while body(service.post(&json!({ "documentId": "beers" })).send().await.unwrap()).await.get("errors").is_none() {
        assert!(tries.next().is_some(), "the rate limit never comes");
    }
    refused(service.post(&json!({ "documentId": "beers" })), "RATE_LIMITED").await;
    finish("production", service, &receiver).await
}
