//! Valid documents at random, written from what the service says of its own schema.

use std::collections::HashMap;
use std::fmt;

use serde_json::{Map, Value, json};

/// Decisions, from random bytes; when they run out, the first of everything. So fewer bytes are a smaller document.
pub struct Choices<'a>(pub &'a [u8]);

impl Choices<'_> {
    pub fn below(&mut self, count: usize) -> usize {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(first) % count.max(1)
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    pub fn pick<'b, T>(&mut self, from: &'b [T]) -> &'b T {
        &from[self.below(from.len())]
    }
}

/// A document with the values of its variables.
#[derive(Clone)]
pub struct Request {
    pub document: String,
    pub variables: Value,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\nwith {}", self.document, self.variables)
    }
}

/// The fields of a type, and the objects it may be.
#[derive(Clone, Default)]
struct Type {
    fields: Vec<Field>,
    objects: Vec<String>,
}

#[derive(Clone)]
struct Field {
    name: String,
    of: String,
    arguments: Vec<(String, String, bool)>,
}

/// What can be asked for.
pub struct Schema {
    types: HashMap<String, Type>,
    /// Ids of what there is.
    pub ids: Vec<String>,
}

/// What the schema is read by.
pub const TYPES: &str = "{ __schema { types { name possibleTypes { name } fields(includeDeprecated: true) {
    name type { name ofType { name ofType { name ofType { name } } } }
    args { name defaultValue type { kind name ofType { name ofType { name ofType { name } } } } } } } } }";

impl Schema {
    /// From the answer to [`TYPES`].
    pub fn new(answer: &Value, ids: Vec<String>) -> Self {
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let argument = |it: &Value| {
            let required = it["type"]["kind"] == "NON_NULL" && it["defaultValue"].is_null();
            (text(&it["name"]), named(&it["type"]), required)
        };
        let field = |it: &Value| Field {
            name: text(&it["name"]),
            of: named(&it["type"]),
            arguments: list(&it["args"]).iter().map(argument).collect(),
        };
        let types = list(&answer["__schema"]["types"]).into_iter().map(|it| {
            let objects = list(&it["possibleTypes"]).iter().map(|it| text(&it["name"])).collect();
            (text(&it["name"]), Type { fields: list(&it["fields"]).iter().map(field).collect(), objects })
        });
        Self { types: types.collect(), ids }
    }

    /// A query.
    pub fn query(&self, choices: &mut Choices<'_>) -> Request {
        let mut writer = Writer { schema: self, choices, fragments: Vec::new(), variables: Vec::new(), aliases: 0, left: 60 };
        let selected = writer.selection_set("Query", 7);
        let definitions: Vec<_> = writer.variables.iter().map(|(definition, _)| definition.as_str()).collect();
        let definitions = if definitions.is_empty() { String::new() } else { format!("({})", definitions.join(", ")) };
        let fragments: String = writer
            .fragments
            .iter()
            .enumerate()
            .map(|(number, (on, set))| format!("\nfragment F{number} on {on} {set}"))
            .collect();
        let given =
            writer.variables.iter().enumerate().filter_map(|(number, (_, value))| Some((format!("v{number}"), value.clone()?)));
        Request {
            document: format!("query Q{definitions} {selected}{fragments}"),
            variables: Value::Object(given.collect::<Map<_, _>>()),
        }
    }
}

fn named(of: &Value) -> String {
    of["name"].as_str().map_or_else(|| named(&of["ofType"]), str::to_owned)
}

struct Writer<'a, 'b> {
    schema: &'a Schema,
    choices: &'a mut Choices<'b>,
    /// The type and selection set of each.
    fragments: Vec<(String, String)>,
    /// The definition of each, and its value, if one is sent.
    variables: Vec<(String, Option<Value>)>,
    aliases: usize,
    /// Selections that may still be written.
    left: usize,
}

impl Writer<'_, '_> {
    fn selection_set(&mut self, on: &str, levels: usize) -> String {
        let mut items = Vec::new();
        for _ in 0..=self.choices.below(4) {
            self.left = self.left.saturating_sub(1);
            let item = match self.choices.below(8) {
                _ if levels == 0 || self.left == 0 => None,
                0..5 => self.field(on, levels),
                5 => {
                    let member = self.member(on);
                    let condition = if member == on && self.choices.one_in(2) { String::new() } else { format!("on {member} ") };
                    let directive = self.directive();
                    Some(format!("... {condition}{directive}{}", self.selection_set(&member, levels - 1)))
                }
                6 => Some(self.new_fragment(on, levels)),
                _ => self.old_fragment(on),
            };
            items.extend(item);
        }
        if items.is_empty() {
            items.push("__typename".to_owned());
        }
        format!("{{ {} }}", items.join(" "))
    }

    fn field(&mut self, on: &str, levels: usize) -> Option<String> {
        let fields = self.schema.types.get(on).map(|it| it.fields.as_slice()).filter(|fields| !fields.is_empty())?;
        let field = match on {
            "Query" if self.choices.one_in(6) => return self.introspection(levels),
            _ => self.choices.pick(fields),
        };
        let mut arguments = Vec::new();
        for (name, of, required) in &field.arguments {
            if name == "last" && arguments.iter().any(|given: &String| given.starts_with("first")) {
                continue;
            }
            if *required || self.choices.one_in(3) {
                match self.argument(name, of) {
                    Some(value) => arguments.push(format!("{name}: {value}")),
                    None if *required => return None,
                    None => {}
                }
            }
        }
        let arguments = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
        self.written(&field.name, &arguments, &field.of, levels)
    }

    fn introspection(&mut self, levels: usize) -> Option<String> {
        if self.choices.one_in(2) {
            return self.written("__schema", "", "__Schema", levels);
        }
        let mut names: Vec<_> = self.schema.types.keys().collect();
        names.sort_unstable();
        let name = self.choices.pick(&names);
        self.written("__type", &format!("(name: \"{name}\")"), "__Type", levels)
    }

    /// What has arguments gets a name of its own, for the next one's will differ.
    fn written(&mut self, name: &str, arguments: &str, of: &str, levels: usize) -> Option<String> {
        let is_object = self.schema.types.get(of).is_some_and(|of| !of.fields.is_empty() || !of.objects.is_empty());
        self.aliases += 1;
        let alias = if arguments.is_empty() && !self.choices.one_in(4) { String::new() } else { format!("a{}: ", self.aliases) };
        let directive = self.directive();
        let selected = if is_object { self.selection_set(of, levels - 1) } else { String::new() };
        Some(format!("{alias}{name}{arguments} {directive}{selected}"))
    }

    fn argument(&mut self, name: &str, of: &str) -> Option<String> {
        let pages = [1, 3, 0, 2, 7, 100, 30];
        let id = |choices: &mut Choices<'_>, ids: &[String]| {
            if ids.is_empty() || choices.one_in(6) { "\"x\"".to_owned() } else { format!("\"{}\"", choices.pick(ids)) }
        };
        Some(match (name, of) {
            ("first" | "last", _) => {
                let size = *self.choices.pick(&pages);
                match self.choices.below(4) {
                    0 | 1 => size.to_string(),
                    2 => self.variable("Int", None, Some(json!(size))),
                    _ => {
                        let given = self.choices.one_in(2).then_some(Value::Null);
                        self.variable("Int", Some(size.to_string()), given)
                    }
                }
            }
            ("id", _) => id(self.choices, &self.schema.ids),
            ("ids", _) => {
                let ids: Vec<_> = (0..self.choices.below(6)).map(|_| id(self.choices, &self.schema.ids)).collect();
                format!("[{}]", ids.join(", "))
            }
            ("filter", "BeerFilter") => {
                (*self.choices.pick(&["{}", "{ abv: { gt: 5 } }", "{ not: { name: { contains: \"a\" } } }"])).to_owned()
            }
            ("query", _) => (*self.choices.pick(&["\"ale\"", "\"b\"", "\"\""])).to_owned(),
            (_, "Boolean") => "true".to_owned(),
            _ => return None,
        })
    }

    fn variable(&mut self, of: &str, default: Option<String>, value: Option<Value>) -> String {
        let name = format!("$v{}", self.variables.len());
        let default = default.map_or_else(String::new, |default| format!(" = {default}"));
        self.variables.push((format!("{name}: {of}{default}"), value));
        name
    }

    fn directive(&mut self) -> String {
        if !self.choices.one_in(9) {
            return String::new();
        }
        let value = json!(self.choices.one_in(2));
        let name = if self.choices.one_in(2) { "include" } else { "skip" };
        format!("@{name}(if: {}) ", self.variable("Boolean!", None, Some(value)))
    }

    fn member(&mut self, on: &str) -> String {
        let objects = self.schema.types.get(on).map(|it| it.objects.as_slice()).filter(|objects| !objects.is_empty());
        objects.map_or_else(|| on.to_owned(), |objects| self.choices.pick(objects).clone())
    }

    fn new_fragment(&mut self, on: &str, levels: usize) -> String {
        let on = self.member(on);
        let set = self.selection_set(&on, levels - 1);
        self.fragments.push((on, set));
        format!("...F{}", self.fragments.len() - 1)
    }

    fn old_fragment(&mut self, on: &str) -> Option<String> {
        let fits: Vec<_> = (0..self.fragments.len()).filter(|&number| self.fragments[number].0 == on).collect();
        if fits.is_empty() { None } else { Some(format!("...F{} ", self.choices.pick(&fits))) }
    }
}
