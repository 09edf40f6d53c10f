//! Room for two operations, one connection, and somebody who holds a lock.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use reqwest::RequestBuilder;
use serde_json::json;

use super::{Catalogue, finish};
use crate::receiver::Receiver;
use crate::recording::Run;
use crate::service::{Service, body};

const EXPECTED: [&str; 3] = ["OPERATION_TIMEOUT", "OVERLOADED", "SERVICE_UNAVAILABLE"];
/// How long a connection is waited for, in milliseconds.
const ACQUIRE_TIMEOUT: u64 = 1_000;
const TRIES: usize = 10;

pub async fn run(catalogue: &Catalogue) -> Run {
    let receiver = Receiver::start().await;
    let acquire_timeout = ACQUIRE_TIMEOUT.to_string();
    let environment = [
        ("TAPROOM_DATABASE_URL", catalogue.url.as_str()),
        ("TAPROOM_PROFILE", "development"),
        ("TAPROOM_SLOT", "blue"),
        ("TAPROOM_MAX_CONCURRENCY", "2"),
        ("TAPROOM_DATABASE_POOL_SIZE", "1"),
        ("TAPROOM_DATABASE_ACQUIRE_TIMEOUT", &acquire_timeout),
        ("TAPROOM_DATABASE_LOCK_TIMEOUT", "0"),
        ("TAPROOM_DATABASE_BUSY_TIMEOUT", "60000"),
        ("TAPROOM_REQUEST_TIMEOUT", "6s"),
    ];
    let service = Service::start(&receiver, &environment).await;
    let lock = catalogue.lock().await;
    let write = || {
        let document = "mutation { createBrewery(input: { name: \"Locked\" }) { errors { code } } }";
        service.post(&json!({ "query": document })).bearer_auth(&catalogue.admin)
    };
    // The first may come too early, to a pool that has no connection yet on a busy machine.
    let mut codes = BTreeSet::new();
    for _ in 0..TRIES {
        let writer = tokio::spawn(code(write()));
        while !writer.is_finished() {
            codes.extend(crowd(&service).await);
            // A client that hangs up while it waits for the connection.
            let _ = tokio::time::timeout(Duration::from_millis(ACQUIRE_TIMEOUT / 2), beers(&service).send()).await;
        }
        codes.extend(writer.await.unwrap());
        if EXPECTED.into_iter().all(|code| codes.contains(code)) {
            break;
        }
    }
    assert!(EXPECTED.into_iter().all(|code| codes.contains(code)), "{codes:?}");

    service.logs(|line| line["status"] == 499).await;
    lock.rollback().await.unwrap();
    finish("scarce", service, &receiver).await
}

/// More at once than there is room for; some wait for the connection in vain, and some find no place.
async fn crowd(service: &Service) -> Vec<String> {
    join_all((0..4).map(|_| code(beers(service)))).await.into_iter().flatten().collect()
}

fn beers(service: &Service) -> RequestBuilder {
    // Two loads.
    service.post(&json!({ "query": "{ beers(first: 1) { totalCount nodes { name } } }" }))
}

/// Of the first error.
async fn code(request: RequestBuilder) -> Option<String> {
    let answer = body(request.send().await.unwrap()).await;
    answer["errors"][0]["extensions"]["code"].as_str().map(str::to_owned)
}
