//! `/graphql`: one operation a request, by POST, or by GET if it is a query.

use std::ops::Range;
use std::time::Instant;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::ALLOW;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method};
use axum::response::Response;
use humantime::format_duration;
use tokio::time::timeout;

use super::access_log::SharedDetails;
use super::credentials::authorization;
use super::graphql_request::{ReadBody, from_get, from_post, read_body};
use super::graphql_response::{Refusal, ResponseType, respond};
use super::metering::Account;
use super::{AppState, caching, csrf, operation_cost};
use crate::config::Profile;
use crate::database::{abandoned, availability};
use crate::graphql::{
    GraphqlRequest, Known,
    error::{ErrorCode, is_request_error},
};
use crate::telemetry::metrics::attributes::PersistedQueryResult;

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
    match execute(&state, &parts, body).await {
        Ok(response) => match caching::max_age(&parts, &response) {
            Some(max_age) => caching::cacheable(&parts, respond(response, response_type), max_age).await,
            None => respond(response, response_type),
        },
        Err(refusal) => refusal.respond(response_type),
    }
}

async fn execute(state: &AppState, parts: &Parts, body: Body) -> Result<async_graphql::Response, Refusal> {
    state.load_shed.check()?;
    // Held until the operation has ended: what was made of it takes as much again, and more.
    let (request, _body) = read(state, parts, body).await?;
    let details = parts.extensions.get::<SharedDetails>().cloned().unwrap_or_default();
    details.update(|details| details.read = Some(Instant::now()));
    let _place = state.load_shed.enter()?;
    let limit = state.settings.request_timeout;
    let work = abandoned::noticed(execute_request(state, parts, request, &details));
    timeout(limit, work).await.unwrap_or_else(|_| {
        availability::doubt();
        let message =
            format!("the operation took longer than {} and was ended; ask for less, or try again later", format_duration(limit));
        Err(Refusal::new(ErrorCode::OperationTimeout, message))
    })
}

async fn execute_request(
    state: &AppState,
    parts: &Parts,
    request: GraphqlRequest,
    details: &SharedDetails,
) -> Result<async_graphql::Response, Refusal> {
    let authorization = authorization(&parts.headers)?;
    if authorization.is_some() {
        refuse_without_database(state)?;
    }
    let viewer = state.authenticator.authenticate(authorization).await?;
    details.update(|details| details.principal = viewer.principal().map(str::to_owned));
    let mut known = Known::default();
    let prepared = state.executor.judge(request, &viewer, &mut known);
    details.update(|details| details.known = known);
    let prepared = match prepared {
        Ok(prepared) => prepared,
        Err(error) => return Ok(async_graphql::Response::from_errors(vec![error])),
    };
    let (cost, limit) = (prepared.cost, state.executor.limits().max_cost);
    if state.settings.profile == Profile::Production {
        csrf::check_origin(parts, prepared.origin)?;
    }
    refuse_without_database(state)?;
    if let Some(account) = parts.extensions.get::<Account>() {
        account.charge_operation(viewer.principal(), cost)?;
    }
    let mut response = state.executor.execute(prepared, viewer).await;
    if is_request_error(&response) {
        details.update(|details| {
            details.known.persisted = details.known.persisted.filter(|result| *result != PersistedQueryResult::Registered)
        });
    }
    operation_cost::tell(&parts.headers, &mut response, cost, limit);
    Ok(response)
}

/// While the database is known to be away nobody waits for it.
fn refuse_without_database(state: &AppState) -> Result<(), Refusal> {
    if state.availability.is_down() {
        let message = "the database cannot be reached at the moment; try again later";
        return Err(Refusal::new(ErrorCode::ServiceUnavailable, message));
    }
    Ok(())
}

async fn read(state: &AppState, parts: &Parts, body: Body) -> Result<(GraphqlRequest, ReadBody), Refusal> {
    let account = parts.extensions.get::<Account>();
    let charge = |bytes: Range<usize>| account.map_or(Ok(()), |account| account.charge_reading(bytes));
    if parts.method == Method::POST {
        let body = read_body(&parts.headers, body, state, charge).await?;
        return Ok((from_post(&body.bytes)?, body));
    }
    if state.settings.profile == Profile::Production {
        csrf::check_get(parts)?;
    }
    let query_string = parts.uri.query().unwrap_or_default();
    charge(0..query_string.len())?;
    Ok((GraphqlRequest { queries_only: true, ..from_get(query_string)? }, ReadBody::default()))
}

fn method_not_allowed(method: &Method) -> Response {
    let message = format!("{method} is not allowed here; send operations by POST, or queries by GET");
    let mut response = Refusal::new(ErrorCode::MethodNotAllowed, message).respond(ResponseType::Json);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    response
}
