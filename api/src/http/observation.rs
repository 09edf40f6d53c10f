//! What is told about a request: its span, its metrics and its line in the log, each once, when its response is ready.

use std::error::Error;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::http::{Method, StatusCode, Version};
use axum::middleware::Next;
use axum::response::Response;
use opentelemetry::trace::Status;
use opentelemetry_semantic_conventions::attribute;
use tracing::{Instrument as _, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::access_log::{self, AccessDetails, SharedDetails};
use super::graphql_response::{ErrorCodesSeen, Refusal, ResponseType};
use super::lifecycle::Lifecycle;
use crate::error_code::ErrorCode;
use crate::telemetry::logs;
use crate::telemetry::metrics::attributes::{
    ErrorType, GuardCode, HttpMethod, HttpRoute, HttpStatus, OperationNames, OperationType, PersistedQueryResult,
};
use crate::telemetry::metrics::metrics;
use crate::telemetry::trace::{self, RequestTrace};

/// What nginx calls a request whose client did not wait for the answer; no status is sent, for there is nobody to send it to.
const CLIENT_CLOSED_REQUEST: u16 = 499;

/// Nobody has a longer one to ask for.
const MAX_PATH_BYTES: usize = 512;

/// What is known of a request from its head.
pub(super) struct Observed {
    pub method: Method,
    pub path: String,
    route: HttpRoute,
    host: Option<String>,
    is_forwarded: bool,
    version: Version,
    started: Instant,
    pub trace: RequestTrace,
    span: Span,
    names: OperationNames,
    details: SharedDetails,
    is_told: bool,
}

/// What became of a request.
pub(super) struct Outcome<'a> {
    pub status: StatusCode,
    pub seconds: f64,
    pub codes: &'a [ErrorCode],
    pub details: &'a AccessDetails,
}

/// Middleware: gives the request its trace, and tells about it when its response is ready.
pub async fn observe(State((names, lifecycle)): State<(OperationNames, Lifecycle)>, request: Request, next: Next) -> Response {
    let trace = RequestTrace::begin(request.headers(), trace::ratio());
    // An error's, so that no filter that lets anything through keeps it out.
    let lines = tracing::error_span!(target: logs::REQUEST, "request", trace_id = %trace.trace_id());
    trace.clone().scope(answer(request, next, trace, names, lifecycle).instrument(lines)).await
}

async fn answer(mut request: Request, next: Next, trace: RequestTrace, names: OperationNames, lifecycle: Lifecycle) -> Response {
    let mut observed = Observed::new(&request, trace, names);
    request.extensions_mut().insert(observed.details.clone());
    let response_type = ResponseType::negotiate(request.headers()).unwrap_or(ResponseType::Json);
    let response = tokio::select! {
        biased;
        response = next.run(request).instrument(observed.span.clone()) => response,
        () = lifecycle.cut() => stopped().respond(response_type),
    };
    observed.tell(response.status(), response.extensions().get::<ErrorCodesSeen>().map_or(&[], |seen| &seen.0));
    response
}

/// The answer in place of one that would come too late.
fn stopped() -> Refusal {
    let message = "the server stops and could not wait any longer for the operation, which may have been carried out or not";
    Refusal::new(ErrorCode::OperationTimeout, message)
}

impl Observed {
    fn new(request: &Request, trace: RequestTrace, names: OperationNames) -> Self {
        let route = HttpRoute::of(request.extensions().get::<MatchedPath>().map(MatchedPath::as_str));
        let method = request.method().clone();
        let span = trace::server_span(&trace, &span_name(&method, route));
        let path = request.uri().path();
        let path = path[..path.floor_char_boundary(MAX_PATH_BYTES)].to_owned();
        let is_forwarded = request.headers().contains_key("x-forwarded-for");
        let (version, host, started, details) = (request.version(), host(request), Instant::now(), SharedDetails::default());
        Self { method, path, route, host, is_forwarded, version, started, trace, span, names, details, is_told: false }
    }

    fn tell(&mut self, status: StatusCode, codes: &[ErrorCode]) {
        self.is_told = true;
        let details = &self.details.take();
        let outcome = Outcome { status, seconds: self.started.elapsed().as_secs_f64(), codes, details };
        if self.trace.is_sampled() {
            self.describe(&outcome);
        }
        self.count(&outcome);
        access_log::log(self, &outcome);
    }

    /// Probes come every few seconds and say nothing while they succeed. What a load balancer forwards is none of its own: it counts that, and
    /// compares.
    pub(super) fn is_idle_probe(&self, outcome: &Outcome<'_>) -> bool {
        matches!(self.route, HttpRoute::Livez | HttpRoute::Readyz) && !self.is_forwarded && outcome.status.is_success()
    }

    fn count(&self, outcome: &Outcome<'_>) {
        let Outcome { status, seconds, codes, details } = *outcome;
        let metrics = metrics();
        if !self.is_idle_probe(outcome) {
            metrics.http_request_duration.record(seconds, (HttpMethod::of(&self.method), self.route, HttpStatus(status)));
        }
        for &code in codes {
            metrics.graphql_errors.add(1, (ErrorType(code),));
        }
        if codes.contains(&ErrorCode::RateLimited) {
            metrics.http_rate_limited.add(1, ());
        }
        // OPTIONS asks whether a page of another origin may ask. Refusals for want of points cost so little that there may be any number of them: they
        // would make every share of faults small, and every percentile short.
        if self.route != HttpRoute::Graphql || self.method == Method::OPTIONS || codes.contains(&ErrorCode::RateLimited) {
            return;
        }
        let operation = || (details.operation_type(), self.names.value(details.operation_name()));
        metrics.graphql_requests.add(1, operation());
        if is_fault(outcome) {
            metrics.graphql_faults.add(1, operation());
        }
        let read = details.read.map_or(seconds, |read| read.elapsed().as_secs_f64());
        metrics.graphql_request_duration.record(read, operation());
        metrics.graphql_db_statements.record(self.trace.statements() as f64, operation());
        if let Some(guard) = codes.iter().find_map(|&code| GuardCode::new(code)) {
            metrics.graphql_rejected.add(1, (guard,));
        }
        let is_missing = codes.contains(&ErrorCode::PersistedQueryNotFound);
        if let Some(result) = details.known.persisted.or(is_missing.then_some(PersistedQueryResult::Miss)) {
            metrics.graphql_persisted_query.add(1, (result,));
        }
    }

    /// [Semantic conventions for HTTP servers](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server) and
    /// [for GraphQL](https://opentelemetry.io/docs/specs/semconv/graphql/graphql-spans/).
    fn describe(&self, outcome: &Outcome<'_>) {
        let Outcome { status, details, .. } = *outcome;
        let span = &self.span;
        span.set_attribute(attribute::HTTP_REQUEST_METHOD, HttpMethod::of(&self.method).as_str());
        if self.route != HttpRoute::Other {
            span.set_attribute(attribute::HTTP_ROUTE, self.route.as_str());
        }
        span.set_attribute(attribute::URL_PATH, self.path.clone());
        span.set_attribute(attribute::URL_SCHEME, "http");
        if let Some(host) = &self.host {
            span.set_attribute(attribute::SERVER_ADDRESS, host.clone());
        }
        span.set_attribute(attribute::HTTP_RESPONSE_STATUS_CODE, i64::from(status.as_u16()));
        span.set_attribute(attribute::NETWORK_PROTOCOL_VERSION, protocol_version(self.version));
        if let Some(operation) = &details.known.operation {
            span.set_attribute(attribute::GRAPHQL_OPERATION_TYPE, operation.kind.to_string());
            if let Some(name) = details.operation_name() {
                span.set_attribute(attribute::GRAPHQL_OPERATION_NAME, name.to_owned());
            }
        }
        if let Some(hash) = &details.known.document_hash {
            span.set_attribute("graphql.document.hash", hash.clone());
        }
        // Of a fault, the code that makes it one.
        let fault = outcome.codes.iter().find(|code| code.is_server_fault());
        if let Some(code) = fault.or(outcome.codes.first()) {
            span.set_attribute(attribute::ERROR_TYPE, code.as_str());
        } else if !status.is_success() {
            span.set_attribute(attribute::ERROR_TYPE, status.as_str().to_owned());
        }
        if is_fault(outcome) {
            span.set_status(Status::error(""));
        }
    }
}

/// Counts a request that hyper has refused, by 431 or 400, before anybody saw it: a load balancer may count it, and an alarm compares.
pub(super) fn count_unreadable(error: &(dyn Error + 'static)) {
    let Some(error) = error.downcast_ref::<hyper::Error>().filter(|error| error.is_parse()) else { return };
    let status = if error.is_parse_too_large() { StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE } else { StatusCode::BAD_REQUEST };
    metrics().http_request_duration.record(0.0, (HttpMethod::OTHER, HttpRoute::Other, HttpStatus(status)));
}

/// Its client did not wait for the answer, if nothing was told: the future was dropped.
impl Drop for Observed {
    fn drop(&mut self) {
        if !self.is_told
            && let Ok(status) = StatusCode::from_u16(CLIENT_CLOSED_REQUEST)
        {
            self.tell(status, &[]);
        }
    }
}

/// Whether the server is to blame, for any part of the answer.
fn is_fault(outcome: &Outcome<'_>) -> bool {
    outcome.status.is_server_error() || outcome.codes.iter().any(|code| code.is_server_fault())
}

/// The name by which the client knows the service.
fn host(request: &Request) -> Option<String> {
    let header = request.headers().get(HOST).and_then(|host| host.to_str().ok()?.parse::<Authority>().ok());
    request.uri().authority().cloned().or(header).map(|authority| authority.host().to_owned())
}

fn span_name(method: &Method, route: HttpRoute) -> String {
    let method = HttpMethod::of(method);
    // As the conventions have it.
    let method = if method.as_str() == "_OTHER" { "HTTP" } else { method.as_str() };
    if route == HttpRoute::Other { method.to_owned() } else { format!("{method} {}", route.as_str()) }
}

fn protocol_version(version: Version) -> &'static str {
    match version {
        Version::HTTP_10 => "1.0",
        Version::HTTP_2 => "2",
        _ => "1.1",
    }
}

impl AccessDetails {
    fn operation_type(&self) -> OperationType {
        use async_graphql::parser::types::OperationType as Kind;
        match self.known.operation.as_ref().map(|operation| operation.kind) {
            Some(Kind::Query) => OperationType::Query,
            Some(Kind::Mutation) => OperationType::Mutation,
            Some(Kind::Subscription) => OperationType::Subscription,
            None => OperationType::None,
        }
    }
}
