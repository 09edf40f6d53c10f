//! Metrics and log tell the same story: each request once, wherever it ended.

use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use serde_json::Value;
use taproom::error_code::ErrorCode;

use crate::recording::{Run, recording};

/// How often something was counted or measured in a run, over all attributes.
fn counted(run: &Run, name: &str) -> u64 {
    let metrics = run.metrics().filter(|metric| metric.name == name);
    let counts = metrics.map(|metric| match metric.data.as_ref().unwrap() {
        Data::Sum(sum) => sum
            .data_points
            .iter()
            .map(|point| match point.value.unwrap() {
                Number::AsInt(count) => u64::try_from(count).unwrap(),
                Number::AsDouble(_) => panic!("{name} is no count"),
            })
            .sum(),
        Data::ExponentialHistogram(histogram) => histogram.data_points.iter().map(|point| point.count).sum::<u64>(),
        other => panic!("{name} cannot be counted: {other:?}"),
    });
    counts.sum()
}

fn codes(line: &Value) -> Vec<ErrorCode> {
    let codes = line["error_codes"].as_str().unwrap_or_default();
    ErrorCode::ALL.iter().filter(|code| codes.split(',').any(|told| told == code.as_str())).copied().collect()
}

fn is_graphql(line: &Value) -> bool {
    line["path"] == "/graphql" && line["method"] != "OPTIONS" && !codes(line).contains(&ErrorCode::RateLimited)
}

fn is_fault(line: &Value) -> bool {
    line["status"].as_u64().unwrap() >= 500 || codes(line).into_iter().any(ErrorCode::is_server_fault)
}

#[test]
fn every_request_in_the_log_is_in_the_metrics() {
    for run in &recording().runs {
        let requests: Vec<&Value> = run.log.iter().filter(|line| line["message"] == "request").collect();
        let of = |is_wanted: &dyn Fn(&Value) -> bool| requests.iter().filter(|line| is_wanted(line)).count() as u64;
        // One with too many headers, which nobody but hyper has seen; see `traffic/usual.rs`.
        let unreadable = u64::from(run.name == "usual");
        for (name, expected) in [
            ("http.server.request.duration", of(&|_| true) + unreadable),
            ("http.server.rate_limited", of(&|line| codes(line).contains(&ErrorCode::RateLimited))),
            ("graphql.server.requests", of(&is_graphql)),
            ("graphql.server.request.duration", of(&is_graphql)),
            ("graphql.server.db_statements", of(&is_graphql)),
            ("graphql.server.faults", of(&|line| is_graphql(line) && is_fault(line))),
            ("graphql.server.rejected", of(&|line| codes(line).into_iter().any(ErrorCode::is_guard))),
        ] {
            assert_eq!(counted(run, name), expected, "{}: {name}", run.name);
        }
    }
}

/// A load balancer counts those that it forwards, and an alarm compares.
#[test]
fn a_health_check_counts_if_it_was_forwarded() {
    let checks = |run: &Run| run.log.iter().filter(|line| line["message"] == "request" && line["path"] == "/livez").count();
    assert_eq!(checks(recording().run("usual")), 1);
}

#[test]
fn the_log_says_when_the_collector_takes_nothing_and_when_it_does_again() {
    let run = recording().run("deaf");
    let said: Vec<_> =
        run.log.iter().filter(|line| line["what"] == "spans").map(|line| line["level"].as_str().unwrap()).collect();
    assert!(said.starts_with(&["WARN", "INFO"]), "{said:?}");
    assert!(said.len() <= 6, "not with every export: {said:?}");
}
