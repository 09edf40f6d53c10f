//! Where and how to serve.

use std::net::SocketAddr;
use std::time::Duration;

/// Nobody waits longer for a process to stop, and a time without bounds cannot be added to the clock's.
const LONGEST_STOP: Duration = Duration::from_secs(3600);

/// Bodies are read into memory.
const LARGEST_BODY: usize = 1 << 30;

/// Where and how to serve.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Serving")]
pub struct HttpConfig {
    /// Address and port to listen on. Port 0 takes any free one.
    #[arg(long, env = "TAPROOM_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT", value_parser = address)]
    pub listen: SocketAddr,

    /// Largest request body, in bytes. Larger ones are refused with 413.
    #[arg(long, env = "TAPROOM_MAX_BODY_BYTES", default_value_t = 1_048_576, value_name = "BYTES", value_parser = bytes)]
    pub max_body_bytes: usize,

    /// How long a request's body may take to arrive. Slower ones are refused with 408.
    #[arg(long, env = "TAPROOM_BODY_TIMEOUT", default_value = "10s", value_parser = waiting_time, value_name = "DURATION")]
    pub body_timeout: Duration,

    /// How long an operation may take; then it is ended, and its SQL with it.
    #[arg(long, env = "TAPROOM_REQUEST_TIMEOUT", default_value = "15s", value_parser = waiting_time, value_name = "DURATION")]
    pub request_timeout: Duration,

    /// How long a connection may be idle, or take to send a request's head. It must exceed the idle timeout of the load balancer in
    /// front (60 s for an ALB), or requests that come at the wrong moment fail with 502.
    #[arg(long, env = "TAPROOM_IDLE_TIMEOUT", default_value = "75s", value_parser = waiting_time, value_name = "DURATION")]
    pub idle_timeout: Duration,

    /// How long a client may read nothing of a response, or take over 16 KiB of it, before its connection is closed.
    #[arg(long, env = "TAPROOM_WRITE_TIMEOUT", default_value = "20s", value_parser = waiting_time, value_name = "DURATION")]
    pub write_timeout: Duration,

    /// Most connections served at a time. Then those that have been without a request for a second are closed for those that wait.
    #[arg(long, env = "TAPROOM_MAX_CONNECTIONS", default_value_t = 4096, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub max_connections: u32,

    /// Most operations executed at a time; further ones are refused at once with 503, while health checks are still answered.
    #[arg(long, env = "TAPROOM_MAX_CONCURRENCY", default_value_t = 200, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub max_concurrency: u32,

    /// How long to go on serving after SIGTERM, such as 5s, while /readyz already answers 503: until load balancers have noticed.
    /// Default: 5s, and 0s with the embedded database.
    #[arg(long, env = "TAPROOM_DRAIN_DELAY", value_parser = stopping_time, value_name = "DURATION")]
    pub drain_delay: Option<Duration>,

    /// How long after SIGTERM, drain delay included, requests that are still under way are cut. Keep it below the time after which
    /// whoever stops the process kills it: 30 s in ECS and Kubernetes.
    #[arg(long, env = "TAPROOM_SHUTDOWN_TIMEOUT", default_value = "25s", value_parser = stopping_time, value_name = "DURATION")]
    pub shutdown_timeout: Duration,
}

fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "that is no address; write ADDRESS:PORT, such as 127.0.0.1:8080 or [::]:8080")
}

fn bytes(text: &str) -> Result<usize, String> {
    let bytes = text.parse().map_err(|_| "that is no number of bytes; write it in digits alone, such as 1048576".to_owned())?;
    if (1..=LARGEST_BODY).contains(&bytes) { Ok(bytes) } else { Err(format!("{bytes} is not in 1..={LARGEST_BODY}")) }
}

/// A limit of zero would refuse everything, and one of days is none.
fn waiting_time(text: &str) -> Result<Duration, String> {
    let time = stopping_time(text)?;
    if time.is_zero() { Err("must be longer than 0s".to_owned()) } else { Ok(time) }
}

fn stopping_time(text: &str) -> Result<Duration, String> {
    let time = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    if time <= LONGEST_STOP { Ok(time) } else { Err(format!("must be at most {}", humantime::format_duration(LONGEST_STOP))) }
}
