//! What was found, and what follows.

use std::io::Write as _;

use serde::Serialize;

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All is as it should be: what was seen.
    Passed(String),
    /// It must not go on: why, a sentence each.
    Failed(Vec<String>),
    /// It cannot be judged, and is no reason to stop: why.
    Skipped(String),
}

impl Outcome {
    /// Passed with `seen` if nothing is wrong.
    #[must_use]
    pub fn of(wrong: Vec<String>, seen: impl FnOnce() -> String) -> Self {
        if wrong.is_empty() { Self::Passed(seen()) } else { Self::Failed(wrong) }
    }

    /// Failed for one reason.
    #[must_use]
    pub fn failed(reason: impl Into<String>) -> Self {
        Self::Failed(vec![reason.into()])
    }
}

/// A check that is done.
#[derive(Clone, Debug, Serialize)]
pub struct Checked {
    pub name: &'static str,
    pub outcome: &'static str,
    pub detail: String,
}

/// What CodeDeploy is told, as it is spelt there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Decision {
    Succeeded,
    Failed,
}

/// What CodeDeploy is told, and what is logged, as one line.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    pub verdict: Decision,
    /// CodeDeploy's id.
    pub deployment: String,
    /// `HOOK`, or `unknown` if it is not set right.
    pub hook: &'static str,
    /// Why it failed, a sentence each.
    pub reasons: Vec<String>,
    pub checks: Vec<Checked>,
}

impl Checked {
    /// What the log says of it.
    #[must_use]
    pub fn new(name: &'static str, outcome: &Outcome) -> Self {
        let (outcome, detail) = match outcome {
            Outcome::Passed(detail) => ("passed", detail.clone()),
            Outcome::Failed(reasons) => ("failed", reasons.join("; ")),
            Outcome::Skipped(reason) => ("skipped", reason.clone()),
        };
        Self { name, outcome, detail }
    }
}

impl Verdict {
    /// What follows from `checks`. One that failed is enough.
    #[must_use]
    pub fn of(deployment: &str, hook: &'static str, checks: &[(&'static str, Outcome)]) -> Self {
        let reasons: Vec<String> = checks
            .iter()
            .filter_map(|(name, outcome)| match outcome {
                Outcome::Failed(reasons) => Some(reasons.iter().map(move |reason| format!("{name}: {reason}"))),
                Outcome::Passed(_) | Outcome::Skipped(_) => None,
            })
            .flatten()
            .collect();
        Self {
            verdict: if reasons.is_empty() { Decision::Succeeded } else { Decision::Failed },
            deployment: deployment.to_owned(),
            hook,
            reasons,
            checks: checks.iter().map(|(name, outcome)| Checked::new(name, outcome)).collect(),
        }
    }

    /// Failed before anything was checked.
    #[must_use]
    pub fn failed(deployment: &str, hook: &'static str, reasons: Vec<String>) -> Self {
        Self { verdict: Decision::Failed, deployment: deployment.to_owned(), hook, reasons, checks: Vec::new() }
    }
}

/// Writes a line of JSON to the function's log.
pub fn log(line: &impl Serialize) {
    let Ok(line) = serde_json::to_string(line) else { return };
    // Lambda reads standard output; were it closed, there would be nobody to tell.
    let _ = writeln!(std::io::stdout(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failure_is_enough_and_a_check_that_was_skipped_is_none() {
        let passed = ("version", Outcome::Passed("seen".to_owned()));
        let skipped = ("latency", Outcome::Skipped("nothing to compare".to_owned()));
        let failed = ("schema", Outcome::Failed(vec!["a is gone".to_owned(), "b is gone".to_owned()]));
        let verdict = Verdict::of("d-1", "AfterAllowTraffic", &[passed.clone(), skipped.clone()]);
        assert_eq!((verdict.verdict, verdict.reasons.len(), verdict.checks.len()), (Decision::Succeeded, 0, 2));
        let verdict = Verdict::of("d-1", "AfterAllowTraffic", &[passed, failed, skipped]);
        assert_eq!(verdict.reasons, ["schema: a is gone", "schema: b is gone"]);
        assert_eq!(verdict.verdict, Decision::Failed);
        assert_eq!(serde_json::to_value(verdict).unwrap()["verdict"], "Failed");
    }
}
