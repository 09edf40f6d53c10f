//! Tells CodeDeploy.

use std::time::Duration;

use aws_sdk_codedeploy::operation::put_lifecycle_event_hook_execution_status::PutLifecycleEventHookExecutionStatusError;
use aws_sdk_codedeploy::types::LifecycleEventStatus;

use crate::aws::{is_refused, sentence};
use crate::deadline::Deadline;
use crate::event::Execution;
use crate::verdict::{Decision, Verdict};

/// CodeDeploy could not be told. It waits for its own timeout then, and fails the deployment.
#[derive(Debug, thiserror::Error)]
#[error(
    "CodeDeploy could not be told {verdict:?}, does the function's role allow codedeploy:PutLifecycleEventHookExecutionStatus? {reason}"
)]
pub struct ReportError {
    verdict: Decision,
    reason: String,
}

/// Between attempts, each of which the client has repeated already.
const PAUSE: Duration = Duration::from_secs(1);

/// Tells CodeDeploy the verdict, and nothing else: there is no place for reasons. Throttling and a network that fails are sat out until `deadline`.
///
/// # Errors
/// It could not be told.
pub async fn send(
    codedeploy: &aws_sdk_codedeploy::Client,
    execution: &Execution,
    verdict: &Verdict,
    deadline: Deadline,
) -> Result<(), ReportError> {
    let status = match verdict.verdict {
        Decision::Succeeded => LifecycleEventStatus::Succeeded,
        Decision::Failed => LifecycleEventStatus::Failed,
    };
    let request = codedeploy
        .put_lifecycle_event_hook_execution_status()
        .deployment_id(&execution.deployment_id)
        .lifecycle_event_hook_execution_id(&execution.lifecycle_event_hook_execution_id)
        .status(status);
    loop {
        // The client's own repetitions must not go on beyond it.
        let error = match tokio::time::timeout(deadline.remaining(), request.clone().send()).await {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) => error,
            Err(_) => return Err(ReportError { verdict: verdict.verdict, reason: "time is up".to_owned() }),
        };
        // A request that was thought lost had arrived, or this is Lambda's retry of the whole invocation.
        if error.as_service_error().is_some_and(is_already_completed) {
            tracing::info!(deployment = verdict.deployment, "CodeDeploy has a verdict already");
            return Ok(());
        }
        if is_refused(&error) || deadline.remaining() <= PAUSE {
            return Err(ReportError { verdict: verdict.verdict, reason: sentence(error) });
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn is_already_completed(error: &PutLifecycleEventHookExecutionStatusError) -> bool {
    error.is_lifecycle_event_already_completed_exception()
}
