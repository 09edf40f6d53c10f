//! JSON Web Tokens of one issuer, as access tokens ([RFC 9068](https://www.rfc-editor.org/rfc/rfc9068), read generously).

use std::{sync::Arc, time::Duration};

use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::Deserialize;

use super::{
    AuthError, JwksError, Scope, Viewer,
    jwks::{Jwks, REFETCH_INTERVAL},
};
use crate::config::JwtIssuer;

/// By how much the issuer's clock and ours may differ, seconds.
const LEEWAY: u64 = 60;
/// Longest `sub`, bytes: <https://openid.net/specs/openid-connect-core-1_0.html#IDToken>
const MAX_SUBJECT: usize = 255;
/// Signatures by a private key only. Were a shared secret (HS256) accepted, anybody could sign with the issuer's public key.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// Checks the tokens of one issuer.
pub struct JwtVerifier {
    issuer: JwtIssuer,
    jwks: Arc<Jwks>,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    /// RFC 8693 §4.2: separated by spaces.
    #[serde(default)]
    scope: Option<String>,
    /// What Microsoft and Okta have instead.
    #[serde(default)]
    scp: Option<TextOrList>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TextOrList {
    Text(String),
    List(Vec<String>),
}

impl JwtVerifier {
    /// A verifier for tokens of `issuer`. Its keys are fetched when the first token comes.
    ///
    /// # Errors
    /// There is no HTTP client to be had.
    pub fn new(issuer: JwtIssuer) -> Result<Self, JwksError> {
        Self::with_refetch_interval(issuer, REFETCH_INTERVAL)
    }

    /// The same, asking for keys at most once in `interval` instead of in 30 s.
    ///
    /// # Errors
    /// As [`JwtVerifier::new`].
    pub fn with_refetch_interval(issuer: JwtIssuer, interval: Duration) -> Result<Self, JwksError> {
        let jwks = Arc::new(Jwks::new(issuer.jwks.clone(), interval)?);
        Ok(Self { issuer, jwks })
    }

    /// The viewer that presents `token`.
    ///
    /// # Errors
    /// [`AuthError::InvalidCredential`] for a token that is not to be believed; [`AuthError::Issuer`] if the keys to tell cannot be
    /// had.
    pub async fn verify(&self, token: &str) -> Result<Viewer, AuthError> {
        let header = decode_header(token).map_err(|_| AuthError::InvalidCredential)?;
        // RFC 7515 §4.1.11: what we do not understand and must, we refuse.
        if !ALGORITHMS.contains(&header.alg) || header.crit.is_some() {
            return Err(AuthError::InvalidCredential);
        }
        let key = self.jwks.key(header.kid.as_deref(), header.alg).await.map_err(AuthError::Issuer)?;
        let key = key.ok_or(AuthError::InvalidCredential)?;
        let token =
            decode::<Claims>(token, &key.decoding, &self.validation(header.alg)).map_err(|_| AuthError::InvalidCredential)?;
        let claims = token.claims;
        if claims.sub.is_empty() || claims.sub.len() > MAX_SUBJECT || claims.sub.chars().any(char::is_control) {
            return Err(AuthError::InvalidCredential);
        }
        let principal = format!("jwt:{}|{}", self.issuer.issuer, claims.sub);
        Ok(Viewer::authenticated(principal, claims.scopes()))
    }

    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.set_issuer(&[&self.issuer.issuer]);
        validation.set_audience(&[&self.issuer.audience]);
        validation
    }
}

impl Claims {
    fn scopes(&self) -> Vec<Scope> {
        let mut scopes = Scope::parse_list(self.scope.as_deref().unwrap_or_default());
        match &self.scp {
            None => {}
            Some(TextOrList::Text(list)) => scopes.extend(Scope::parse_list(list)),
            Some(TextOrList::List(names)) => scopes.extend(names.iter().flat_map(|name| Scope::parse_list(name))),
        }
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }
}
