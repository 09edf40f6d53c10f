//! What SEARCH looks for, as [AWS documents it](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html), with exact terms only:
//! what parts of names a term finds depends on how AWS takes them apart.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::vec::IntoIter;

use crate::Result;
use crate::cloudwatch::MetricRef;

/// `{Namespace, "dimension.one", "dimension.two"} term …`
pub struct Search {
    schema: Option<(String, BTreeSet<String>)>,
    term: Option<Term>,
}

enum Term {
    And(Box<Term>, Box<Term>),
    Or(Box<Term>, Box<Term>),
    Not(Box<Term>),
    /// `"value"`, of anything.
    Any(String),
    /// `MetricName="value"`, `Namespace="value"` or that of a dimension.
    Property(String, String),
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Quoted(String),
    Symbol(char),
}

impl Search {
    pub fn parse(text: &str) -> Result<Self> {
        // From AWS's documentation, too.
        if text.len() > 1024 {
            return Err("a search has at most 1024 characters".to_owned());
        }
        let mut tokens = tokens(text)?.into_iter().peekable();
        let schema = if tokens.next_if_eq(&Token::Symbol('{')).is_some() { Some(schema(&mut tokens)?) } else { None };
        tokens.next_if_eq(&Token::Symbol(','));
        let term = if tokens.peek().is_some() { Some(either(&mut tokens)?) } else { None };
        match tokens.next() {
            Some(token) => Err(format!("{token:?} is out of place in {text}")),
            None if schema.is_none() && term.is_none() => Err("a search has a schema or a term".to_owned()),
            None => Ok(Self { schema, term }),
        }
    }

    pub fn finds(&self, metric: &MetricRef) -> bool {
        let within = self.schema.as_ref().is_none_or(|(namespace, dimensions)| {
            *namespace == metric.namespace && (dimensions.is_empty() || dimensions.iter().eq(metric.dimensions.keys()))
        });
        within && self.term.as_ref().is_none_or(|term| term.finds(metric))
    }
}

impl Term {
    fn finds(&self, metric: &MetricRef) -> bool {
        match self {
            Self::And(one, other) => one.finds(metric) && other.finds(metric),
            Self::Or(one, other) => one.finds(metric) || other.finds(metric),
            Self::Not(term) => !term.finds(metric),
            Self::Any(text) => {
                let dimensions = metric.dimensions.iter().flat_map(|(name, value)| [name, value]);
                dimensions.chain([&metric.name, &metric.namespace]).any(|name| name == text)
            }
            Self::Property(key, value) => match key.as_str() {
                "MetricName" => metric.name == *value,
                "Namespace" => metric.namespace == *value,
                dimension => metric.dimensions.get(dimension) == Some(value),
            },
        }
    }
}

type Tokens = Peekable<IntoIter<Token>>;

fn tokens(text: &str) -> Result<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '{' | '}' | '(' | ')' | ',' | '=' => {
                tokens.push(Token::Symbol(first));
                1
            }
            '"' => {
                let end = rest[1..].find('"').ok_or_else(|| format!("a quotation has no end in {text}"))?;
                if rest[1..=end].contains('\\') {
                    return Err(format!("there is no model of \\ in {text}"));
                }
                tokens.push(Token::Quoted(rest[1..=end].to_owned()));
                end + 2
            }
            _ => {
                let end = rest.find(|char: char| char.is_whitespace() || "{}(),=\"".contains(char)).unwrap_or(rest.len());
                tokens.push(Token::Word(rest[..end].to_owned()));
                end
            }
        };
        rest = rest[taken..].trim_start();
    }
    Ok(tokens)
}

/// A name need not be quoted if it has letters and digits only; AWS's namespaces have a slash, and are not quoted in its documentation.
fn name(token: Option<Token>, allowed: &str) -> Result<String> {
    match token {
        Some(Token::Quoted(text)) => Ok(text),
        Some(Token::Word(text)) if text.chars().all(|char| char.is_ascii_alphanumeric() || allowed.contains(char)) => Ok(text),
        other => Err(format!("{other:?} has to be between double quotes")),
    }
}

fn schema(tokens: &mut Tokens) -> Result<(String, BTreeSet<String>)> {
    let namespace = name(tokens.next(), "/")?;
    let mut dimensions = BTreeSet::new();
    loop {
        match tokens.next() {
            Some(Token::Symbol('}')) => return Ok((namespace, dimensions)),
            Some(Token::Symbol(',')) => _ = dimensions.insert(name(tokens.next(), "")?),
            other => return Err(format!("{other:?} is neither , nor }}")),
        }
    }
}

fn either(tokens: &mut Tokens) -> Result<Term> {
    let mut term = all(tokens)?;
    while tokens.next_if_eq(&Token::Word("OR".to_owned())).is_some() {
        term = Term::Or(Box::new(term), Box::new(all(tokens)?));
    }
    Ok(term)
}

/// Terms without a word between them have to be there all.
fn all(tokens: &mut Tokens) -> Result<Term> {
    let mut term = single(tokens)?;
    loop {
        match tokens.peek() {
            None | Some(Token::Symbol(')')) => return Ok(term),
            Some(Token::Word(word)) if word == "OR" => return Ok(term),
            Some(Token::Word(word)) if word == "AND" => _ = tokens.next(),
            Some(_) => {}
        }
        term = Term::And(Box::new(term), Box::new(single(tokens)?));
    }
}

fn single(tokens: &mut Tokens) -> Result<Term> {
    if tokens.next_if_eq(&Token::Word("NOT".to_owned())).is_some() {
        return single(tokens).map(|term| Term::Not(Box::new(term)));
    }
    if tokens.next_if_eq(&Token::Symbol('(')).is_some() {
        let term = either(tokens)?;
        return if tokens.next() == Some(Token::Symbol(')')) { Ok(term) } else { Err("a ( has no )".to_owned()) };
    }
    let first = tokens.next();
    if tokens.next_if_eq(&Token::Symbol('=')).is_none() {
        return match first {
            Some(Token::Quoted(text)) => Ok(Term::Any(text)),
            other => Err(format!("{other:?}: only exact terms are modelled, in double quotes")),
        };
    }
    match tokens.next() {
        Some(Token::Quoted(value)) => Ok(Term::Property(name(first, "")?, value)),
        other => Err(format!("{other:?}: only exact values are modelled, in double quotes")),
    }
}
