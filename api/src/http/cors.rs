//! Cross-origin resource sharing: whose pages may use the GraphQL endpoint, and what of its answers they see.
//!
//! Only the endpoint is shared. The playground's page is not: it may hold the local write key.

use std::time::Duration;

use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderName, RETRY_AFTER};
use axum::http::{HeaderValue, Method};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// How long a browser may remember the answer to a preflight. Chromium's limit is two hours, Firefox's a day.
const MAX_AGE: Duration = Duration::from_secs(2 * 60 * 60);

/// Headers that clients of GraphQL send, beside those that need no permission.
const ALLOWED: [HeaderName; 11] = [
    ACCEPT,
    AUTHORIZATION,
    CONTENT_TYPE,
    HeaderName::from_static("apollo-require-preflight"),
    HeaderName::from_static("apollographql-client-name"),
    HeaderName::from_static("apollographql-client-version"),
    HeaderName::from_static("graphql-cost"),
    HeaderName::from_static("graphql-require-preflight"),
    HeaderName::from_static("traceparent"),
    HeaderName::from_static("x-apollo-operation-id"),
    HeaderName::from_static("x-apollo-operation-name"),
];

/// Headers of answers that scripts may read, beside those that need no permission.
const EXPOSED: [HeaderName; 6] = [
    ETAG,
    RETRY_AFTER,
    HeaderName::from_static("graphql-cost"),
    HeaderName::from_static("ratelimit"),
    HeaderName::from_static("ratelimit-policy"),
    HeaderName::from_static("x-taproom-version"),
];

/// Shares with `origins`, `*` being all of them; with nobody if there are none. Never with cookies or other credentials that a browser
/// adds by itself: a page sends its own in `Authorization`.
pub(super) fn layer(origins: &[HeaderValue]) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let allowed =
        if origins.iter().any(|origin| origin == "*") { AllowOrigin::any() } else { AllowOrigin::list(origins.iter().cloned()) };
    let layer = CorsLayer::new().allow_origin(allowed).allow_methods([Method::GET, Method::HEAD, Method::POST]);
    Some(layer.allow_headers(ALLOWED).expose_headers(EXPOSED).max_age(MAX_AGE))
}
