//! What the HTTP edge demands, and how long it waits.

use std::time::Duration;

use axum::http::HeaderValue;
use ipnet::IpNet;

use crate::config::{ClientsConfig, HttpConfig, Profile, Slot};
use crate::telemetry::metrics::attributes::OperationNames;

/// Points a minute for each client in production, unless configured otherwise.
const RATE_LIMIT: u32 = 200_000;

/// What the HTTP edge demands, and how long it waits.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Decides what else strangers may do.
    pub profile: Profile,
    /// The largest request body accepted, in bytes.
    pub max_body_bytes: usize,
    /// How long a body may take to arrive.
    pub body_timeout: Duration,
    /// How long an operation may take.
    pub request_timeout: Duration,
    /// How many operations are executed at a time.
    pub max_concurrency: u32,
    /// Whose pages may use the API; `*` for everybody's.
    pub cors_origins: Vec<HeaderValue>,
    /// Where `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Points a client may spend in a minute; none for no limit.
    pub rate_limit: Option<u32>,
    /// The operations that metrics tell apart.
    pub metric_operations: OperationNames,
    /// The target group that this task was registered for.
    pub slot: Slot,
    /// What brought this version here.
    pub deployment: Option<String>,
}

impl Settings {
    /// The settings that are configured, with the defaults of `profile`.
    #[must_use]
    pub fn new(http: &HttpConfig, clients: &ClientsConfig, profile: Profile) -> Self {
        let default = if profile == Profile::Production { RATE_LIMIT } else { 0 };
        Self {
            profile,
            max_body_bytes: http.max_body_bytes,
            body_timeout: http.body_timeout,
            request_timeout: http.request_timeout,
            max_concurrency: http.max_concurrency,
            cors_origins: clients.cors_origins.clone(),
            trusted_proxies: clients.trusted_proxies.clone(),
            rate_limit: Some(clients.rate_limit.unwrap_or(default)).filter(|&points| points > 0),
            metric_operations: OperationNames::default(),
            slot: Slot::None,
            deployment: None,
        }
    }
}

/// For tests: nothing is forbidden, and a busy machine has time.
impl Default for Settings {
    fn default() -> Self {
        Self {
            profile: Profile::Development,
            max_body_bytes: 4 << 20,
            body_timeout: Duration::from_secs(60),
            request_timeout: Duration::from_secs(60),
            max_concurrency: 1_000,
            cors_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            rate_limit: None,
            metric_operations: OperationNames::default(),
            slot: Slot::None,
            deployment: None,
        }
    }
}
