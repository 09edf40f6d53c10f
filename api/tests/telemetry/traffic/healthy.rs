//! A candidate that is well: clients do wrong, the service does not. Nothing of it is traced, whatever clients want.

use serde_json::json;

use super::{Catalogue, PARENT_SPAN_ID, W3C_TRACE_ID, finish};
use crate::receiver::Receiver;
use crate::recording::Run;
use crate::service::{Service, done, refused};

pub async fn run(catalogue: &Catalogue) -> Run {
    let receiver = Receiver::start().await;
    let environment = [
        ("TAPROOM_DATABASE_URL", catalogue.url.as_str()),
        ("TAPROOM_PROFILE", "development"),
        ("TAPROOM_SLOT", "green"),
        ("OTEL_TRACES_SAMPLER_ARG", "0"),
    ];
    let service = Service::start(&receiver, &environment).await;
    let wanted = |request: reqwest::RequestBuilder| {
        request
            .header("traceparent", format!("00-{W3C_TRACE_ID}-{PARENT_SPAN_ID}-01"))
            .header("x-amzn-trace-id", "Root=1-67891233-abcdef012345678912345678;Sampled=1")
    };
    for _ in 0..40 {
        done(wanted(service.post(&json!({ "query": "query Beers { beers(first: 3) { nodes { name } } }" })))).await;
    }
    for _ in 0..10 {
        refused(wanted(service.post(&json!({ "query": "{ nothing }" }))), "GRAPHQL_VALIDATION_FAILED").await;
    }
    finish("healthy", service, &receiver).await
}
