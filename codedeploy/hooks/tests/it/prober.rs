//! The scheduled invocation.

use std::time::Duration;

use axum::http::StatusCode;

use crate::support::proxy::{always, nobody, proxy};
use crate::support::world::{TEST, World};

#[tokio::test(flavor = "multi_thread")]
async fn without_a_deployment_nothing_is_asked() {
    let world = World::start().await;
    world.aws.model().task_sets.pop();
    let invocation = world.hook(TEST).probe().await;
    let summary = invocation.result.unwrap();
    assert_eq!((&summary["probe"], &summary["sent"]), (&"idle".into(), &0.into()));
    assert_eq!(world.candidate.operations(), 0);
    assert_eq!(world.aws.model().asked, ["DescribeServices"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn during_one_the_candidate_is_asked_at_the_rate_until_time_is_up() {
    let world = World::start().await;
    // Of these, the function keeps five for answers that are late.
    let invocation = world.hook(TEST).set("PROBE_RATE", "600").within(Duration::from_secs(9)).probe().await;
    let summary = invocation.result.unwrap();
    let sent = usize::try_from(summary["sent"].as_u64().unwrap()).unwrap();
    assert!((20..=40).contains(&sent), "{summary}");
    assert_eq!((&summary["answered"], &summary["wrong"]), (&sent.into(), &serde_json::json!({})));
    assert_eq!(world.candidate.operations(), sent);
    assert_eq!(world.blue.operations(), 0);
    assert!(world.aws.model().told.is_empty());
    assert!(invocation.log.contains(&summary));
}

/// Alarms need as many requests of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_candidate_is_asked_as_often() {
    let world = World::start().await;
    let address = world.candidate.address.clone();
    let slow = proxy(move |_| address.clone(), Duration::from_secs(1)).await;
    let call = world.hook(TEST).set("PROBE_RATE", "600").set("TEST_URL", &slow.url).within(Duration::from_secs(9));
    let summary = call.probe().await.result.unwrap();
    assert!((20..=40).contains(&summary["sent"].as_u64().unwrap()), "{summary}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_candidate_that_fails_is_asked_on() {
    let world = World::start().await;
    let broken = always(StatusCode::INTERNAL_SERVER_ERROR, "no").await;
    for (url, wrong) in [(broken.url.clone(), "500"), (nobody().await, "does not answer")] {
        let call = world.hook(TEST).set("PROBE_RATE", "600").set("TEST_URL", &url).within(Duration::from_secs(7));
        let summary = call.probe().await.result.unwrap();
        assert!(summary["sent"].as_u64().unwrap() > 1 && summary["answered"] == 0, "{summary}");
        assert!(summary["wrong"].as_object().unwrap().keys().next().unwrap().contains(wrong), "{summary}");
    }
}
