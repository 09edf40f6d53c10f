//! `rollout.yaml`: the numbers of a rollout.

use std::time::Duration;

use serde::Deserialize;

use crate::Result;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rollout {
    pub canary_percentage: u64,
    canary_interval_minutes: u64,
    metric_export_interval_seconds: u64,
    metric_lag_seconds: u64,
}

impl Rollout {
    pub fn load() -> Result<Self> {
        serde_saphyr::from_str(&super::read("codedeploy/rollout.yaml")?).map_err(|error| format!("rollout.yaml: {error}"))
    }

    pub fn canary_interval(&self) -> Duration {
        Duration::from_secs(60 * self.canary_interval_minutes)
    }

    pub fn export_interval(&self) -> Duration {
        Duration::from_secs(self.metric_export_interval_seconds)
    }

    pub fn lag(&self) -> Duration {
        Duration::from_secs(self.metric_lag_seconds)
    }
}
