//! On whose behalf a request is answered.

use super::scope::Scope;

/// Who asks: nobody in particular, or a principal with its scopes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Viewer(Option<Credential>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Credential {
    principal: String,
    scopes: Vec<Scope>,
}

/// Why a viewer may not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// No credential was presented.
    #[error("this needs a credential with the scope {0}; send it as `Authorization: Bearer …`")]
    Unauthenticated(Scope),
    /// The credential's scopes do not suffice.
    #[error("this needs the scope {0}, which the credential does not have")]
    Forbidden(Scope),
}

impl Viewer {
    /// Somebody without a credential: may read, and nothing else.
    #[must_use]
    pub const fn anonymous() -> Self {
        Self(None)
    }

    /// The holder of a verified credential.
    ///
    /// `principal` names it for good and among all kinds of credentials, such as `key:…` or `jwt:issuer|subject`: reviews and
    /// idempotency keys belong to it.
    #[must_use]
    pub const fn authenticated(principal: String, scopes: Vec<Scope>) -> Self {
        Self(Some(Credential { principal, scopes }))
    }

    /// Who it is, whatever its scopes; none for nobody in particular.
    #[must_use]
    pub fn principal(&self) -> Option<&str> {
        self.0.as_ref().map(|credential| credential.principal.as_str())
    }

    /// Whether the viewer has `scope`, by itself or through [`Scope::Admin`].
    #[must_use]
    pub fn has(&self, scope: Scope) -> bool {
        self.0.as_ref().is_some_and(|credential| credential.scopes.contains(&scope) || credential.scopes.contains(&Scope::Admin))
    }

    /// The principal, if it has `scope`.
    ///
    /// # Errors
    /// What is missing: a credential, or the scope.
    pub fn require(&self, scope: Scope) -> Result<&str, Denied> {
        let credential = self.0.as_ref().ok_or(Denied::Unauthenticated(scope))?;
        if self.has(scope) { Ok(&credential.principal) } else { Err(Denied::Forbidden(scope)) }
    }
}
