//! What a release consists of beside the program: migrations, held against the release before, and the tasks that it runs as.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod baseline;
mod checker;
mod concurrent_index;
mod history;
#[allow(dead_code, reason = "the integration tests use the rest")]
#[path = "../it/http_support.rs"]
mod http_support;
mod migration_task;
mod previous_release;
mod rollout;
mod rules;
mod samples;
#[allow(dead_code, reason = "the integration tests use the rest")]
#[path = "../it/support/mod.rs"]
mod support;
mod task_definition;
mod wire;
