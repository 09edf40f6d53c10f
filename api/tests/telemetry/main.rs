//! What the service tells of itself. It is sent to a receiver in the test, and then goes where it would in production: through the collector, as
//! `codedeploy/collector.yaml` configures it, to X-Ray's segments and CloudWatch's metrics, of which dashboards and alarms ask.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod alarms;
mod asked;
mod checks;
mod cloudwatch;
mod collector;
mod counted;
mod dashboards;
mod deaf_collector;
mod detection;
mod gate;
#[allow(dead_code, reason = "the integration tests use the rest")]
#[path = "../it/http_support.rs"]
mod http_support;
mod log;
mod metric_math;
mod preview;
mod receiver;
mod recording;
mod registry;
mod runbooks;
mod secrets;
mod service;
#[allow(dead_code, reason = "the integration tests use the rest")]
#[path = "../it/support/mod.rs"]
mod support;
mod trace;
mod traffic;

/// An error is a sentence for whoever reads the failed test.
type Result<T> = std::result::Result<T, String>;
