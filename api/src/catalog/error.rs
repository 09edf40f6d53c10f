//! What can go wrong in the catalogue: the client's doing ([`Rejection`]) or ours ([`sea_orm::DbErr`]).

use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

/// Why a write was refused. Part of the public API: a code is never renamed, and clients decide by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RejectionCode {
    /// A value breaks a rule of the catalogue.
    Invalid,
    /// What the input refers to does not exist.
    NotFound,
    /// Something of this name exists already.
    AlreadyExists,
    /// The expected revision is not the current one.
    RevisionConflict,
    /// Others still refer to what was to be deleted.
    StillReferenced,
    /// It belongs to another credential.
    NotOwner,
    /// The idempotency key was used before, for another input.
    IdempotencyKeyReused,
}

/// One thing that was wrong with a write, in words for people and a code for programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// What kind of mistake it is.
    pub code: RejectionCode,
    /// Where in the mutation's input it is, outermost name first; list items by index, from 0.
    pub path: Vec<String>,
    /// What was wrong, with what, and what to do.
    pub message: String,
    /// How many others refer to it; only with [`RejectionCode::StillReferenced`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference_count: Option<u64>,
}

impl Rejection {
    /// A rejection of the input field `field`.
    pub fn new(code: RejectionCode, field: &str, message: impl Into<String>) -> Self {
        Self { code, path: vec![field.to_owned()], message: message.into(), reference_count: None }
    }

    /// The same rejection with `outer` in front of its path.
    #[must_use]
    pub fn within(mut self, outer: &[&str]) -> Self {
        self.path.splice(0..0, outer.iter().map(|&name| name.to_owned()));
        self
    }
}

/// A write that did not happen.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The client's doing; nothing was written.
    #[error("rejected: {0:?}")]
    Rejected(Vec<Rejection>),
    /// The database's doing; nothing was written.
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl From<Rejection> for WriteError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(vec![rejection])
    }
}
