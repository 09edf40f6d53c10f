//! The schema extension that gives every error its code, and checks the variables before anything is executed.

use std::sync::{Arc, OnceLock};

use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextExecute, NextPrepareRequest, NextRequest, NextResolve, NextValidation,
    ResolveInfo,
};
use async_graphql::parser::types::VariableDefinition;
use async_graphql::{Positioned, Request, Response, ServerError, ServerResult, ValidationResult, Value, Variables, async_trait};
use tracing::Instrument as _;

use super::error::ErrorCode;
use super::variables;
use crate::telemetry::trace::step;

/// Most errors that validation tells, as with graphql-js, and most bytes of an error's message: a document can be wrong in more ways than
/// anybody reads, with names of any length.
const MAX_ERRORS: usize = 100;
const MAX_MESSAGE: usize = 300;

/// How async-graphql's complaints about a value begin which validation has let through; they have no other mark.
const COMPLAINTS: [&str; 2] = ["Failed to parse \"", "Expected input type \""];

/// In a request's data: the variables that the chosen operation defines.
pub(super) struct Definitions(pub Vec<Positioned<VariableDefinition>>);

/// In a request's data: stop after validation.
pub(super) struct ValidateOnly;

/// Adds a code to every error that has none, and checks the variables.
pub struct RequestChecks;

impl ExtensionFactory for RequestChecks {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(PerRequest::default())
    }
}

/// What one request's hooks have to tell each other: async-graphql hands no variables to the validation hook.
#[derive(Default)]
struct PerRequest(OnceLock<Variables>);

#[async_trait::async_trait]
impl Extension for PerRequest {
    async fn request(&self, ctx: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        let mut response = next.run(ctx).await;
        response.errors = response.errors.into_iter().map(|error| classify(shorten(error))).collect();
        response
    }

    /// At once: a message may repeat the value that it complains about, and each field that has it makes one.
    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        next.run(ctx, info).await.map_err(shorten)
    }

    async fn prepare_request(
        &self,
        ctx: &ExtensionContext<'_>,
        request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        let request = next.run(ctx, request).await?;
        let _ = self.0.set(request.variables.clone());
        Ok(request)
    }

    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let validate = async {
            let result = next.run(ctx).await.map_err(readable)?;
            if let (Some(Definitions(definitions)), Some(variables)) = (ctx.data_opt(), self.0.get()) {
                variables::check(&ctx.schema_env.registry, definitions, variables).map_err(readable)?;
            }
            Ok(result)
        };
        validate.instrument(step!("graphql.validate")).await
    }

    async fn execute(&self, ctx: &ExtensionContext<'_>, operation_name: Option<&str>, next: NextExecute<'_>) -> Response {
        if ctx.data_opt::<ValidateOnly>().is_some() {
            return Response::default();
        }
        next.run(ctx, operation_name).instrument(step!("graphql.execute")).await
    }
}

/// As many of the errors of validation as anybody reads.
fn readable(errors: Vec<ServerError>) -> Vec<ServerError> {
    errors.into_iter().take(MAX_ERRORS).map(|error| ErrorCode::GraphqlValidationFailed.tag(shorten(error))).collect()
}

fn shorten(mut error: ServerError) -> ServerError {
    if error.message.len() > MAX_MESSAGE {
        error.message.truncate(error.message.floor_char_boundary(MAX_MESSAGE));
        error.message.shrink_to_fit();
        error.message.push('…');
    }
    error
}

/// Gives `error` a code if nobody has.
///
/// What has no path failed before execution: the request's fault. Beyond that, async-graphql's own complaints about an input are the
/// client's, and whatever else comes without a code is a mistake of ours, whose text may say too much.
fn classify(error: ServerError) -> ServerError {
    let has_code = error.extensions.as_ref().is_some_and(|extensions| extensions.get("code").is_some());
    if has_code {
        error
    } else if error.path.is_empty() {
        ErrorCode::GraphqlValidationFailed.tag(error)
    } else if COMPLAINTS.iter().any(|complaint| error.message.starts_with(complaint)) {
        ErrorCode::BadUserInput.tag(error)
    } else {
        tracing::error!(message = error.message, path = ?error.path, "an error without a code");
        let hidden = "something went wrong on the server; the error has been logged".to_owned();
        ErrorCode::InternalServerError.tag(ServerError { message: hidden, ..error })
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{EmptyMutation, EmptySubscription, Error, ID, Object, Result, Schema, Value};

    use super::*;

    struct Query;

    #[Object]
    impl Query {
        async fn coded(&self) -> Result<bool> {
            Err(ErrorCode::Forbidden.error("no"))
        }
        async fn forgotten(&self) -> Result<bool> {
            Err(Error::new("SELECT secret"))
        }
        async fn checked(&self, #[graphql(validator(max_length = 2))] name: String) -> Option<ID> {
            Some(name.into())
        }
    }

    async fn only_error(query: &str) -> (Option<Value>, String) {
        let schema = Schema::build(Query, EmptyMutation, EmptySubscription).extension(RequestChecks).finish();
        let error = schema.execute(query).await.errors.remove(0);
        (error.extensions.and_then(|extensions| extensions.get("code").cloned()), error.message)
    }

    #[tokio::test]
    async fn every_error_has_a_code_and_none_says_too_much() {
        for (query, code) in [
            ("{ nothing }", ErrorCode::GraphqlValidationFailed),
            ("query A { coded } query B { coded }", ErrorCode::GraphqlValidationFailed),
            ("{ coded }", ErrorCode::Forbidden),
            (r#"{ checked(name: "abc") }"#, ErrorCode::BadUserInput),
            ("{ forgotten }", ErrorCode::InternalServerError),
        ] {
            let (found, message) = only_error(query).await;
            assert_eq!(found, Some(Value::from(code.as_str())), "{query}: {message}");
            assert!(!message.contains("SELECT"), "{message}");
        }
    }
}
