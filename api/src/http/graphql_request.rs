//! GraphQL over HTTP, the request: from a body or a query string to an [`GraphqlRequest`].
//!
//! [GraphQL over HTTP §5](https://graphql.github.io/graphql-over-http/draft/#sec-Request). Members that mean nothing are ignored, as it
//! says; those with a meaning must have their type.

use std::ops::Range;
use std::time::Duration;

use async_graphql::Variables;
use axum::body::{Body, BodyDataStream};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use futures_util::StreamExt;
use mediatype::{MediaType, ReadParams, names};
use serde_json::{Map, Value};
use tokio::sync::OwnedSemaphorePermit;
use url::form_urlencoded;

use super::AppState;
use super::graphql_response::Refusal;
use super::load_shed::LoadShed;
use crate::graphql::{GraphqlRequest, documents::DocumentSource, error::ErrorCode};

/// How long, and for how many times the limit, a body that is too large is read on: a client that is still sending does not read the
/// answer, and closing on it would show it a reset connection instead.
const LINGER: Duration = Duration::from_secs(2);
const LINGER_TIMES: usize = 8;

/// So many bytes of each body need not be accounted for: most have no more, and should not suffer from a few that fill the memory.
const SMALL: usize = 16 << 10;

/// Most values in a body. Each takes some 200 bytes until it is an argument, be it but a digit in the body.
const MAX_JSON_VALUES: usize = 32_768;

/// A body in memory.
#[derive(Default)]
pub struct ReadBody {
    /// What came.
    pub bytes: Vec<u8>,
    _memory: Option<OwnedSemaphorePermit>,
}

/// The body of a POST, of at most as many bytes and within as much time as `state` has it. What arrives is charged at once, so that a
/// body without end is not without price.
///
/// # Errors
/// A refusal that names the header which is wrong, or the limit; there is no memory left, or nothing to charge to.
pub async fn read_body(
    headers: &HeaderMap,
    body: Body,
    state: &AppState,
    charge: impl Fn(Range<usize>) -> Result<(), Refusal>,
) -> Result<ReadBody, Refusal> {
    check_content_type(headers)?;
    let (limit, time) = (state.settings.max_body_bytes, state.settings.body_timeout);
    let too_slow = |_| {
        let message = format!("the body did not arrive within {}; send it faster", humantime::format_duration(time));
        Refusal::new(ErrorCode::RequestTimeout, message)
    };
    tokio::time::timeout(time, read(body.into_data_stream(), limit, &state.load_shed, charge)).await.map_err(too_slow)?
}

/// The request in a POST's `body`.
///
/// # Errors
/// A refusal that names the member which is wrong.
pub fn from_post(body: &[u8]) -> Result<GraphqlRequest, Refusal> {
    let values = json_values(body);
    if values > MAX_JSON_VALUES {
        let message = format!("the body has some {values} JSON values, but the limit is {MAX_JSON_VALUES}; send less at a time");
        return Err(Refusal::new(ErrorCode::TokenLimitExceeded, message));
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => from_members(members),
        Ok(Value::Array(_)) => {
            Err(bad_request("the body is a list, and batches are not supported: send one operation a request"))
        }
        Ok(other) => Err(bad_request(format!("the body must be a JSON object with the member `query`, but is {}", kind(&other)))),
        Err(_) if body.is_empty() => Err(bad_request("the body is empty; it must be a JSON object with the member `query`")),
        Err(error) => Err(bad_request(format!("the body is not valid JSON: {error}"))),
    }
}

/// The request in a GET's `query_string`.
///
/// # Errors
/// A refusal that names the parameter which is wrong.
pub fn from_get(query_string: &str) -> Result<GraphqlRequest, Refusal> {
    let mut members = Map::new();
    for (name, value) in form_urlencoded::parse(query_string.as_bytes()) {
        let value = match &*name {
            "query" | "documentId" => Value::String(value.into_owned()),
            // An empty name is none (§5.2).
            "operationName" if value.is_empty() => Value::Null,
            "operationName" => Value::String(value.into_owned()),
            "variables" | "extensions" => serde_json::from_str(&value)
                .map_err(|error| bad_request(format!("the parameter `{name}` is not valid JSON: {error}")))?,
            _ => continue,
        };
        if members.insert(name.to_string(), value).is_some() {
            return Err(bad_request(format!("the parameter `{name}` is given more than once")));
        }
    }
    from_members(members)
}

/// How many values a JSON text has, or some more: each is behind a comma or bracket.
fn json_values(text: &[u8]) -> usize {
    let (mut values, mut in_string, mut escaped) = (1, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b',' | b'[' | b'{' if !in_string => values += 1,
            _ => {}
        }
    }
    values
}

fn from_members(mut members: Map<String, Value>) -> Result<GraphqlRequest, Refusal> {
    let mut extensions = object(&mut members, "extensions")?.unwrap_or_default();
    let mut request = GraphqlRequest { document: document(&mut members, &mut extensions)?, ..GraphqlRequest::default() };
    request.operation_name = string(&mut members, "operationName")?;
    if let Some(variables) = object(&mut members, "variables")? {
        let invalid = |error| bad_request(format!("`variables` cannot be read: {error}"));
        request.variables = serde_json::from_value::<Variables>(Value::Object(variables)).map_err(invalid)?;
    }
    Ok(request)
}

/// What the request says about its document, in any of the ways of [`crate::graphql::documents`].
fn document(members: &mut Map<String, Value>, extensions: &mut Map<String, Value>) -> Result<DocumentSource, Refusal> {
    let id = string(members, "documentId")?.map(|id| id.strip_prefix("sha256:").map(str::to_owned).unwrap_or(id));
    let id = match (id, persisted_query(extensions)?) {
        (Some(id), Some(hash)) if id != hash => {
            return Err(bad_request("`documentId` and `extensions.persistedQuery` name different documents; give one of them"));
        }
        (id, hash) => id.or(hash),
    };
    match (members.remove("query"), id) {
        (Some(Value::String(text)), None) => Ok(DocumentSource::Text(text)),
        (Some(Value::String(text)), Some(id)) => Ok(DocumentSource::TextWithId { text, id }),
        (None | Some(Value::Null), Some(id)) => Ok(DocumentSource::Id(id)),
        (None, None) => Err(bad_request(
            "`query` is missing; it must be a string with a GraphQL document, unless `documentId` or `extensions.persistedQuery` \
             names one",
        )),
        (Some(other), _) => Err(wrong_type("query", "a string", &other)),
    }
}

/// The hash in `extensions.persistedQuery`.
fn persisted_query(extensions: &mut Map<String, Value>) -> Result<Option<String>, Refusal> {
    let Some(mut persisted) = object(extensions, "persistedQuery")? else { return Ok(None) };
    match (persisted.get("version").and_then(Value::as_u64), string(&mut persisted, "sha256Hash")?) {
        (Some(1), Some(hash)) => Ok(Some(hash)),
        (Some(1), None) => Err(bad_request("`persistedQuery` has no `sha256Hash`; it must be the hash of the document")),
        _ => Err(bad_request("`persistedQuery` must have the `version` 1; no other is known here")),
    }
}

fn string(members: &mut Map<String, Value>, name: &str) -> Result<Option<String>, Refusal> {
    match members.remove(name) {
        Some(Value::String(text)) => Ok(Some(text)),
        None | Some(Value::Null) => Ok(None),
        Some(other) => Err(wrong_type(name, "a string or null", &other)),
    }
}

fn object(members: &mut Map<String, Value>, name: &str) -> Result<Option<Map<String, Value>>, Refusal> {
    match members.remove(name) {
        Some(Value::Object(object)) => Ok(Some(object)),
        None | Some(Value::Null) => Ok(None),
        Some(other) => Err(wrong_type(name, "an object or null", &other)),
    }
}

fn wrong_type(name: &str, expected: &str, found: &Value) -> Refusal {
    bad_request(format!("`{name}` must be {expected}, but is {}", kind(found)))
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn bad_request(message: impl Into<String>) -> Refusal {
    Refusal::new(ErrorCode::BadRequest, message)
}

/// Only a JSON body: every other type a browser could send to us from a foreign page without asking (a simple request).
fn check_content_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let refuse = |message: String| Err(Refusal::new(ErrorCode::UnsupportedMediaType, message));
    if let Some(encoding) = headers.get(CONTENT_ENCODING).filter(|encoding| *encoding != "identity") {
        return refuse(format!("the body must not be compressed, but `Content-Encoding` is {encoding:?}"));
    }
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let Some(value) = values.next().filter(|_| values.next().is_none()) else {
        return refuse("there must be one `Content-Type` header: application/json".to_owned());
    };
    let media_type = value.to_str().ok().and_then(|value| MediaType::parse(value).ok());
    let Some(media_type) = media_type.filter(|it| it.essence() == mediatype::media_type!(APPLICATION / JSON)) else {
        return refuse(format!("the body must be application/json, but `Content-Type` is {value:?}"));
    };
    match media_type.get_param(names::CHARSET) {
        Some(charset) if !charset.unquoted_str().eq_ignore_ascii_case("utf-8") => {
            refuse(format!("the body must be in UTF-8, but its charset is {charset}"))
        }
        _ => Ok(()),
    }
}

async fn read(
    mut body: BodyDataStream,
    limit: usize,
    load_shed: &LoadShed,
    charge: impl Fn(Range<usize>) -> Result<(), Refusal>,
) -> Result<ReadBody, Refusal> {
    let ReadBody { mut bytes, _memory: mut memory } = ReadBody::default();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| bad_request(format!("the body ended early: {error}")))?;
        charge(bytes.len()..bytes.len() + chunk.len())?;
        if bytes.len() + chunk.len() > limit {
            let _ = tokio::time::timeout(LINGER, discard(body, limit.saturating_mul(LINGER_TIMES))).await;
            return Err(Refusal::new(ErrorCode::PayloadTooLarge, format!("the body is larger than the limit of {limit} bytes")));
        }
        let before = bytes.len().max(SMALL);
        bytes.extend_from_slice(&chunk);
        if bytes.len() > before {
            let more = load_shed.memory(bytes.len() - before)?;
            match &mut memory {
                Some(memory) => memory.merge(more),
                None => memory = Some(more),
            }
        }
    }
    Ok(ReadBody { bytes, _memory: memory })
}

async fn discard(mut body: BodyDataStream, mut at_most: usize) {
    while let Some(Ok(chunk)) = body.next().await {
        let Some(rest) = at_most.checked_sub(chunk.len()) else { return };
        at_most = rest;
    }
}
