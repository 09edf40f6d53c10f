//! Which path leads where, and what all of them have in common.

use std::any::Any;

use axum::Router;
use axum::http::header::{ALLOW, HeaderName};
use axum::http::{HeaderValue, Method, Uri};
use axum::middleware::{from_fn, from_fn_with_state, map_response_with_state};
use axum::response::Response;
use axum::routing::{any, get};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use super::graphql_response::{Refusal, ResponseType};
use super::metering::{self, Meter};
use super::{AppState, compression, cors, graphql_endpoint, health, lifecycle, observation, playground, security_headers};
use crate::graphql::error::ErrorCode;
use crate::version::{BUILD_TIME, COMMIT, VERSION};

/// The whole service.
pub fn router(state: AppState) -> Router {
    let (lifecycle, profile) = (state.lifecycle.clone(), state.settings.profile);
    let names = state.settings.metric_operations.clone();
    Router::new()
        .merge(graphql(&state))
        .route("/", get(playground::index))
        .route("/playground/{*path}", get(playground::asset))
        .route("/livez", get(health::livez))
        .route("/readyz", get(health::readyz))
        .route("/version", get(health::version))
        .fallback(async |uri: Uri| not_found(uri.path()))
        .method_not_allowed_fallback(async |method: Method, uri: Uri| method_not_allowed(&method, &uri))
        .with_state(state)
        // From here on, the later a layer is added the earlier it sees the request.
        .layer(CatchPanicLayer::custom(panicked))
        .layer(compression::layer())
        .layer(from_fn(compression::only_for_strangers))
        .layer(from_fn_with_state((names, lifecycle.clone()), observation::observe))
        .layer(map_response_with_state(profile, security_headers::add))
        .layer(header(HeaderName::from_static("x-taproom-version"), VERSION))
        .layer(header(HeaderName::from_static("x-taproom-commit"), COMMIT))
        .layer(header(HeaderName::from_static("x-taproom-build-time"), BUILD_TIME))
        .layer(from_fn_with_state(lifecycle, lifecycle::track))
}

/// The endpoint, and what is done for it alone.
fn graphql(state: &AppState) -> Router<AppState> {
    // Panics are caught within, so that their answers are told to foreign pages and metered like others.
    let mut routes = Router::new().route("/graphql", any(graphql_endpoint::endpoint)).layer(CatchPanicLayer::custom(panicked));
    if let Some(meter) = Meter::new(&state.settings) {
        routes = routes.layer(from_fn_with_state(meter, metering::meter));
    }
    if let Some(cors) = cors::layer(&state.settings.cors_origins) {
        routes = routes.layer(cors);
    }
    routes
}

fn header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    let value = HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static("invalid"));
    SetResponseHeaderLayer::overriding(name, value)
}

/// There is nothing at `path`.
pub(super) fn not_found(path: &str) -> Response {
    let message = format!("there is nothing at {path}; GraphQL is at /graphql, the playground at /");
    Refusal::new(ErrorCode::NotFound, message).respond(ResponseType::Json)
}

fn method_not_allowed(method: &Method, uri: &Uri) -> Response {
    let message = format!("{method} is not allowed at {}; use GET", uri.path());
    let mut response = Refusal::new(ErrorCode::MethodNotAllowed, message).respond(ResponseType::Json);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}

/// The answer in place of a handler that panicked. What happened is in the log: the panic hook has written it.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    let message = "something went wrong on the server; the error has been logged";
    Refusal::new(ErrorCode::InternalServerError, message).respond(ResponseType::Json)
}
