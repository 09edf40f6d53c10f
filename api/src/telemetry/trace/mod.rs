//! Traces: one span for a request, below it one for each step and each SQL statement.
//!
//! Only requests that are sampled have spans at all; all others cost no more than the question whether they are.

mod export;
mod pipeline;
mod request;
pub mod server;
mod sql;

use tracing::level_filters::LevelFilter;
use tracing::subscriber::Interest;
use tracing::{Metadata, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::filter::{DynFilterFn, dynamic_filter_fn};

pub(super) use pipeline::pipeline;
pub use pipeline::ratio;
pub use request::RequestTrace;

/// The target of our spans.
pub const TARGET: &str = "taproom::trace";
/// SeaORM has a span for each statement.
const SEA_ORM: &str = "sea_orm";

/// Which spans are exported: ours and the statements', of requests that are sampled. Events never are: the texts of errors have values in
/// them.
pub(super) fn filter<S>() -> DynFilterFn<
    S,
    impl Fn(&Metadata<'_>, &tracing_subscriber::layer::Context<'_, S>) -> bool,
    impl Fn(&'static Metadata<'static>) -> Interest,
> {
    let is_ours = |metadata: &Metadata<'_>| {
        metadata.is_span()
            && *metadata.level() <= LevelFilter::INFO
            && (metadata.target() == TARGET || metadata.target().starts_with(SEA_ORM))
    };
    dynamic_filter_fn(move |metadata, _: &tracing_subscriber::layer::Context<'_, S>| {
        is_ours(metadata) && RequestTrace::is_current_sampled()
    })
    .with_max_level_hint(LevelFilter::INFO)
    .with_callsite_filter(move |metadata| if is_ours(metadata) { Interest::sometimes() } else { Interest::never() })
}

/// The span of the request that this task answers, which is nothing unless it is sampled.
#[must_use]
pub fn server_span(trace: &RequestTrace, name: &str) -> Span {
    let span = tracing::info_span!(target: TARGET, "request", otel.name = name, otel.kind = "server");
    if !span.is_disabled()
        && let Some(parent) = trace.parent_context()
    {
        // It fails only for a span that has begun.
        let _ = span.set_parent(parent);
    }
    span
}

/// A span for a step of the request that this task answers: `step!("graphql.parse")`; fields as for [`tracing::info_span`].
macro_rules! step {
    ($name:expr $(, $($fields:tt)+)?) => {
        tracing::info_span!(target: $crate::telemetry::trace::TARGET, $name $(, $($fields)+)?)
    };
}

pub(crate) use step;
