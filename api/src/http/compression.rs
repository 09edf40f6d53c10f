//! Compressed answers, where that gives nothing away.
//!
//! The length of a compressed body tells whether a guess that it reflects also stands elsewhere in it (BREACH). So nothing is compressed
//! that may hold a secret: no answer to somebody in particular, and no page with the local write key.

use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, COOKIE};
use axum::http::{Extensions, HeaderMap, StatusCode, Version};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};

/// Below, the body fits into one packet anyway.
const MIN_BYTES: u64 = 1024;

/// What is text; its parameters don't matter.
const TEXT: [&str; 6] =
    ["application/json", "application/graphql-response+json", "application/graphql", "text/html", "text/css", "text/javascript"];

/// Marks a response, among its extensions, that must not be compressed.
#[derive(Clone, Copy, Debug)]
pub(super) struct HoldsSecret;

/// Compresses by gzip or Brotli. A strong `ETag` would be wrong for all but one encoding: handlers give weak ones.
pub(super) fn layer() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new().compress_when(SizeAbove::new(MIN_BYTES).and(is_harmless_text))
}

fn is_harmless_text(_: StatusCode, _: Version, headers: &HeaderMap, extensions: &Extensions) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim_end();
    TEXT.contains(&essence) && extensions.get::<HoldsSecret>().is_none()
}

/// Middleware: whoever shows a credential gets the answer as it is.
pub(super) async fn only_for_strangers(mut request: Request, next: Next) -> Response {
    if [AUTHORIZATION, COOKIE].iter().any(|name| request.headers().contains_key(name)) {
        request.headers_mut().remove(ACCEPT_ENCODING);
    }
    next.run(request).await
}
