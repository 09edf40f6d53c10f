//! Fields that share a key of the response, though they differ: async-graphql reports each such pair, once for each of its arguments
//! and once for each fragment around it, so that four kilobytes of document become gigabytes of errors.
//!
//! The types of fragments are left out of account: whether a clash is a mistake is for validation to say, here it is only counted.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{ExecutableDocument, Field, Selection, SelectionSet};

/// Most reports that validation may make of one document's clashes; fields of different types may differ.
const MAX_REPORTS: u64 = 1_000;

/// Why a document is not validated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clash {
    /// Many fields with this key differ.
    Key(String),
    /// There are this many fields to compare, for fragments are in one another.
    Fields(u64),
}

/// What is found in the selection sets of a document.
pub struct Clashes<'a> {
    document: &'a ExecutableDocument,
    max_visits: u64,
    reports: u64,
    /// Selections visited.
    pub visits: u64,
}

/// The fields with one key in one selection set.
struct Group<'a> {
    first: &'a Field,
    differs: bool,
    /// How often they are compared.
    times: u64,
    arguments: u64,
}

/// One selection set with its fragments.
#[derive(Default)]
struct Walk<'a> {
    groups: HashMap<&'a str, Group<'a>>,
    fragments: HashSet<&'a str>,
}

impl<'a> Clashes<'a> {
    /// Counts the clashes in `document`, giving up after `max_visits`.
    pub fn new(document: &'a ExecutableDocument, max_visits: u64) -> Self {
        Self { document, max_visits, reports: 0, visits: 0 }
    }

    /// Finds out whether the document can be validated without ado.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn check(&mut self) -> Result<(), Clash> {
        for (_, operation) in self.document.operations.iter() {
            self.check_set(&operation.node.selection_set.node)?;
        }
        self.document.fragments.values().try_for_each(|fragment| self.check_set(&fragment.node.selection_set.node))
    }

    fn check_set(&mut self, set: &'a SelectionSet) -> Result<(), Clash> {
        let mut walk = Walk::default();
        self.walk(&mut walk, set, 1)?;
        for (key, group) in walk.groups.into_iter().filter(|(_, group)| group.differs) {
            self.reports = self.reports.saturating_add(group.times.saturating_mul(2 + group.arguments));
            if self.reports > MAX_REPORTS {
                return Err(Clash::Key(key.to_owned()));
            }
        }
        self.check_below(set)
    }

    /// Selection sets of fields are compared by themselves.
    fn check_below(&mut self, set: &'a SelectionSet) -> Result<(), Clash> {
        set.items.iter().try_for_each(|selection| match &selection.node {
            Selection::Field(field) if field.node.selection_set.node.items.is_empty() => Ok(()),
            Selection::Field(field) => self.check_set(&field.node.selection_set.node),
            Selection::InlineFragment(inline) => self.check_below(&inline.node.selection_set.node),
            Selection::FragmentSpread(_) => Ok(()),
        })
    }

    fn walk(&mut self, walk: &mut Walk<'a>, set: &'a SelectionSet, times: u64) -> Result<(), Clash> {
        for selection in &set.items {
            self.visits += 1;
            if self.visits > self.max_visits {
                return Err(Clash::Fields(self.visits));
            }
            match &selection.node {
                Selection::Field(field) => walk.add(&field.node, times),
                Selection::InlineFragment(inline) => self.walk(walk, &inline.node.selection_set.node, times + 1)?,
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = self.document.fragments.get(name)
                        && walk.fragments.insert(name)
                    {
                        self.walk(walk, &fragment.node.selection_set.node, times)?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl<'a> Walk<'a> {
    fn add(&mut self, field: &'a Field, times: u64) {
        let key = field.alias.as_ref().map_or(&field.name.node, |alias| &alias.node);
        let group = self.groups.entry(key).or_insert(Group { first: field, differs: false, times: 0, arguments: 0 });
        group.times = group.times.saturating_add(times);
        group.arguments = group.arguments.max(field.arguments.len() as u64);
        group.differs |= group.first.name.node != field.name.node || group.first.arguments != field.arguments;
    }
}
