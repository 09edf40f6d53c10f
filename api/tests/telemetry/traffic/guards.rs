//! The old slot, with limits so small that a document of a line exceeds each.

use reqwest::Method;
use serde_json::json;

use super::{Catalogue, finish, sha256};
use crate::receiver::Receiver;
use crate::recording::Run;
use crate::service::{Service, done, refused};

pub async fn run(catalogue: &Catalogue) -> Run {
    let receiver = Receiver::start().await;
    let environment = [
        ("TAPROOM_DATABASE_URL", catalogue.url.as_str()),
        ("TAPROOM_PROFILE", "development"),
        ("TAPROOM_SLOT", "blue"),
        ("TAPROOM_PERSISTED_QUERIES_BYTES", "0"),
        ("TAPROOM_MAX_DOCUMENT_BYTES", "500"),
        ("TAPROOM_MAX_TOKENS", "60"),
        ("TAPROOM_MAX_NESTING", "8"),
        ("TAPROOM_MAX_DEPTH", "5"),
        ("TAPROOM_MAX_COST", "1000"),
        ("TAPROOM_MAX_FIELDS", "10"),
        ("TAPROOM_MAX_ALIASES", "2"),
        ("TAPROOM_MAX_ROOT_FIELDS", "4"),
        ("TAPROOM_MAX_DIRECTIVES", "1"),
        ("TAPROOM_MAX_FRAGMENTS", "1"),
    ];
    let service = Service::start(&receiver, &environment).await;
    let ask = |document: &str| service.post(&json!({ "query": document }));
    for (code, document) in [
        ("DOCUMENT_SIZE_LIMIT_EXCEEDED", format!("{{ __typename {} }}", " ".repeat(500))),
        ("TOKEN_LIMIT_EXCEEDED", format!("{{ {} }}", "a ".repeat(60))),
        ("NESTING_LIMIT_EXCEEDED", "{a{a{a{a{a{a{a{a{a}}}}}}}}}".to_owned()),
        ("DEPTH_LIMIT_EXCEEDED", "{ beers { nodes { brewery { beers { nodes { id } } } } } }".to_owned()),
        ("COST_LIMIT_EXCEEDED", "{ beers(first: 100) { nodes { reviews(first: 100) { totalCount } } } }".to_owned()),
        ("FIELD_LIMIT_EXCEEDED", format!("{{ beers {{ nodes {{ {} }} }} }}", "id ".repeat(10))),
        ("ALIAS_LIMIT_EXCEEDED", "{ a: __typename b: __typename c: __typename }".to_owned()),
        ("ROOT_FIELD_LIMIT_EXCEEDED", format!("{{ {} }}", "__typename ".repeat(5))),
        ("DIRECTIVE_LIMIT_EXCEEDED", "{ a: __typename @skip(if: false) b: __typename @skip(if: false) }".to_owned()),
        (
            "FRAGMENT_LIMIT_EXCEEDED",
            "{ ...A ...B } fragment A on Query { __typename } fragment B on Query { __typename }".to_owned(),
        ),
    ] {
        refused(ask(&document), code).await;
    }
    let unknown = json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": sha256("{ a }") } } });
    refused(service.post(&unknown), "PERSISTED_QUERY_NOT_SUPPORTED").await;
    for _ in 0..5 {
        done(ask("query Beers { beers { nodes { name } } }")).await;
    }
    // HTTP has its own.
    service.request(Method::HEAD, "/livez").send().await.unwrap();
    finish("guards", service, &receiver).await
}
