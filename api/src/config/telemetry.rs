//! What is told about the service's work, and to whom.

use std::time::Duration;

use url::Url;

/// Most operation names that metrics tell apart: each makes time series of its own, which are billed.
const MAX_OPERATIONS: usize = 50;
const SERVICE: &str = "taproom";
const RATIO: &str = "0.05";
const INTERVAL: &str = "10000";
const INTERVALS: std::ops::RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(300);

/// What is told about the service's work, and to whom. OpenTelemetry's own variables have their names, and the meaning that
/// [it gives them](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/): one that is empty is not set.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Telemetry")]
pub struct TelemetryConfig {
    /// Collector that takes traces and metrics by OTLP over gRPC, such as http://127.0.0.1:4317; without it, none are made
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_name = "URL", value_parser = endpoint, default_value = "")]
    // By its path, for clap to leave it to the parser what none is.
    pub otlp_endpoint: std::option::Option<Url>,

    /// Share of requests that are traced, from 0 to 1. Whoever calls has no say in it
    #[arg(long, env = "OTEL_TRACES_SAMPLER_ARG", default_value = RATIO, value_name = "RATIO", value_parser = ratio)]
    pub trace_ratio: f64,

    /// How often metrics are sent, in milliseconds
    #[arg(long, env = "OTEL_METRIC_EXPORT_INTERVAL", default_value = INTERVAL, value_name = "MS", value_parser = interval)]
    pub metric_interval: Duration,

    /// Name of the service
    #[arg(long, env = "OTEL_SERVICE_NAME", default_value = SERVICE, value_name = "NAME", value_parser = service)]
    pub service_name: String,

    /// Where this runs, such as staging or production
    #[arg(long, env = "TAPROOM_ENVIRONMENT", default_value = "development", value_name = "NAME", value_parser = name)]
    pub environment: String,

    /// Which of the two target groups this task was registered for: one compares them while traffic is shifted
    #[arg(long, env = "TAPROOM_SLOT", value_enum, default_value_t = Slot::None, value_name = "SLOT")]
    pub slot: Slot,

    /// What brought this version here, such as the number of the pipeline's run
    #[arg(long, env = "TAPROOM_DEPLOYMENT", value_name = "ID", value_parser = name)]
    pub deployment: Option<String>,

    /// Names of operations, separated by commas, that metrics tell apart; all others are `other`
    #[arg(long, env = "TAPROOM_METRIC_OPERATIONS", value_name = "NAMES", value_parser = operations, default_value = "")]
    pub metric_operations: OperationNameList,
}

/// The target group that a task was registered for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Slot {
    /// The one.
    Blue,
    /// The other.
    Green,
    /// There are none.
    #[default]
    None,
}

impl Slot {
    /// The slot's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blue => "blue",
            Self::Green => "green",
            Self::None => "none",
        }
    }
}

/// Names of operations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperationNameList(pub Vec<String>);

fn endpoint(text: &str) -> Result<Option<Url>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let url: Url = text.parse().map_err(|error| format!("{error}; write it like http://127.0.0.1:4317"))?;
    // TLS is not built in: the collector is the task's own.
    if url.scheme() == "http" && url.has_host() {
        Ok(Some(url))
    } else {
        Err("write it like http://127.0.0.1:4317; a collector beyond this host is the business of the one on it".to_owned())
    }
}

fn ratio(text: &str) -> Result<f64, &'static str> {
    let text = if text.is_empty() { RATIO } else { text };
    text.parse().ok().filter(|ratio| (0.0..=1.0).contains(ratio)).ok_or("write a number from 0 to 1, such as 0.05")
}

fn interval(text: &str) -> Result<Duration, String> {
    let text = if text.is_empty() { INTERVAL } else { text };
    let interval = text.parse().ok().map(Duration::from_millis).filter(|interval| INTERVALS.contains(interval));
    interval.ok_or_else(|| {
        format!("write milliseconds from {} to {}, such as 10000", INTERVALS.start().as_millis(), INTERVALS.end().as_millis())
    })
}

fn service(text: &str) -> Result<String, &'static str> {
    name(if text.is_empty() { SERVICE } else { text })
}

/// A value that is a dimension in CloudWatch: printable ASCII, at most 255 characters
/// (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html>).
fn name(text: &str) -> Result<String, &'static str> {
    let is_name = (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_name { Ok(text.to_owned()) } else { Err("write 1 to 255 printable ASCII characters without blanks") }
}

fn operations(text: &str) -> Result<OperationNameList, String> {
    let names: Vec<String> = text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    if names.len() > MAX_OPERATIONS {
        return Err(format!("{} names are more than {MAX_OPERATIONS}, which metrics can afford to tell apart", names.len()));
    }
    match names.iter().find(|name| !is_graphql_name(name)) {
        None => Ok(OperationNameList(names)),
        Some(name) => Err(format!("{name:?} is no GraphQL name; separate names by commas")),
    }
}

/// <https://spec.graphql.org/September2025/#Name>
fn is_graphql_name(text: &str) -> bool {
    text.len() <= 100
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| byte == b'_' || byte.is_ascii_alphabetic() || (at > 0 && byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_of_opentelemetrys_is_not_set() {
        assert_eq!(endpoint(""), Ok(None));
        assert_eq!(ratio(""), Ok(0.05));
        assert_eq!(interval(""), Ok(Duration::from_secs(10)));
        assert_eq!(service(""), Ok("taproom".to_owned()));
    }

    #[test]
    fn nonsense_is_refused() {
        for url in ["https://collector:4317", "127.0.0.1:4317", "http://", "grpc://a"] {
            assert!(endpoint(url).is_err(), "{url}");
        }
        for text in ["nan", "inf", "-0.1", "1.1", "5%"] {
            assert!(ratio(text).is_err(), "{text}");
        }
        assert!(interval("999").is_err() && interval("10s").is_err());
        assert!(name("a b").is_err() && name("").is_err());
        assert!(operations("Beers,Not A Name").is_err() && operations(&"A,".repeat(51)).is_err());
    }
}
