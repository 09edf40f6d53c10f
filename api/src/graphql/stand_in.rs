//! STAND-IN until the real schema is merged: just enough of one for the HTTP layer's tests.

use async_graphql::{EmptySubscription, Object, Request, Response, Schema};

use super::error_codes::ErrorCodes;
use crate::auth::{Scope, Viewer};

struct Query;

#[Object]
impl Query {
    async fn ping(&self) -> &str {
        "pong"
    }
}

struct Mutation;

#[Object]
impl Mutation {
    async fn touch(&self, ctx: &async_graphql::Context<'_>) -> async_graphql::Result<bool> {
        let viewer = ctx.data::<Viewer>()?;
        viewer.require(Scope::CatalogWrite).map_err(|denied| super::error::ErrorCode::from(denied).error(denied.to_string()))?;
        Ok(true)
    }
}

/// Executes operations.
#[derive(Clone)]
pub struct Executor(Schema<Query, Mutation, EmptySubscription>);

impl Executor {
    /// A stand-in.
    #[must_use]
    pub fn stand_in() -> Self {
        Self(Schema::build(Query, Mutation, EmptySubscription).extension(ErrorCodes).finish())
    }

    /// Executes `request` on behalf of `viewer`.
    pub async fn execute(&self, request: Request, viewer: Viewer) -> Response {
        self.0.execute(request.data(viewer)).await
    }
}
