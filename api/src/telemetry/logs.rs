//! Structured logs, on standard error.

use std::any::Any;
use std::io::{IsTerminal, stderr};
use std::panic;

use tracing_subscriber::filter::{EnvFilter, ParseError};
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

use crate::config::{LogConfig, LogFormat};

/// Why logging could not be set up.
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
    /// Something else logs already.
    #[error("logging is set up already: {0}")]
    AlreadySetUp(#[from] TryInitError),
}

/// Sends logs to standard error from now on, panics included.
///
/// # Errors
/// If the filter makes no sense, or logging was set up before.
pub fn init(config: &LogConfig) -> Result<(), LogError> {
    let filter = EnvFilter::try_new(&config.log_filter)
        .map_err(|source| LogError::Filter { filter: config.log_filter.clone(), source })?;
    let is_text = match config.log_format {
        LogFormat::Text => true,
        LogFormat::Json => false,
        LogFormat::Auto => stderr().is_terminal(),
    };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    if is_text {
        builder.with_ansi(stderr().is_terminal()).finish().try_init()?;
    } else {
        builder.json().flatten_event(true).with_span_list(false).finish().try_init()?;
    }
    panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string);
        tracing::error!(message = text(panic.payload()), location, "panic");
    }));
    Ok(())
}

fn text(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(no text)")
}
