//! Where and how to serve.

use std::net::SocketAddr;
use std::time::Duration;

/// Nobody waits longer for a process to stop, and a time without bounds cannot be added to the clock's.
const LONGEST_STOP: Duration = Duration::from_secs(3600);

/// Where and how to serve.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Serving")]
pub struct HttpConfig {
    /// Address and port to listen on. Port 0 takes any free one.
    #[arg(long, env = "TAPROOM_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,

    /// Largest request body, in bytes. Larger ones are refused with 413.
    #[arg(long, env = "TAPROOM_MAX_BODY_BYTES", default_value_t = 1_048_576, value_name = "BYTES")]
    pub max_body_bytes: usize,

    /// How long to go on serving after SIGTERM, such as 5s, while /readyz already answers 503: until load balancers have noticed.
    /// Default: 5s, and 0s with the embedded database.
    #[arg(long, env = "TAPROOM_DRAIN_DELAY", value_parser = stopping_time, value_name = "DURATION")]
    pub drain_delay: Option<Duration>,

    /// How long after SIGTERM, drain delay included, requests that are still under way are cut. Keep it below the time after which
    /// whoever stops the process kills it: 30 s in ECS and Kubernetes.
    #[arg(long, env = "TAPROOM_SHUTDOWN_TIMEOUT", default_value = "25s", value_parser = stopping_time, value_name = "DURATION")]
    pub shutdown_timeout: Duration,
}

fn stopping_time(text: &str) -> Result<Duration, String> {
    let time = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    if time <= LONGEST_STOP { Ok(time) } else { Err(format!("must be at most {}", humantime::format_duration(LONGEST_STOP))) }
}
