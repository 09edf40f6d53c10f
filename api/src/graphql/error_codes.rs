//! The schema extension that gives every error its code, and judges what must be known about a request before it is executed.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextParseQuery, NextPrepareRequest, NextRequest, NextValidation,
};
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, VariableDefinition,
};
use async_graphql::{Name, Positioned, Request, Response, ServerError, ServerResult, ValidationResult, Variables, async_trait};

use super::error::ErrorCode;
use super::nesting::{MAX_NESTING, is_too_deep};
use super::variables;

/// In a request's data: only a query may be executed, because the request came by a method without side effects.
pub struct QueriesOnly;

/// In a request's data: filled in with the operation as soon as the document is parsed.
#[derive(Clone, Default)]
pub struct OperationSlot(Arc<OnceLock<Operation>>);

/// Which operation of the document was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The name the client gave it, if any.
    pub name: Option<String>,
    /// Query, mutation or subscription.
    pub kind: OperationType,
}

impl OperationSlot {
    /// The operation, if the request came as far as that.
    #[must_use]
    pub fn get(&self) -> Option<&Operation> {
        self.0.get()
    }
}

/// Adds a code to every error that has none, checks variables and keeps mutations out of [`QueriesOnly`] requests.
pub struct ErrorCodes;

impl ExtensionFactory for ErrorCodes {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(PerRequest::default())
    }
}

/// What one request's hooks have to tell each other: async-graphql hands none of it to the validation hook.
#[derive(Default)]
struct PerRequest {
    operation_name: OnceLock<Option<String>>,
    to_check: Mutex<Option<(Vec<Positioned<VariableDefinition>>, Variables)>>,
}

#[async_trait::async_trait]
impl Extension for PerRequest {
    async fn request(&self, ctx: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        let mut response = next.run(ctx).await;
        response.errors = response.errors.into_iter().map(classify).collect();
        response
    }

    async fn prepare_request(
        &self,
        ctx: &ExtensionContext<'_>,
        request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        let request = next.run(ctx, request).await?;
        let _ = self.operation_name.set(request.operation_name.clone());
        Ok(request)
    }

    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        if is_too_deep(query) {
            return Err(
                ErrorCode::GraphqlParseFailed.server_error(format!("the document nests deeper than {MAX_NESTING} levels"))
            );
        }
        let document = next.run(ctx, query, variables).await.map_err(|error| ErrorCode::GraphqlParseFailed.tag(error))?;
        let wanted = self.operation_name.get().and_then(Option::as_deref);
        if let Some((name, operation)) = chosen(&document, wanted) {
            let kind = operation.node.ty;
            if let Some(slot) = ctx.data_opt::<OperationSlot>() {
                let _ = slot.0.set(Operation { name: name.map(ToString::to_string), kind });
            }
            if kind != OperationType::Query && ctx.data_opt::<QueriesOnly>().is_some() {
                return Err(
                    ErrorCode::MethodNotAllowed.server_error(format!("a {kind} must be sent by POST; GET is for queries only"))
                );
            }
            let definitions = operation.node.variable_definitions.clone();
            *self.to_check.lock().unwrap_or_else(PoisonError::into_inner) = Some((definitions, variables.clone()));
        }
        Ok(document)
    }

    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let tag = |error| ErrorCode::GraphqlValidationFailed.tag(error);
        let result = next.run(ctx).await.map_err(|errors| errors.into_iter().map(tag).collect::<Vec<_>>())?;
        let to_check = self.to_check.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((definitions, variables)) = to_check {
            variables::check(&ctx.schema_env.registry, &definitions, &variables)?;
        }
        Ok(result)
    }
}

/// The operation that would be executed; none if the name does not choose exactly one, which async-graphql reports itself.
fn chosen<'a>(
    document: &'a ExecutableDocument,
    wanted: Option<&str>,
) -> Option<(Option<&'a Name>, &'a Positioned<OperationDefinition>)> {
    match (&document.operations, wanted) {
        (DocumentOperations::Single(operation), None) => Some((None, operation)),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(wanted)) => {
            operations.get_key_value(wanted).map(|(name, operation)| (Some(name), operation))
        }
        (DocumentOperations::Multiple(operations), None) => {
            let mut all = operations.iter();
            all.next().filter(|_| operations.len() == 1).map(|(name, operation)| (Some(name), operation))
        }
    }
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
    } else if error.message.starts_with("Failed to parse \"") {
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
        let schema = Schema::build(Query, EmptyMutation, EmptySubscription).extension(ErrorCodes).finish();
        let error = schema.execute(query).await.errors.remove(0);
        (error.extensions.and_then(|extensions| extensions.get("code").cloned()), error.message)
    }

    #[tokio::test]
    async fn every_error_has_a_code_and_none_says_too_much() {
        for (query, code) in [
            ("{", ErrorCode::GraphqlParseFailed),
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

    #[tokio::test]
    async fn the_chosen_operation_is_reported() {
        let schema = Schema::build(Query, EmptyMutation, EmptySubscription).extension(ErrorCodes).finish();
        for (query, wanted, name) in [
            ("{ __typename }", None, Some(None)),
            ("query A { __typename }", None, Some(Some("A"))),
            ("query A { __typename } query B { __typename }", Some("B"), Some(Some("B"))),
            ("query A { __typename } query B { __typename }", None, None),
            ("query A { __typename }", Some("C"), None),
        ] {
            let slot = OperationSlot::default();
            let mut request = Request::new(query).data(slot.clone());
            request.operation_name = wanted.map(str::to_owned);
            schema.execute(request).await;
            let found = slot.get().map(|operation| (operation.name.as_deref(), operation.kind));
            assert_eq!(found, name.map(|name| (name, OperationType::Query)), "{query} {wanted:?}");
        }
    }
}
