//! Whether a document may be executed at all, decided before it is validated: validation, too, can be made to work for ages.
//!
//! First a lexer counts bytes, tokens and nesting, because parsing is what costs; then the parsed document is visited once. Both take
//! time linear in the document, whatever its fragments multiply to. What is left must not multiply in validation either: fields that
//! clash are counted, which visits a fragment for each selection set around it, up to a fixed number of visits.

mod clashes;
mod judge;
mod lexer;
mod price;
#[cfg(test)]
mod tests;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType};
use async_graphql::{Positioned, ServerError, Variables};

use self::clashes::{Clash, Clashes};
use self::judge::{Judge, Unjudged};
use self::price::Values;
use super::{error::ErrorCode, facts::Facts};
use crate::config::LimitsConfig;

pub use self::judge::Figures;

/// How often each field that a document may have is compared at most with others of its key: once for each fragment it is in.
const COMPARISONS: u64 = 10;

/// Most values in all variables of a request: twice what the largest import has. A megabyte of JSON can hold 500,000.
const VARIABLE_VALUES: u64 = 20_000;

/// What a document was found to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Of all its operations together.
    pub document: Figures,
    /// Points that the chosen operation may cost; 0 if none is chosen.
    pub cost: u64,
}

/// Judges a document's text.
///
/// # Errors
/// The limit it exceeds.
pub fn check_text(document: &str, limits: &LimitsConfig) -> Result<(), ServerError> {
    let bytes = document.len() as u64;
    at_most(ErrorCode::DocumentSizeLimitExceeded, "the document's size in bytes", bytes, limits.max_document_bytes)?;
    let scan = lexer::scan(document);
    at_most(ErrorCode::TokenLimitExceeded, "the number of tokens", scan.tokens, limits.max_tokens)?;
    at_most(ErrorCode::NestingLimitExceeded, "the nesting of brackets", scan.nesting, limits.max_nesting)?;
    if scan.is_unterminated {
        return Err(ErrorCode::GraphqlParseFailed.server_error("a block string is not closed; it ends with \"\"\""));
    }
    Ok(())
}

/// Judges a parsed document; `chosen` is the operation that would be executed. Also says how many times a selection was visited.
///
/// # Errors
/// The limit it exceeds.
pub fn check(
    document: &ExecutableDocument,
    chosen: Option<&Positioned<OperationDefinition>>,
    variables: &Variables,
    limits: &LimitsConfig,
) -> (Result<Verdict, ServerError>, u64) {
    let fragments = document.fragments.len() as u64;
    if let Err(refused) = at_most(ErrorCode::FragmentLimitExceeded, "the number of fragments", fragments, limits.max_fragments) {
        return (Err(refused), 0);
    }
    let values = Values::new(variables, chosen.map(|chosen| &chosen.node));
    let mut judge = Judge::new(document, Facts::ours(), values, limits.max_nesting);
    let judged = judge_all(&mut judge, document, chosen, limits).unwrap_or_else(|unjudged| Err(refuse(&unjudged, limits)));
    let mut clashes = Clashes::new(document, limits.max_fields.saturating_mul(COMPARISONS));
    let judged = judged.and_then(|verdict| clashes.check().map(|()| verdict).map_err(|clash| refuse_clash(clash, limits)));
    (judged, judge.visits + clashes.visits)
}

fn judge_all<'a>(
    judge: &mut Judge<'a>,
    document: &'a ExecutableDocument,
    chosen: Option<&Positioned<OperationDefinition>>,
    limits: &LimitsConfig,
) -> Result<Result<Verdict, ServerError>, Unjudged> {
    let (mut all, mut cost, mut root_fields) = (Figures::default(), 0, 0);
    for (_, operation) in document.operations.iter() {
        let on = match operation.node.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        let figures = judge.selection_set(on, &operation.node.selection_set)?;
        all = all.and(figures.with_directives(&operation.node.directives, &judge.values));
        for definition in &operation.node.variable_definitions {
            all = all.with_directives(&definition.node.directives, &judge.values);
        }
        root_fields = root_fields.max(figures.root_fields);
        if chosen.is_some_and(|chosen| std::ptr::eq(chosen, operation)) {
            cost = figures.cost;
        }
    }
    all = all.and(judge.unused_fragments()?);
    let verdict = Verdict { document: all, cost };
    Ok(check_figures(&all, root_fields, limits)
        .and_then(|()| check_values(&all, &judge.values, limits))
        .and_then(|()| at_most(ErrorCode::CostLimitExceeded, "the operation's cost", cost, limits.max_cost))
        .map(|()| verdict))
}

fn check_figures(all: &Figures, root_fields: u64, limits: &LimitsConfig) -> Result<(), ServerError> {
    at_most(ErrorCode::FieldLimitExceeded, "the number of fields, fragments expanded,", all.fields, limits.max_fields)?;
    at_most(ErrorCode::DepthLimitExceeded, "the depth of fields", all.depth, limits.max_depth)?;
    at_most(ErrorCode::RootFieldLimitExceeded, "the number of root fields", root_fields, limits.max_root_fields)?;
    at_most(ErrorCode::AliasLimitExceeded, "the number of aliases", all.aliases, limits.max_aliases)?;
    at_most(ErrorCode::DirectiveLimitExceeded, "the number of directives", all.directives, limits.max_directives)
}

/// Each use of a value is validated, and each use of a variable is a copy. A single use is free: the body's size limits that.
fn check_values(all: &Figures, values: &Values<'_>, limits: &LimitsConfig) -> Result<(), ServerError> {
    let code = ErrorCode::TokenLimitExceeded;
    at_most(code, "the number of values in arguments, fragments expanded,", all.values, limits.max_tokens)?;
    at_most(code, "the number of values in variables", values.total(), VARIABLE_VALUES)?;
    at_most(code, "the number of values deep inside variables", values.deep, limits.max_tokens)?;
    let limit = values.total().saturating_add(limits.max_tokens);
    at_most(code, "the number of values in variables, as often as they are used,", all.variable_values, limit)
}

fn refuse(unjudged: &Unjudged, limits: &LimitsConfig) -> ServerError {
    match unjudged {
        Unjudged::Cycle(name) => {
            ErrorCode::GraphqlValidationFailed.server_error(format!("the fragment `{name}` spreads itself; break the cycle"))
        }
        Unjudged::TooDeep => exceeded(
            ErrorCode::NestingLimitExceeded,
            "the nesting of selection sets, fragments included,",
            limits.max_nesting + 1,
            limits.max_nesting,
        ),
    }
}

fn refuse_clash(clash: Clash, limits: &LimitsConfig) -> ServerError {
    match clash {
        Clash::Key(key) => ErrorCode::GraphqlValidationFailed
            .server_error(format!("too many different fields are called `{key}` in one selection; use aliases")),
        Clash::Fields(visits) => {
            let what = "the number of fields, counted in each fragment around them,";
            exceeded(ErrorCode::FieldLimitExceeded, what, visits, limits.max_fields.saturating_mul(COMPARISONS))
        }
    }
}

fn at_most(code: ErrorCode, what: &str, value: u64, limit: u64) -> Result<(), ServerError> {
    if value <= limit { Ok(()) } else { Err(exceeded(code, what, value, limit)) }
}

/// The limit and the value are there for programs, too.
fn exceeded(code: ErrorCode, what: &str, value: u64, limit: u64) -> ServerError {
    let mut error = code.server_error(format!("{what} is {value}, but the limit is {limit}; ask for less at a time"));
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("limit", limit);
    extensions.set("value", value);
    error
}
