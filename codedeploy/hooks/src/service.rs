//! A running Taproom behind a URL, as its clients see it.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, ClientBuilder, RequestBuilder, StatusCode, redirect};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::aws::sentence;
use crate::tls;

/// What a GraphQL service answers with, <https://graphql.github.io/graphql-over-http/draft/#sec-Media-Types>.
pub const MEDIA_TYPE: &str = "application/graphql-response+json";
/// Largest body that is read: the schema, without descriptions, has a few hundred thousand bytes at most.
const MAX_BODY_BYTES: usize = 1 << 20;

/// A service. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Service {
    base: Url,
    client: Client,
}

/// An answer, read whole.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    /// Without parameters.
    pub media_type: String,
    pub body: Vec<u8>,
}

/// No answer.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The options of the client do not go together.
    #[error("no HTTP client could be made: {0}")]
    Client(String),
    /// Nothing came in time.
    #[error("{0} does not answer in time")]
    Timeout(Url),
    /// There is no connection, or it broke.
    #[error("{0} does not answer: {1}")]
    Unreachable(Url, String),
    /// More came than any answer has.
    #[error("{0} answers with more than {MAX_BODY_BYTES} bytes")]
    TooLarge(Url),
}

/// What `/version` answers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Version {
    /// The release.
    pub version: String,
    pub commit: String,
    pub slot: String,
    pub deployment: Option<String>,
}

/// Whether connections are kept for further requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connections {
    /// Each request has one of its own, so that one load balancer's node, or one task, does not answer them all.
    Fresh,
    Kept,
}

impl Service {
    /// The service at `base`.
    ///
    /// # Errors
    /// No client can be made.
    pub fn new(base: &Url, timeout: Duration, connections: Connections) -> Result<Self, ServiceError> {
        let idle = if connections == Connections::Fresh { 0 } else { 32 };
        let client = ClientBuilder::new()
            .user_agent(concat!("taproom-hooks/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .timeout(timeout)
            .pool_max_idle_per_host(idle)
            .no_proxy();
        let client = tls::reqwest(client).and_then(ClientBuilder::build);
        Ok(Self { base: base.clone(), client: client.map_err(|error| ServiceError::Client(sentence(error)))? })
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.base
    }

    /// `GET`.
    ///
    /// # Errors
    /// Nothing answers.
    pub async fn get(&self, path: &str) -> Result<Answer, ServiceError> {
        self.send(self.client.get(self.at(path))).await
    }

    /// `GET /graphql` with a document, to be completed and sent.
    pub fn request_get(&self, query: &str) -> RequestBuilder {
        let mut url = self.at("graphql");
        url.query_pairs_mut().append_pair("query", query);
        self.client.get(url).header(ACCEPT, MEDIA_TYPE)
    }

    /// `POST /graphql`, to be completed and sent.
    pub fn request_post(&self) -> RequestBuilder {
        self.client.post(self.at("graphql")).header(ACCEPT, MEDIA_TYPE)
    }

    /// `POST /graphql`.
    ///
    /// # Errors
    /// Nothing answers.
    pub async fn graphql(&self, body: &Value) -> Result<Answer, ServiceError> {
        self.send(self.request_post().json(body)).await
    }

    /// Sends a request, and reads the answer.
    ///
    /// # Errors
    /// Nothing answers.
    pub async fn send(&self, request: RequestBuilder) -> Result<Answer, ServiceError> {
        let failed = |error: reqwest::Error| {
            let error = error.without_url();
            if error.is_timeout() {
                ServiceError::Timeout(self.base.clone())
            } else {
                ServiceError::Unreachable(self.base.clone(), sentence(error))
            }
        };
        let mut response = request.send().await.map_err(failed)?;
        let status = response.status();
        let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            body.extend_from_slice(&chunk);
            if body.len() > MAX_BODY_BYTES {
                return Err(ServiceError::TooLarge(self.base.clone()));
            }
        }
        Ok(Answer { status, media_type, body })
    }

    /// What `/version` says; the error is a sentence.
    ///
    /// # Errors
    /// Nothing answers, or not as Taproom does.
    pub async fn version(&self) -> Result<Version, String> {
        let answer = self.get("version").await.map_err(|error| error.to_string())?;
        let version = serde_json::from_slice(&answer.body).ok().filter(|_| answer.status == StatusCode::OK);
        version.ok_or_else(|| {
            format!("{}version answers {}, and not as Taproom does: {}", self.base, answer.status, answer.excerpt())
        })
    }

    fn at(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url
    }
}

impl Answer {
    /// The body as JSON; null if it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Where it begins, for people.
    #[must_use]
    pub fn excerpt(&self) -> String {
        const LENGTH: usize = 200;
        let text = String::from_utf8_lossy(&self.body);
        let begin: String = text.chars().take(LENGTH).collect();
        if begin.len() < text.len() { format!("{begin:?} …") } else { format!("{begin:?}") }
    }

    /// The codes of the errors in it.
    #[must_use]
    pub fn error_codes(&self) -> Vec<String> {
        let code = |error: &Value| error["extensions"]["code"].as_str().unwrap_or("an error without a code").to_owned();
        self.json()["errors"].as_array().map(|errors| errors.iter().map(code).collect()).unwrap_or_default()
    }

    /// The data of a GraphQL answer without any fault; else what is wrong with it.
    ///
    /// # Errors
    /// A part of a sentence, of which the answer is the subject.
    pub fn data(&self) -> Result<Value, String> {
        let codes = self.error_codes();
        if !codes.is_empty() {
            return Err(format!("has status {} and errors: {}", self.status, codes.join(", ")));
        }
        if self.status != StatusCode::OK {
            return Err(format!("has status {}: {}", self.status, self.excerpt()));
        }
        if self.media_type != MEDIA_TYPE {
            return Err(format!("is {:?} where {MEDIA_TYPE} was asked for: {}", self.media_type, self.excerpt()));
        }
        let data = self.json()["data"].take();
        match data.as_object() {
            Some(roots) if !roots.is_empty() => match roots.iter().find(|(_, value)| value.is_null()) {
                Some((root, _)) => Err(format!("has null for {root}")),
                None => Ok(data),
            },
            _ => Err(format!("has no data: {}", self.excerpt())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(status: u16, media_type: &str, body: &str) -> Result<Value, String> {
        let (status, media_type) = (StatusCode::from_u16(status).unwrap(), media_type.to_owned());
        Answer { status, media_type, body: body.into() }.data()
    }

    #[test]
    fn only_an_answer_without_any_fault_has_data() {
        let whole = r#"{"data":{"beers":{"nodes":[]},"node":{"id":"1"}}}"#;
        assert_eq!(data(200, MEDIA_TYPE, whole).unwrap()["node"]["id"], "1");
        let errs = r#"{"data":{"beers":{}},"errors":[{"message":"no","extensions":{"code":"INTERNAL"}},{"message":"no"}]}"#;
        let null = r#"{"data":{"beers":{},"node":null}}"#;
        for (status, media_type, body, wrong) in [
            (200, MEDIA_TYPE, errs, "has status 200 OK and errors: INTERNAL, an error without a code"),
            (400, MEDIA_TYPE, errs, "has status 400 Bad Request and errors: INTERNAL, an error without a code"),
            (502, MEDIA_TYPE, whole, "has status 502 Bad Gateway: "),
            (200, "application/json", whole, "is \"application/json\" where application/graphql-response+json was asked for: "),
            (200, MEDIA_TYPE, null, "has null for node"),
            (200, MEDIA_TYPE, r#"{"data":null}"#, "has no data: "),
            (200, MEDIA_TYPE, r#"{"data":{}}"#, "has no data: "),
            (200, MEDIA_TYPE, "It works!", "has no data: \"It works!\""),
        ] {
            let said = data(status, media_type, body).unwrap_err();
            assert!(said.starts_with(wrong), "{said}");
        }
    }
}
