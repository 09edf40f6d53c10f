//! Every task of the candidate is heard of. Whatever judges it while traffic is shifted sees it by its telemetry: a silent one has no faults.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_sdk_cloudwatchlogs::error::SdkError;
use aws_sdk_cloudwatchlogs::operation::get_log_events::GetLogEventsError;
use serde_json::Value;

use super::Context;
use crate::aws::{is_refused, sentence};
use crate::candidate::Intended;
use crate::deadline::Deadline;
use crate::verdict::Outcome;

/// Between questions: metrics leave a task every ten seconds, and its collector after five more.
const POLL: Duration = Duration::from_secs(5);
/// So much older than the hook an event may be: of the exports before, and of a clock that is not quite right.
const RECENT: Duration = Duration::from_secs(60);
/// The newest of a task; in each export there are some, not all of them with what alarms look at.
const EVENTS: i32 = 500;
/// What the gate's alarms are made of: an event of one of them is demanded.
const JUDGED: [&str; 2] = ["graphql.server.requests", "http.server.request.duration"];

/// What a task's log stream says.
enum Heard {
    Nothing,
    /// CloudWatch Logs did not answer, which may pass: why.
    Unanswered(String),
    /// What was expected.
    Expected,
    /// Something else: a sentence.
    Other(String),
}

/// What every event of the candidate says, of the resource that it is about.
struct Expected<'a>(Vec<(&'static str, &'a str)>);

pub async fn check(context: Arc<Context>) -> Outcome {
    let Some(candidate) = context.found.get() else {
        return Outcome::Skipped("which tasks are to be heard of is not known, see candidate".to_owned());
    };
    let expected = Expected::of(&candidate.intended, context.version.get().map(|version| version.version.as_str()));
    let deadline = Deadline::within(context.config.telemetry_timeout);
    let mut silent: Vec<&str> = candidate.tasks.iter().map(|task| task.id.as_str()).collect();
    let (mut wrong, mut unanswered) = (Vec::new(), String::new());
    loop {
        let mut still_silent = Vec::new();
        for task in silent {
            match heard(&context, task, &expected).await {
                Ok(Heard::Expected) => {}
                Ok(Heard::Nothing) => still_silent.push(task),
                Ok(Heard::Unanswered(reason)) => {
                    unanswered = format!(" (the last answer: {reason})");
                    still_silent.push(task);
                }
                Ok(Heard::Other(reason)) => wrong.push(reason),
                Err(reason) => return Outcome::failed(reason),
            }
        }
        silent = still_silent;
        if silent.is_empty() || deadline.remaining().is_zero() {
            break;
        }
        tokio::time::sleep(POLL.min(deadline.remaining())).await;
    }
    let (group, seconds) = (&context.config.metrics_log_group, context.config.telemetry_timeout.as_secs());
    if !silent.is_empty() {
        let tasks = silent.join(", ");
        wrong.push(format!(
            "nothing was heard of {tasks} in {group} within {seconds} s{unanswered}: look at the log of its container `collector`"
        ));
    }
    Outcome::of(wrong, || format!("{} tasks report to {group} as slot {}", candidate.tasks.len(), candidate.intended.slot))
}

impl<'a> Expected<'a> {
    fn of(intended: &'a Intended, version: Option<&'a str>) -> Self {
        let mut expected = vec![
            ("taproom.slot", intended.slot.as_str()),
            ("deployment.id", &intended.deployment),
            ("vcs.ref.head.revision", &intended.commit),
        ];
        expected.extend(version.map(|version| ("service.version", version)));
        Self(expected)
    }

    /// What an event is, if it is one of the embedded metric format with a metric that alarms look at.
    fn judge(&self, task: &str, message: &str) -> Heard {
        let event: Value = serde_json::from_str(message).unwrap_or_default();
        let measured = event["_aws"]["CloudWatchMetrics"].as_array().into_iter().flatten();
        let mut metrics = measured.filter_map(|measured| measured["Metrics"].as_array()).flatten();
        if !metrics.any(|metric| JUDGED.iter().any(|judged| metric["Name"] == *judged)) {
            return Heard::Nothing;
        }
        let is = |name| event[name].as_str().unwrap_or("nothing");
        match self.0.iter().find(|(name, expected)| is(name) != *expected) {
            None => Heard::Expected,
            Some((name, expected)) => Heard::Other(format!("task {task} reports {name} {} instead of {expected}", is(name))),
        }
    }
}

/// What the newest events of a task say; the stream is named by its id. What it said long ago is not asked for: it may have stopped since.
async fn heard(context: &Context, task: &str, expected: &Expected<'_>) -> Result<Heard, String> {
    let group = &context.config.metrics_log_group;
    let request = context.aws.logs.get_log_events().log_group_name(group).log_stream_name(task);
    let recent = (context.started - RECENT).duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_millis();
    let events = match request.start_time(recent.try_into().unwrap_or(i64::MAX)).limit(EVENTS).start_from_head(false).send().await
    {
        Ok(events) => events,
        Err(error) if is_not_there(&error) => return Ok(Heard::Nothing),
        Err(error) if !is_refused(&error) => return Ok(Heard::Unanswered(sentence(error))),
        Err(error) => {
            let reason = sentence(error);
            return Err(format!("{group} cannot be read, does the function's role allow logs:GetLogEvents? {reason}"));
        }
    };
    let judged = events.events().iter().rev().filter_map(|event| event.message()).map(|message| expected.judge(task, message));
    Ok(judged.into_iter().find(|heard| !matches!(heard, Heard::Nothing)).unwrap_or(Heard::Nothing))
}

/// The collector makes group and stream when it first has something to say.
fn is_not_there<R>(error: &SdkError<GetLogEventsError, R>) -> bool {
    error.as_service_error().is_some_and(GetLogEventsError::is_resource_not_found_exception)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_has_to_be_of_the_embedded_metric_format_and_of_the_candidate() {
        let [commit, slot, deployment, digest] = ["c0ffee", "green", "run-1", "sha256:0"].map(str::to_owned);
        let intended = Intended { commit, slot, deployment, digest, may_break: false };
        let expected = Expected::of(&intended, Some("0.1.0"));
        let event = r#"{"_aws":{"CloudWatchMetrics":[{"Metrics":[{"Name":"graphql.server.requests"}]}]},"taproom.slot":"green","deployment.id":"run-1","vcs.ref.head.revision":"c0ffee","service.version":"0.1.0"}"#;
        assert!(matches!(expected.judge("t", event), Heard::Expected));
        assert!(matches!(expected.judge("t", "started"), Heard::Nothing));
        for part in ["_aws", "graphql.server.requests"] {
            assert!(matches!(expected.judge("t", &event.replace(part, "other")), Heard::Nothing));
        }
        for (right, wrong) in [("green", "blue"), ("run-1", "run-2"), ("c0ffee", "dec0de"), ("0.1.0", "0.0.9")] {
            let Heard::Other(reason) = expected.judge("t", &event.replace(right, wrong)) else { panic!("{wrong}") };
            assert!(reason.contains(right) && reason.contains(wrong), "{reason}");
        }
    }
}
