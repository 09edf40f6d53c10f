//! The candidate's schema has all that the live one offers.

use std::sync::Arc;

use serde_json::json;

use super::{Context, patiently};
use crate::aws::sentence;
use crate::schema::{compare, introspection};
use crate::service::Service;
use crate::verdict::Outcome;

pub async fn check(context: Arc<Context>) -> Outcome {
    let Some(secret) = &context.config.introspection_key_secret else {
        return Outcome::Skipped("INTROSPECTION_KEY_SECRET is not set".to_owned());
    };
    let key = match key(&context, secret).await {
        Err(reason) => return Outcome::failed(reason),
        Ok(key) => key,
    };
    // The candidate first: a key that neither of them takes is no fault of the version before.
    let new = match introspect(&context.candidate, &key).await {
        Err(reason) => return Outcome::failed(format!("the candidate does not tell its schema: {reason}")),
        Ok(new) => new,
    };
    if let Err(reason) = context.blue().await {
        return Outcome::Skipped(reason);
    }
    let old = match patiently(|| introspect(&context.production, &key)).await {
        // Perhaps it is what is broken, and this is its cure.
        Err(reason) => return Outcome::Skipped(format!("the version before does not tell its schema: {reason}")),
        Ok(old) => old,
    };
    let breaking: Vec<String> = compare(&old, &new).iter().map(ToString::to_string).collect();
    if breaking.is_empty() {
        Outcome::Passed(format!("all that {} types offer is still there", old.types.len()))
    } else if context.found.get().is_some_and(|candidate| candidate.intended.may_break) {
        Outcome::Passed(format!("the task definition accepts that clients break: {}", breaking.join("; ")))
    } else {
        Outcome::Failed(breaking.into_iter().map(|change| format!("breaks clients: {change}")).collect())
    }
}

/// The key, for the header.
async fn key(context: &Context, secret: &str) -> Result<String, String> {
    let value = context.aws.secrets.get_secret_value().secret_id(secret).send().await;
    let value = value.map_err(|error| {
        format!(
            "the introspection key cannot be read, does the function's role allow secretsmanager:GetSecretValue? {}",
            sentence(error)
        )
    })?;
    let key = value.secret_string().unwrap_or_default().trim();
    let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic()) && !key.starts_with('{');
    if is_key {
        Ok(key.to_owned())
    } else {
        Err("the secret of INTROSPECTION_KEY_SECRET has to be an API key and nothing else".to_owned())
    }
}

async fn introspect(service: &Service, key: &str) -> Result<crate::schema::Schema, String> {
    let request = service.request_post().bearer_auth(key).json(&json!({ "query": introspection::QUERY }));
    let answer = service.send(request).await.map_err(|error| error.to_string())?;
    // No part of the answer is told: it could repeat the key.
    let data = answer.data().map_err(|_| {
        let (url, status, codes) = (service.url(), answer.status, answer.error_codes().join(", "));
        format!("{url} answers {status} without a schema, errors: {codes:?}; is the key one with the scope introspection?")
    })?;
    let answer: introspection::Answer =
        serde_json::from_value(data).map_err(|_| "it is no result of an introspection".to_owned())?;
    answer.schema().map_err(|error| error.to_string())
}
