//! Idempotency keys do not last for ever.

use std::{convert::Infallible, time::Duration};

use chrono::TimeDelta;
use sea_orm::DatabaseConnection;
use tokio::time::{MissedTickBehavior, interval};

use super::forget_before;
use crate::clock;

/// Forgets keys older than `retention`, at once and then every `period`, until it is dropped. Several instances may do so: each
/// forgets what the others have left.
pub async fn keep_forgetting(db: DatabaseConnection, retention: Duration, period: Duration) -> Infallible {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // Before there were any keys if the retention is that long.
        let Some(time) = TimeDelta::from_std(retention).ok().and_then(|retention| clock::now().checked_sub_signed(retention))
        else {
            continue;
        };
        match forget_before(&db, time).await {
            Ok(0) => {}
            Ok(keys) => tracing::info!(keys, "forgot old idempotency keys"),
            Err(error) => tracing::warn!(%error, "old idempotency keys are not forgotten"),
        }
    }
}
