//! `AfterAllowTraffic`: the same on the production listener, without a version to compare with.

use crate::support::proxy::always;
use crate::support::world::{ALL, World};
use axum::http::StatusCode;

#[tokio::test(flavor = "multi_thread")]
async fn a_good_candidate_passes_what_can_still_be_checked() {
    let world = World::start().await;
    // Nobody is to ask there any more.
    let judged = world.hook(ALL).set("TEST_URL", "http://127.0.0.1:1").judge().await;
    judged.succeeded(&["latency", "schema"]);
    assert!(judged.detail("latency").starts_with("all traffic is with the candidate"));
    assert_eq!(judged.0["hook"], "AfterAllowTraffic");
    assert!(world.candidate.operations() > 0 && world.blue.operations() == 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn users_have_to_be_with_it() {
    let world = World::start().await;
    let judged = world.hook(ALL).set("PRODUCTION_URL", &world.blue.url()).set("VERSION_TIMEOUT_SECONDS", "1").judge().await;
    let reason = judged.failed(&["version"]);
    assert!(reason.contains("slot blue instead of green, deployment run-1 instead of run-2"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_that_only_fails_is_no_candidate() {
    let world = World::start().await;
    let broken = always(StatusCode::BAD_GATEWAY, "bad gateway").await;
    let judged = world.hook(ALL).set("PRODUCTION_URL", &broken.url).set("VERSION_TIMEOUT_SECONDS", "1").judge().await;
    assert!(judged.failed(&["version"]).contains("502"));
}
