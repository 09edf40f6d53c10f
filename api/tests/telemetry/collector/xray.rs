//! The exporter awsxray: `segment.go`, `cause.go` and `sql.go` in upstream's `exporter/awsxrayexporter/internal/translator`. Of X-Ray's segment documents the parts
//! that say what happened; not those on HTTP, the host and where the logs are.

use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::{Event, SpanKind};
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

use super::attributes::{self, Attributes};
use crate::Result;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwsXray {
    indexed_attributes: Vec<String>,
}

/// A segment document, and the span that it was made of.
#[derive(Clone, Debug)]
pub struct Segment {
    /// `1-`, 8 digits, `-`, 24 digits.
    pub trace_id: String,
    pub id: String,
    pub parent_id: Option<String>,
    /// Whether it is within the segment of its service, and none of its own.
    pub subsegment: bool,
    /// What X-Ray's map calls it: the service, the database, or the span's name.
    pub name: String,
    /// That of another service, as the map shows it: `remote`.
    pub namespace: Option<&'static str>,
    /// Ours is to blame.
    pub fault: bool,
    /// The client is to blame.
    pub error: bool,
    pub throttle: bool,
    /// Messages of what went wrong.
    pub causes: Vec<String>,
    pub sql: Option<Sql>,
    /// By which can be searched.
    pub annotations: Attributes,
    /// The span's name.
    pub span: String,
    pub kind: SpanKind,
    /// Nanoseconds since 1970.
    pub start: u64,
    pub end: u64,
    /// The span's, as they left the processors.
    pub attributes: Attributes,
    pub resource: Attributes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sql {
    pub url: String,
    pub connection_string: String,
    pub database_type: String,
    pub sanitized_query: String,
}

/// `isSQL` in `sql.go`.
const SQL: [&str; 11] =
    ["db2", "derby", "hive", "mariadb", "mssql", "mysql", "oracle", "postgresql", "sqlite", "teradata", "other_sql"];

/// `MakeSegment` in `segment.go`.
pub fn segment(span: &Span, attributes: Attributes, resource: &Attributes, config: &AwsXray) -> Result<Segment> {
    if let Some(key) = attributes.keys().find(|key| key.starts_with("aws.") || key.starts_with("rpc.") || *key == "enduser.id") {
        return Err(format!("awsxray does something with {key}, of which there is no model"));
    }
    let kind = span.kind();
    let subsegment = !matches!(kind, SpanKind::Server | SpanKind::Consumer) && !span.parent_span_id.is_empty();
    let failed = span.status.as_ref().is_some_and(|status| status.code() == StatusCode::Error);
    let status =
        attributes.get("http.status_code").or_else(|| attributes.get("http.response.status_code")).and_then(Value::as_i64);
    let (error, fault) = match status {
        Some(400..=499) => (true, false),
        Some(500..=599) => (false, true),
        _ => (false, failed),
    };
    Ok(Segment {
        trace_id: trace_id(&span.trace_id)?,
        id: hex(&span.span_id),
        parent_id: (!span.parent_span_id.is_empty()).then(|| hex(&span.parent_span_id)),
        subsegment,
        name: name(span, kind, &attributes, resource)?,
        namespace: matches!(kind, SpanKind::Client | SpanKind::Producer).then_some("remote"),
        fault,
        error,
        throttle: status == Some(429),
        causes: causes(span, failed)?,
        sql: sql(span, &attributes),
        annotations: annotations(&attributes, resource, subsegment, config),
        span: span.name.clone(),
        kind,
        start: span.start_time_unix_nano,
        end: span.end_time_unix_nano,
        attributes,
        resource: resource.clone(),
    })
}

/// `convertToAmazonTraceID`, which since v0.84 takes any time.
fn trace_id(id: &[u8]) -> Result<String> {
    let id = hex(id);
    if id.len() != 32 {
        return Err(format!("{id:?} is no trace id"));
    }
    Ok(format!("1-{}-{}", &id[..8], &id[8..]))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn name(span: &Span, kind: SpanKind, attributes: &Attributes, resource: &Attributes) -> Result<String> {
    let text =
        |attributes: &Attributes, key: &str| attributes.get(key)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    if attributes.contains_key("db.connection_string") {
        return Err("awsxray appends the host of db.connection_string, of which there is no model".to_owned());
    }
    let service = || if kind == SpanKind::Server { text(resource, "service.name") } else { None };
    let attribute = |key: &str| text(attributes, key);
    let known = attribute("peer.service")
        .or_else(|| attribute("db.name"))
        .or_else(service)
        .or_else(|| attribute("http.host"))
        .or_else(|| attribute("net.peer.name"));
    // `fixSegmentName`: what X-Ray does not take is left out.
    let invalid = Regex::new(r"[^ 0-9\p{L}N_.:/%&#=+\-@]").map_err(|error| error.to_string())?;
    let fixed = || match invalid.replace_all(&span.name, "") {
        fixed if fixed.is_empty() => "span".to_owned(),
        fixed => fixed.chars().take(200).collect(),
    };
    Ok(known.unwrap_or_else(fixed))
}

/// `makeCause` in `cause.go`: exceptions, or else the status's description.
fn causes(span: &Span, failed: bool) -> Result<Vec<String>> {
    let exceptions: Vec<&Event> = span.events.iter().filter(|event| event.name == "exception").collect();
    if exceptions.is_empty() {
        let message = span.status.as_ref().map_or("", |status| status.message.as_str());
        return Ok(if failed && !message.is_empty() { vec![message.to_owned()] } else { Vec::new() });
    }
    let message = |event: &Event| {
        Ok(attributes::of(&event.attributes)?.get("exception.message").map(attributes::label).unwrap_or_default())
    };
    exceptions.into_iter().map(message).collect()
}

/// `makeSQL` in `sql.go`, which knows the names from before the stable conventions.
fn sql(span: &Span, attributes: &Attributes) -> Option<Sql> {
    let text = |key: &str| attributes.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let database_type = text("db.system");
    SQL.contains(&database_type.as_str()).then(|| Sql {
        url: span.name.clone(),
        connection_string: format!("localhost/{}", text("db.name")),
        database_type,
        sanitized_query: text("db.statement"),
    })
}

/// `makeXRayAttributes`: the resource is told by segments only.
fn annotations(attributes: &Attributes, resource: &Attributes, subsegment: bool, config: &AwsXray) -> Attributes {
    let resource = resource.iter().filter(|_| !subsegment).map(|(key, value)| (format!("otel.resource.{key}"), value));
    let all = attributes.iter().map(|(key, value)| (key.clone(), value)).chain(resource);
    let indexed =
        all.filter(|(key, value)| config.indexed_attributes.contains(key) && !matches!(value, Value::Array(_) | Value::Null));
    indexed.map(|(key, value)| (annotation_key(&key), value.clone())).collect()
}

/// `fixAnnotationKey`, which since v0.97 leaves dots.
fn annotation_key(key: &str) -> String {
    key.chars().map(|char| if char.is_ascii_alphanumeric() || char == '.' { char } else { '_' }).collect()
}
