//! Arithmetic, comparisons and logic. Where only one of two series has a value, the other's is 0; where neither has, neither has the result.

use super::Value;
use super::parser::Operator;
use crate::Result;
use crate::cloudwatch::Series;

pub fn apply(operator: Operator, left: Value, right: Value) -> Result<Value> {
    Ok(match (left, right) {
        (Value::Scalar(left), Value::Scalar(right)) => {
            Value::Scalar(number(operator, left, right).ok_or_else(|| format!("{left} divided by 0"))?)
        }
        (Value::Series(left), Value::Scalar(right)) => Value::Series(each(left, |left| number(operator, left, right))),
        (Value::Scalar(left), Value::Series(right)) => Value::Series(each(right, |right| number(operator, left, right))),
        (Value::Series(left), Value::Series(right)) => Value::Series(both(operator, &left, &right)),
        (Value::Array(_), Value::Array(_)) => return Err("there are no operators for two arrays".to_owned()),
        _ if !arithmetic(operator) => return Err("arrays cannot be compared".to_owned()),
        (Value::Array(left), right) => array(left, |left| apply(operator, left, right.clone()))?,
        (left, Value::Array(right)) => array(right, |right| apply(operator, left.clone(), right))?,
    })
}

fn arithmetic(operator: Operator) -> bool {
    matches!(operator, Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide)
}

/// Nothing, and thereby no data point, for what is no number, such as a division by 0.
fn number(operator: Operator, left: f64, right: f64) -> Option<f64> {
    let truth = |truth: bool| if truth { 1.0 } else { 0.0 };
    let result = match operator {
        Operator::And => truth(left != 0.0 && right != 0.0),
        Operator::Equal => truth(left == right),
        Operator::NotEqual => truth(left != right),
        Operator::LessOrEqual => truth(left <= right),
        Operator::GreaterOrEqual => truth(left >= right),
        Operator::Less => truth(left < right),
        Operator::Greater => truth(left > right),
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide => left / right,
    };
    result.is_finite().then_some(result)
}

fn each(series: Series, change: impl Fn(f64) -> Option<f64>) -> Series {
    series.into_iter().filter_map(|(time, value)| Some((time, change(value)?))).collect()
}

fn both(operator: Operator, left: &Series, right: &Series) -> Series {
    let value = |series: &Series, time| series.get(time).copied().unwrap_or(0.0);
    let times = left.keys().chain(right.keys());
    times.filter_map(|time| Some((*time, number(operator, value(left, time), value(right, time))?))).collect()
}

fn array(series: Vec<Series>, change: impl Fn(Value) -> Result<Value>) -> Result<Value> {
    let change = |series| match change(Value::Series(series))? {
        Value::Series(series) => Ok(series),
        other => Err(format!("{other:?} is no time series")),
    };
    series.into_iter().map(change).collect::<Result<_>>().map(Value::Array)
}
