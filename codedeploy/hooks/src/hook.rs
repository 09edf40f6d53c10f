//! One call by CodeDeploy: judge, log, report.

use std::time::Duration;

use crate::aws::Aws;
use crate::checks::{self, Context};
use crate::config::{self, ConfigError, Hook, HookConfig};
use crate::deadline::Deadline;
use crate::event::Execution;
use crate::report::{self, ReportError};
use crate::verdict::{self, Verdict};

/// Kept for telling CodeDeploy, throttling included, before Lambda ends the process.
const RESERVE: Duration = Duration::from_secs(20);

/// Kept for the answer to Lambda.
const MARGIN: Duration = Duration::from_secs(1);

/// Judges the deployment, and tells CodeDeploy whatever happens.
///
/// # Errors
/// CodeDeploy could not be told; the verdict is in the log.
pub async fn run(aws: Aws, execution: Execution, deadline: Deadline) -> Result<Verdict, ReportError> {
    let judging = tokio::spawn(judge(aws.clone(), execution.deployment_id.clone(), deadline.minus(RESERVE)));
    let verdict = judging.await.unwrap_or_else(|error| {
        let reason = format!("the hook itself failed, which is a mistake in it: {error}");
        Verdict::failed(&execution.deployment_id, Hook::name(config::process), vec![reason])
    });
    verdict::log(&verdict);
    report::send(&aws.codedeploy, &execution, &verdict, deadline.minus(MARGIN)).await?;
    Ok(verdict)
}

async fn judge(aws: Aws, deployment: String, deadline: Deadline) -> Verdict {
    let config = match HookConfig::read(config::process) {
        Ok(config) => config,
        Err(ConfigError(wrong)) => {
            let reasons = wrong.into_iter().map(|sentence| format!("environment: {sentence}")).collect();
            return Verdict::failed(&deployment, Hook::name(config::process), reasons);
        }
    };
    let hook = config.hook.as_str();
    match Context::new(config, aws, &deployment) {
        Ok(context) => Verdict::of(&deployment, hook, &checks::run(context, deadline).await),
        Err(error) => Verdict::failed(&deployment, hook, vec![error.to_string()]),
    }
}
