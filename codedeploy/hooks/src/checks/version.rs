//! What was meant to be deployed is what runs and what answers.

use std::sync::Arc;
use std::time::Duration;

use super::Context;
use crate::candidate::{Candidate, Intended};
use crate::deadline::Deadline;
use crate::service::Version;
use crate::verdict::Outcome;

/// Between answers, so that those in a row are not all of one moment.
const PAUSE: Duration = Duration::from_millis(100);

/// Finds what the deployment brought: it is named by digest, and that is what its tasks run.
pub async fn candidate(context: Arc<Context>) -> Outcome {
    let deadline = Deadline::within(context.config.version_timeout);
    match Candidate::find(&context.aws.ecs, &context.config.service, &context.deployment, deadline).await {
        Err(error) => Outcome::failed(error.to_string()),
        Ok(candidate) => {
            let Intended { commit, slot, deployment, digest, .. } = &candidate.intended;
            let seen = format!(
                "task set {}: {} running tasks of {digest}, commit {commit}, slot {slot}, deployment {deployment}",
                candidate.task_set,
                candidate.tasks.len()
            );
            let outcome = Outcome::of(candidate.foreign_images(), || seen);
            let _ = context.found.set(candidate);
            outcome
        }
    }
}

/// Every answer is the intended version's, and the version before has the other slot.
pub async fn check(context: Arc<Context>) -> Outcome {
    let Some(candidate) = context.found.get() else {
        if context.fresh.version().await.is_ok() {
            let _ = context.answers.set(());
        }
        return Outcome::Skipped("which version is intended is not known, see candidate".to_owned());
    };
    let intended = &candidate.intended;
    let wanted = context.config.version_answers;
    let deadline = Deadline::within(context.config.version_timeout);
    let (mut in_a_row, mut strays) = (0, 0);
    let mut last_wrong = String::new();
    while in_a_row < wanted {
        match answer(&context, intended).await {
            Ok(()) => in_a_row += 1,
            Err(wrong) => {
                (in_a_row, strays) = (0, strays + 1);
                last_wrong = wrong;
            }
        }
        if in_a_row < wanted && deadline.remaining().is_zero() {
            let seconds = context.config.version_timeout.as_secs();
            return Outcome::failed(format!(
                "{} did not answer {wanted} times in a row as the intended version within {seconds} s; {in_a_row} times at the end, and before that: {last_wrong}",
                context.fresh.url()
            ));
        }
        tokio::time::sleep(PAUSE).await;
    }
    let seen = format!("{wanted} answers in a row of commit {}, slot {}, after {strays} others", intended.commit, intended.slot);
    match other_slot(&context, intended).await {
        Err(wrong) => Outcome::failed(wrong),
        Ok(compared) => Outcome::Passed(format!("{seen}; {compared}")),
    }
}

/// Asks once. The error is a sentence.
async fn answer(context: &Context, intended: &Intended) -> Result<(), String> {
    let version = context.fresh.version().await?;
    let _ = context.answers.set(());
    let Version { commit, slot, deployment, .. } = &version;
    let deployment = deployment.as_deref().unwrap_or("none");
    let compared = [
        ("commit", commit.as_str(), &intended.commit),
        ("slot", slot, &intended.slot),
        ("deployment", deployment, &intended.deployment),
    ];
    let wrong: Vec<String> = compared
        .into_iter()
        .filter(|(_, is, intended)| is != *intended)
        .map(|(what, is, intended)| format!("{what} {is} instead of {intended}"))
        .collect();
    if !wrong.is_empty() {
        return Err(format!("{} answers as {}", context.fresh.url(), wrong.join(", ")));
    }
    let _ = context.version.set(version);
    Ok(())
}

/// Says whether the slots were compared. The error is why alarms on the candidate's slot would watch the wrong tasks.
async fn other_slot(context: &Context, intended: &Intended) -> Result<String, String> {
    let blue = match context.blue().await {
        Err(reason) => return Ok(format!("its slot was not compared: {reason}")),
        Ok(blue) => blue,
    };
    if blue.slot != intended.slot {
        return Ok(format!("the version before has slot {}", blue.slot));
    }
    Err(format!(
        "the candidate has the slot {0}, and so has what answers at {1}: the alarms on {0} could not tell them apart. Register the task definition with the other slot",
        intended.slot,
        context.production.url()
    ))
}
