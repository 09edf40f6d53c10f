//! What was sent is what is registered, and all of it.

use std::collections::{BTreeMap, BTreeSet};

use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{AggregationTemporality, Metric};
use taproom::graphql::error::ErrorCode;
use taproom::telemetry::metrics::{Definition, Kind, Values, definitions};

use crate::checks::assert_none;
use crate::recording::recording;
use crate::service::{DEPLOYMENT, ENVIRONMENT, OPERATIONS, SERVICE};

#[test]
fn every_registered_metric_was_sent_and_no_other() {
    let sent: BTreeSet<_> = recording().metrics().map(|metric| metric.name.as_str()).collect();
    let registered = definitions().map(|definition| definition.name).into();
    assert_eq!(sent, registered);
}

#[test]
fn metrics_are_as_they_are_registered() {
    let definitions = definitions().map(|definition| (definition.name, definition));
    let definitions = BTreeMap::from(definitions);
    let mut wrong = BTreeSet::new();
    for metric in recording().metrics() {
        let name = &metric.name;
        let Some(definition) = definitions.get(name.as_str()) else { continue };
        if metric.unit != definition.unit || metric.description != definition.description {
            wrong.insert(format!("{name} has the unit {:?} and the description {:?}", metric.unit, metric.description));
        }
        match kind(metric) {
            Ok(kind) if kind == definition.kind => {}
            other => drop(wrong.insert(format!("{name} is {other:?}, and not a {:?}", definition.kind))),
        }
        wrong.extend(attributes(metric).into_iter().filter_map(|attributes| wrong_attributes(definition, attributes)));
    }
    assert_none(&wrong.into_iter().collect::<Vec<_>>());
}

/// The kind of instrument that sends this.
fn kind(metric: &Metric) -> Result<Kind, &'static str> {
    let delta = i32::from(AggregationTemporality::Delta);
    match metric.data.as_ref().unwrap() {
        Data::Gauge(_) => Ok(Kind::Gauge),
        Data::Sum(sum) if sum.is_monotonic && sum.aggregation_temporality == delta => Ok(Kind::Counter),
        Data::ExponentialHistogram(histogram) if histogram.aggregation_temporality == delta => Ok(Kind::Histogram),
        Data::Sum(_) | Data::ExponentialHistogram(_) => Err("cumulative, or goes down"),
        Data::Histogram(_) | Data::Summary(_) => Err("of a kind that awsemf has no percentiles for"),
    }
}

pub fn attributes(metric: &Metric) -> Vec<&[KeyValue]> {
    match metric.data.as_ref().unwrap() {
        Data::Gauge(gauge) => gauge.data_points.iter().map(|point| &point.attributes[..]).collect(),
        Data::Sum(sum) => sum.data_points.iter().map(|point| &point.attributes[..]).collect(),
        Data::ExponentialHistogram(histogram) => histogram.data_points.iter().map(|point| &point.attributes[..]).collect(),
        Data::Histogram(_) | Data::Summary(_) => Vec::new(),
    }
}

fn wrong_attributes(definition: &Definition, attributes: &[KeyValue]) -> Option<String> {
    let name = definition.name;
    let keys: BTreeSet<_> = attributes.iter().map(|attribute| attribute.key.as_str()).collect();
    let registered: BTreeSet<_> = definition.attributes.iter().map(|attribute| attribute.key).collect();
    if keys != registered {
        return Some(format!("{name} has the attributes {keys:?}, and not {registered:?}"));
    }
    definition.attributes.iter().find_map(|known| {
        let value = text(attributes.iter().find(|attribute| attribute.key == known.key)?.value.as_ref()?);
        let is_known = match known.values {
            Values::Listed(values) => values().contains(&value.as_str()),
            Values::Bounded(_) if known.key == "graphql.operation.name" => {
                OPERATIONS.contains(&value.as_str()) || value == "other"
            }
            Values::Bounded(_) => known.key == "http.response.status_code" && value.parse::<u16>().is_ok(),
        };
        (!is_known).then(|| format!("{name} has {}={value}, which is none of {:?}", known.key, known.values))
    })
}

/// An attribute's value.
pub fn text(value: &AnyValue) -> String {
    match value.value.as_ref().unwrap() {
        any_value::Value::StringValue(text) => text.clone(),
        any_value::Value::IntValue(number) => number.to_string(),
        any_value::Value::BoolValue(is_so) => is_so.to_string(),
        other => format!("{other:?}"),
    }
}

/// The values that an attribute of a metric had.
fn values(metric: &str, key: &str) -> BTreeSet<String> {
    let metrics = recording().metrics().filter(|sent| sent.name == metric);
    let attributes = metrics.flat_map(attributes).flatten().filter(|attribute| attribute.key == key);
    attributes.map(|attribute| text(attribute.value.as_ref().unwrap())).collect()
}

#[test]
fn every_error_code_was_told() {
    let all = |is_wanted: fn(ErrorCode) -> bool| {
        ErrorCode::ALL.iter().filter(|code| is_wanted(**code)).map(|code| code.as_str().to_owned()).collect::<BTreeSet<_>>()
    };
    assert_eq!(values("graphql.server.errors", "error.type"), all(|_| true));
    assert_eq!(values("graphql.server.rejected", "error.type"), all(ErrorCode::is_guard));
}

#[test]
fn each_way_out_was_taken() {
    let listed = |metric, key, expected: &[&str]| {
        assert_eq!(values(metric, key).iter().map(String::as_str).collect::<Vec<_>>(), expected, "{metric} by {key}");
    };
    listed("graphql.server.persisted_query", "graphql.persisted_query.result", &["hit", "miss", "registered", "trusted"]);
    listed("taproom.spans.dropped", "error.type", &["export_failed", "queue_full"]);
    listed("db.client.connection.count", "db.client.connection.state", &["idle", "used"]);
    let mut operations = OPERATIONS.to_vec();
    operations.push("other");
    operations.sort_unstable();
    listed("graphql.server.requests", "graphql.operation.name", &operations);
    listed("graphql.server.requests", "graphql.operation.type", &["mutation", "none", "query"]);
    listed("db.client.operation.duration", "db.operation.name", &["DELETE", "INSERT", "SELECT", "UPDATE", "other"]);
}

#[test]
fn everything_says_who_sent_it() {
    for run in &recording().runs {
        let slot = if ["guards", "scarce"].contains(&run.name) { "blue" } else { "green" };
        let resources = run.resource_metrics().map(|sent| &sent.resource);
        let resources: Vec<_> = resources.chain(run.resource_spans().map(|sent| &sent.resource)).collect();
        let mut instances = BTreeSet::new();
        for resource in resources {
            let attributes = &resource.as_ref().unwrap().attributes;
            let value = |key: &str| {
                let found = attributes.iter().find(|attribute| attribute.key == key);
                text(found.and_then(|found| found.value.as_ref()).unwrap_or_else(|| panic!("{}: no {key}", run.name)))
            };
            assert_eq!(value("service.name"), SERVICE);
            assert_eq!(value("service.version"), env!("CARGO_PKG_VERSION"));
            assert_eq!(value("deployment.environment.name"), ENVIRONMENT);
            assert_eq!(value("deployment.id"), DEPLOYMENT);
            assert_eq!(value("taproom.slot"), slot);
            assert_eq!(value("vcs.ref.head.revision"), taproom::version::COMMIT);
            instances.insert(value("service.instance.id"));
        }
        assert_eq!(instances.len(), 1, "{}: one start is one instance", run.name);
    }
}
