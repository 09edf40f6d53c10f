//! One log line a request. Nothing personal: no address, no query string, no variables, and of a credential only whose it is.

use std::time::Instant;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

use tracing::Instrument as _;

use super::graphql_response::ErrorCodesSeen;
use crate::graphql::{Operation, documents::Origin};
use crate::telemetry::trace_id::TraceId;

/// A client chooses its operation's name: longer ones are cut.
const MAX_NAME_CHARS: usize = 100;

/// What the GraphQL endpoint knows about a request; travels in the response's extensions.
#[derive(Clone, Default)]
pub struct AccessDetails {
    /// The operation, if the request came as far as that.
    pub operation: Option<Operation>,
    /// Points that it may cost, if it was not refused before.
    pub cost: Option<u64>,
    /// Where its document came from, likewise.
    pub document: Option<Origin>,
    /// Who asked, if somebody in particular.
    pub principal: Option<String>,
}

/// Middleware: gives the request its trace id, which every line that is logged on its behalf has, and logs it when its response is
/// ready.
pub async fn log(request: Request, next: Next) -> Response {
    let trace_id = TraceId::of(request.headers());
    // An error's, so that no filter that lets anything through keeps it out.
    let span = tracing::error_span!("request", %trace_id);
    trace_id.scope(answer(request, next, trace_id)).instrument(span).await
}

async fn answer(request: Request, next: Next, trace_id: TraceId) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;

    let status = response.status().as_u16();
    let duration_ms = (started.elapsed().as_secs_f64() * 1e6).round() / 1e3;
    let details = response.extensions().get::<AccessDetails>();
    let operation = details.and_then(|details| details.operation.as_ref());
    let operation_type = operation.map(|operation| operation.kind.to_string());
    let operation_name = operation.and_then(name);
    let cost = details.and_then(|details| details.cost);
    let document = details.and_then(|details| details.document).map(Origin::as_str);
    let principal = details.and_then(|details| details.principal.as_deref());
    let error_codes =
        response.extensions().get::<ErrorCodesSeen>().filter(|seen| !seen.0.is_empty()).map(|seen| seen.0.join(","));
    // Probes come every few seconds and say nothing while they succeed.
    if matches!(path.as_str(), "/livez" | "/readyz") && response.status().is_success() {
        tracing::debug!(%trace_id, %method, path, status, duration_ms, "request");
    } else {
        tracing::info!(
            %trace_id, %method, path, status, duration_ms, operation_type, operation_name, document, cost, error_codes, principal,
            "request"
        );
    }
    response
}

fn name(operation: &Operation) -> Option<String> {
    operation.name.as_ref().map(|name| name.chars().take(MAX_NAME_CHARS).collect())
}
