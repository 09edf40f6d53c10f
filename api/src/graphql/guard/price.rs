//! What a field costs: how often its selection may be resolved, and what it is worth by itself.
//!
//! A point is a field that may be resolved. So a connection's rows cost `first` (or `last`) times what is selected of one, up to the
//! largest page; other lists as many times as they have items at most. What works harder than a field has a surcharge.

use std::collections::HashMap;

use async_graphql::parser::types::{Field, OperationDefinition};
use async_graphql::{Name, Value as Constant, Variables};
use async_graphql_value::Value;

use crate::graphql::connection::MAX_PAGE;
use crate::graphql::facts::{Facts, FieldFacts};

/// A write takes locks, and the disk.
const WRITE: u64 = 10;
/// Counting and averaging read the whole list, whatever the page: tens of milliseconds for tens of thousands of rows, each by a statement
/// of its own.
const AGGREGATE: u64 = 250;
/// A search asks more of the database than a page.
const SEARCH: u64 = 50;
/// A filter's object: a condition, or some joined together. Each is another expression for the database to compute for a row.
const CONDITION: u64 = 50;
/// A condition that looks into other tables, or into texts.
const FAR_CONDITION: u64 = 250;
/// Mistakes that one object of a mutation's input can have: it has fewer fields.
const MISTAKES: u64 = 16;
/// Items of a list of which nothing is known.
const UNKNOWN: u64 = 100;
/// Levels of a variable where any number of values may be: each object on the way down copies what is below.
pub const SHALLOW: u64 = 8;
/// A list's average length is in thousandths, rounded up.
pub const ONE: u64 = 1_000;

/// The values that arguments may take.
pub struct Values<'a> {
    variables: &'a Variables,
    defaults: HashMap<&'a Name, &'a Constant>,
    /// How many values each has in it.
    sizes: HashMap<&'a Name, u64>,
    /// What each costs as a filter.
    efforts: HashMap<&'a Name, u64>,
    /// How many values in variables are nested deeper than [`SHALLOW`].
    pub deep: u64,
}

impl<'a> Values<'a> {
    /// The variables of a request for `operation`.
    pub fn new(variables: &'a Variables, operation: Option<&'a OperationDefinition>) -> Self {
        let definitions = operation.map(|operation| operation.variable_definitions.as_slice()).unwrap_or_default();
        let defaults = definitions.iter().filter_map(|it| Some((&it.node.name.node, &it.node.default_value.as_ref()?.node)));
        let defaults: HashMap<_, _> = defaults.collect();
        let given = variables.iter().chain(defaults.iter().map(|(name, value)| (*name, *value)));
        let (mut sizes, mut efforts, mut deep) = (HashMap::new(), HashMap::new(), 0);
        for (name, value) in given {
            *sizes.entry(name).or_default() += size(value, 0, &mut deep);
            *efforts.entry(name).or_default() += constant_effort(value);
        }
        Self { variables, defaults, sizes, efforts, deep }
    }

    /// How many values all variables have in them.
    pub fn total(&self) -> u64 {
        self.sizes.values().sum()
    }

    /// How many values an argument has in it; and the variables that it uses.
    pub fn sizes(&self, value: &Value) -> (u64, u64) {
        let sum = |(literals, variables): (u64, u64), value: &Value| {
            let (literal, variable) = self.sizes(value);
            (literals + literal, variables + variable)
        };
        match value {
            Value::Variable(name) => (1, self.sizes.get(name).copied().unwrap_or_default()),
            Value::List(items) => items.iter().fold((1, 0), sum),
            Value::Object(members) => members.values().fold((1, 0), sum),
            _ => (1, 0),
        }
    }

    fn variable(&self, name: &Name) -> Option<&Constant> {
        self.variables.get(name).or_else(|| self.defaults.get(name).copied())
    }

    fn number(&self, value: &Value) -> Option<u64> {
        match value {
            // What is no count is refused later on.
            Value::Number(number) => Some(number.as_u64().unwrap_or(u64::MAX)),
            Value::Variable(name) => match self.variable(name)? {
                Constant::Number(number) => Some(number.as_u64().unwrap_or(u64::MAX)),
                _ => None,
            },
            _ => None,
        }
    }

    /// How many items a list has; anything else stands for a list of itself.
    fn length(&self, value: &Value) -> u64 {
        match value {
            Value::List(items) => items.len() as u64,
            Value::Variable(name) => self.variable(name).map_or(1, constant_length),
            _ => 1,
        }
    }

    /// What a filter costs.
    fn effort(&self, value: &Value) -> u64 {
        match value {
            Value::Variable(name) => self.efforts.get(name).copied().unwrap_or_default(),
            Value::List(items) => items.iter().map(|item| self.effort(item)).fold(0, u64::saturating_add),
            Value::Object(members) => {
                members.iter().fold(CONDITION, |sum, (name, value)| sum + condition(name) + self.effort(value))
            }
            _ => 0,
        }
    }

    /// How many objects an input asks to be written: the items of its longest list.
    fn objects(&self, value: &Value) -> u64 {
        let longest = match value {
            Value::Object(members) => members.values().map(|member| self.length(member)).max(),
            Value::Variable(name) => match self.variable(name) {
                Some(Constant::Object(members)) => members.values().map(constant_length).max(),
                _ => None,
            },
            _ => None,
        };
        longest.unwrap_or(1).max(1)
    }
}

fn size(value: &Constant, level: u64, deep: &mut u64) -> u64 {
    *deep += u64::from(level > SHALLOW);
    match value {
        Constant::List(items) => items.iter().fold(1, |sum, item| sum + size(item, level + 1, deep)),
        Constant::Object(members) => members.values().fold(1, |sum, member| sum + size(member, level + 1, deep)),
        _ => 1,
    }
}

fn constant_effort(value: &Constant) -> u64 {
    match value {
        Constant::List(items) => items.iter().map(constant_effort).fold(0, u64::saturating_add),
        Constant::Object(members) => {
            members.iter().fold(CONDITION, |sum, (name, value)| sum + condition(name) + constant_effort(value))
        }
        _ => 0,
    }
}

/// What a member of a filter costs beyond its value.
fn condition(name: &Name) -> u64 {
    match name.as_str() {
        "beer" | "brewery" | "contains" | "someBeer" | "style" => FAR_CONDITION,
        _ => 0,
    }
}

fn constant_length(value: &Constant) -> u64 {
    if let Constant::List(items) = value { items.len() as u64 } else { 1 }
}

/// What a field is worth by itself, and how often what is selected of it may be resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Points of the field itself.
    pub own: u64,
    /// How many times its selection is resolved, in thousandths.
    pub items: u64,
    /// How many rows the lists of a connection or payload have that it returns.
    pub rows: u64,
}

/// The price of `field` of the type named `parent`. In `average`, the parent stands for all types of the schema, one after another.
pub fn price(parent: &str, facts: Option<&FieldFacts>, field: &Field, values: &Values<'_>, average: bool) -> Price {
    let argument = |name: &str| field.get_argument(name).map(|value| &value.node);
    let name = field.name.node.as_str();
    let Some(facts) = facts else { return Price { own: 1, items: ONE, rows: UNKNOWN } };
    if let Some(items) = introspection(parent, name, average) {
        return Price { own: 1, items, rows: 1 };
    }
    if parent == "Mutation" {
        let objects = field.arguments.iter().map(|(_, value)| values.objects(&value.node)).max().unwrap_or(1);
        return Price { own: 1 + WRITE.saturating_mul(objects), items: ONE, rows: objects.saturating_mul(MISTAKES) };
    }
    if holds_rows(parent, name) {
        return Price { own: 1, items: ONE, rows: 1 };
    }
    let own = match name {
        "aggregates" | "byCountry" | "byStyle" | "totalCount" => 1 + AGGREGATE,
        "search" if parent == "Query" => 1 + SEARCH,
        _ => 1,
    };
    let own = argument("filter").map_or(own, |filter| own.saturating_add(values.effort(filter)));
    let page = facts.default_page.map(|default| {
        let asked = ["first", "last"].into_iter().filter_map(|name| values.number(argument(name)?)).max();
        // Resolvers refuse more. And what is selected of nothing must be validated all the same.
        asked.unwrap_or(default).clamp(1, MAX_PAGE.unsigned_abs().into())
    });
    let listed = facts.list_argument.as_deref().and_then(argument).map(|ids| values.length(ids).max(1));
    match (facts.is_list, page.or(listed)) {
        (true, length) => Price { own, items: length.unwrap_or(UNKNOWN).saturating_mul(ONE), rows: 1 },
        (false, rows) => Price { own, items: ONE, rows: rows.unwrap_or(1) },
    }
}

/// Whether a field is one of the lists that its parent's rows are in: those of a connection, or the mistakes in a mutation's payload.
/// They are resolved once, and what is selected of them as often as whoever returned the parent says in [`Price::rows`].
pub fn holds_rows(parent: &str, field: &str) -> bool {
    match field {
        "nodes" | "edges" => parent.ends_with("Connection"),
        "errors" => parent.ends_with("Payload"),
        _ => false,
    }
}

/// Whether what is selected of a field stands for all types of the schema.
pub fn is_average(parent: &str, field: &str, average: bool) -> bool {
    match (parent, field) {
        ("__Schema", "types") => true,
        ("__Type", "fields") => average,
        _ => false,
    }
}

/// The length of introspection's lists: on average over all types where each is listed once, else the longest.
fn introspection(parent: &str, field: &str, average: bool) -> Option<u64> {
    let counts = &Facts::ours().counts;
    let (count, owners) = match (parent, field) {
        ("__Schema", "types") => return Some(counts.types * ONE),
        ("__Schema", "directives") => return Some(counts.directives * ONE),
        ("__Directive", "args") => return Some(counts.directive_arguments.most * ONE),
        ("__Type", "fields") => (counts.fields, counts.types),
        ("__Type", "inputFields") => (counts.input_fields, counts.types),
        ("__Type", "enumValues") => (counts.enum_values, counts.types),
        ("__Type", "interfaces") => (counts.interfaces, counts.types),
        ("__Type", "possibleTypes") => (counts.possible_types, counts.types),
        ("__Field", "args") => (counts.field_arguments, counts.fields.total),
        _ => return None,
    };
    Some(if average { (count.total * ONE).div_ceil(owners.max(1)) } else { count.most * ONE })
}
