//! What the function's environment says.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use url::Url;

/// A variable, with its default; `None` if it has none.
type Setting = (&'static str, Option<&'static str>);

const HOOK: Setting = ("HOOK", None);
const TEST_URL: Setting = ("TEST_URL", None);
const PRODUCTION_URL: Setting = ("PRODUCTION_URL", None);
const ECS_CLUSTER: Setting = ("ECS_CLUSTER", None);
const ECS_SERVICE: Setting = ("ECS_SERVICE", None);
const METRICS_LOG_GROUP: Setting = ("METRICS_LOG_GROUP", None);
const INTROSPECTION_KEY_SECRET: Setting = ("INTROSPECTION_KEY_SECRET", Some(""));
const REQUEST_TIMEOUT_MS: Setting = ("REQUEST_TIMEOUT_MS", Some("10000"));
const VERSION_ANSWERS: Setting = ("VERSION_ANSWERS", Some("20"));
const VERSION_TIMEOUT_SECONDS: Setting = ("VERSION_TIMEOUT_SECONDS", Some("60"));
const LATENCY_RATIO: Setting = ("LATENCY_RATIO", Some("2.0"));
const LATENCY_SLACK_MS: Setting = ("LATENCY_SLACK_MS", Some("100"));
const LATENCY_ROUNDS: Setting = ("LATENCY_ROUNDS", Some("15"));
const TELEMETRY_TIMEOUT_SECONDS: Setting = ("TELEMETRY_TIMEOUT_SECONDS", Some("180"));
const PROBE_RATE: Setting = ("PROBE_RATE", Some("90"));

/// Which point of a deployment this function judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hook {
    /// The test listener sends to the candidate; users are still with the version before.
    AfterAllowTestTraffic,
    /// Users are with the candidate.
    AfterAllowTraffic,
}

/// What a hook needs.
#[derive(Clone, Debug)]
pub struct HookConfig {
    pub hook: Hook,
    pub test_url: Url,
    pub production_url: Url,
    pub service: EcsService,
    pub metrics_log_group: String,
    /// Of the secret with the API key.
    pub introspection_key_secret: Option<String>,
    pub request_timeout: Duration,
    /// How many answers in a row have to be the intended version's …
    pub version_answers: u32,
    /// … and how long that may take.
    pub version_timeout: Duration,
    pub latency_ratio: f64,
    pub latency_slack: Duration,
    pub latency_rounds: u32,
    pub telemetry_timeout: Duration,
}

/// What the prober needs.
#[derive(Clone, Debug)]
pub struct ProberConfig {
    pub test_url: Url,
    pub service: EcsService,
    pub request_timeout: Duration,
    /// Requests a minute.
    pub rate: u32,
}

/// The service that is deployed.
#[derive(Clone, Debug)]
pub struct EcsService {
    pub cluster: String,
    pub name: String,
}

/// Variables that are missing or make no sense: all of them, a sentence each.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the function's environment is wrong: {}", .0.join("; "))]
pub struct ConfigError(pub Vec<String>);

impl HookConfig {
    /// Reads it from variables.
    ///
    /// # Errors
    /// Whatever is wrong.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut reader = Reader { variable, wrong: Vec::new() };
        let hook = reader.take(HOOK, Hook::parse);
        let test_url = reader.take(TEST_URL, url);
        let production_url = reader.take(PRODUCTION_URL, url);
        let service = reader.service();
        let metrics_log_group = reader.take(METRICS_LOG_GROUP, text);
        let introspection_key_secret = reader.take(INTROSPECTION_KEY_SECRET, optional);
        let request_timeout = reader.take(REQUEST_TIMEOUT_MS, milliseconds);
        let version_answers = reader.take(VERSION_ANSWERS, |text| number(text, 1, 1000));
        let version_timeout = reader.take(VERSION_TIMEOUT_SECONDS, seconds);
        let latency_ratio = reader.take(LATENCY_RATIO, |text| number(text, 1.0, 100.0));
        let latency_slack = reader.take(LATENCY_SLACK_MS, milliseconds);
        let latency_rounds = reader.take(LATENCY_ROUNDS, |text| number(text, 1, 1000));
        let telemetry_timeout = reader.take(TELEMETRY_TIMEOUT_SECONDS, seconds);
        reader.finish(|| {
            Some(Self {
                hook: hook?,
                test_url: test_url?,
                production_url: production_url?,
                service: service?,
                metrics_log_group: metrics_log_group?,
                introspection_key_secret: introspection_key_secret?,
                request_timeout: request_timeout?,
                version_answers: version_answers?,
                version_timeout: version_timeout?,
                latency_ratio: latency_ratio?,
                latency_slack: latency_slack?,
                latency_rounds: latency_rounds?,
                telemetry_timeout: telemetry_timeout?,
            })
        })
    }

    /// Where the candidate answers.
    #[must_use]
    pub fn candidate_url(&self) -> &Url {
        match self.hook {
            Hook::AfterAllowTestTraffic => &self.test_url,
            Hook::AfterAllowTraffic => &self.production_url,
        }
    }
}

impl ProberConfig {
    /// Reads it from variables.
    ///
    /// # Errors
    /// Whatever is wrong.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut reader = Reader { variable, wrong: Vec::new() };
        let test_url = reader.take(TEST_URL, url);
        let service = reader.service();
        let request_timeout = reader.take(REQUEST_TIMEOUT_MS, milliseconds);
        let rate = reader.take(PROBE_RATE, |text| number(text, 1, 600));
        reader.finish(|| Some(Self { test_url: test_url?, service: service?, request_timeout: request_timeout?, rate: rate? }))
    }
}

impl Hook {
    /// Its name in the AppSpec.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AfterAllowTestTraffic => "AfterAllowTestTraffic",
            Self::AfterAllowTraffic => "AfterAllowTraffic",
        }
    }

    /// Which one it is, if that can be told from variables of which others may be wrong; for logs.
    pub fn name(variable: impl Fn(&str) -> Option<String>) -> &'static str {
        variable(HOOK.0).and_then(|text| Self::parse(&text).ok()).map_or("unknown", Self::as_str)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let all = [Self::AfterAllowTestTraffic, Self::AfterAllowTraffic];
        all.into_iter()
            .find(|hook| hook.as_str() == text)
            .ok_or_else(|| "write AfterAllowTestTraffic or AfterAllowTraffic".to_owned())
    }
}

/// The process's own variables, for `read`.
pub fn process(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

struct Reader<F> {
    variable: F,
    wrong: Vec<String>,
}

impl<F: Fn(&str) -> Option<String>> Reader<F> {
    /// Reads a variable. One that is empty is not set.
    fn take<T>(&mut self, (name, default): Setting, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let set = (self.variable)(name).filter(|text| !text.is_empty());
        let Some(text) = set.as_deref().or(default) else {
            self.wrong.push(format!("{name} is not set"));
            return None;
        };
        // A URL with a password is wrong, and still a secret.
        let is = if text.contains('@') { "not told here, because of its @".to_owned() } else { format!("{text:?}") };
        parse(text).map_err(|hint| self.wrong.push(format!("{name} is {is}: {hint}"))).ok()
    }

    fn service(&mut self) -> Option<EcsService> {
        let (cluster, name) = (self.take(ECS_CLUSTER, text), self.take(ECS_SERVICE, text));
        Some(EcsService { cluster: cluster?, name: name? })
    }

    fn finish<T>(self, made: impl FnOnce() -> Option<T>) -> Result<T, ConfigError> {
        made().ok_or(ConfigError(self.wrong))
    }
}

fn text(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

fn optional(text: &str) -> Result<Option<String>, String> {
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}

fn url(text: &str) -> Result<Url, String> {
    let hint = "write a URL without a path, such as https://api.example.com:8443";
    let url: Url = text.parse().map_err(|error| format!("{error}; {hint}"))?;
    let is_base = ["http", "https"].contains(&url.scheme()) && url.has_host() && url.path() == "/" && url.query().is_none();
    let has_password = !url.username().is_empty() || url.password().is_some();
    if is_base && !has_password { Ok(url) } else { Err(hint.to_owned()) }
}

fn milliseconds(text: &str) -> Result<Duration, String> {
    number(text, 1, 60_000).map(Duration::from_millis)
}

fn seconds(text: &str) -> Result<Duration, String> {
    number(text, 1, 900).map(Duration::from_secs)
}

fn number<T: FromStr + PartialOrd + fmt::Display>(text: &str, least: T, most: T) -> Result<T, String> {
    let number = text.parse().ok().filter(|number| *number >= least && *number <= most);
    number.ok_or_else(|| format!("write a number from {least} to {most}"))
}

#[cfg(test)]
mod tests;
