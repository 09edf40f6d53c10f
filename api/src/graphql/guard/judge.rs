//! What a document asks for, found out by visiting each of its selections once, before it is validated.
//!
//! A fragment is judged when it is first met and counts as often as it is spread, so the work does not grow with what fragments
//! multiply to. Only two contexts give it different figures (see [`price::is_average`]), so it is visited at most twice.

use std::collections::HashMap;

use async_graphql::parser::types::{Directive, ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Name, Positioned};
use async_graphql_value::Value;

use super::price::{self, ONE, Values};
use crate::graphql::facts::{Facts, TypeFacts};

/// What a selection set asks for, with its fragments expanded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Fields, whatever the lengths of lists; a fragment without a field of its own counts as one.
    pub fields: u64,
    /// Fields at its own level.
    pub root_fields: u64,
    /// Deepest nesting of fields.
    pub depth: u64,
    /// Deepest nesting of selection sets, those of fragments included.
    pub nesting: u64,
    /// Aliases.
    pub aliases: u64,
    /// Directives.
    pub directives: u64,
    /// Values in arguments, those in lists and objects included.
    pub values: u64,
    /// Values in the variables that arguments use, as often as they are used.
    pub variable_values: u64,
    /// Points.
    pub cost: u64,
    /// Points of each row, if its type holds rows for the field that returns it.
    cost_of_row: u64,
    /// Whether it asks for the schema.
    pub introspects: bool,
}

impl Figures {
    /// Both, side by side.
    pub fn and(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            root_fields: self.root_fields.saturating_add(other.root_fields),
            depth: self.depth.max(other.depth),
            nesting: self.nesting.max(other.nesting),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            values: self.values.saturating_add(other.values),
            variable_values: self.variable_values.saturating_add(other.variable_values),
            cost: self.cost.saturating_add(other.cost),
            cost_of_row: self.cost_of_row.saturating_add(other.cost_of_row),
            introspects: self.introspects || other.introspects,
        }
    }

    /// With these beside them.
    pub fn with_directives(mut self, directives: &[Positioned<Directive>], values: &Values<'_>) -> Self {
        self.directives = self.directives.saturating_add(directives.len() as u64);
        directives.iter().fold(self, |sum, directive| sum.with_arguments(&directive.node.arguments, values))
    }

    fn with_arguments(mut self, arguments: &[(Positioned<Name>, Positioned<Value>)], values: &Values<'_>) -> Self {
        for (_, value) in arguments {
            let (literal, variable) = values.sizes(&value.node);
            self.values = self.values.saturating_add(literal);
            self.variable_values = self.variable_values.saturating_add(variable);
        }
        self
    }

    /// As what is selected by a fragment. Every fragment is worth something, or any number of them in one another would be nothing.
    fn of_fragment(mut self, selected: &SelectionSet) -> Self {
        if !selected.items.iter().any(|selection| matches!(selection.node, Selection::Field(_))) {
            self.fields = self.fields.saturating_add(1);
            self.cost = self.cost.saturating_add(1);
        }
        self
    }
}

/// Why a document has no figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unjudged {
    /// A fragment spreads itself, by way of others perhaps.
    Cycle(Name),
    /// Selection sets nest deeper than the limit.
    TooDeep,
}

/// A document being judged.
pub struct Judge<'a> {
    document: &'a ExecutableDocument,
    facts: &'a Facts,
    /// The values of variables.
    pub values: Values<'a>,
    max_nesting: u64,
    /// Figures of fragments; none while they are found out.
    fragments: HashMap<(&'a Name, bool), Option<Figures>>,
    /// Selections visited.
    pub visits: u64,
}

impl<'a> Judge<'a> {
    /// Judges `document`, giving up where selection sets nest deeper than `max_nesting`.
    pub fn new(document: &'a ExecutableDocument, facts: &'a Facts, values: Values<'a>, max_nesting: u64) -> Self {
        Self { document, facts, values, max_nesting, fragments: HashMap::new(), visits: 0 }
    }

    /// The figures of what is selected on the type named `on`.
    ///
    /// # Errors
    /// Why there are none.
    pub fn selection_set(&mut self, on: &str, selected: &'a Positioned<SelectionSet>) -> Result<Figures, Unjudged> {
        self.visit_all(self.facts.get(on), selected, 1, false)
    }

    /// The figures of the fragments that were not met so far: no operation uses them, but they are validated like the others.
    ///
    /// # Errors
    /// Why there are none.
    pub fn unused_fragments(&mut self) -> Result<Figures, Unjudged> {
        let mut figures = Figures::default();
        for name in self.document.fragments.keys() {
            if !self.fragments.contains_key(&(name, false)) && !self.fragments.contains_key(&(name, true)) {
                figures = figures.and(self.fragment(name, 1, false)?);
            }
        }
        Ok(figures)
    }

    fn visit_all(
        &mut self,
        on: Option<&'a TypeFacts>,
        selected: &'a Positioned<SelectionSet>,
        level: u64,
        average: bool,
    ) -> Result<Figures, Unjudged> {
        if level > self.max_nesting {
            return Err(Unjudged::TooDeep);
        }
        let mut sum = Figures::default();
        for selection in &selected.node.items {
            self.visits += 1;
            sum = sum.and(match &selection.node {
                Selection::Field(field) => self.field(on, &field.node, level, average)?,
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let on = condition.map_or(on, |condition| self.facts.get(&condition.node.on.node));
                    let figures = self.visit_all(on, &inline.node.selection_set, level + 1, average)?;
                    let figures = figures.of_fragment(&inline.node.selection_set.node);
                    Figures { nesting: figures.nesting + 1, ..figures.with_directives(&inline.node.directives, &self.values) }
                }
                Selection::FragmentSpread(spread) => {
                    let figures = self.fragment(&spread.node.fragment_name.node, level + 1, average)?;
                    Figures { nesting: figures.nesting + 1, ..figures.with_directives(&spread.node.directives, &self.values) }
                }
            });
        }
        Ok(sum)
    }

    fn field(&mut self, on: Option<&'a TypeFacts>, field: &'a Field, level: u64, average: bool) -> Result<Figures, Unjudged> {
        let (parent, name) = (on.map_or("", |on| on.name.as_str()), field.name.node.as_str());
        let facts = match name {
            "__schema" | "__type" => None,
            _ => on.and_then(|on| on.field(name)),
        };
        let of = match name {
            "__schema" => Some("__Schema"),
            "__type" => Some("__Type"),
            _ => facts.map(|facts| facts.of.as_str()),
        };
        let inner = if field.selection_set.node.items.is_empty() {
            Figures::default()
        } else {
            let of = of.and_then(|of| self.facts.get(of));
            let average = price::is_average(parent, name, average);
            let inner = self.visit_all(of, &field.selection_set, level + 1, average)?;
            Figures { nesting: inner.nesting + 1, ..inner }
        };
        let price = price::price(parent, facts, field, &self.values, average);
        let rows = price.rows.saturating_mul(inner.cost_of_row);
        let selected = price.items.saturating_mul(inner.cost.saturating_add(rows)).div_ceil(ONE);
        let (cost, cost_of_row) =
            if price::holds_rows(parent, name) { (price.own, selected) } else { (price.own.saturating_add(selected), 0) };
        let itself = Figures {
            fields: inner.fields.saturating_add(1),
            root_fields: 1,
            depth: inner.depth + 1,
            aliases: inner.aliases.saturating_add(field.alias.is_some().into()),
            introspects: inner.introspects || matches!(name, "__schema" | "__type"),
            cost,
            cost_of_row,
            ..inner
        };
        Ok(itself.with_arguments(&field.arguments, &self.values).with_directives(&field.directives, &self.values))
    }

    fn fragment(&mut self, name: &'a Name, level: u64, average: bool) -> Result<Figures, Unjudged> {
        match self.fragments.get(&(name, average)) {
            // One that was met higher up may nest too deep here.
            Some(Some(figures)) if level.saturating_add(figures.nesting) > self.max_nesting => return Err(Unjudged::TooDeep),
            Some(Some(figures)) => return Ok(*figures),
            Some(None) => return Err(Unjudged::Cycle(name.clone())),
            None => {}
        }
        // An unknown one is reported by validation; were it nothing, any number of spreads would be nothing.
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(Figures { fields: 1, cost: 1, ..Figures::default() });
        };
        self.fragments.insert((name, average), None);
        let on = self.facts.get(&fragment.node.type_condition.node.on.node);
        let figures = self.visit_all(on, &fragment.node.selection_set, level, average)?;
        let figures = figures.of_fragment(&fragment.node.selection_set.node);
        let figures = figures.with_directives(&fragment.node.directives, &self.values);
        self.fragments.insert((name, average), Some(figures));
        Ok(figures)
    }
}
