//! The candidate beside the version before.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use crate::support::other_version::OtherVersion;
use crate::support::proxy::{altering, always, nobody, proxy};
use crate::support::world::{Candidate, TEST, World};

/// A field that only some clients ask for.
#[tokio::test(flavor = "multi_thread")]
async fn a_schema_that_breaks_clients_is_refused() {
    let program = tokio::task::spawn_blocking(|| {
        let mut other = OtherVersion::of_this("broken-schema");
        other.replace("api/src/graphql/types/beer.rs", "async fn created_at", "async fn added_at");
        other.build("b0b0b0")
    });
    let world = World::with(Candidate { program: program.await.unwrap(), ..Candidate::default() }).await;
    assert_eq!(world.candidate.version().await["commit"], "b0b0b0");
    let judged = world.hook(TEST).judge().await;
    assert_eq!(judged.failed(&["schema"]), "breaks clients: Beer.createdAt is gone");
    assert_eq!(judged.0["reasons"], json!(["schema: breaks clients: Beer.createdAt is gone"]));
    // On purpose, such as back to a release before that field.
    for (label, verdict) in [("refused", "Failed"), ("accepted", "Succeeded")] {
        world.forget();
        world.label("taproom.breaking-changes", label);
        assert_eq!(world.hook(TEST).judge().await.0["verdict"], verdict, "{label}");
    }
    world.forget();
    let accepted = world.hook(TEST).judge().await;
    accepted.succeeded(&[]);
    assert_eq!(accepted.detail("schema"), "the task definition accepts that clients break: Beer.createdAt is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_not_taken_fails_and_skips_nothing() {
    let world = World::start().await;
    world.aws.model().secret = "tap_of_nobody".to_owned();
    let judged = world.hook(TEST).judge().await;
    let reason = judged.failed(&["schema"]);
    assert!(reason.starts_with("the candidate does not tell its schema: ") && reason.contains("UNAUTHENTICATED"), "{reason}");
}

/// Also not if the candidate repeats it: `judge` looks for it in the log.
#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_in_no_sentence() {
    let world = World::start().await;
    let key = world.aws.model().secret.clone();
    let broken = altering(&world.candidate.address, move |body| {
        body.contains("inputFields").then(|| (StatusCode::INTERNAL_SERVER_ERROR, format!("no such key: {key}").into()))
    });
    let judged = world.hook(TEST).set("TEST_URL", &broken.await.url).judge().await;
    assert_eq!(judged.0["verdict"], "Failed");
    assert!(judged.detail("schema").contains("500"), "{}", judged.detail("schema"));
}

/// Of the candidate itself, so that by default it is no slower.
#[tokio::test(flavor = "multi_thread")]
async fn two_equal_versions_are_about_as_fast_by_default() {
    let world = World::start().await;
    let call = world.hook(TEST).set("LATENCY_SLACK_MS", "").set("LATENCY_ROUNDS", "");
    let judged = call.judge().await;
    judged.succeeded(&[]);
    assert!(judged.detail("latency").starts_with("p95 "), "{}", judged.detail("latency"));
}

/// One request that fails opens no gate.
#[tokio::test(flavor = "multi_thread")]
async fn a_version_before_that_fails_now_and_then_is_compared_with() {
    let world = World::start().await;
    let (asked, failed) = (Mutex::new(BTreeSet::new()), Arc::new(AtomicUsize::new(0)));
    let count = failed.clone();
    // The first time each is asked for.
    let flaky = altering(&world.blue.address, move |body| {
        let is_new = asked.lock().unwrap().insert(body.to_owned());
        is_new.then(|| (StatusCode::BAD_GATEWAY, count.fetch_add(1, Ordering::Relaxed).into()))
    });
    let flaky = flaky.await;
    let judged = world.hook(TEST).set("PRODUCTION_URL", &flaky.url).set("LATENCY_ROUNDS", "1").judge().await;
    judged.succeeded(&[]);
    assert!(judged.detail("version").ends_with("; the version before has slot blue"), "{}", judged.detail("version"));
    // `/version`, six stored operations, the introspection.
    assert_eq!(failed.load(Ordering::Relaxed), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_much_slower_is_refused() {
    let world = World::start().await;
    let address = world.candidate.address.clone();
    let slow = proxy(move |_| address.clone(), Duration::from_secs(1)).await;
    let call = world.hook(TEST).set("TEST_URL", &slow.url).set("LATENCY_SLACK_MS", "1").set("LATENCY_RATIO", "1");
    let judged = call.set("LATENCY_ROUNDS", "1").judge().await;
    let reason = judged.failed(&["latency"]);
    assert!(reason.starts_with("the candidate is too slow: p95 "), "{reason}");
}

/// What is broken must not stop its cure.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_version_before_nothing_is_compared() {
    let world = World::start().await;
    let absent = nobody().await;
    let broken = always(StatusCode::SERVICE_UNAVAILABLE, "no").await;
    let absent = world.hook(TEST).set("PRODUCTION_URL", &absent).judge().await;
    absent.succeeded(&["latency", "schema"]);
    assert!(absent.detail("version").contains("; its slot was not compared: nothing to compare with"));
    assert!(absent.detail("latency").starts_with("nothing to compare with, as in a first deployment: "));
    world.forget();
    let broken = world.hook(TEST).set("PRODUCTION_URL", &broken.url).judge().await;
    broken.succeeded(&["latency", "schema"]);
    assert!(broken.detail("schema").contains("503"));
}
