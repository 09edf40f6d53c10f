//! The root of all mutations. Each translates its input into a command of the catalogue, and the outcome into its payload.

mod beer;
mod brewery;
mod import_beers;
mod review;
mod seed_catalog;
mod style;

use async_graphql::{Context, Guard, MaybeUndefined, MergedObject, Result};
use sea_orm::DatabaseConnection;
use sha2::{Digest, Sha256};

use super::{
    error::{ErrorCode, database_error},
    types::UserError,
};
use crate::{
    auth::{Scope, Viewer},
    catalog::{
        error::{Rejection, RejectionCode},
        write::{self, Actor, Change, Claim, Command, Outcome},
    },
};

/// Longest idempotency key, characters.
const MAX_IDEMPOTENCY_KEY: usize = 255;

/// Writing the catalogue. Every mutation needs a credential with the scope that it names.
#[derive(MergedObject, Default)]
pub struct Mutation(
    style::StyleMutation,
    brewery::BreweryMutation,
    beer::BeerMutation,
    review::ReviewMutation,
    import_beers::ImportBeersMutation,
    seed_catalog::SeedCatalogMutation,
);

/// Lets only viewers with a scope past.
struct Requires(Scope);

impl Guard for Requires {
    async fn check(&self, ctx: &Context<'_>) -> Result<()> {
        match ctx.data::<Viewer>()?.require(self.0) {
            Ok(_) => Ok(()),
            Err(denied) => Err(ErrorCode::from(denied).error(denied.to_string())),
        }
    }
}

/// What is wrong with an input that cannot even be translated to a command.
struct Rejections(Vec<Rejection>);

impl From<Rejection> for Rejections {
    fn from(rejection: Rejection) -> Self {
        Self(vec![rejection])
    }
}

/// Runs the command that an input was translated to, on the viewer's behalf.
///
/// # Errors
/// If the server fails. What was wrong with the input is in the outcome.
async fn run<C: Command>(
    ctx: &Context<'_>,
    mutation: &'static str,
    scope: Scope,
    idempotency_key: Option<String>,
    command: Result<C, Rejections>,
) -> Result<Outcome<C::Output>> {
    let viewer = ctx.data::<Viewer>()?;
    let principal = viewer.require(scope).map_err(|denied| ErrorCode::from(denied).error(denied.to_string()))?;
    let actor = Actor { principal: principal.to_owned(), is_admin: viewer.has(Scope::Admin) };
    let claim = idempotency_key.map(|key| claim(ctx, mutation, key)).transpose()?;
    let claim = match claim.transpose() {
        Ok(claim) => claim,
        Err(rejection) => return Ok(Outcome { value: None, rejections: vec![rejection] }),
    };
    let command = command.map_err(|Rejections(rejections)| rejections);
    write::run(ctx.data::<DatabaseConnection>()?, &actor, claim, command).await.map_err(|error| database_error(&error))
}

/// Claims a key for the input as the client sent it. Defaults that a later version of the schema fills in are no part of it, and
/// neither is the order of an object's fields. `null` and a value left out are two inputs: an update means two things by them.
fn claim(ctx: &Context<'_>, mutation: &'static str, key: String) -> Result<Result<Claim, Rejection>> {
    let length = key.chars().count();
    if key.trim().is_empty() || length > MAX_IDEMPOTENCY_KEY || key.chars().any(char::is_control) {
        let message = format!(
            "idempotencyKey must have 1 to {MAX_IDEMPOTENCY_KEY} characters, not only blanks and no control characters; a UUID will do"
        );
        return Ok(Err(Rejection::new(RejectionCode::Invalid, "idempotencyKey", message)));
    }
    let mut sent = serde_json::Map::new();
    for (name, value) in ctx.field().arguments()? {
        sent.insert(name.to_string(), value.into_json()?);
    }
    let mut sent = serde_json::Value::Object(sent);
    sent.sort_all_objects();
    Ok(Ok(Claim { mutation, key, input_hash: Sha256::digest(sent.to_string()).to_vec() }))
}

/// The errors of a payload.
fn errors(rejections: Vec<Rejection>) -> Vec<UserError> {
    rejections.into_iter().map(UserError::from).collect()
}

/// A field of an update's input: absent means unchanged, null is refused.
fn required<T>(field: &str, value: MaybeUndefined<T>) -> Result<Change<T>, Rejection> {
    match value {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Value(value) => Ok(Some(value)),
        MaybeUndefined::Null => Err(Rejection::new(
            RejectionCode::Invalid,
            field,
            format!("{field} cannot be null; leave it out to keep it as it is"),
        )),
    }
}

/// A field of an update's input: absent means unchanged, null means that there is no value any more.
fn optional<T>(value: MaybeUndefined<T>) -> Change<Option<T>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

/// Declares a payload: what was written, and what was wrong.
macro_rules! payload {
    ($(#[$doc:meta])* $payload:ident { $(#[$field_doc:meta])* $field:ident: $value:ty = $model:ty => $convert:expr }) => {
        $(#[$doc])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $payload {
            $(#[$field_doc])*
            $field: Option<$value>,
            /// What was wrong with the input; empty if all went well.
            errors: Vec<$crate::graphql::types::UserError>,
        }

        impl From<$crate::catalog::write::Outcome<$model>> for $payload {
            fn from(outcome: $crate::catalog::write::Outcome<$model>) -> Self {
                Self { $field: outcome.value.map($convert), errors: $crate::graphql::mutation::errors(outcome.rejections) }
            }
        }
    };
}

use payload;
