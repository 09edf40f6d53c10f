//! `AfterAllowTestTraffic`, of a good candidate and of bad ones.

use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use crate::support::proxy::{altering, always, nobody};
use crate::support::taproom::Database;
use crate::support::world::{Candidate, TEST, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_good_candidate_passes_every_check() {
    let world = World::start().await;
    let judged = world.hook(TEST).judge().await;
    judged.succeeded(&[]);
    let version = world.candidate.version().await;
    let commit = version["commit"].as_str().unwrap();
    assert!(judged.detail("candidate").contains("task set ecs-svc/2: 1 running tasks of sha256:aaaa"));
    assert_eq!(
        judged.detail("version"),
        format!("3 answers in a row of commit {commit}, slot green, after 0 others; the version before has slot blue")
    );
    assert_eq!(judged.detail("operations"), "Beers, Breweries, Reviews, Search, StrongBeers, Beer");
    assert!(judged.detail("schema").ends_with("types offer is still there"));
    assert_eq!(judged.detail("telemetry"), "1 tasks report to /taproom/metrics as slot green");
    assert_eq!(judged.0["deployment"], "d-CANDIDATE");
    assert_eq!(judged.0["hook"], "AfterAllowTestTraffic");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_catalogue_is_no_fault() {
    let world = World::with(Candidate { database: Database::empty(), ..Candidate::default() }).await;
    let judged = world.hook(TEST).set("INTROSPECTION_KEY_SECRET", "").judge().await;
    judged.succeeded(&["schema"]);
    assert!(judged.detail("operations").ends_with("; the catalogue has no beer to ask for"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_which_a_resolver_errs_has_failed() {
    let world = World::start().await;
    let broken = altering(&world.candidate.address, |body| {
        let answer = json!({ "data": { "search": null }, "errors": [{ "message": "no", "extensions": { "code": "INTERNAL" } }] });
        body.contains("query Search").then_some((StatusCode::OK, answer))
    });
    let judged = world.hook(TEST).set("TEST_URL", &broken.await.url).judge().await;
    // It stops being measured as well.
    let reason = judged.failed(&["operations", "latency"]);
    assert_eq!(reason, "5 of 30 times, the answer to Search has status 200 OK and errors: INTERNAL");
}

/// A load balancer's one bad answer is no fault of the candidate's; a share of them is.
#[tokio::test(flavor = "multi_thread")]
async fn one_bad_answer_is_told_and_two_are_too_many() {
    for bad in [1, 2] {
        let world = World::start().await;
        let left = AtomicI32::new(bad);
        let limping = altering(&world.candidate.address, move |body| {
            let is_bad = body.contains("query Search") && left.fetch_sub(1, Ordering::Relaxed) > 0;
            is_bad.then(|| (StatusCode::BAD_GATEWAY, json!({})))
        });
        let judged = world.hook(TEST).set("TEST_URL", &limping.await.url).judge().await;
        if bad == 1 {
            let detail = judged.detail("operations");
            assert!(detail.contains("; one answer of 30 was wrong: the answer to Search has status 502"), "{detail}");
        } else {
            let reason = judged.failed(&["operations"]);
            assert!(reason.starts_with("2 of 30 times, the answer to Search has status 502"), "{reason}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_without_the_beers_of_the_version_before_has_failed() {
    let world = World::start().await;
    let elsewhere = altering(&world.candidate.address, |body| {
        body.contains("query Beers").then(|| (StatusCode::OK, json!({ "data": { "beers": { "totalCount": 0, "nodes": [] } } })))
    });
    let judged = world.hook(TEST).set("TEST_URL", &elsewhere.await.url).judge().await;
    let reason = judged.failed(&["operations"]);
    assert!(reason.starts_with("the candidate finds no beers"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_drains_is_not_ready() {
    let world = World::with(Candidate {
        environment: &[("TAPROOM_DRAIN_DELAY", "120s"), ("TAPROOM_SHUTDOWN_TIMEOUT", "150s")],
        ..Candidate::default()
    })
    .await;
    world.candidate.terminate();
    world.candidate.logged("stopping: not ready any more").await;
    let judged = world.hook(TEST).judge().await;
    let reason = judged.failed(&["readiness"]);
    assert!(reason.contains("503") && reason.contains("DRAINING") && reason.contains("the process is stopping"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_in_the_development_profile_tells_strangers_too_much() {
    let world = World::with(Candidate { environment: &[("TAPROOM_PROFILE", "development")], ..Candidate::default() }).await;
    let judged = world.hook(TEST).judge().await;
    let reason = judged.failed(&["security"]);
    assert!(reason.contains("introspection without a credential has to be refused with INTROSPECTION_DISABLED"), "{reason}");
    assert!(reason.contains("a GET as any web page can send it"), "{reason}");
    assert!(!reason.contains("mutation"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_answers_nothing_has_failed_and_nothing_else_is_asked() {
    let world = World::start().await;
    let call = world.hook(TEST).set("TEST_URL", &nobody().await).set("VERSION_TIMEOUT_SECONDS", "1");
    let judged = call.judge().await;
    let reason = judged.failed(&["version"]);
    assert!(reason.contains("does not answer: ") && reason.contains("Connection refused"), "{reason}");
    assert_eq!(judged.detail("latency"), judged.detail("readiness"));
    assert!(judged.detail("readiness").contains("see version"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_answers_as_something_else_has_failed() {
    let world = World::start().await;
    let other = always(StatusCode::OK, "<html>It works!</html>").await;
    let judged = world.hook(TEST).set("TEST_URL", &other.url).set("VERSION_TIMEOUT_SECONDS", "1").judge().await;
    let reason = judged.failed(&["version"]);
    assert!(reason.contains("and not as Taproom does") && reason.contains("It works!"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn time_that_runs_out_is_told_while_there_is_some() {
    let world = World::start().await;
    // The function keeps 20 s for telling, and a thousand answers take longer than five.
    let call =
        world.hook(TEST).set("VERSION_ANSWERS", "1000").set("VERSION_TIMEOUT_SECONDS", "900").within(Duration::from_secs(25));
    let judged = call.judge().await;
    let reason = judged.failed(&["version"]);
    assert!(reason.starts_with("ran out of time during version"), "{reason}");
    assert_eq!(judged.detail("telemetry"), "time ran out during version");
}
