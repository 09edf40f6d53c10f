//! Whether the collector takes what it is sent. The metrics that would tell go through it, too: so it is logged, once each time that it changes.

use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry_sdk::error::OTelSdkResult;

/// How exports of one kind fare.
#[derive(Debug)]
pub(super) struct Delivery {
    what: &'static str,
    is_failing: AtomicBool,
}

impl Delivery {
    /// Of `what`; nothing has failed yet.
    pub(super) const fn of(what: &'static str) -> Self {
        Self { what, is_failing: AtomicBool::new(false) }
    }

    /// Notes how an export ended.
    pub(super) fn note(&self, result: OTelSdkResult) -> OTelSdkResult {
        let was_failing = self.is_failing.swap(result.is_err(), Ordering::Relaxed);
        match &result {
            Err(error) if !was_failing => {
                tracing::warn!(%error, what = self.what, "the collector does not take what it is sent; look at its log");
            }
            Ok(()) if was_failing => tracing::info!(what = self.what, "the collector takes what it is sent again"),
            _ => {}
        }
        result
    }
}
