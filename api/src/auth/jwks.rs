//! An issuer's public keys: fetched, kept, and fetched again when a token names one that is not among them.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{Jwk, PublicKeyUse},
};
use tokio::{sync::Mutex, time::Instant};

use crate::{config::JwksLocation, tls::http_client};

/// Most bytes of a key set; issuers publish a few kilobytes.
const MAX_SIZE: usize = 1 << 20;
/// How long the issuer may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Keys are asked for anew this often in any case, so that one that the issuer withdrew does not stay good here.
const MAX_AGE: Duration = Duration::from_secs(600);
/// At most this often: a token with an invented key id must not make us flood the issuer.
pub const REFETCH_INTERVAL: Duration = Duration::from_secs(30);

/// Why the keys could not be had.
#[derive(Clone, Debug, thiserror::Error)]
pub enum JwksError {
    #[error("cannot make an HTTP client for the token issuer's keys: {0}")]
    Client(String),
    #[error("cannot fetch the token issuer's keys from {location}: {reason}; check TAPROOM_JWT_JWKS_URL")]
    Fetch { location: JwksLocation, reason: String },
    #[error("what {location} holds is no JSON Web Key Set with a key that can be used: {reason}; check TAPROOM_JWT_JWKS_URL")]
    Content { location: JwksLocation, reason: String },
}

/// While there are no keys at all, no token can be checked, and we ask more often.
const FIRST_FETCH_INTERVAL: Duration = Duration::from_secs(5);

/// One key of the issuer.
pub struct Key {
    /// What verifies signatures.
    pub decoding: DecodingKey,
    algorithm: Option<Algorithm>,
}

type Keys = HashMap<Option<String>, Arc<Key>>;

#[derive(serde::Deserialize)]
struct KeySet {
    keys: Vec<serde_json::Value>,
}

/// The keys at one location.
pub struct Jwks {
    location: JwksLocation,
    client: reqwest::Client,
    interval: Duration,
    keys: RwLock<Arc<Keys>>,
    /// Held while keys are fetched, so that one request fetches and the others wait for it.
    attempt: Mutex<Option<Attempt>>,
}

struct Attempt {
    at: Instant,
    result: Result<(), JwksError>,
}

impl Jwks {
    /// The keys at `location`, fetched when first needed and then not more than once in `interval`.
    pub fn new(location: JwksLocation, interval: Duration) -> Result<Self, JwksError> {
        // The configured host was checked, where it leads to was not.
        let client = http_client(|client| client.timeout(TIMEOUT).redirect(reqwest::redirect::Policy::none()))
            .map_err(|error| JwksError::Client(error.to_string()))?;
        Ok(Self { location, client, interval, keys: RwLock::default(), attempt: Mutex::default() })
    }

    /// The key `kid` for signatures by `algorithm`, if the issuer has it; without `kid`, the issuer's only key.
    pub async fn key(self: &Arc<Self>, kid: Option<&str>, algorithm: Algorithm) -> Result<Option<Arc<Key>>, JwksError> {
        if let Some(key) = self.find(kid, algorithm) {
            self.refresh_if_old();
            return Ok(Some(key));
        }
        // Not in the request's own task: whoever hangs up must not make it start over.
        let (jwks, interval) = (Arc::clone(self), self.interval);
        let refreshed = tokio::spawn(async move { jwks.refresh(interval).await }).await;
        refreshed.map_err(|error| JwksError::Client(error.to_string()))??;
        Ok(self.find(kid, algorithm))
    }

    fn find(&self, kid: Option<&str>, algorithm: Algorithm) -> Option<Arc<Key>> {
        let keys = Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner));
        let key = match kid {
            Some(kid) => keys.get(&Some(kid.to_owned()))?,
            None if keys.len() == 1 => keys.values().next()?,
            None => return None,
        };
        let fits = key.decoding.family() == algorithm.family() && key.algorithm.is_none_or(|only| only == algorithm);
        fits.then(|| Arc::clone(key))
    }

    /// In the background, and only if nobody is at it: the keys at hand are good enough for this request.
    fn refresh_if_old(self: &Arc<Self>) {
        let Ok(attempt) = self.attempt.try_lock() else { return };
        if attempt.as_ref().is_none_or(|attempt| attempt.at.elapsed() >= MAX_AGE) {
            let jwks = Arc::clone(self);
            tokio::spawn(async move {
                if let Err(error) = jwks.refresh(MAX_AGE).await {
                    tracing::warn!(%error, "the token issuer's keys could not be renewed; the last good ones stay");
                }
            });
        }
    }

    /// Fetches the keys unless that was tried less than `interval` ago; then, the result of that.
    async fn refresh(&self, interval: Duration) -> Result<(), JwksError> {
        let mut attempt = self.attempt.lock().await;
        let no_keys = self.keys.read().unwrap_or_else(PoisonError::into_inner).is_empty();
        let interval = if no_keys { interval.min(FIRST_FETCH_INTERVAL) } else { interval };
        if let Some(last) = attempt.as_ref().filter(|last| last.at.elapsed() < interval) {
            return last.result.clone();
        }
        let result = self.fetch().await.and_then(|body| self.parse(&body)).map(|keys| {
            *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
        });
        *attempt = Some(Attempt { at: Instant::now(), result: result.clone() });
        result
    }

    async fn fetch(&self) -> Result<Vec<u8>, JwksError> {
        let failed = |reason: String| JwksError::Fetch { location: self.location.clone(), reason };
        let too_large = || failed(format!("it is larger than {MAX_SIZE} bytes"));
        let url = match &self.location {
            JwksLocation::File(path) => {
                let body = tokio::fs::read(path).await.map_err(|error| failed(error.to_string()))?;
                return if body.len() > MAX_SIZE { Err(too_large()) } else { Ok(body) };
            }
            JwksLocation::Url(url) => url.clone(),
        };
        let unsent = |error: reqwest::Error| failed(cause(&error));
        let mut response = self.client.get(url).send().await.map_err(unsent)?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(failed(format!("the answer is HTTP {}", response.status())));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unsent)? {
            if body.len() + chunk.len() > MAX_SIZE {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn parse(&self, body: &[u8]) -> Result<Keys, JwksError> {
        let unusable = |reason: String| JwksError::Content { location: self.location.clone(), reason };
        let set: KeySet = serde_json::from_slice(body).map_err(|error| unusable(error.to_string()))?;
        let total = set.keys.len();
        // A set may hold keys for other purposes and of kinds that we do not know: those are skipped, as RFC 7517 §5 asks.
        let known = set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok());
        let keys: Keys = known.filter_map(|key| usable(&key)).collect();
        if keys.is_empty() { Err(unusable(format!("{total} keys, none of them usable"))) } else { Ok(keys) }
    }
}

/// The key, if it is a public key for signatures. A symmetric one has no business in a public document.
fn usable(jwk: &Jwk) -> Option<(Option<String>, Arc<Key>)> {
    let for_signatures = matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature));
    let algorithm = match jwk.common.key_algorithm {
        None => None,
        Some(named) => Some(named.to_string().parse::<Algorithm>().ok()?),
    };
    let decoding = DecodingKey::from_jwk(jwk).ok()?;
    let public = decoding.family() != jsonwebtoken::AlgorithmFamily::Hmac;
    (for_signatures && public).then(|| (jwk.common.key_id.clone(), Arc::new(Key { decoding, algorithm })))
}

/// The innermost reason: reqwest's own words are no more than that sending failed.
fn cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
