//! GraphQL over HTTP, the response: media type, status and body.
//!
//! [GraphQL over HTTP §6](https://graphql.github.io/graphql-over-http/draft/#sec-Response).

use std::time::Duration;

use async_graphql::{ServerError, Value};
use async_graphql_axum::GraphQLResponse;
use axum::Json;
use axum::http::header::{ACCEPT, ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use headers_accept::Accept;
use mediatype::{MediaType, MediaTypeBuf, Name, ReadParams, WriteParams, media_type, names};
use serde::Serialize;

use crate::graphql::error::{ErrorCode, is_request_error};
use crate::telemetry::trace::RequestTrace;

/// The media types a response can be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseType {
    /// `application/json`, the older one: 200 for every response to a well-formed request. The default for clients that don't say.
    Json,
    /// `application/graphql-response+json`: the status tells whether there is a result.
    GraphqlResponse,
}

// The older type first: `*/*` and no `Accept` at all come from clients that have never heard of the newer one (§6.2, legacy).
const AVAILABLE: [(MediaType<'static>, ResponseType); 2] = [
    (media_type!(APPLICATION / JSON), ResponseType::Json),
    (
        MediaType::from_parts(names::APPLICATION, Name::new_unchecked("graphql-response"), Some(names::JSON), &[]),
        ResponseType::GraphqlResponse,
    ),
];

/// Most characters of a header that a message repeats.
const MAX_SHOWN: usize = 100;

impl ResponseType {
    /// The type that `Accept` prefers; among equals, the one it names first.
    ///
    /// # Errors
    /// [`ErrorCode::NotAcceptable`] if there is none.
    pub fn negotiate(headers: &HeaderMap) -> Result<Self, Refusal> {
        let values: Vec<&str> = headers.get_all(ACCEPT).iter().map(|value| value.to_str().unwrap_or("(not text)")).collect();
        let accept = values.join(",");
        if accept.trim().is_empty() {
            return Ok(Self::Json);
        }
        let chosen = accept.parse::<Accept>().ok().and_then(|ranges| {
            let ranges: Accept = ranges.media_types().map(without_charset).collect();
            let chosen = ranges.negotiate(AVAILABLE.iter().map(|(name, _)| name))?.clone();
            AVAILABLE.into_iter().find(|(name, _)| *name == chosen)
        });
        chosen.map(|(_, response_type)| response_type).ok_or_else(|| {
            let message =
                "only application/graphql-response+json and application/json can be produced; name one of them in `Accept`";
            let shown: String = accept.chars().take(MAX_SHOWN).collect();
            Refusal::new(ErrorCode::NotAcceptable, format!("{message}, which is {shown:?}"))
        })
    }

    const fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        })
    }
}

/// `range` with no parameter but its quality: `charset=utf-8` is what we send anyway.
fn without_charset(range: &MediaTypeBuf) -> MediaTypeBuf {
    let mut plain = MediaType::from_parts(range.ty(), range.subty(), range.suffix(), &[]);
    if let Some(quality) = range.get_param(names::Q) {
        plain.set_param(names::Q, quality);
    }
    plain.into()
}

/// A request that never reached the schema, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of mistake it is; also decides the status.
    pub code: ErrorCode,
    /// What was wrong, with what, and what to do.
    pub message: String,
    /// After what time the same request may succeed, if that is known.
    pub retry_after: Option<Duration>,
}

impl Refusal {
    /// A refusal of the kind `code`.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry_after: None }
    }

    /// The refusal of a request that may succeed after `time`.
    #[must_use]
    pub fn retry_after(self, time: Duration) -> Self {
        Self { retry_after: Some(time), ..self }
    }

    /// The refusal as a response without a result.
    #[must_use]
    pub fn respond(&self, response_type: ResponseType) -> Response {
        let error = self.code.server_error(self.message.as_str());
        let mut http = respond(async_graphql::Response::from_errors(vec![error]), response_type);
        http.headers_mut().extend(self.retry_after.map(|time| (RETRY_AFTER, whole_seconds(time).into())));
        http
    }
}

/// Rounded up: a client that comes back after them does not come too early.
pub(super) const fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + (time.subsec_nanos() > 0) as u64
}

/// The codes of a response's errors, for logs and metrics.
#[derive(Clone, Debug, Default)]
pub struct ErrorCodesSeen(pub Vec<ErrorCode>);

/// `response` over HTTP.
#[must_use]
pub fn respond(mut response: async_graphql::Response, response_type: ResponseType) -> Response {
    response.errors.iter_mut().for_each(add_trace_id);
    let codes: Vec<_> = response.errors.iter().filter_map(code).collect();
    let seen = ErrorCodesSeen(codes.clone());
    let mut http = if is_request_error(&response) {
        let code = codes.first().copied().unwrap_or(ErrorCode::InternalServerError);
        request_error(&response, code, status(code, response_type))
    } else {
        GraphQLResponse::from(response).into_response()
    };
    let headers = http.headers_mut();
    headers.insert(CONTENT_TYPE, response_type.content_type());
    headers.insert(VARY, HeaderValue::from_static("accept"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    http.extensions_mut().insert(seen);
    http
}

fn code(error: &ServerError) -> Option<ErrorCode> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => ErrorCode::ALL.iter().copied().find(|known| known.as_str() == code),
        _ => None,
    }
}

/// The log has the details of a fault of ours, under this id; the client gets the id.
fn add_trace_id(error: &mut ServerError) {
    if code(error).is_some_and(ErrorCode::is_server_fault)
        && let Some(trace) = RequestTrace::current()
    {
        error.extensions.get_or_insert_default().set("traceId", trace.trace_id().to_string());
    }
}

/// async-graphql's own serialisation always has `data`, which a request error must not.
#[derive(Serialize)]
struct WithoutData<'a> {
    errors: &'a [ServerError],
}

fn request_error(response: &async_graphql::Response, code: ErrorCode, status: StatusCode) -> Response {
    let mut http = (status, Json(WithoutData { errors: &response.errors })).into_response();
    let headers = http.headers_mut();
    headers.extend(response.http_headers.clone());
    match code {
        ErrorCode::MethodNotAllowed => headers.insert(ALLOW, HeaderValue::from_static("POST")),
        // RFC 6750 §3.1.
        ErrorCode::Unauthenticated => {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(r#"Bearer error="invalid_token""#))
        }
        ErrorCode::ServiceUnavailable | ErrorCode::Overloaded | ErrorCode::OperationTimeout => {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"))
        }
        // The rest of the body is not waited for. HTTP/2 has no such header, and hyper removes it there.
        ErrorCode::RequestTimeout => headers.insert(CONNECTION, HeaderValue::from_static("close")),
        _ => None,
    };
    http
}

/// The status of a response without a result (§6.4).
const fn status(code: ErrorCode, response_type: ResponseType) -> StatusCode {
    match code {
        ErrorCode::GraphqlParseFailed
        | ErrorCode::GraphqlValidationFailed
        | ErrorCode::BadUserInput
        | ErrorCode::PersistedQueryNotFound
        | ErrorCode::PersistedQueryNotSupported
        | ErrorCode::TokenLimitExceeded
        | ErrorCode::NestingLimitExceeded
        | ErrorCode::DepthLimitExceeded
        | ErrorCode::CostLimitExceeded
        | ErrorCode::FieldLimitExceeded
        | ErrorCode::AliasLimitExceeded
        | ErrorCode::RootFieldLimitExceeded
        | ErrorCode::DirectiveLimitExceeded
        | ErrorCode::FragmentLimitExceeded => match response_type {
            ResponseType::Json => StatusCode::OK,
            ResponseType::GraphqlResponse => StatusCode::BAD_REQUEST,
        },
        ErrorCode::BadRequest | ErrorCode::CsrfPrevented => StatusCode::BAD_REQUEST,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
        ErrorCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorCode::PayloadTooLarge | ErrorCode::DocumentSizeLimitExceeded => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
        ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden
        | ErrorCode::FeatureDisabled
        | ErrorCode::IntrospectionDisabled
        | ErrorCode::TrustedDocumentRequired => StatusCode::FORBIDDEN,
        ErrorCode::ServiceUnavailable | ErrorCode::Overloaded | ErrorCode::OperationTimeout => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::InternalServerError => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{PathSegment, value};

    use super::*;

    #[test]
    fn a_result_is_200_even_when_null_propagated_to_the_top() {
        let field_error =
            ErrorCode::ServiceUnavailable.server_error("away").with_path(vec![PathSegment::Field("beers".to_owned())]);
        for data in [Value::Null, value!({ "beers": null })] {
            let mut response = async_graphql::Response::new(data);
            response.errors.push(field_error.clone());
            let http = respond(response, ResponseType::GraphqlResponse);
            assert_eq!(http.status(), StatusCode::OK);
            assert_eq!(
                http.extensions().get::<ErrorCodesSeen>().map(|seen| seen.0.clone()),
                Some(vec![ErrorCode::ServiceUnavailable])
            );
        }
    }

    #[test]
    fn every_refusal_has_a_status_that_says_whose_fault_it_is() {
        for &code in ErrorCode::ALL {
            let status = Refusal::new(code, "x").respond(ResponseType::GraphqlResponse).status();
            assert_eq!(status.is_server_error(), code.is_server_fault(), "{code:?}");
            assert!(!status.is_success(), "{code:?}");
        }
    }
}
