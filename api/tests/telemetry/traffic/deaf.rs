//! A collector that refuses spans, and one that does not answer: requests are answered all the same.

use std::time::Instant;

use futures_util::future::join_all;
use serde_json::json;

use super::{Catalogue, finish};
use crate::receiver::{Answer, Received, Receiver};
use crate::recording::Run;
use crate::service::{PATIENCE, Service, done};

/// Exports of metrics that are waited for while spans hang.
pub const EXPORTS_BESIDE_HANGING: usize = 3;

pub async fn run(catalogue: &Catalogue) -> Run {
    let receiver = Receiver::start().await;
    let environment = [
        ("TAPROOM_DATABASE_URL", catalogue.url.as_str()),
        ("TAPROOM_PROFILE", "development"),
        ("TAPROOM_SLOT", "green"),
        // A busy machine is no failure: a crowd wants many connections at once.
        ("TAPROOM_DATABASE_ACQUIRE_TIMEOUT", "60000"),
        ("TAPROOM_REQUEST_TIMEOUT", "60s"),
    ];
    let service = Service::start(&receiver, &environment).await;
    receiver.answer_spans(Answer::Refuse);
    ask_until(&service, "spans are dropped for export_failed", || has_dropped(&receiver.received(), "export_failed")).await;
    receiver.answer_spans(Answer::Hang);
    beside_hanging(&service, &receiver).await;
    receiver.answer_spans(Answer::Accept);
    finish("deaf", service, &receiver).await
}

/// Nobody waits for an export: all requests of a crowd are answered while the same one hangs from before they were sent until after.
async fn beside_hanging(service: &Service, receiver: &Receiver) {
    let started = Instant::now();
    loop {
        let before = receiver.hanging();
        crowd(service).await;
        if !before.is_disjoint(&receiver.hanging()) {
            break;
        }
        assert!(started.elapsed() < PATIENCE, "no requests are answered while an export hangs");
    }
    ask_until(service, "spans are dropped for queue_full", || has_dropped(&receiver.received(), "queue_full")).await;
    let came = |received: &Received| received.metrics.iter().filter(|arrival| arrival.beside_hanging).count();
    ask_until(service, "metrics come while spans hang", || came(&receiver.received()) >= EXPORTS_BESIDE_HANGING).await;
}

async fn ask_until(service: &Service, what: &str, enough: impl Fn() -> bool) {
    let started = Instant::now();
    while !enough() {
        assert!(started.elapsed() < PATIENCE, "never: {what}");
        crowd(service).await;
    }
}

/// Requests of many spans, all answered.
async fn crowd(service: &Service) {
    let fields: String =
        (0..20).map(|at| format!("a{at}: search(query: \"stout\", first: 1) {{ pageInfo {{ hasNextPage }} }} ")).collect();
    let many = || done(service.post(&json!({ "query": format!("query Many {{ {fields} }}") })));
    join_all((0..8).map(|_| many())).await;
}

fn has_dropped(received: &Received, reason: &str) -> bool {
    let mut metrics = received
        .metrics
        .iter()
        .flat_map(|arrival| &arrival.request.resource_metrics)
        .flat_map(|resource| &resource.scope_metrics)
        .flat_map(|scope| &scope.metrics);
    metrics.any(|metric| metric.name == "taproom.spans.dropped" && format!("{:?}", metric.data).contains(reason))
}
