//! Structured logs, on standard error.

use std::any::Any;
use std::io::{IsTerminal, stderr};
use std::panic;

use json_subscriber::FieldWriter;
use tracing::{Dispatch, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{EnvFilter, FilterExt as _, ParseError, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;

use super::trace::RequestTrace;
use crate::config::{LogConfig, LogFormat};

/// The target of the span that lines of text are told to be within; other spans are for traces.
pub const REQUEST: &str = "taproom::request";

/// Why logs are not as configured.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The filter makes no sense.
    #[error("TAPROOM_LOG (or --log) {filter:?} is not a valid filter: {source}; an example is `info,taproom=debug`")]
    Filter {
        /// What was given.
        filter: String,
        /// What is wrong with it.
        source: ParseError,
    },
}

/// Writes logs to standard error.
pub(super) fn layer<S>(config: &LogConfig) -> Result<Box<dyn Layer<S> + Send + Sync>, LogError>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let filter = EnvFilter::try_new(&config.log_filter)
        .map_err(|source| LogError::Filter { filter: config.log_filter.clone(), source })?
        .and(filter_fn(|metadata| metadata.is_event() || metadata.target() == REQUEST));
    let is_text = match config.log_format {
        LogFormat::Text => true,
        LogFormat::Json => false,
        LogFormat::Auto => stderr().is_terminal(),
    };
    Ok(if is_text {
        tracing_subscriber::fmt::layer().with_writer(stderr).with_ansi(stderr().is_terminal()).with_filter(filter).boxed()
    } else {
        let mut layer =
            json_subscriber::fmt::layer().with_writer(stderr).flatten_event(true).with_current_span(false).with_span_list(false);
        // Not the span's fields: its name would come along.
        layer.inner_layer_mut().add_multiple_dynamic_fields(|_, _, line| write_ids(line));
        layer.with_filter(filter).boxed()
    })
}

/// Adds to a line what leads to the trace of the request that it belongs to.
fn write_ids(line: &mut FieldWriter<'_>) {
    let Some(trace) = RequestTrace::current() else { return };
    // Writing to a string does not fail.
    let _ = line.write_field("trace_id", trace.trace_id().to_string());
    let _ = line.write_field("span_id", trace.span_id().to_string());
    let _ = line.write_field("xray_trace_id", trace.xray_trace_id());
}

/// Writes logs to standard error, too, for what happens before [`layer`] is in force.
pub(super) fn dispatch(config: &LogConfig) -> Result<Dispatch, LogError> {
    Ok(tracing_subscriber::registry().with(layer(config)?).into())
}

/// Logs panics from now on.
pub(super) fn log_panics() {
    panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string);
        tracing::error!(message = text(panic.payload()), location, "panic");
    }));
}

fn text(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(no text)")
}
