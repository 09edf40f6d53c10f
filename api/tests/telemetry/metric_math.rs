//! CloudWatch's metric math, as [AWS documents it](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html): what dashboards and alarms
//! ask for. What is not documented, or not modelled, is an error.

mod functions;
mod operators;
mod parser;
mod search;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;

use self::parser::{Expression, Operator};
use crate::Result;
use crate::cloudwatch::{CloudWatch, MetricRef, Series, check_period};

/// A line of a graph or alarm: a metric, or an expression of others.
#[derive(Clone, Debug)]
pub struct Query {
    pub id: String,
    pub source: Source,
}

#[derive(Clone, Debug)]
pub enum Source {
    Expression(String),
    Metric { metric: MetricRef, statistic: String, period: u64 },
}

impl Query {
    pub fn expression(id: &str, expression: &str) -> Self {
        Self { id: id.to_owned(), source: Source::Expression(expression.to_owned()) }
    }

    pub fn metric(id: &str, metric: MetricRef, statistic: &str, period: u64) -> Self {
        Self { id: id.to_owned(), source: Source::Metric { metric, statistic: statistic.to_owned(), period } }
    }
}

/// What an expression is: S, TS and TS[] in AWS's documentation.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Scalar(f64),
    Series(Series),
    Array(Vec<Series>),
}

/// What the query `id` shows for the periods that begin in `range`: a time series, or several. `period` is that of searches, and of anything that fills gaps.
pub fn evaluate(queries: &[Query], id: &str, cloudwatch: &CloudWatch, range: &Range<u64>, period: u64) -> Result<Vec<Series>> {
    check_period(period)?;
    check_ids(queries)?;
    let evaluation = Evaluation { queries, cloudwatch, range, period, asked: Vec::new() };
    match evaluation.query(id)? {
        Value::Series(series) => Ok(vec![series]),
        Value::Array(array) => Ok(array),
        Value::Scalar(_) => Err(format!("{id} is a number, and has to be a time series")),
    }
}

fn check_ids(queries: &[Query]) -> Result<()> {
    let mut ids = BTreeMap::new();
    for Query { id, source } in queries {
        let letters = id.starts_with(|char: char| char.is_ascii_lowercase())
            && id.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
        if !letters || ids.insert(id, source).is_some() {
            return Err(format!(
                "the id {id:?} has to begin with a small letter, have letters, digits and _ only, and be there once"
            ));
        }
    }
    Ok(())
}

#[derive(Clone)]
struct Evaluation<'a> {
    queries: &'a [Query],
    cloudwatch: &'a CloudWatch,
    range: &'a Range<u64>,
    period: u64,
    /// Whose values are being asked for.
    asked: Vec<&'a str>,
}

impl<'a> Evaluation<'a> {
    fn query(&self, id: &str) -> Result<Value> {
        let query = self.find(id)?;
        match &query.source {
            Source::Metric { metric, statistic, period } if *period == self.period => {
                let series = self.cloudwatch.statistic(metric, statistic.parse()?, *period, self.range);
                Ok(Value::Series(series.map_err(|error| format!("{id}: {error}"))?))
            }
            Source::Metric { period, .. } => Err(format!(
                "{id} has a period of {period} s, and not {} s: an alarm's metrics have to have the same",
                self.period
            )),
            Source::Expression(_) if self.asked.contains(&id) => Err(format!("{id} asks for itself")),
            Source::Expression(text) => {
                let mut inner = self.clone();
                inner.asked.push(&query.id);
                let value = parser::parse(text).and_then(|expression| inner.value(&expression));
                value.map_err(|error| format!("{id}: {error}"))
            }
        }
    }

    fn find(&self, id: &str) -> Result<&'a Query> {
        self.queries.iter().find(|query| query.id == id).ok_or_else(|| format!("there is no {id}"))
    }

    fn value(&self, expression: &Expression) -> Result<Value> {
        match expression {
            Expression::Number(number) => Ok(Value::Scalar(*number)),
            Expression::Name(id) => self.query(id),
            Expression::Text(text) => Err(format!("{text:?} is not an argument of SEARCH or METRICS")),
            Expression::Array(items) => {
                let mut array = Vec::new();
                for item in items {
                    match self.value(item)? {
                        Value::Series(series) => array.push(series),
                        Value::Array(more) => array.extend(more),
                        Value::Scalar(_) => return Err("an array is of time series, and not of numbers".to_owned()),
                    }
                }
                Ok(Value::Array(array))
            }
            Expression::Minus(operand) => operators::apply(Operator::Multiply, Value::Scalar(-1.0), self.value(operand)?),
            Expression::Binary(operator, left, right) => operators::apply(*operator, self.value(left)?, self.value(right)?),
            Expression::Call(name, arguments) => self.call(name, arguments),
        }
    }

    /// The beginnings of all periods.
    fn periods(&self) -> impl Iterator<Item = u64> + use<'_> {
        let first = self.range.start.div_ceil(self.period);
        (first..).map(|index| index * self.period).take_while(|start| *start < self.range.end)
    }
}
