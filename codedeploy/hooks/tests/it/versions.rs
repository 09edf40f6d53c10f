//! What runs and what answers is what was meant to.

use std::time::Duration;

use serde_json::json;

use crate::support::proxy::proxy;
use crate::support::world::{DEFINITION, TEST, World, definition, digest, task};

#[tokio::test(flavor = "multi_thread")]
async fn another_commit_is_found() {
    let world = World::start().await;
    world.aws.model().definitions.insert(DEFINITION.to_owned(), definition("dec0de"));
    let judged = world.hook(TEST).set("VERSION_TIMEOUT_SECONDS", "1").judge().await;
    // It says of itself there, too, that it is another one.
    let reason = judged.failed(&["version", "telemetry"]);
    assert!(reason.contains("instead of dec0de"), "{reason}");
    assert!(judged.detail("telemetry").contains("vcs.ref.head.revision"));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_image_is_found() {
    let world = World::start().await;
    world.aws.model().tasks.push(task("0ther000", DEFINITION, &digest('c')));
    let judged = world.hook(TEST).set("TELEMETRY_TIMEOUT_SECONDS", "1").judge().await;
    let reason = judged.failed(&["candidate", "telemetry"]);
    assert_eq!(reason, format!("task 0ther000 runs {}, but its task definition names {}", digest('c'), digest('a')));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_definition_has_to_say_what_is_intended() {
    let world = World::start().await;
    let mut bare = definition("");
    bare["containerDefinitions"][1]["image"] = json!("registry.example/taproom:latest");
    bare["containerDefinitions"][1]["environment"] = json!([]);
    bare["containerDefinitions"][1]["dockerLabels"]["taproom.breaking-changes"] = json!("yes");
    world.aws.model().definitions.insert(DEFINITION.to_owned(), bare);
    let judged = world.hook(TEST).judge().await;
    let reason = judged.failed(&["candidate"]);
    for part in [
        "taproom:latest is not named by digest",
        "no label org.opencontainers.image.revision",
        "TAPROOM_SLOT",
        "TAPROOM_DEPLOYMENT",
        "its label taproom.breaking-changes is \"yes\": write accepted or refused",
    ] {
        assert!(reason.contains(part), "{part}: {reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_deployment_has_to_be_this_services() {
    let world = World::start().await;
    world.aws.model().task_sets.pop();
    let judged = world.hook(TEST).judge().await;
    assert_eq!(judged.failed(&["candidate"]), "service taproom has no task set of the deployment d-CANDIDATE, only of: d-BEFORE");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_tasks_have_to_run() {
    let world = World::start().await;
    world.aws.model().task_sets[1]["computedDesiredCount"] = 2.into();
    let judged = world.hook(TEST).set("VERSION_TIMEOUT_SECONDS", "1").judge().await;
    assert_eq!(judged.failed(&["candidate"]), format!("only 1 of 2 tasks of {DEFINITION} are running"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revision_is_deployed_once() {
    let world = World::start().await;
    world.aws.model().task_sets[0]["taskDefinition"] = DEFINITION.into();
    let judged = world.hook(TEST).judge().await;
    assert!(judged.failed(&["candidate"]).ends_with("register a new revision for each deployment"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_slot_must_not_be_blues() {
    let world = World::start().await;
    let judged = world.hook(TEST).set("PRODUCTION_URL", &world.candidate.url()).judge().await;
    let reason = judged.failed(&["version"]);
    assert!(reason.starts_with("the candidate has the slot green, and so has"), "{reason}");
}

/// Load balancers take a moment.
#[tokio::test(flavor = "multi_thread")]
async fn answers_of_the_version_before_are_sat_out() {
    let world = World::start().await;
    let (blue, candidate) = (world.blue.address.clone(), world.candidate.address.clone());
    // Not in a row before the fifth.
    let route = move |number| if [0, 1, 3].contains(&number) { blue.clone() } else { candidate.clone() };
    let listener = proxy(route, Duration::ZERO).await;
    let judged = world.hook(TEST).set("TEST_URL", &listener.url).judge().await;
    judged.succeeded(&[]);
    assert!(judged.detail("version").contains("after 3 others;"), "{}", judged.detail("version"));
}
