//! Who tells all this: attributes that every span and metric has.

use opentelemetry::KeyValue;
use opentelemetry_sdk::Resource;
use opentelemetry_semantic_conventions::attribute;

use super::ecs;
use super::logs::{self, LogError};
use crate::config::{LogConfig, TelemetryConfig};
use crate::version::{COMMIT, VERSION};

/// Our own: which target group the task was registered for.
pub(super) const SLOT: &str = "taproom.slot";

/// The service, its version, and where it runs. What cannot be found out is told as `logs` says.
///
/// # Errors
/// `logs` make no sense.
pub async fn resource(config: &TelemetryConfig, logs: &LogConfig) -> Result<Resource, LogError> {
    let deployment = config.deployment.as_ref().map(|id| KeyValue::new(attribute::DEPLOYMENT_ID, id.clone()));
    Ok(Resource::builder()
        .with_service_name(config.service_name.clone())
        .with_attributes([
            KeyValue::new(attribute::SERVICE_VERSION, VERSION),
            KeyValue::new(attribute::SERVICE_INSTANCE_ID, uuid::Uuid::now_v7().to_string()),
            KeyValue::new(attribute::DEPLOYMENT_ENVIRONMENT_NAME, config.environment.clone()),
            KeyValue::new(attribute::VCS_REF_HEAD_REVISION, COMMIT),
            KeyValue::new(SLOT, config.slot.as_str()),
        ])
        .with_attributes(deployment)
        .with_attributes(ecs::detect(logs::dispatch(logs)?).await)
        .build())
}
