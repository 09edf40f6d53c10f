//! CodeDeploy is told, whatever happens.

use std::time::Duration;

use serde_json::json;

use crate::support::lambda;
use crate::support::world::{TEST, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_function_without_its_variables_says_which_and_fails_the_deployment() {
    let world = World::start().await;
    let call = world.hook("BeforeInstall").set("TEST_URL", "").set("LATENCY_RATIO", "fast");
    let judged = call.judge().await;
    assert_eq!(judged.0["verdict"], "Failed");
    assert_eq!(
        judged.0["reasons"],
        json!([
            "environment: HOOK is \"BeforeInstall\": write AfterAllowTestTraffic or AfterAllowTraffic",
            "environment: TEST_URL is not set",
            "environment: LATENCY_RATIO is \"fast\": write a number from 1 to 100",
        ])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn throttling_is_sat_out() {
    let world = World::start().await;
    // More than the client sits out by itself.
    world.aws.model().throttled = 7;
    world.hook(TEST).judge().await.succeeded(&[]);
    assert_eq!(world.aws.model().asked.iter().filter(|action| *action == "PutLifecycleEventHookExecutionStatus").count(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_that_is_there_already_is_no_error() {
    let world = World::start().await;
    world.aws.model().completed = true;
    let invocation = world.hook(TEST).invoke().await;
    assert_eq!(invocation.result.unwrap()["verdict"], "Succeeded");
    assert!(world.aws.model().told.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn when_codedeploy_cannot_be_told_the_invocation_has_failed_and_the_log_says_the_verdict() {
    let world = World::start().await;
    world.aws.model().throttled = usize::MAX;
    let invocation = world.hook("nonsense").within(Duration::from_secs(20)).invoke().await;
    let error = invocation.result.unwrap_err();
    assert!(error["errorMessage"].as_str().unwrap().starts_with("CodeDeploy could not be told Failed"), "{error}");
    assert!(invocation.log.iter().any(|line| line["verdict"] == "Failed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_somebody_else_is_an_error() {
    let world = World::start().await;
    let invocation = lambda::invoke([], json!({ "detail-type": "Scheduled Event" }), Duration::from_secs(60)).await;
    assert!(invocation.result.unwrap_err()["errorMessage"].as_str().unwrap().contains("{\"probe\": {}}"));
    assert!(world.aws.model().asked.is_empty());
}
