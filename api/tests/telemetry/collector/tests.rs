//! The configuration, and what becomes of spans.

use std::time::Duration;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status};
use serde_json::{Value, json};

use super::{Collector, Segment, Sql};

const FILE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../codedeploy/collector.yaml"));

fn attributes(object: Value) -> Vec<KeyValue> {
    let value = |value: &Value| match value {
        Value::String(text) => any_value::Value::StringValue(text.clone()),
        other => any_value::Value::IntValue(other.as_i64().unwrap()),
    };
    let attribute = |(key, json): (&String, &Value)| KeyValue {
        key: key.clone(),
        value: Some(AnyValue { value: Some(value(json)) }),
        ..KeyValue::default()
    };
    object.as_object().unwrap().iter().map(attribute).collect()
}

fn span(kind: SpanKind, name: &str, object: Value) -> Span {
    Span {
        trace_id: (1..=16).collect(),
        span_id: vec![1; 8],
        parent_span_id: vec![2; 8],
        name: name.to_owned(),
        kind: kind.into(),
        attributes: attributes(object),
        ..Span::default()
    }
}

fn segments(spans: Vec<Span>) -> Vec<Segment> {
    let resource = attributes(json!({"service.name": "taproom", "taproom.slot": "blue", "cloud.region": "eu-west-1"}));
    let request = ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans {
            resource: Some(Resource { attributes: resource, ..Resource::default() }),
            scope_spans: vec![ScopeSpans { spans, ..ScopeSpans::default() }],
            ..ResourceSpans::default()
        }],
    };
    let collector = Collector::load().unwrap().detecting([("aws.ecs.task.id", "0123"), ("cloud.region", "elsewhere")]);
    collector.segments(&request).unwrap()
}

#[test]
fn the_repositorys_file_is_modelled() {
    assert_eq!(Collector::load().unwrap().metrics_wait(), Duration::from_secs(5));
}

#[test]
fn what_is_not_modelled_is_an_error() {
    let cases = [
        ("NoDimensionRollup", "SingleDimensionRollupOnly", "no rollup"),
        ("version: '1'", "versions: '1'", "unknown field"),
        ("attributes/sql", "transform/sql", "no model of the processor transform/sql"),
        ("action: insert", "action: upsert", "upsert"),
        ("[memory_limiter, resourcedetection", "[resourcedetection, memory_limiter", "metrics begins with a memory limiter"),
        ("filter/health, ", "", "in no pipeline"),
        ("override: false", "override: true", "overriding nothing"),
        ("span.attributes[", "resource.attributes[", "condition is not modelled"),
        ("127.0.0.1:4317", "0.0.0.0:4317", "receivers"),
        ("unit: Count", "unit: Requests", "drops the descriptor"),
        ("'^graphql\\.server\\.errors$'", "'graphql\\.server\\.errors'", "between ^ and $"),
        ("level: warn", "level: debug", "telemetry"),
    ];
    for (is, other, expected) in cases {
        assert!(FILE.contains(is), "{is}");
        let error = Collector::parse(&FILE.replace(is, other)).unwrap_err();
        assert!(error.contains(expected), "{other}: {error}");
    }
}

#[test]
fn a_request_is_a_segment_with_annotations() {
    let attributes = json!({"http.route": "/graphql", "http.response.status_code": 200, "graphql.operation.name": "Beers", "url.path": "/graphql"});
    let status = Some(Status { code: StatusCode::Error.into(), message: "INTERNAL_ERROR".to_owned() });
    let [segment] = segments(vec![Span { status, ..span(SpanKind::Server, "POST /graphql", attributes) }]).try_into().unwrap();
    assert_eq!(segment.trace_id, "1-01020304-05060708090a0b0c0d0e0f10");
    assert_eq!((segment.name.as_str(), segment.subsegment, segment.namespace), ("taproom", false, None));
    assert_eq!(segment.parent_id.as_deref(), Some("0202020202020202"));
    assert!(segment.fault && !segment.error, "status 200, but the service is to blame");
    assert_eq!(segment.causes, ["INTERNAL_ERROR"]);
    let annotations = json!({"http.route": "/graphql", "graphql.operation.name": "Beers", "otel.resource.taproom.slot": "blue"});
    assert_eq!(json!(segment.annotations), annotations);
    assert_eq!(segment.resource["aws.ecs.task.id"], "0123");
    assert_eq!(segment.resource["cloud.region"], "eu-west-1", "what the service says stays");
}

#[test]
fn the_status_code_says_who_is_to_blame() {
    for (status, expected) in
        [(302, (false, false, false)), (404, (true, false, false)), (429, (true, false, true)), (503, (false, true, false))]
    {
        let [segment] =
            segments(vec![span(SpanKind::Server, "GET /", json!({"http.response.status_code": status}))]).try_into().unwrap();
        assert_eq!((segment.error, segment.fault, segment.throttle), expected, "{status}");
    }
}

#[test]
fn a_statement_is_told_in_the_names_that_x_ray_reads() {
    let attributes = json!({"db.system.name": "postgresql", "db.query.text": "SELECT $1", "db.namespace": "catalogue"});
    let [segment] = segments(vec![span(SpanKind::Client, "SELECT beer", attributes)]).try_into().unwrap();
    let sql = Sql {
        url: "SELECT beer".to_owned(),
        connection_string: "localhost/catalogue".to_owned(),
        database_type: "postgresql".to_owned(),
        sanitized_query: "SELECT $1".to_owned(),
    };
    assert_eq!(segment.sql, Some(sql));
    assert_eq!((segment.name.as_str(), segment.subsegment, segment.namespace), ("catalogue", true, Some("remote")));
    assert!(segment.annotations.is_empty(), "the resource is told once, by the segment");
}

#[test]
fn health_checks_are_dropped() {
    let of = |route: &str| span(SpanKind::Server, "GET", json!({"http.route": route}));
    let left = segments(vec![of("/livez"), of("/readyz"), of("/graphql")]);
    assert_eq!(left.len(), 1);
}
