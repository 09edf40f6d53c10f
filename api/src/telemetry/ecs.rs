//! Which task of Amazon ECS this is, as
//! [ECS tells its containers](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html).

use std::env;

use opentelemetry::KeyValue;
use opentelemetry_aws::detector::EcsResourceDetector;
use opentelemetry_sdk::resource::ResourceDetector as _;
use opentelemetry_semantic_conventions::attribute;
use tracing::{Dispatch, dispatcher};

/// Set by ECS in every container.
const ENDPOINT: &str = "ECS_CONTAINER_METADATA_URI_V4";

/// What is told of all that the detector finds: attributes of the resource go along with every metric, and are billed by the byte.
pub(super) const KEPT: [&str; 10] = [
    attribute::CLOUD_PROVIDER,
    attribute::CLOUD_PLATFORM,
    attribute::CLOUD_REGION,
    attribute::CLOUD_ACCOUNT_ID,
    attribute::CLOUD_AVAILABILITY_ZONE,
    attribute::AWS_ECS_TASK_ARN,
    attribute::AWS_ECS_TASK_FAMILY,
    attribute::AWS_ECS_TASK_REVISION,
    attribute::AWS_ECS_CLUSTER_ARN,
    attribute::AWS_ECS_LAUNCHTYPE,
];

/// The task's attributes, and its id as that of the service's instance; nothing where there is no ECS. What goes wrong is told to `log`.
///
/// The detector gives each of its two questions a second.
pub(super) async fn detect(log: Dispatch) -> Vec<KeyValue> {
    if env::var_os(ENDPOINT).is_none() {
        return Vec::new();
    }
    // It blocks. What it runs on may fail only if it panics, and then as if nothing was found.
    tokio::task::spawn_blocking(move || dispatcher::with_default(&log, ask)).await.unwrap_or_default()
}

fn ask() -> Vec<KeyValue> {
    let found = EcsResourceDetector.detect();
    let id = found.get(&attribute::AWS_ECS_TASK_ID.into());
    if id.is_none() {
        tracing::warn!(
            "{ENDPOINT} does not tell which task this is: traces and metrics go without, under a random service.instance.id"
        );
    }
    let id = id.map(|id| KeyValue::new(attribute::SERVICE_INSTANCE_ID, id));
    let told = found.iter().filter(|(key, _)| KEPT.contains(&key.as_str()));
    told.map(|(key, value)| KeyValue::new(key.clone(), value.clone())).chain(id).collect()
}
