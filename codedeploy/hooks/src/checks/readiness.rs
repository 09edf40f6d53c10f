//! `/readyz` says that requests may be sent.

use std::sync::Arc;

use super::Context;
use crate::verdict::Outcome;

pub async fn check(context: Arc<Context>) -> Outcome {
    let answer = match context.fresh.get("readyz").await {
        Err(error) => return Outcome::failed(error.to_string()),
        Ok(answer) => answer,
    };
    let body = answer.json();
    if answer.status == 200 && body["status"] == "ready" {
        return Outcome::Passed("ready".to_owned());
    }
    let failed = body["checks"].as_array().into_iter().flatten().filter(|check| check["ok"] == false);
    let why: Vec<String> =
        failed.filter_map(|check| Some(format!("{}: {}", check["name"].as_str()?, check["detail"].as_str()?))).collect();
    let why = if why.is_empty() { answer.excerpt() } else { why.join(", ") };
    let reason = body["reason"].as_str().unwrap_or("no reason");
    Outcome::failed(format!("{}readyz answers {} with {reason} ({why})", context.fresh.url(), answer.status))
}
