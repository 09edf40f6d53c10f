//! `/graphql`: one operation a request, by POST, or by GET if it is a query.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::ALLOW;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method};
use axum::response::Response;

use super::access_log::AccessDetails;
use super::credentials::authorization;
use super::graphql_request::{from_get, from_post};
use super::graphql_response::{Refusal, ResponseType, respond};
use super::metering::Account;
use super::{AppState, caching, csrf, operation_cost};
use crate::config::Profile;
use crate::graphql::{GraphqlRequest, error::ErrorCode};

/// Answers a GraphQL request, or says what is wrong with it.
pub async fn endpoint(State(state): State<AppState>, request: axum::extract::Request) -> Response {
    let (parts, body) = request.into_parts();
    if ![Method::GET, Method::HEAD, Method::POST].contains(&parts.method) {
        return method_not_allowed(&parts.method);
    }
    let response_type = match ResponseType::negotiate(&parts.headers) {
        Ok(response_type) => response_type,
        Err(refusal) => return refusal.respond(ResponseType::Json),
    };
    let mut details = AccessDetails::default();
    let mut response = match execute(&state, &parts, body, &mut details).await {
        Ok(response) => match caching::max_age(&parts, &response) {
            Some(max_age) => caching::cacheable(&parts, respond(response, response_type), max_age).await,
            None => respond(response, response_type),
        },
        Err(refusal) => refusal.respond(response_type),
    };
    response.extensions_mut().insert(details);
    response
}

async fn execute(
    state: &AppState,
    parts: &Parts,
    body: Body,
    details: &mut AccessDetails,
) -> Result<async_graphql::Response, Refusal> {
    let request = read(state, parts, body).await?;
    let viewer = state.authenticator.authenticate(authorization(&parts.headers)?).await?;
    details.principal = viewer.principal().map(str::to_owned);
    let prepared = match state.executor.prepare(request, &viewer) {
        Ok(prepared) => prepared,
        Err(error) => return Ok(async_graphql::Response::from_errors(vec![error])),
    };
    details.operation.clone_from(&prepared.operation);
    details.document = Some(prepared.origin);
    let (cost, limit) = (prepared.cost, state.executor.limits().max_cost);
    details.cost = Some(cost);
    if let Some(account) = parts.extensions.get::<Account>() {
        account.charge_operation(viewer.principal(), cost)?;
    }
    let mut response = state.executor.execute(prepared, viewer).await;
    operation_cost::tell(&parts.headers, &mut response, cost, limit);
    Ok(response)
}

async fn read(state: &AppState, parts: &Parts, body: Body) -> Result<GraphqlRequest, Refusal> {
    let settings = &state.settings;
    if parts.method == Method::POST {
        from_post(&parts.headers, body, settings.max_body_bytes, settings.body_timeout).await
    } else {
        if settings.profile == Profile::Production {
            csrf::check_get(parts)?;
        }
        let request = from_get(parts.uri.query().unwrap_or_default())?;
        Ok(GraphqlRequest { queries_only: true, ..request })
    }
}

fn method_not_allowed(method: &Method) -> Response {
    let message = format!("{method} is not allowed here; send operations by POST, or queries by GET");
    let mut response = Refusal::new(ErrorCode::MethodNotAllowed, message).respond(ResponseType::Json);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    response
}
