//! The database goes away.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use super::{Catalogue, finish};
use crate::receiver::Receiver;
use crate::recording::Run;
use crate::service::{Service, done, refused};

/// Nothing without a server that can be stopped.
pub async fn run(catalogue: &mut Catalogue) -> Option<Run> {
    let server = catalogue.server.as_mut()?;
    let receiver = Receiver::start().await;
    let environment =
        [("TAPROOM_DATABASE_URL", catalogue.url.as_str()), ("TAPROOM_PROFILE", "development"), ("TAPROOM_SLOT", "green")];
    let service = Service::start(&receiver, &environment).await;
    let ask = || service.post(&json!({ "query": "query Beers { beers { totalCount } }" }));
    done(ask()).await;
    server.stop().await;
    for _ in 0..5 {
        refused(ask(), "SERVICE_UNAVAILABLE").await;
    }
    refused(ask().bearer_auth(&catalogue.admin), "SERVICE_UNAVAILABLE").await;
    let mut tries = 0..300;
    while service.request(Method::GET, "/readyz").send().await.unwrap().status() != 503 {
        assert!(tries.next().is_some(), "it goes on being ready");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Some(finish("outage", service, &receiver).await)
}
