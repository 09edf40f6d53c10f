//! Which answers caches may keep, and the validation of those that they have ([RFC 9111](https://www.rfc-editor.org/rfc/rfc9111),
//! [RFC 9110 §13.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2)).

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use headers::{CacheControl, ETag, HeaderMapExt, IfNoneMatch};
use sha2::{Digest, Sha256};

use super::graphql_response::{Refusal, ResponseType};
use crate::graphql::error::ErrorCode;

/// For how many seconds any cache may keep the answer to a request: one by GET, by nobody in particular and without errors, if
/// [`crate::graphql::Prepared::max_age`] allows it.
pub fn max_age(request: &Parts, response: &async_graphql::Response) -> Option<u32> {
    let is_safe = matches!(request.method, Method::GET | Method::HEAD);
    // Extensions are what this client asked for, by a header.
    let is_plain = response.is_ok() && response.extensions.is_empty();
    let is_public = is_safe && !request.headers.contains_key(AUTHORIZATION) && is_plain;
    u32::try_from(response.cache_control.max_age).ok().filter(|&age| is_public && age > 0)
}

/// `response`, which may be kept for `max_age` seconds; or 304 if the client has it already.
pub async fn cacheable(request: &Parts, response: Response, max_age: u32) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        // Cannot be: the body is in memory.
        return Refusal::new(ErrorCode::InternalServerError, "the answer was lost on the server").respond(ResponseType::Json);
    };
    let headers = &mut parts.headers;
    let policy = CacheControl::new().with_public().with_max_age(Duration::from_secs(max_age.into()));
    headers.typed_insert(policy);
    // A credential that is no good must not be answered from a cache as if there were none.
    headers.append(VARY, HeaderValue::from_static("authorization"));
    // What compresses says so itself, but not for a 304.
    headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    // Weak: a layer outside may compress the body, and `Content-Type` varies, too.
    let Ok(tag) = format!("W/\"{:x}\"", Sha256::digest(&body)).parse::<ETag>() else {
        return Response::from_parts(parts, body.into());
    };
    headers.typed_insert(tag.clone());
    let known = request.headers.typed_get::<IfNoneMatch>();
    if known.is_some_and(|known| !known.precondition_passes(&tag)) {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(CONTENT_TYPE);
        parts.headers.remove(CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, body.into())
}

/// Whether every cache may keep `response`, and hand it to others.
pub fn is_public(response: &Response) -> bool {
    response.headers().typed_get::<CacheControl>().is_some_and(|policy| policy.public())
}
