//! The guide to what the service tells of itself: the registry of metrics and the variables, as Markdown for people.

use std::fmt::{Arguments, Write};

use clap::Args as _;
use opentelemetry_semantic_conventions::attribute;

use super::metrics::{AttributeDefinition, Kind, Values, definitions};
use super::resource::SLOT;
use crate::config::{LogConfig, TelemetryConfig};

const INTRODUCTION: &str = "# Telemetry

Generated from the registry of metrics by `taproom telemetry`; do not edit. Why it is so: [0015](decisions/0015-telemetry.md).

Logs are always written, to standard error. Traces and metrics are made if there is a collector, and sent to it by OTLP over gRPC. A collector
that is away keeps no request waiting: what cannot be sent is dropped. The log says when that begins and when it ends; spans that are dropped are counted, but
the count, as any metric, is lost as well if metrics are not taken either.

## Variables

| variable | default | meaning |
|---|---|---|
";

const RESOURCE: &str = "
`OTEL_RESOURCE_ATTRIBUTES` adds attributes to the resource, as [OpenTelemetry has it](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).

## Resource

Every span and metric has these attributes.

| attribute | meaning |
|---|---|
";

const RESOURCE_ATTRIBUTES: [(&str, &str); 15] = [
    (attribute::SERVICE_NAME, "`OTEL_SERVICE_NAME`."),
    (attribute::SERVICE_VERSION, "The program's version."),
    (attribute::SERVICE_INSTANCE_ID, "The ECS task's id; elsewhere a random one for each start."),
    (attribute::DEPLOYMENT_ENVIRONMENT_NAME, "`TAPROOM_ENVIRONMENT`."),
    (attribute::DEPLOYMENT_ID, "`TAPROOM_DEPLOYMENT`, if set."),
    (attribute::VCS_REF_HEAD_REVISION, "The commit that it was built from."),
    (SLOT, "`TAPROOM_SLOT`: the target group that a canary's figures are compared by."),
    (
        attribute::CLOUD_PROVIDER,
        "`aws`, on ECS only, like all below: from the [task metadata endpoint](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html), asked once at the start for at most two seconds. If it does not answer, the log says so.",
    ),
    (attribute::CLOUD_PLATFORM, "`aws_ecs`."),
    ("cloud.region`, `cloud.account.id`, `cloud.availability_zone", "Where the task runs."),
    (attribute::AWS_ECS_CLUSTER_ARN, "The cluster."),
    (attribute::AWS_ECS_TASK_ARN, "The task."),
    ("aws.ecs.task.family`, `aws.ecs.task.revision", "Its definition."),
    (attribute::AWS_ECS_LAUNCHTYPE, "`fargate` or `ec2`."),
    ("telemetry.sdk.*", "The SDK's name, language and version."),
];

const METRICS: &str = "
## Metrics

Names and units are those of the [semantic conventions](https://opentelemetry.io/docs/specs/semconv/) where they have one. Counters and histograms are
sent as deltas; histograms are exponential, so that percentiles can be told. A counter that has counted nothing is not sent at all.

| metric | kind | unit | meaning | attributes |
|---|---|---|---|---|
";

const ATTRIBUTES: &str = "
Nothing that a client sends becomes a value of its own: each value is a time series, which is billed.

| attribute | of | meaning | values |
|---|---|---|---|
";

const TRACES: &str = "
## Traces

The share `OTEL_TRACES_SAMPLER_ARG` of the requests is traced, chosen at random here. The caller's own choice (`traceparent`'s flag, `Sampled=` of `X-Amzn-Trace-Id`) does
not count: a load balancer makes none, and strangers could have all their requests traced. The trace's id is the caller's, if it sent one. A request that is not
chosen has no spans, but its id is in the log all the same.

| span | kind | what it spans | attributes |
|---|---|---|---|
";

/// Name, kind, what it spans, attributes.
const SPANS: [(&str, &str, &str, &[&str]); 7] = [
    (
        "{method} {route}",
        "server",
        "The request. Status `ERROR` if the server is to blame for any part of the answer.",
        &[
            attribute::HTTP_REQUEST_METHOD,
            attribute::HTTP_ROUTE,
            attribute::HTTP_RESPONSE_STATUS_CODE,
            attribute::URL_PATH,
            attribute::URL_SCHEME,
            attribute::SERVER_ADDRESS,
            attribute::NETWORK_PROTOCOL_VERSION,
            attribute::GRAPHQL_OPERATION_TYPE,
            attribute::GRAPHQL_OPERATION_NAME,
            "graphql.document.hash",
            attribute::ERROR_TYPE,
        ],
    ),
    ("graphql.parse", "internal", "Parsing the document.", &[]),
    ("graphql.guard", "internal", "What the operation may cost, and other limits.", &[]),
    ("graphql.validate", "internal", "Validating document and variables.", &[]),
    ("graphql.execute", "internal", "Running the resolvers.", &[]),
    ("load {table} {what}", "internal", "One batch of a loader.", &["graphql.load.keys"]),
    (
        "{operation} {table}",
        "client",
        "One SQL statement, the wait for a connection included. Never of status `ERROR`: one that breaks a rule of the catalogue is no fault.",
        &[
            attribute::DB_SYSTEM_NAME,
            attribute::DB_NAMESPACE,
            attribute::SERVER_ADDRESS,
            attribute::SERVER_PORT,
            attribute::DB_OPERATION_NAME,
            attribute::DB_COLLECTION_NAME,
            attribute::DB_QUERY_SUMMARY,
            attribute::DB_QUERY_TEXT,
            attribute::ERROR_TYPE,
        ],
    ),
];

const LOGS: &str = "
Never in a span: variables, the document's text, a query string, a client's address, a credential or whose it is, a parameter of a statement, the text of an error.
`db.query.text` has placeholders, and `?` for each literal.

## Logs

One JSON object a line where standard error is no terminal, unless `TAPROOM_LOG_FORMAT` says otherwise. Every line has:

| field | meaning |
|---|---|
";

const LINE: [(&str, &str); 7] = [
    ("timestamp", "RFC 3339, UTC."),
    ("level", "`ERROR`, `WARN`, `INFO`, `DEBUG` or `TRACE`."),
    ("target", "The module that says it."),
    ("message", "What happened."),
    ("trace_id", "Within a request: 32 hexadecimal digits, `extensions.traceId` of an error."),
    ("span_id", "Within a request: 16 hexadecimal digits, of the request's own span."),
    ("xray_trace_id", "Within a request: the same trace as X-Ray writes it, `1-{8 digits}-{24 digits}`."),
];

const ACCESS: &str = "
A request that is done leaves one line, with the message `request`. Health checks that succeed leave theirs at the level `DEBUG`.

| field | meaning |
|---|---|
";

const ACCESS_LINE: [(&str, &str); 13] = [
    ("method", "Of the HTTP request."),
    ("path", "Without the query string, cut after 512 bytes."),
    ("status", "Of the response; 499 if the client did not wait for it, 503 if the service stopped before it was ready."),
    ("duration_ms", "Until the response was ready."),
    ("operation_type", "`query` or `mutation`, if it came as far as that; so all below."),
    ("operation_name", "As the client has it, cut after 100 bytes."),
    ("document", "Where the document came from: `trusted`, `persisted` or `text`."),
    ("document_hash", "Its SHA-256."),
    ("cost", "Points that the operation may cost."),
    ("statements", "SQL statements that it took; not one that was cut with it."),
    ("error_codes", "Codes of all errors, separated by commas."),
    (
        "principal",
        "Whose credential it was: `key:` and its id, or `jwt:` and the beginning of a hash, SHA-256, of issuer and subject: whom one knows can be found, and nobody be read.",
    ),
    ("span_id`, `trace_id`, `xray_trace_id", "As in every line within a request."),
];

const AWS: &str = "
Never in a line of ours, from the level `INFO` on: a client's address, a query string, variables, the document's text, a credential. Errors of the database are logged as it tells them.

## In AWS

The collector beside the service, [`codedeploy/collector.yaml`](../codedeploy/collector.yaml), makes X-Ray segments of the spans and CloudWatch metrics, in the
namespace `Taproom`, of the metrics; which attributes become dimensions is said there. Logs go to the log group by the container's log driver;
`xray_trace_id` is there to search them for the id that the console shows. Dashboards and alarms are in [`dashboards/`](../dashboards), [drawn](dashboards/README.md)
from recorded data, and what to do about an alarm in the [runbooks](runbooks/README.md).

Tests (`api/tests/telemetry`) run the program with traffic of every kind, do to what it sent as `collector.yaml` says, and hold dashboards, alarms, log queries and runbooks against the result.
Only a real account can show

- that CloudWatch takes the dashboards, and draws them as meant;
- what `FILL` makes of a metric that has never had a value, on which the alarms on silence rely: tests assume zeros;
- how late metrics of the embedded metric format are, and when CodeDeploy sees an alarm: 180 s in all are assumed (`codedeploy/rollout.yaml`);
- how CloudWatch computes percentiles of the buckets it is sent: tests take the nearest rank;
- what the collector's `resourcedetection` finds in a Fargate task, and how much memory the collector needs under load.
";

/// The guide in Markdown.
#[must_use]
pub fn guide() -> String {
    let mut guide = INTRODUCTION.to_owned();
    variables(&mut guide);
    guide.push_str(RESOURCE);
    pairs(&mut guide, &RESOURCE_ATTRIBUTES);
    guide.push_str(METRICS);
    metrics(&mut guide);
    guide.push_str(ATTRIBUTES);
    attributes(&mut guide);
    guide.push_str(TRACES);
    for (name, kind, what, attributes) in SPANS {
        push(&mut guide, format_args!("| `{name}` | {kind} | {what} | {} |\n", or_none(&code(attributes))));
    }
    guide.push_str(LOGS);
    pairs(&mut guide, &LINE);
    guide.push_str(ACCESS);
    pairs(&mut guide, &ACCESS_LINE);
    guide.push_str(AWS);
    guide
}

fn variables(guide: &mut String) {
    let command = LogConfig::augment_args(TelemetryConfig::augment_args(clap::Command::new("serve")));
    for argument in command.get_arguments() {
        let (Some(name), Some(help)) = (argument.get_env(), argument.get_help()) else { continue };
        let default: Vec<_> = argument.get_default_values().iter().filter_map(|value| value.to_str()).collect();
        let (name, default) = (name.to_string_lossy(), code(&default));
        push(guide, format_args!("| `{name}` | {} | {}. |\n", or_none(&default), help.to_string().trim_end_matches('.')));
    }
}

fn metrics(guide: &mut String) {
    for metric in definitions() {
        let kind = match metric.kind {
            Kind::Counter => "counter",
            Kind::Histogram => "histogram",
            Kind::Gauge => "gauge",
        };
        let keys: Vec<_> = metric.attributes.iter().map(|attribute| attribute.key).collect();
        let (name, unit, meaning) = (metric.name, metric.unit, metric.description);
        push(guide, format_args!("| `{name}` | {kind} | `{unit}` | {meaning} | {} |\n", or_none(&code(&keys))));
    }
}

fn attributes(guide: &mut String) {
    let mut seen: Vec<(AttributeDefinition, Vec<&str>)> = Vec::new();
    for metric in definitions() {
        for &attribute in metric.attributes {
            // One key has other values with another meaning.
            match seen.iter_mut().find(|(seen, _)| (seen.key, seen.description) == (attribute.key, attribute.description)) {
                Some((_, metrics)) => metrics.push(metric.name),
                None => seen.push((attribute, vec![metric.name])),
            }
        }
    }
    for (AttributeDefinition { key, description, values }, metrics) in seen {
        let values = match values {
            Values::Listed(values) => code(&values()),
            Values::Bounded(bound) => bound.to_owned(),
        };
        push(guide, format_args!("| `{key}` | {} | {description} | {values} |\n", code(&metrics)));
    }
}

fn pairs(guide: &mut String, rows: &[(&str, &str)]) {
    rows.iter().for_each(|(name, meaning)| push(guide, format_args!("| `{name}` | {meaning} |\n")));
}

fn code(names: &[&str]) -> String {
    names.iter().filter(|name| !name.is_empty()).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "–" } else { text }
}

fn push(guide: &mut String, text: Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = guide.write_fmt(text);
}
