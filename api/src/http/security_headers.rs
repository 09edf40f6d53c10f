//! What browsers shall not do with our answers.

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::response::Response;

use crate::config::Profile;

/// As [OWASP's secure headers](https://owasp.org/www-project-secure-headers/) recommend for an API. CORS is not affected by the
/// resource policy, which is only for requests without it: images, scripts and the like.
const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// For everything that is no page: should it ever be shown as one, it can do nothing.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// A year. Without subdomains, which are not ours to decide on.
const TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Middleware: adds the headers. That the site is only to be visited over TLS is said in production alone, where a load balancer
/// terminates it; over plain HTTP browsers ignore it (RFC 6797 §8.1).
pub(super) async fn add(State(profile): State<Profile>, mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.extend(HEADERS);
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(POLICY);
    if profile == Profile::Production {
        headers.insert(STRICT_TRANSPORT_SECURITY, TRANSPORT);
    }
    response
}
