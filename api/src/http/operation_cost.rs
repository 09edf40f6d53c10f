//! What an operation may cost, told to its sender: always in a header, and in the answer's `extensions` on request.
//!
//! `GraphQL-Cost: report` asks for it, as with Hot Chocolate
//! (<https://chillicream.com/docs/hotchocolate/v16/securing-your-api/cost-analysis/>).

use async_graphql::{Response, value};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// In a request, `report` asks for the cost; in an answer it is the cost, in points.
const GRAPHQL_COST: HeaderName = HeaderName::from_static("graphql-cost");

/// Tells the sender of a request with `headers` what its operation may cost, in points.
pub fn tell(headers: &HeaderMap, response: &mut Response, cost: u64, limit: u64) {
    response.http_headers.insert(GRAPHQL_COST, HeaderValue::from(cost));
    let report = headers.get(GRAPHQL_COST).is_some_and(|asked| asked.as_bytes().eq_ignore_ascii_case(b"report"));
    if report {
        response.extensions.insert("cost".to_owned(), value!({ "points": cost, "limit": limit }));
    }
}
