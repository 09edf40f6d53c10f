//! Every task is heard of.

use std::time::Duration;

use crate::support::world::{DEFINITION, TASK, TEST, World, digest, task};

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_is_silent_is_named() {
    let world = World::start().await;
    world.aws.model().tasks.push(task("51137000", DEFINITION, &digest('a')));
    let judged = world.hook(TEST).set("TELEMETRY_TIMEOUT_SECONDS", "10").judge().await;
    let reason = judged.failed(&["telemetry"]);
    assert!(reason.starts_with("nothing was heard of 51137000 in /taproom/metrics within 10 s"), "{reason}");
}

/// It was heard of, and will not be when alarms judge it.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_has_stopped_reporting_is_silent() {
    let world = World::start().await;
    world.aws.model().stopped = Duration::from_secs(3600);
    let judged = world.hook(TEST).set("TELEMETRY_TIMEOUT_SECONDS", "5").judge().await;
    let reason = judged.failed(&["telemetry"]);
    assert!(reason.starts_with(&format!("nothing was heard of {TASK} ")), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_is_heard_of_as_another_is_refused() {
    let world = World::start().await;
    {
        let mut model = world.aws.model();
        let environment = &mut model.definitions.get_mut(DEFINITION).unwrap()["containerDefinitions"][1]["environment"];
        environment[0]["value"] = "blue".into();
    }
    let judged = world.hook(TEST).set("VERSION_TIMEOUT_SECONDS", "1").judge().await;
    judged.failed(&["version", "telemetry"]);
    assert!(judged.detail("telemetry").contains(&format!("task {TASK} reports taproom.slot green instead of blue")));
}

/// All of it is what the check looks for: version 0 writes no `_aws`.
#[test]
fn the_collector_names_streams_by_task_and_tells_the_resource_in_the_embedded_metric_format() {
    let collector = include_str!("../../../collector.yaml");
    let collector: serde_json::Value = serde_saphyr::from_str(collector).unwrap();
    let awsemf = &collector["exporters"]["awsemf"];
    assert_eq!(awsemf["log_stream_name"], "{TaskId}");
    assert_eq!(awsemf["version"], "1");
    assert_eq!(awsemf["resource_to_telemetry_conversion"]["enabled"], true);
}
