//! From ended spans to the collector.

use std::sync::OnceLock;
use std::time::Duration;

use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider};

use super::export::{BoundedProcessor, TranslatingExporter};
use super::request::Ids;
use crate::config::TelemetryConfig;

/// How many spans may wait to be exported: some 200 sampled requests.
const QUEUE: usize = 4096;
const BATCH: usize = 512;
/// After what time a batch that is not full is exported.
const DELAY: Duration = Duration::from_secs(1);

static RATIO: OnceLock<f64> = OnceLock::new();

/// The share of requests that are traced.
pub fn ratio() -> f64 {
    RATIO.get().copied().unwrap_or(0.0)
}

/// Exports spans to `endpoint` from now on, by tasks on the current runtime and a thread.
pub fn pipeline(config: &TelemetryConfig, endpoint: &str, resource: Resource) -> Result<SdkTracerProvider, ExporterBuildError> {
    let exporter =
        SpanExporter::builder().with_tonic().with_endpoint(endpoint).with_timeout(crate::telemetry::EXPORT_TIMEOUT).build()?;
    let exporter = TranslatingExporter::new(exporter);
    let waiting = exporter.waiting();
    let batches = BatchConfigBuilder::default()
        .with_max_queue_size(QUEUE)
        .with_max_export_batch_size(BATCH)
        .with_scheduled_delay(DELAY)
        .build();
    let processor = BatchSpanProcessor::builder(exporter).with_batch_config(batches).build();
    let processor = BoundedProcessor::new(QUEUE, waiting, processor);
    let _ = RATIO.set(config.trace_ratio);
    Ok(SdkTracerProvider::builder()
        // What is not to be sampled never becomes a span.
        .with_sampler(Sampler::AlwaysOn)
        .with_id_generator(Ids)
        .with_span_processor(processor)
        .with_resource(resource)
        .build())
}
