//! The request whose trace is held against what it should be, and those whose headers say where they come from.

use serde_json::json;

use super::Catalogue;
use crate::service::{Service, done};

/// That of the load balancer's header.
pub const TRACE_ID: &str = "67891233abcdef012345678912345678";
/// That of a `traceparent`, and the span it names.
pub const W3C_TRACE_ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
pub const PARENT_SPAN_ID: &str = "00f067aa0ba902b7";

/// Those of a load balancer that does not trace, behind another that does.
pub const UNSAMPLED_TRACE_ID: &str = "678912330123456789abcdef01234567";
pub const UNSAMPLED_PARENT_ID: &str = "53995c3f42cd8ad8";

/// What only the client should know, in a variable and in a document.
pub const VARIABLE: &str = "cherished-variable";
pub const LITERAL: &str = "cherished-literal";

/// That of the request from the load balancer.
pub fn document() -> String {
    format!(
        r#"query BeerDetails($first: Int!, $name: String!) {{
            beers(first: $first) {{ nodes {{ name brewery {{ name }} style {{ name }} reviews(first: 2) {{ nodes {{ rating }} }} }} }}
            none: beers(filter: {{ name: {{ contains: $name }}, style: {{ name: {{ eq: "{LITERAL}" }} }} }}) {{ totalCount }}
        }}"#
    )
}

pub async fn send(service: &Service, catalogue: &Catalogue) {
    let request = json!({ "query": document(), "variables": { "first": 3, "name": VARIABLE } });
    // As an ALB writes it: without `Sampled`.
    let from_load_balancer = service.post(&request).header(AWS, root(TRACE_ID));
    done(from_load_balancer.bearer_auth(&catalogue.admin)).await;
    let small = || service.post(&json!({ "query": "{ __typename }" }));
    done(small().header("traceparent", format!("00-{W3C_TRACE_ID}-{PARENT_SPAN_ID}-00"))).await;
    done(small().header(AWS, format!("{};Parent={UNSAMPLED_PARENT_ID};Sampled=0", root(UNSAMPLED_TRACE_ID)))).await;
}

const AWS: &str = "x-amzn-trace-id";

fn root(trace_id: &str) -> String {
    let (time, rest) = trace_id.split_at(8);
    format!("Root=1-{time}-{rest}")
}
