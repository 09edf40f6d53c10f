//! What a candidate has to pass, one check a file.

mod latency;
mod operations;
mod readiness;
mod schema;
mod security;
mod telemetry;
mod version;

pub use operations::ask;

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use crate::aws::Aws;
use crate::candidate::Candidate;
use crate::config::{Hook, HookConfig};
use crate::deadline::Deadline;
use crate::service::{Connections, Service, ServiceError, Version};
use crate::verdict::Outcome;

/// So often the version before is asked before it counts as absent …
const TRIES: u32 = 5;
/// … this far apart …
const PAUSE: Duration = Duration::from_secs(1);
/// … or until this time is over.
const PATIENCE: Duration = Duration::from_secs(15);

/// What checks work with.
#[derive(Debug)]
pub struct Context {
    pub config: HookConfig,
    pub aws: Aws,
    /// CodeDeploy's id.
    pub deployment: String,
    /// When this hook was called.
    started: SystemTime,
    /// Where the candidate is to answer, by a new connection each time.
    fresh: Service,
    /// The same, by connections that are kept.
    candidate: Service,
    /// Where users are; that is the candidate, too, once they are with it.
    production: Service,
    /// Set by the check `candidate`.
    found: OnceLock<Candidate>,
    /// Set by the check `version` if something answered as Taproom does …
    answers: OnceLock<()>,
    /// … and what it said, if that was the intended version.
    version: OnceLock<Version>,
}

impl Context {
    /// For the deployment of this id.
    ///
    /// # Errors
    /// No HTTP client can be made.
    #[expect(clippy::disallowed_methods, reason = "the service's clock rounds for databases, of which there are none here")]
    pub fn new(config: HookConfig, aws: Aws, deployment: &str) -> Result<Self, ServiceError> {
        let service = |url, connections| Service::new(url, config.request_timeout, connections);
        Ok(Self {
            fresh: service(config.candidate_url(), Connections::Fresh)?,
            candidate: service(config.candidate_url(), Connections::Kept)?,
            production: service(&config.production_url, Connections::Kept)?,
            config,
            aws,
            deployment: deployment.to_owned(),
            started: SystemTime::now(),
            found: OnceLock::new(),
            answers: OnceLock::new(),
            version: OnceLock::new(),
        })
    }

    /// The version before, if it still answers where users are; else why there is nothing to compare with.
    async fn blue(&self) -> Result<Version, String> {
        if self.config.hook == Hook::AfterAllowTraffic {
            return Err("all traffic is with the candidate: there is nothing left to compare with".to_owned());
        }
        let answer = patiently(|| self.production.version()).await;
        answer.map_err(|error| format!("nothing to compare with, as in a first deployment: {error}"))
    }
}

/// Asks the version before again if it fails: one failure must not open the gates that compare with it.
async fn patiently<T, F: Future<Output = Result<T, String>>>(ask: impl Fn() -> F) -> Result<T, String> {
    let deadline = Deadline::within(PATIENCE);
    for _ in 1..TRIES {
        let answer = ask().await;
        if answer.is_ok() || deadline.remaining().is_zero() {
            return answer;
        }
        tokio::time::sleep(PAUSE).await;
    }
    ask().await
}

/// Runs them all, in an order in which the first failure is the likeliest cause of the others.
pub async fn run(context: Context, deadline: Deadline) -> Vec<(&'static str, Outcome)> {
    let mut runner = Runner::new(context, deadline);
    runner.run("candidate", version::candidate).await;
    runner.run("version", version::check).await;
    runner.run_unless_silent("readiness", readiness::check).await;
    runner.run_unless_silent("operations", operations::check).await;
    runner.run_unless_silent("security", security::check).await;
    runner.run_unless_silent("latency", latency::check).await;
    runner.run_unless_silent("schema", schema::check).await;
    // The last, so that what the others asked has been reported, and there was time.
    runner.run("telemetry", telemetry::check).await;
    runner.done
}

/// Runs checks one after the other. None takes the others down, and none goes on beyond the deadline.
struct Runner<C> {
    context: Arc<C>,
    deadline: Deadline,
    done: Vec<(&'static str, Outcome)>,
    /// The check during which time ran out.
    late: Option<&'static str>,
}

impl<C> Runner<C> {
    fn new(context: C, deadline: Deadline) -> Self {
        Self { context: Arc::new(context), deadline, done: Vec::new(), late: None }
    }

    async fn run<F: Future<Output = Outcome> + Send + 'static>(&mut self, name: &'static str, check: impl FnOnce(Arc<C>) -> F) {
        if let Some(late) = self.late {
            self.done.push((name, Outcome::Skipped(format!("time ran out during {late}"))));
            return;
        }
        let mut task = tokio::spawn(check(self.context.clone()));
        let outcome = match tokio::time::timeout(self.deadline.remaining(), &mut task).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(error)) => Outcome::failed(format!("the check itself failed, which is a mistake in it: {error}")),
            Err(_) => {
                task.abort();
                self.late = Some(name);
                Outcome::failed(format!(
                    "ran out of time during {name}: give the function a longer timeout, or find out what is slow"
                ))
            }
        };
        self.done.push((name, outcome));
    }
}

impl Runner<Context> {
    /// Unless nothing answers as Taproom does.
    async fn run_unless_silent<F>(&mut self, name: &'static str, check: impl FnOnce(Arc<Context>) -> F)
    where
        F: Future<Output = Outcome> + Send + 'static,
    {
        if self.late.is_some() || self.context.answers.get().is_some() {
            return self.run(name, check).await;
        }
        let reason = format!("nothing answers at {} as Taproom does, see version", self.context.candidate.url());
        self.done.push((name, Outcome::Skipped(reason)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_check_that_panics_has_failed_and_the_others_go_on() {
        let mut runner = Runner::new((), Deadline::within(Duration::from_secs(600)));
        runner.run("first", |_| async { panic!("no index 7") }).await;
        runner.run("second", |_| async { Outcome::Passed(String::new()) }).await;
        let [("first", Outcome::Failed(reasons)), ("second", Outcome::Passed(_))] = &runner.done[..] else {
            panic!("{:?}", runner.done)
        };
        assert!(reasons[0].contains("no index 7"), "{reasons:?}");
    }

    #[tokio::test]
    async fn the_check_during_which_time_runs_out_is_named() {
        let mut runner = Runner::new((), Deadline::within(Duration::ZERO));
        runner.run("slow", |_| std::future::pending()).await;
        runner.run("next", |_| async { panic!("it does not run") }).await;
        let [("slow", Outcome::Failed(reasons)), ("next", Outcome::Skipped(why))] = &runner.done[..] else {
            panic!("{:?}", runner.done)
        };
        assert!(reasons[0].starts_with("ran out of time during slow"), "{reasons:?}");
        assert_eq!(why, "time ran out during slow");
    }
}
