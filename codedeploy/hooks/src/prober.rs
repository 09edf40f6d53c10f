//! Asks the test listener for a minute while a deployment is under way: alarms judge the candidate by its requests, and need enough of them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, MissedTickBehavior};

use crate::aws::Aws;
use crate::candidate::{CandidateError, task_sets};
use crate::checks::ask;
use crate::config::{self, ConfigError, ProberConfig};
use crate::deadline::Deadline;
use crate::operations::{BEERS, Request};
use crate::service::{Connections, Service, ServiceError};
use crate::verdict;

/// Then the schedule calls again.
const MINUTE: Duration = Duration::from_secs(60);
/// Kept for what is still under way, and for the summary.
const RESERVE: Duration = Duration::from_secs(5);

/// So many are told apart in the summary.
const KINDS: usize = 10;

/// What was asked, and how that went.
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    /// `idle` if no deployment is under way.
    pub probe: &'static str,
    /// Requests that were sent.
    pub sent: u32,
    /// Those of them that were answered without any fault.
    pub answered: u32,
    /// How often each went wrong, by what did.
    pub wrong: BTreeMap<String, u32>,
}

/// Why nothing was asked.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Service(#[from] ServiceError),
    #[error("it is not known whether a deployment is under way: {0}")]
    TaskSets(#[from] CandidateError),
}

/// Asks, if a deployment is under way.
///
/// # Errors
/// It cannot be known, or nothing can be asked. That the candidate answers wrongly is none: alarms judge it.
pub async fn run(aws: &Aws, deadline: Deadline) -> Result<Summary, ProbeError> {
    let config = ProberConfig::read(config::process)?;
    let summary = match task_sets(&aws.ecs, &config.service).await?.len() {
        0 | 1 => Summary { probe: "idle", ..Summary::default() },
        _ => {
            let service = Service::new(&config.test_url, config.request_timeout, Connections::Kept)?;
            ask_evenly(&service, config.rate, deadline.minus(RESERVE).at_most(MINUTE)).await
        }
    };
    verdict::log(&summary);
    Ok(summary)
}

/// A request every so often, whether those before were answered or not: a candidate that is slow gets as many as one that is fast.
async fn ask_evenly(service: &Service, rate: u32, until: Deadline) -> Summary {
    let mut tally = Tally::default();
    let start = Instant::now();
    let end = start + until.remaining();
    let mut ticks = tokio::time::interval_at(start, MINUTE / rate);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut under_way = JoinSet::new();
    while ticks.tick().await < end {
        let (service, request) = (service.clone(), tally.next());
        under_way.spawn(async move { ask(&service, &request).await });
        while let Some(answer) = under_way.try_join_next() {
            tally.count(answer);
        }
    }
    let rest = async {
        while let Some(answer) = under_way.join_next().await {
            tally.count(answer);
        }
    };
    // What is not answered by then is given up.
    let _ = tokio::time::timeout(RESERVE / 2, rest).await;
    tally.summary()
}

/// What is asked next, and how it went so far.
#[derive(Default)]
struct Tally {
    /// Once a beer to ask for is known, or that there is none.
    requests: Vec<Request>,
    sent: u32,
    answered: u32,
    wrong: BTreeMap<String, u32>,
}

impl Tally {
    fn next(&mut self) -> Request {
        let at = self.sent as usize % self.requests.len().max(1);
        self.sent += 1;
        self.requests.get(at).cloned().unwrap_or_else(|| Request::new(&BEERS, json!({})))
    }

    fn count(&mut self, answer: Result<Result<Value, String>, JoinError>) {
        match answer {
            Ok(Ok(data)) => {
                self.answered += 1;
                if self.requests.is_empty() {
                    self.requests = Request::all(&data);
                }
            }
            Ok(Err(wrong)) => self.note(wrong),
            Err(error) => self.note(format!("the prober itself failed: {error}")),
        }
    }

    fn note(&mut self, wrong: String) {
        let is_told = self.wrong.len() < KINDS || self.wrong.contains_key(&wrong);
        *self.wrong.entry(if is_told { wrong } else { "something else".to_owned() }).or_default() += 1;
    }

    fn summary(self) -> Summary {
        let Self { sent, answered, mut wrong, .. } = self;
        let unanswered = sent - answered - wrong.values().sum::<u32>();
        if unanswered > 0 {
            wrong.insert("not answered yet".to_owned(), unanswered);
        }
        Summary { probe: "asked", sent, answered, wrong }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_stays_short() {
        let mut tally = Tally { sent: 40, ..Tally::default() };
        (0..20).for_each(|kind| tally.count(Ok(Err(format!("wrong in way {kind:02}")))));
        tally.count(Ok(Err("wrong in way 03".to_owned())));
        let summary = tally.summary();
        assert_eq!(summary.wrong.len(), KINDS + 2);
        assert_eq!(["wrong in way 03", "something else", "not answered yet"].map(|kind| summary.wrong[kind]), [2, 10, 19]);
    }
}
