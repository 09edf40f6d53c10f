//! Between spans that end and the exporter: no more wait than may, what is dropped is counted, and SQL is told as the semantic conventions
//! want it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{BatchSpanProcessor, Span, SpanData, SpanExporter, SpanProcessor};

use super::sql;
use crate::telemetry::delivery::Delivery;
use crate::telemetry::metrics::attributes::DropReason;
use crate::telemetry::metrics::metrics;

/// How many spans have ended and are not exported.
pub(super) type Waiting = Arc<AtomicUsize>;

/// Lets no more spans wait than the processor behind it has room for, which drops others without telling.
#[derive(Debug)]
pub(super) struct BoundedProcessor {
    room: usize,
    waiting: Waiting,
    inner: BatchSpanProcessor,
}

impl BoundedProcessor {
    /// In front of `inner`, which has `room`, and an exporter that counts `waiting` down.
    pub(super) const fn new(room: usize, waiting: Waiting, inner: BatchSpanProcessor) -> Self {
        Self { room, waiting, inner }
    }
}

impl SpanProcessor for BoundedProcessor {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        if self.waiting.fetch_add(1, Ordering::AcqRel) < self.room {
            self.inner.on_end(span);
        } else {
            self.waiting.fetch_sub(1, Ordering::AcqRel);
            metrics().spans_dropped.add(1, (DropReason::QueueFull,));
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

/// Translates spans on their way out, and counts those that do not arrive.
pub(super) struct TranslatingExporter<E> {
    inner: E,
    waiting: Waiting,
    delivery: Delivery,
}

impl<E> TranslatingExporter<E> {
    pub(super) fn new(inner: E) -> Self {
        Self { inner, waiting: Waiting::default(), delivery: Delivery::of("spans") }
    }

    /// How many spans wait for it.
    pub(super) fn waiting(&self) -> Waiting {
        self.waiting.clone()
    }
}

impl<E: fmt::Debug> fmt::Debug for TranslatingExporter<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TranslatingExporter").field(&self.inner).finish()
    }
}

impl<E: SpanExporter> SpanExporter for TranslatingExporter<E> {
    async fn export(&self, mut batch: Vec<SpanData>) -> OTelSdkResult {
        let count = batch.len();
        batch.iter_mut().for_each(sql::translate);
        let result = self.delivery.note(self.inner.export(batch).await);
        self.waiting.fetch_sub(count, Ordering::AcqRel);
        if result.is_err() {
            metrics().spans_dropped.add(count as u64, (DropReason::ExportFailed,));
        }
        result
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}
