//! What the service tells of itself: logs on standard error, and, if there is a collector, traces and metrics.

mod delivery;
mod ecs;
mod guide;
pub mod logs;
pub mod metrics;
pub mod pool;
mod resource;
pub mod statements;
pub mod trace;

use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::ExporterBuildError;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::sync::oneshot;
use tokio::time::timeout;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};

pub use guide::guide;
pub use resource::resource;

use self::logs::LogError;
use crate::config::{LogConfig, TelemetryConfig};

/// How long the collector, which is on the same machine, may take.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(3);
/// The same for all that is left when the process ends: whoever stops it does not wait for long.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);

/// Why telemetry could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// Logs are not as configured.
    #[error(transparent)]
    Logs(#[from] LogError),
    /// The collector's address cannot be used.
    #[error("OTEL_EXPORTER_OTLP_ENDPOINT cannot be used: {0}")]
    Exporter(#[from] ExporterBuildError),
    /// Something else logs already.
    #[error("telemetry is set up already: {0}")]
    AlreadySetUp(#[from] TryInitError),
}

/// What has to be told before the process ends.
#[derive(Debug, Default)]
#[must_use = "what was not exported is lost unless `shutdown` is called"]
pub struct Telemetry {
    traces: Option<SdkTracerProvider>,
    metrics: Option<SdkMeterProvider>,
}

/// Tells from now on what `logs` and `telemetry` say, panics included.
///
/// # Errors
/// What of the configuration makes no sense, or that this was done before.
pub async fn init(logs: &LogConfig, telemetry: &TelemetryConfig) -> Result<Telemetry, TelemetryError> {
    let subscriber = tracing_subscriber::registry().with(logs::layer(logs)?);
    let Some(endpoint) = telemetry.otlp_endpoint.as_ref().map(url::Url::as_str) else {
        subscriber.try_init()?;
        logs::log_panics();
        return Ok(Telemetry::default());
    };
    let resource = resource(telemetry, logs).await?;
    let metrics = metrics::pipeline(telemetry, endpoint, resource.clone())?;
    opentelemetry::global::set_meter_provider(metrics.clone());
    let traces = trace::pipeline(telemetry, endpoint, resource)?;
    let spans = tracing_opentelemetry::layer()
        .with_tracer(traces.tracer("taproom"))
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false)
        .with_context_activation(false);
    subscriber.with(spans.with_filter(trace::filter())).with(pool::Waits.with_filter(pool::filter())).try_init()?;
    logs::log_panics();
    Ok(Telemetry { traces: Some(traces), metrics: Some(metrics) })
}

impl Telemetry {
    /// Tells the collector what it was not told yet, and waits for it no longer than [`SHUTDOWN_TIMEOUT`].
    pub async fn shutdown(self) {
        let (done, end) = oneshot::channel();
        // The SDK blocks, longer than it is told to while an export is under way; the end of the process does not wait for a thread.
        std::thread::spawn(move || {
            let traces = self.traces.map(|traces| traces.shutdown_with_timeout(SHUTDOWN_TIMEOUT / 2));
            // Last, so that it tells of spans that were dropped.
            let metrics = self.metrics.map(|metrics| metrics.shutdown_with_timeout(SHUTDOWN_TIMEOUT / 2));
            // Nobody waits any more.
            let _ = done.send(traces.into_iter().chain(metrics).find_map(Result::err));
        });
        match timeout(SHUTDOWN_TIMEOUT, end).await {
            Ok(Ok(None)) => {}
            Ok(Ok(Some(error))) => tracing::warn!(%error, "the last spans or metrics could not be exported"),
            Ok(Err(_)) | Err(_) => tracing::warn!("the last spans or metrics could not be exported in time"),
        }
    }
}
