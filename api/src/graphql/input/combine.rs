//! `and`, `or` and `not`, and how many there may be.

use async_graphql::Result;
use sea_orm::{Condition, sea_query::Expr};

use crate::{catalog::filter::negated, graphql::error::ErrorCode};

/// Most filters in one, itself included. A filter on beers binds up to 430 values, a statement may state it twice (once for each run of
/// a nullable order), and SQLite takes 32,766 parameters, and conditions 1,000 deep.
const MAX_FILTERS: usize = 36;

/// How many filters a filter may still have in it.
pub(super) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(MAX_FILTERS)
    }
}

impl Budget {
    fn spend(&mut self) -> Result<()> {
        let message =
            || format!("`filter` has more than {MAX_FILTERS} filters in it, counting those in `and`, `or`, `not` and relations");
        self.0 = self.0.checked_sub(1).ok_or_else(|| ErrorCode::BadUserInput.error(message()))?;
        Ok(())
    }
}

/// A filter's own condition with those of its `and`, `or` and `not`.
pub(super) fn combine<F>(
    own: Condition,
    and: Option<Vec<F>>,
    or: Option<Vec<F>>,
    not: Option<F>,
    condition: fn(F, &mut Budget) -> Result<Condition>,
    budget: &mut Budget,
) -> Result<Condition> {
    budget.spend()?;
    let mut all = own;
    for filter in and.into_iter().flatten() {
        all = all.add(condition(filter, budget)?);
    }
    if let Some(filters) = or {
        // SQL has no empty disjunction; none of no alternatives holds.
        let mut any = Condition::any().add(Expr::cust("FALSE"));
        for filter in filters {
            any = any.add(condition(filter, budget)?);
        }
        all = all.add(any);
    }
    let not = not.map(|filter| condition(filter, budget)).transpose()?;
    Ok(all.add_option(not.map(negated)))
}
