//! One request from the load balancer's header to SQL, and what holds for every span.

use std::collections::{BTreeMap, BTreeSet};

use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use taproom::graphql::error::ErrorCode;

use crate::recording::{Run, recording};
use crate::registry::text;
use crate::service::SERVICE;
use crate::traffic::{PARENT_SPAN_ID, TRACE_ID, UNSAMPLED_PARENT_ID, UNSAMPLED_TRACE_ID, W3C_TRACE_ID, document, sha256};

/// Each span below the one that caused it, and beside others by their names.
const TREE: &str = "\
POST /graphql
  SELECT api_key
  graphql.execute
    load beer counts
      SELECT beer
    load beer pages
      SELECT beer
    load review pages
      SELECT review
  graphql.guard
  graphql.parse
  graphql.validate
";
const HEALTH: [&str; 2] = ["GET /livez", "GET /readyz"];
/// One after the other.
const PHASES: [&str; 4] = ["graphql.parse", "graphql.guard", "graphql.validate", "graphql.execute"];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn attribute(span: &Span, key: &str) -> Option<String> {
    Some(text(span.attributes.iter().find(|attribute| attribute.key == key)?.value.as_ref()?))
}

/// For whoever reads the failed test.
fn shown(span: &Span) -> String {
    let attributes =
        span.attributes.iter().map(|known| format!("{}={}", known.key, known.value.as_ref().map_or_else(String::new, text)));
    format!("{} ({:?}, {:?}) {:#?}", span.name, span.kind(), span.status, attributes.collect::<Vec<_>>())
}

fn keys(span: &Span) -> BTreeSet<&str> {
    span.attributes.iter().map(|attribute| attribute.key.as_str()).collect()
}

/// The request's span of a trace, and all spans.
fn trace<'a>(run: &'a Run, id: &str) -> (&'a Span, Vec<&'a Span>) {
    let spans: Vec<_> = run.spans().filter(|span| hex(&span.trace_id) == id).collect();
    let server = spans.iter().find(|span| is_server(span)).unwrap_or_else(|| panic!("no request has the trace {id}"));
    (server, spans)
}

fn tree(spans: &[&Span], parent: &[u8], depth: usize) -> String {
    let children = spans.iter().filter(|span| span.parent_span_id == parent);
    let below = |span: &&Span| format!("{:1$}{2}\n", "", 2 * depth, span.name) + &tree(spans, &span.span_id, depth + 1);
    let mut branches: Vec<String> = children.map(below).collect();
    branches.sort();
    branches.concat()
}

fn is_server(span: &Span) -> bool {
    span.kind() == SpanKind::Server
}

fn is_error(span: &Span) -> bool {
    span.status.as_ref().is_some_and(|status| status.code() == StatusCode::Error)
}

#[test]
fn a_request_is_told_from_the_load_balancers_header_to_sql() {
    let run = recording().run("usual");
    let (server, spans) = trace(run, TRACE_ID);
    let tree = tree(&spans, &[], 0);
    println!("{tree}");
    assert_eq!(tree, TREE);

    assert!(!is_error(server));
    let hash = sha256(&document());
    for (key, expected) in [
        ("http.request.method", "POST"),
        ("http.route", "/graphql"),
        ("url.path", "/graphql"),
        ("url.scheme", "http"),
        ("http.response.status_code", "200"),
        ("network.protocol.version", "1.1"),
        ("graphql.operation.type", "query"),
        ("graphql.operation.name", "BeerDetails"),
        ("server.address", "127.0.0.1"),
        ("graphql.document.hash", &hash),
    ] {
        assert_eq!(attribute(server, key).as_deref(), Some(expected), "{key}");
    }
    assert_eq!(server.attributes.len(), 10, "{}", shown(server));
    for span in &spans {
        let (start, end) = (server.start_time_unix_nano, server.end_time_unix_nano);
        assert!(start <= span.start_time_unix_nano && span.end_time_unix_nano <= end, "{} is within the request", span.name);
    }

    let phases = PHASES.map(|name| spans.iter().find(|span| span.name == name).unwrap());
    for pair in phases.windows(2) {
        assert!(pair[0].end_time_unix_nano <= pair[1].start_time_unix_nano, "{} and then {}", pair[0].name, pair[1].name);
    }

    // The log's line is of this span.
    let line = run.log.iter().find(|line| line["trace_id"] == TRACE_ID && line["message"] == "request").unwrap();
    assert_eq!(line["span_id"], hex(&server.span_id));
    assert_eq!(line["xray_trace_id"], format!("1-{}-{}", &TRACE_ID[..8], &TRACE_ID[8..]));
    assert_eq!(line["document_hash"], hash);
    assert_eq!(line["statements"], spans.iter().filter(|span| span.kind() == SpanKind::Client).count());
}

#[test]
fn x_ray_gets_a_segment_with_its_statements() {
    let run = recording().run("usual");
    let segments = run.segments();
    // It is the collector that drops them.
    assert!(HEALTH.iter().all(|name| run.spans().any(|span| span.name == *name)), "health was asked for");
    assert!(segments.iter().all(|segment| !HEALTH.contains(&segment.span.as_str())), "nobody searches for health");
    let id = format!("1-{}-{}", &TRACE_ID[..8], &TRACE_ID[8..]);
    let of_request: Vec<_> = segments.iter().filter(|segment| segment.trace_id == id).collect();
    let (below, top): (Vec<_>, Vec<_>) = of_request.into_iter().partition(|segment| segment.subsegment);
    let [top] = top[..] else { panic!("{top:#?}") };
    assert_eq!((top.name.as_str(), top.fault, top.error), (SERVICE, false, false));
    assert_eq!(top.annotations["graphql.operation.name"], "BeerDetails");
    assert_eq!(top.attributes["http.route"], "/graphql");
    let ids: BTreeSet<_> = below.iter().map(|segment| &segment.id).chain([&top.id]).collect();
    for segment in &below {
        assert!(segment.parent_id.as_ref().is_some_and(|parent| ids.contains(parent)), "{segment:#?}");
        assert!(top.start <= segment.start && segment.end <= top.end, "{segment:#?}");
        assert_eq!(segment.sql.is_some(), segment.kind == SpanKind::Client, "{segment:#?}");
    }
    let sql: Vec<_> = below.iter().filter_map(|segment| segment.sql.as_ref()).collect();
    assert_eq!(sql.len(), 4, "{sql:#?}");
    assert!(sql.iter().all(|sql| sql.sanitized_query.starts_with("SELECT ")), "{sql:#?}");
}

#[test]
fn a_traceparent_is_kept_and_what_it_names_is_the_parent() {
    for (id, parent) in [(W3C_TRACE_ID, PARENT_SPAN_ID), (UNSAMPLED_TRACE_ID, UNSAMPLED_PARENT_ID)] {
        let (server, _) = trace(recording().run("usual"), id);
        assert_eq!(hex(&server.parent_span_id), parent, "{}", shown(server));
    }
}

/// Both of the above said that they were not to be traced, and these that they were.
#[test]
fn nobody_but_the_service_decides_what_is_traced() {
    let healthy = recording().run("healthy");
    assert_eq!(healthy.spans().count(), 0);
    assert!(healthy.log.iter().any(|line| line["trace_id"] == W3C_TRACE_ID), "but the log has its id");
}

#[test]
fn only_faults_of_ours_are_errors() {
    let mut seen = BTreeMap::new();
    for span in recording().spans() {
        assert!(span.status.as_ref().is_none_or(|status| status.message.is_empty()), "{}", shown(span));
        assert!(span.events.is_empty(), "{}", shown(span));
        if !is_server(span) {
            assert!(!is_error(span), "it is for the request to say: {}", shown(span));
            continue;
        }
        let code = attribute(span, "error.type");
        let known = ErrorCode::ALL.iter().find(|known| Some(known.as_str()) == code.as_deref());
        let failed = attribute(span, "http.response.status_code").is_some_and(|status| status.starts_with('5'));
        assert_eq!(is_error(span), failed || known.is_some_and(|known| known.is_server_fault()), "{}", shown(span));
        seen.extend(known.map(|known| (known.as_str(), *known)));
    }
    let unseen: Vec<_> = ErrorCode::ALL.iter().filter(|code| !seen.contains_key(code.as_str())).collect();
    assert!(unseen.is_empty(), "no span has {unseen:?}");
}

#[test]
fn statements_are_told_as_the_conventions_want_it() {
    let statements: Vec<_> = recording().spans().filter(|span| span.kind() == SpanKind::Client).collect();
    let server = ["db.namespace", "server.address", "server.port"];
    let own = ["db.system.name", "db.operation.name", "db.query.summary", "db.collection.name", "db.query.text", "error.type"];
    let allowed: BTreeSet<_> = own.into_iter().chain(server).collect();
    let mut summaries = BTreeSet::new();
    for span in statements {
        assert!(keys(span).is_subset(&allowed), "{}", shown(span));
        let value = |key| attribute(span, key).unwrap_or_else(|| panic!("{key}: {}", shown(span)));
        assert!(["postgresql", "sqlite"].contains(&value("db.system.name").as_str()), "{}", shown(span));
        let is_remote = value("db.system.name") == "postgresql";
        assert_eq!(server.iter().all(|key| keys(span).contains(key)), is_remote, "{}", shown(span));
        let table = attribute(span, "db.collection.name").map_or_else(String::new, |table| format!(" {table}"));
        assert_eq!(value("db.query.summary"), value("db.operation.name") + &table);
        assert_eq!(span.name, value("db.query.summary"));
        assert!(attribute(span, "db.query.text").is_none_or(|text| !text.contains('\'')), "{}", shown(span));
        summaries.insert(span.name.as_str());
    }
    println!("{summaries:#?}");
    for expected in ["INSERT brewery", "UPDATE brewery", "DELETE brewery", "BEGIN", "COMMIT"] {
        assert!(summaries.contains(expected), "no {expected} among {summaries:?}");
    }
}

/// But of the collector that was deaf.
#[test]
fn every_span_is_below_a_request() {
    for run in recording().runs.iter().filter(|run| run.name != "deaf") {
        let ids: BTreeSet<_> = run.spans().map(|span| (&span.trace_id, &span.span_id)).collect();
        for span in run.spans().filter(|span| !is_server(span)) {
            assert!(ids.contains(&(&span.trace_id, &span.parent_span_id)), "{}: nothing is above {}", run.name, shown(span));
        }
    }
}
