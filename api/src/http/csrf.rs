//! Cross-site request forgery: no foreign web page makes a visitor's browser ask us something behind his back.
//!
//! Pages may send "simple" requests to anybody unasked; for others the browser asks first, by a preflight (the Fetch standard's
//! CORS-safelisted methods and headers). POST is never simple here, because only application/json is read. GET is, unless it has a header
//! that makes it none. It can change nothing, but it makes work, in the visitor's name as far as his address goes, and its duration tells.

use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use mediatype::MediaType;
use url::form_urlencoded;

use super::graphql_response::Refusal;
use crate::graphql::documents::Origin;
use crate::graphql::error::ErrorCode;

/// Headers that no page can send without a preflight, by the names that clients and other servers know.
const PREFLIGHTED: [&str; 4] =
    ["apollo-require-preflight", "graphql-require-preflight", "x-apollo-operation-name", "authorization"];

/// The media types that pages may send without a preflight.
const SIMPLE: [&str; 3] = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"];

/// Checks that no foreign page can have sent a GET with a document without asking first.
///
/// `Sec-Fetch-Site` decides nothing. Our own pages (`same-origin`) can send the header like everybody else, and `none` is not only what
/// somebody typed but also what a link in a mail opens.
///
/// # Errors
/// [`ErrorCode::CsrfPrevented`] if one could.
pub(super) fn check_get(parts: &Parts) -> Result<(), Refusal> {
    let query_string = parts.uri.query().unwrap_or_default();
    let sends_document = form_urlencoded::parse(query_string.as_bytes()).any(|(name, _)| name == "query");
    if sends_document && could_be_foreign(parts) { Err(refusal()) } else { Ok(()) }
}

/// Checks the same of a GET that only names a document. A trusted one may be asked for from anywhere: caches can fetch it, and what it
/// makes us do is known. One that clients registered may be anybody's, made to use up the points of whoever is lured to a page.
///
/// # Errors
/// [`ErrorCode::CsrfPrevented`] if one could.
pub(super) fn check_origin(parts: &Parts, origin: Origin) -> Result<(), Refusal> {
    let is_safe = parts.method == Method::POST || origin == Origin::Trusted;
    if is_safe || !could_be_foreign(parts) { Ok(()) } else { Err(refusal()) }
}

fn could_be_foreign(parts: &Parts) -> bool {
    !PREFLIGHTED.iter().any(|name| parts.headers.contains_key(*name)) && !has_complex_type(parts)
}

fn refusal() -> Refusal {
    let message =
        "this GET could come from any web page: add the header `apollo-require-preflight: true`, or send the operation by POST";
    Refusal::new(ErrorCode::CsrfPrevented, message)
}

/// What is no media type counts as a simple one: better to refuse than to rely on how browsers parse it.
fn has_complex_type(parts: &Parts) -> bool {
    let mut types = parts.headers.get_all(CONTENT_TYPE).iter().peekable();
    types.peek().is_some()
        && types.all(|value| {
            let media_type = value.to_str().ok().and_then(|value| MediaType::parse(value).ok());
            media_type.is_some_and(|it| !SIMPLE.contains(&it.essence().to_string().to_ascii_lowercase().as_str()))
        })
}
