//! Strangers get what they should and nothing else: a task that was started with the wrong profile is found here.

use std::sync::Arc;

use reqwest::RequestBuilder;
use reqwest::header::CONTENT_TYPE;
use serde_json::json;

use super::Context;
use crate::service::Service;
use crate::verdict::Outcome;

const INTROSPECTION: &str = "{ __schema { queryType { name } } }";
const QUERY: &str = "{ __typename }";
/// No id is all zeros, so that it would write nothing even where it is allowed.
const MUTATION: &str =
    "mutation Harmless { deleteStyle(input: { id: \"style_00000000000000000000000000\" }) { errors { code } } }";

/// Also what a service answers that only executes documents of its manifest.
const TRUSTED_ONLY: &str = "TRUSTED_DOCUMENT_REQUIRED";

/// A request that has to be refused.
struct Refused {
    what: &'static str,
    /// The codes of a refusal.
    codes: &'static [&'static str],
    request: RequestBuilder,
    /// What to do if it is not.
    hint: &'static str,
}

pub async fn check(context: Arc<Context>) -> Outcome {
    let mut wrong = Vec::new();
    for Refused { what, codes, request, hint } in refused(&context.candidate) {
        match context.candidate.send(request).await {
            Err(error) => wrong.push(format!("{what}: {error}")),
            Ok(answer) => {
                let given = answer.error_codes();
                let is_refused = answer.json()["data"].is_null()
                    && !given.is_empty()
                    && given.iter().all(|code| codes.contains(&code.as_str()) || code == TRUSTED_ONLY);
                if !is_refused {
                    let expected = codes.join(" or ");
                    wrong.push(format!(
                        "{what} has to be refused with {expected}, but is answered {}: {}. {hint}",
                        answer.status,
                        answer.excerpt()
                    ));
                }
            }
        }
    }
    Outcome::of(wrong, || "introspection, simple requests, mutations by GET and without a credential are refused".to_owned())
}

fn refused(service: &Service) -> Vec<Refused> {
    let profile = "Is TAPROOM_PROFILE set to production?";
    let mistake = "This version must not be released";
    let post = |query: &str| service.request_post().json(&json!({ "query": query }));
    let simple = service.request_post().header(CONTENT_TYPE, "text/plain").body(json!({ "query": QUERY }).to_string());
    vec![
        Refused {
            what: "introspection without a credential",
            codes: &["INTROSPECTION_DISABLED"],
            request: post(INTROSPECTION),
            hint: profile,
        },
        Refused {
            what: "a POST as any web page can send it",
            codes: &["UNSUPPORTED_MEDIA_TYPE", "CSRF_PREVENTED"],
            request: simple,
            hint: mistake,
        },
        Refused {
            what: "a GET as any web page can send it",
            codes: &["CSRF_PREVENTED"],
            request: service.request_get(QUERY),
            hint: profile,
        },
        Refused {
            what: "a mutation by GET",
            codes: &["METHOD_NOT_ALLOWED"],
            request: service.request_get(MUTATION).header("apollo-require-preflight", "true"),
            hint: mistake,
        },
        Refused { what: "a mutation without a credential", codes: &["UNAUTHENTICATED"], request: post(MUTATION), hint: mistake },
    ]
}
