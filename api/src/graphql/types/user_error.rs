use async_graphql::{Enum, SimpleObject};

use crate::catalog::error::{Rejection, RejectionCode};

/// Why a mutation was refused. Programs decide by it; it is never renamed.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "RejectionCode")]
pub enum UserErrorCode {
    /// A value breaks a rule of the catalogue.
    Invalid,
    /// What the input refers to does not exist.
    NotFound,
    /// Something of this name exists already.
    AlreadyExists,
    /// The expected revision is not the current one. The payload holds the current state.
    RevisionConflict,
    /// Others still refer to what was to be deleted; `referenceCount` says how many.
    StillReferenced,
    /// It belongs to another credential.
    NotOwner,
    /// The idempotency key was used before, for another input.
    IdempotencyKeyReused,
}

/// Something that was wrong with a mutation's input. Nothing was written.
#[derive(SimpleObject, Clone, Debug)]
pub struct UserError {
    /// What kind of mistake it is, for programs.
    code: UserErrorCode,
    /// What was wrong, with what, and what to do, for people.
    message: String,
    /// Where it is, from the mutation's argument inwards: `["input", "abv"]`; list items by index.
    path: Vec<String>,
    /// How many others refer to it, with `STILL_REFERENCED`.
    reference_count: Option<u64>,
}

impl From<Rejection> for UserError {
    fn from(rejection: Rejection) -> Self {
        let rejection = rejection.within(&["input"]);
        Self {
            code: rejection.code.into(),
            message: rejection.message,
            path: rejection.path,
            reference_count: rejection.reference_count,
        }
    }
}
