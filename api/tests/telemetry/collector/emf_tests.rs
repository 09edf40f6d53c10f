//! What becomes of metrics, with the repository's configuration.

use std::collections::BTreeSet;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Gauge, Histogram, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, Sum, number_data_point,
};
use opentelemetry_proto::tonic::resource::v1::Resource;

use crate::Result;
use crate::cloudwatch::{CloudWatch, MetricRef, Statistic};
use crate::collector::Collector;

fn attributes<const N: usize>(attributes: [(&str, &str); N]) -> Vec<KeyValue> {
    attributes
        .map(|(key, value)| KeyValue {
            key: key.to_owned(),
            value: Some(AnyValue { value: Some(any_value::Value::StringValue(value.to_owned())) }),
            ..KeyValue::default()
        })
        .into()
}

fn point(value: i64, labels: Vec<KeyValue>) -> NumberDataPoint {
    NumberDataPoint {
        attributes: labels,
        time_unix_nano: 60_000_000_000,
        value: Some(number_data_point::Value::AsInt(value)),
        ..NumberDataPoint::default()
    }
}

fn sum(temporality: AggregationTemporality, data_points: Vec<NumberDataPoint>) -> Data {
    Data::Sum(Sum { data_points, aggregation_temporality: temporality.into(), is_monotonic: true })
}

fn exported(name: &str, unit: &str, data: Data) -> Result<CloudWatch> {
    let metric = Metric { name: name.to_owned(), unit: unit.to_owned(), data: Some(data), ..Metric::default() };
    let resource = attributes([
        ("service.name", "taproom"),
        ("deployment.environment.name", "test"),
        ("taproom.slot", "blue"),
        ("service.version", "1"),
    ]);
    let request = ExportMetricsServiceRequest {
        resource_metrics: vec![ResourceMetrics {
            resource: Some(Resource { attributes: resource, ..Resource::default() }),
            scope_metrics: vec![ScopeMetrics {
                scope: Some(InstrumentationScope { name: "taproom".to_owned(), ..InstrumentationScope::default() }),
                metrics: vec![metric],
                ..ScopeMetrics::default()
            }],
            ..ResourceMetrics::default()
        }],
    };
    let mut cloudwatch = CloudWatch::default();
    Collector::load()?.metrics(&request, &mut cloudwatch)?;
    Ok(cloudwatch)
}

const SERVICE: [(&str, &str); 2] = [("service.name", "taproom"), ("deployment.environment.name", "test")];

#[test]
fn a_metric_is_there_once_for_each_set_of_dimensions() {
    let labels = attributes([("graphql.operation.name", "Beers"), ("graphql.operation.type", "query")]);
    let cloudwatch =
        exported("graphql.server.requests", "{request}", sum(AggregationTemporality::Delta, vec![point(3, labels)])).unwrap();
    let sets: BTreeSet<Vec<&str>> =
        cloudwatch.list_metrics().map(|metric| metric.dimensions.keys().map(String::as_str).collect()).collect();
    let service = ["deployment.environment.name", "service.name"];
    let more = ["graphql.operation.name", "graphql.operation.type", "service.version", "taproom.slot"];
    let expected = more.map(|name| {
        let mut names = [service.as_slice(), &[name]].concat();
        names.sort_unstable();
        names
    });
    assert_eq!(sets, BTreeSet::from_iter(expected.into_iter().chain([service.to_vec()])));
    let metric = MetricRef::new("Taproom", "graphql.server.requests", SERVICE);
    assert_eq!(cloudwatch.unit(&metric), Some("Count"));
    assert_eq!(cloudwatch.statistic(&metric, Statistic::Sum, 60, &(0..120)).unwrap(), [(60, 3.0)].into());
}

#[test]
fn a_set_with_a_label_that_is_missing_is_left_out() {
    let gauge = |labels| Data::Gauge(Gauge { data_points: vec![point(2, labels)] });
    let with =
        exported("db.client.connection.count", "{connection}", gauge(attributes([("db.client.connection.state", "idle")])));
    assert_eq!(with.unwrap().list_metrics().count(), 1);
    let without = exported("db.client.connection.count", "{connection}", gauge(Vec::new())).unwrap_err();
    assert!(without.contains("no set of dimensions whole"), "{without}");
}

#[test]
fn what_would_be_lost_is_an_error() {
    let delta = |labels| sum(AggregationTemporality::Delta, vec![point(1, labels)]);
    let same = sum(AggregationTemporality::Delta, vec![point(1, Vec::new()), point(2, Vec::new())]);
    let cases = [
        (
            "graphql.server.requests",
            "{request}",
            sum(AggregationTemporality::Cumulative, vec![point(1, Vec::new())]),
            "lose the first",
        ),
        ("http.server.request.duration", "s", Data::Histogram(Histogram::default()), "without percentiles"),
        ("graphql.server.requests", "{request}", same, "drops the second"),
        ("graphql.server.request", "s", delta(Vec::new()), "no metric_declaration"),
        ("graphql.server.requests.more", "s", delta(Vec::new()), "no metric_declaration"),
        ("http.server.request.duration", "{second}", delta(Vec::new()), "no unit of CloudWatch"),
        ("graphql.server.errors", "{error}", delta(attributes([("error.type", "")])), "0 bytes"),
    ];
    for (name, unit, data, expected) in cases {
        let error = exported(name, unit, data).unwrap_err();
        assert!(error.starts_with(name) && error.contains(expected), "{error}");
    }
}
