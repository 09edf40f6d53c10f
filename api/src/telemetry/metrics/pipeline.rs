//! From instruments to the collector.

use std::time::Duration;

use opentelemetry_otlp::{ExporterBuildError, MetricExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{
    Aggregation, Instrument, InstrumentKind, PeriodicReader, SdkMeterProvider, Stream, Temporality,
};

use crate::config::TelemetryConfig;
use crate::telemetry::delivery::Delivery;

/// Buckets of a histogram. CloudWatch takes 100 values and counts of a metric in one entry, and each bucket is one
/// (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>).
const BUCKETS: u32 = 80;
/// As fine as OpenTelemetry has it; the range of values makes it coarser.
const SCALE: i8 = 20;

/// Exports metrics to `endpoint` from now on, by tasks on the current runtime and a thread.
///
/// As deltas: CloudWatch drops a cumulative series' first value, which is a new task's first error. And as exponential histograms: of others it
/// tells no percentiles.
pub fn pipeline(config: &TelemetryConfig, endpoint: &str, resource: Resource) -> Result<SdkMeterProvider, ExporterBuildError> {
    let exporter = MetricExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint)
        .with_timeout(crate::telemetry::EXPORT_TIMEOUT)
        .with_temporality(Temporality::Delta)
        .build()?;
    let reader = PeriodicReader::builder(Noting { inner: exporter, delivery: Delivery::of("metrics") })
        .with_interval(config.metric_interval)
        .build();
    Ok(SdkMeterProvider::builder().with_reader(reader).with_view(exponential).with_resource(resource).build())
}

/// Notes whether exports arrive.
struct Noting<E> {
    inner: E,
    delivery: Delivery,
}

impl<E: PushMetricExporter> PushMetricExporter for Noting<E> {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        self.delivery.note(self.inner.export(metrics).await)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn temporality(&self) -> Temporality {
        self.inner.temporality()
    }
}

fn exponential(instrument: &Instrument) -> Option<Stream> {
    let aggregation = Aggregation::Base2ExponentialHistogram { max_size: BUCKETS, max_scale: SCALE, record_min_max: true };
    let is_histogram = instrument.kind() == InstrumentKind::Histogram;
    is_histogram.then(|| Stream::builder().with_aggregation(aggregation).build().ok()).flatten()
}
