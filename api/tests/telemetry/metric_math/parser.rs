//! The grammar of metric math: by hand, as it has four levels of operators and little else.

use std::iter::Peekable;
use std::vec::IntoIter;

use crate::Result;

#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    Number(f64),
    /// An id, or a word such as DESC.
    Name(String),
    Text(String),
    Array(Vec<Expression>),
    Minus(Box<Expression>),
    Binary(Operator, Box<Expression>, Box<Expression>),
    Call(String, Vec<Expression>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    And,
    Equal,
    NotEqual,
    LessOrEqual,
    GreaterOrEqual,
    Less,
    Greater,
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// Each with how tightly it binds.
const OPERATORS: [(&str, Operator, u8); 11] = [
    ("AND", Operator::And, 1),
    ("==", Operator::Equal, 2),
    ("!=", Operator::NotEqual, 2),
    ("<=", Operator::LessOrEqual, 2),
    (">=", Operator::GreaterOrEqual, 2),
    ("<", Operator::Less, 2),
    (">", Operator::Greater, 2),
    ("+", Operator::Add, 3),
    ("-", Operator::Subtract, 3),
    ("*", Operator::Multiply, 4),
    ("/", Operator::Divide, 4),
];

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(f64),
    Name(String),
    Text(String),
    Symbol(&'static str),
}

pub fn parse(text: &str) -> Result<Expression> {
    let mut parser = Parser { tokens: tokens(text)?.into_iter().peekable() };
    let expression = parser.expression(0).map_err(|error| format!("{error} in {text}"))?;
    match parser.tokens.next() {
        None => Ok(expression),
        Some(token) => Err(format!("{token:?} is too much in {text}")),
    }
}

fn tokens(text: &str) -> Result<Vec<Token>> {
    // Longer ones first.
    const SYMBOLS: [&str; 15] = ["==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "(", ")", "[", "]", ","];
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = |accept: fn(char) -> bool| rest.find(|char| !accept(char)).unwrap_or(rest.len());
        let taken = if first == '\'' || first == '"' {
            let end = rest[1..].find(first).ok_or_else(|| format!("a quotation has no end in {text}"))?;
            tokens.push(Token::Text(rest[1..=end].to_owned()));
            end + 2
        } else if first.is_ascii_digit() || first == '.' {
            let length = length(|char| char.is_ascii_digit() || char == '.');
            tokens.push(Token::Number(rest[..length].parse().map_err(|_| format!("{:?} is no number", &rest[..length]))?));
            length
        } else if first.is_ascii_alphabetic() {
            let length = length(|char| char.is_ascii_alphanumeric() || char == '_');
            tokens.push(Token::Name(rest[..length].to_owned()));
            length
        } else {
            let symbol = SYMBOLS
                .into_iter()
                .find(|symbol| rest.starts_with(symbol))
                .ok_or_else(|| format!("{first:?} means nothing in {text}"))?;
            tokens.push(Token::Symbol(symbol));
            symbol.len()
        };
        rest = rest[taken..].trim_start();
    }
    Ok(tokens)
}

struct Parser {
    tokens: Peekable<IntoIter<Token>>,
}

impl Parser {
    /// Operators that bind more tightly than `above`.
    fn expression(&mut self, above: u8) -> Result<Expression> {
        let mut left = self.operand()?;
        while let Some((operator, strength)) = self.operator()
            && strength > above
        {
            self.tokens.next();
            left = Expression::Binary(operator, Box::new(left), Box::new(self.expression(strength)?));
        }
        Ok(left)
    }

    fn operator(&mut self) -> Option<(Operator, u8)> {
        let text = match self.tokens.peek()? {
            Token::Symbol(symbol) => symbol,
            Token::Name(name) => name.as_str(),
            Token::Number(_) | Token::Text(_) => return None,
        };
        OPERATORS.into_iter().find(|(known, ..)| *known == text).map(|(_, operator, strength)| (operator, strength))
    }

    fn operand(&mut self) -> Result<Expression> {
        match self.tokens.next().ok_or("something is missing at the end")? {
            Token::Number(number) => Ok(Expression::Number(number)),
            Token::Text(text) => Ok(Expression::Text(text)),
            Token::Name(name) if self.tokens.next_if_eq(&Token::Symbol("(")).is_some() => {
                Ok(Expression::Call(name, self.list(")")?))
            }
            Token::Name(name) => Ok(Expression::Name(name)),
            Token::Symbol("[") => Ok(Expression::Array(self.list("]")?)),
            // More tightly than any operator.
            Token::Symbol("-") => Ok(Expression::Minus(Box::new(self.operand()?))),
            Token::Symbol("(") => {
                let inner = self.expression(0)?;
                match self.tokens.next() {
                    Some(Token::Symbol(")")) => Ok(inner),
                    other => Err(format!("{other:?} is not )")),
                }
            }
            token => Err(format!("{token:?} is out of place")),
        }
    }

    fn list(&mut self, end: &'static str) -> Result<Vec<Expression>> {
        let mut items = Vec::new();
        if self.tokens.next_if_eq(&Token::Symbol(end)).is_some() {
            return Ok(items);
        }
        loop {
            items.push(self.expression(0)?);
            match self.tokens.next() {
                Some(Token::Symbol(",")) => {}
                Some(Token::Symbol(symbol)) if symbol == end => return Ok(items),
                other => return Err(format!("{other:?} is neither , nor {end}")),
            }
        }
    }
}
