//! One log line a request. Nothing personal: no address, no query string, no variables, and of a credential only whose it is.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use sha2::{Digest as _, Sha256};

use super::observation::{Observed, Outcome};
use crate::graphql::{Known, documents::Origin};

/// A client chooses its operation's name: longer ones are cut.
const MAX_NAME_BYTES: usize = 100;
/// 64 bits: no two of a billion subjects are taken for one another, most likely.
const PSEUDONYM_DIGITS: usize = 16;

/// What the GraphQL endpoint finds out about a request, told even if it never answers; travels in the request's extensions.
#[derive(Clone, Default)]
pub struct SharedDetails(Arc<Mutex<AccessDetails>>);

impl SharedDetails {
    /// Adds what was found out.
    pub fn update(&self, add: impl FnOnce(&mut AccessDetails)) {
        add(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// What was found out so far, which is not there any more then.
    pub(super) fn take(&self) -> AccessDetails {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What the GraphQL endpoint knows about a request.
#[derive(Default)]
pub struct AccessDetails {
    /// When it had been read, if it was.
    pub read: Option<Instant>,
    /// Of what it asks for, as far as it was looked at.
    pub known: Known,
    /// Who asked, if somebody in particular.
    pub principal: Option<String>,
}

impl AccessDetails {
    /// The name of the operation, which is ASCII.
    pub(super) fn operation_name(&self) -> Option<&str> {
        let name = self.known.operation.as_ref()?.name.as_deref()?;
        name.get(..MAX_NAME_BYTES).or(Some(name))
    }
}

/// What the log calls `principal`: a key by its id. A token's subject is a person, and may be a mail address: of it there is a hash, by which
/// one finds somebody's requests, and nobody's name.
fn pseudonym(principal: &str) -> Cow<'_, str> {
    if !principal.starts_with("jwt:") {
        return principal.into();
    }
    let hash = format!("{:x}", Sha256::digest(principal));
    format!("jwt:{}", &hash[..PSEUDONYM_DIGITS]).into()
}

/// Logs a request.
pub(super) fn log(observed: &Observed, outcome: &Outcome<'_>) {
    let Outcome { status, seconds, codes, details } = outcome;
    let (method, path, status) = (&observed.method, &observed.path, status.as_u16());
    let duration_ms = (seconds * 1e6).round() / 1e3;
    if observed.is_idle_probe(outcome) {
        tracing::debug!(%method, path, status, duration_ms, "request");
        return;
    }
    let Known { operation, origin, document_hash, cost, .. } = &details.known;
    let operation_type = operation.as_ref().map(|operation| operation.kind.to_string());
    let operation_name = details.operation_name();
    let document = origin.map(Origin::as_str);
    let principal = details.principal.as_deref().map(pseudonym);
    let principal = principal.as_deref();
    let statements = operation.as_ref().map(|_| observed.trace.statements());
    let error_codes: Vec<_> = codes.iter().map(|code| code.as_str()).collect();
    let error_codes = Some(error_codes.join(",")).filter(|codes| !codes.is_empty());
    tracing::info!(
        %method, path, status, duration_ms, operation_type, operation_name, document, document_hash, cost, statements, error_codes,
        principal, "request"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_named() {
        assert_eq!(pseudonym("key:018f"), "key:018f");
        let ada = pseudonym("jwt:https://issuer.example|ada@example.com");
        assert!(ada.starts_with("jwt:") && ada.len() == 4 + PSEUDONYM_DIGITS && !ada.contains("ada@"), "{ada}");
        assert_ne!(ada, pseudonym("jwt:https://issuer.example|bob@example.com"));
    }
}
