//! How long the answer to an operation may be kept, by the hints of [`super::cache_hints`].
//!
//! [Apollo's rules](https://www.apollographql.com/docs/apollo-server/performance/caching): a field's hint is its own, else its type's. Without
//! one, a scalar counts for nothing, and everything else, root fields included, forbids keeping. The least age counts for the whole.
//!
//! Judged before the document is validated: whatever is not known forbids it, too. What a fragment allows does not depend on where it is
//! spread, so each is looked at once.

use std::collections::HashSet;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet};

use super::facts::{Facts, FieldFacts};

const ROOT: &str = "Query";
const UNLIMITED: u32 = u32::MAX;

/// For how many seconds every cache may keep the answer to `operation`; none if it may not.
pub(super) fn max_age(types: &Facts, document: &ExecutableDocument, operation: &OperationDefinition) -> Option<u32> {
    if operation.ty != OperationType::Query {
        return None;
    }
    let mut least = UNLIMITED;
    let mut spread = HashSet::new();
    let mut pending: Vec<(&str, &SelectionSet)> = vec![(ROOT, &operation.selection_set.node)];
    while let Some((parent, selections)) = pending.pop() {
        for selection in &selections.items {
            match &selection.node {
                Selection::Field(field) => {
                    let name = field.node.name.node.as_str();
                    let parent_fact = types.get(parent)?;
                    // Of the root, `__typename` is a field without a hint; elsewhere, a scalar as any other.
                    if name == "__typename" && parent != ROOT {
                        continue;
                    }
                    let fact = parent_fact.field(name)?;
                    least = least.min(allowed(types, parent, fact)?);
                    pending.push((&fact.of, &field.node.selection_set.node));
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let on = condition.map_or(parent, |condition| condition.node.on.node.as_str());
                    pending.push((on, &fragment.node.selection_set.node));
                }
                Selection::FragmentSpread(fragment) => {
                    let name = &fragment.node.fragment_name.node;
                    if spread.insert(name) {
                        let fragment = &document.fragments.get(name)?.node;
                        pending.push((&fragment.type_condition.node.on.node, &fragment.selection_set.node));
                    }
                }
            }
        }
    }
    Some(least).filter(|&age| age != 0 && age != UNLIMITED)
}

/// The age that a field allows; none if it may not be kept by everybody.
fn allowed(types: &Facts, parent: &str, field: &FieldFacts) -> Option<u32> {
    let ty = types.get(&field.of);
    let of_type = ty.map(|ty| ty.hint).unwrap_or_default();
    if field.hint.private || of_type.private {
        return None;
    }
    let own_age = field.hint.max_age.filter(|_| !field.hint.inherit_max_age);
    let inherits = parent != ROOT && (ty.is_none() || field.hint.inherit_max_age || of_type.inherit_max_age);
    own_age.or(of_type.max_age).or(inherits.then_some(UNLIMITED))
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;
    use crate::graphql::operation::chosen;

    const SDL: &str = "
        type Query {
            hinted: Plain @cacheControl(maxAge: 50)
            unhinted: Plain
            scalar: Int
            typed: Typed
            shorter: Typed @cacheControl(maxAge: 5)
            longer: [Typed!]! @cacheControl(maxAge: 500)
            never: Typed @cacheControl(maxAge: 0)
            nonsense: Typed @cacheControl(maxAge: -1)
            inherits: Typed @cacheControl(inheritMaxAge: true)
            inheritsNothing: Plain @cacheControl(inheritMaxAge: true)
            mine: Typed @cacheControl(maxAge: 60, scope: PRIVATE)
            union: Union @cacheControl(maxAge: 40)
            page: Page @cacheControl(maxAge: 90)
            bare: Page
        }
        type Mutation { write: Typed @cacheControl(maxAge: 60) }
        type Plain { id: ID short: Int @cacheControl(maxAge: 7) plain: Plain typed: Typed inheriting: Plain @cacheControl(inheritMaxAge: true) }
        type Typed @cacheControl(maxAge: 60) { id: ID secret: Int @cacheControl(scope: PRIVATE) mine: Mine }
        type Mine @cacheControl(maxAge: 60, scope: PRIVATE) { id: ID }
        type Page @cacheControl(inheritMaxAge: true) { nodes: [[Typed!]!] page: Page count: Int }
        union Union = Plain | Typed
    ";

    fn judge(types: &Facts, document: &str) -> Option<u32> {
        let document = parse_query(document).unwrap();
        max_age(types, &document, &chosen(&document, None).unwrap().1.node)
    }

    #[test]
    fn the_least_hint_counts_and_silence_forbids() {
        let types = Facts::of(SDL);
        for (document, expected) in [
            ("{ hinted { id __typename } }", Some(50)),
            ("{ hinted { short } }", Some(7)),
            ("{ hinted { plain { id } } }", None),
            ("{ hinted { inheriting { id } } }", Some(50)),
            ("{ hinted { typed { id } } typed { id } }", Some(50)),
            ("{ unhinted { short } }", None),
            ("{ scalar }", None),
            ("{ typed { id } }", Some(60)),
            ("{ a: shorter { id } b: typed { id } }", Some(5)),
            ("{ longer { id } }", Some(500)),
            ("{ never { id } }", None),
            ("{ nonsense { id } }", None),
            ("{ inherits { id } }", Some(60)),
            ("{ inheritsNothing { id } }", None),
            ("{ mine { id } }", None),
            ("{ typed { secret } }", None),
            ("{ typed { mine { id } } }", None),
            ("{ union { __typename ... on Plain { id } ... on Typed { id } ... { __typename } } }", Some(40)),
            ("{ union { ... on Typed { secret } } }", None),
            ("{ page { count nodes { id } page { count } } }", Some(60)),
            ("{ page { count } }", Some(90)),
            ("{ bare { nodes { id } } }", None),
        ] {
            assert_eq!(judge(&types, document), expected, "{document}");
        }
    }

    #[test]
    fn what_is_no_plain_query_is_never_kept() {
        let types = Facts::of(SDL);
        for document in [
            "mutation { write { id } }",
            "subscription { typed { id } }",
            "{ __schema { queryType { name } } typed { id } }",
            "{ __type(name: \"Typed\") { name } typed { id } }",
            "{ __typename typed { id } }",
            "{ typed { id unknown } }",
            "{ typed { id { deeper } } }",
            "{ ... on Unknown { id } typed { id } }",
            "{ typed { ...Unknown } }",
            "{ ...F } fragment F on Query { ...F }",
        ] {
            assert_eq!(judge(&types, document), None, "{document}");
        }
    }

    #[test]
    fn fragments_are_judged_once_however_they_are_spread() {
        let types = Facts::of(SDL);
        assert_eq!(
            judge(&types, "{ ...F } fragment F on Query { typed { id } ...G } fragment G on Query { shorter { id } ...F }"),
            Some(5)
        );
        // Expanded, two to the power of a hundred.
        let chain: String = (0..100).map(|n| format!("fragment F{n} on Typed {{ ...F{} ...F{} }} ", n + 1, n + 1)).collect();
        assert_eq!(judge(&types, &format!("{{ typed {{ ...F0 }} }} {chain} fragment F100 on Typed {{ id }}")), Some(60));
        assert_eq!(judge(&types, &format!("{{ typed {{ ...F0 }} }} {chain} fragment F100 on Typed {{ secret }}")), None);
    }

    #[test]
    fn the_catalogue_may_be_kept() {
        for (document, expected) in [
            ("{ beers { nodes { id brewery { name } } pageInfo { hasNextPage } totalCount } }", Some(60)),
            ("{ beers { edges { cursor node { reviews { nodes { rating } } } } } }", Some(30)),
            ("{ beers { aggregates { abv { avg } byStyle { style { name } count } byCountry { count } } } }", Some(60)),
            ("{ search(query: \"x\") { nodes { ... on Beer { name } } edges { node { __typename } } } }", Some(60)),
            ("{ node(id: \"x\") { id } nodes(ids: []) { id } }", Some(30)),
        ] {
            assert_eq!(judge(Facts::ours(), document), expected, "{document}");
        }
    }
}
