//! The functions that are modelled.

use super::parser::Expression;
use super::{Evaluation, Source, Value, search};
use crate::Result;
use crate::cloudwatch::{Series, Statistic, check_period};

impl Evaluation<'_> {
    pub(super) fn call(&self, name: &str, arguments: &[Expression]) -> Result<Value> {
        match (name, arguments) {
            ("METRICS", []) => self.metrics(""),
            ("METRICS", [Expression::Text(part)]) => self.metrics(part),
            ("SEARCH", [Expression::Text(text), Expression::Text(statistic), Expression::Number(period)]) => {
                self.search(text, statistic, *period as u64)
            }
            ("IF", [condition, yes]) => choose(self.value(condition)?, self.value(yes)?, None),
            ("IF", [condition, yes, no]) => choose(self.value(condition)?, self.value(yes)?, Some(self.value(no)?)),
            ("FILL", [series, Expression::Number(filler)]) => self.fill(self.value(series)?, *filler),
            ("SORT", [array, Expression::Name(by), Expression::Name(order), Expression::Number(limit)]) => {
                sort(self.array(array)?, by, order, *limit as usize)
            }
            ("SUM" | "MAX", [argument]) => match self.value(argument)? {
                Value::Series(series) => Ok(Value::Scalar(reduce(name, series.into_values()).ok_or("MAX of nothing")?)),
                Value::Array(array) => Ok(Value::Series(aggregate(name, &array))),
                Value::Scalar(_) => Err(format!("{name} is of time series")),
            },
            ("METRICS" | "SEARCH" | "IF" | "FILL" | "SORT" | "SUM" | "MAX", _) => {
                Err(format!("{name} does not take these arguments: {arguments:?}"))
            }
            _ => Err(format!("{name} is no function, or one that is not modelled")),
        }
    }

    /// Of all queries that are metrics and have `part` in their id.
    fn metrics(&self, part: &str) -> Result<Value> {
        let metrics =
            self.queries.iter().filter(|query| matches!(query.source, Source::Metric { .. }) && query.id.contains(part));
        let series = metrics.map(|query| match self.query(&query.id)? {
            Value::Series(series) => Ok(series),
            other => Err(format!("{other:?} is no time series")),
        });
        series.collect::<Result<_>>().map(Value::Array)
    }

    fn search(&self, text: &str, statistic: &str, period: u64) -> Result<Value> {
        check_period(period)?;
        let search = search::Search::parse(text)?;
        let statistic: Statistic = statistic.parse()?;
        let found = self.cloudwatch.list_metrics().filter(|metric| search.finds(metric));
        found
            .map(|metric| self.cloudwatch.statistic(metric, statistic, period, self.range))
            .collect::<Result<_>>()
            .map(Value::Array)
    }

    fn array(&self, expression: &Expression) -> Result<Vec<Series>> {
        match self.value(expression)? {
            Value::Array(array) => Ok(array),
            other => Err(format!("{other:?} is no array")),
        }
    }

    fn fill(&self, value: Value, filler: f64) -> Result<Value> {
        let fill = |series: Series| -> Series {
            self.periods().map(|time| (time, series.get(&time).copied().unwrap_or(filler))).collect()
        };
        match value {
            Value::Series(series) => Ok(Value::Series(fill(series))),
            Value::Array(array) => Ok(Value::Array(array.into_iter().map(fill).collect())),
            Value::Scalar(_) => Err("FILL is of time series".to_owned()),
        }
    }
}

/// IF: for each value of the condition. Where it is true and `yes` has none, the value is 0; where it is false and `no` has none, there is none.
fn choose(condition: Value, yes: Value, no: Option<Value>) -> Result<Value> {
    let at = |value: &Value, time: u64| match value {
        Value::Scalar(value) => Ok(Some(*value)),
        Value::Series(series) => Ok(series.get(&time).copied()),
        Value::Array(_) => Err("IF takes no arrays".to_owned()),
    };
    match condition {
        Value::Series(condition) => {
            let mut chosen = Series::new();
            for (time, condition) in condition {
                let value = match &no {
                    _ if condition != 0.0 => Some(at(&yes, time)?.unwrap_or(0.0)),
                    Some(no) => at(no, time)?,
                    None => None,
                };
                chosen.extend(value.map(|value| (time, value)));
            }
            Ok(Value::Series(chosen))
        }
        Value::Scalar(condition) => match if condition != 0.0 { yes } else { no.unwrap_or_else(|| Value::Series(Series::new())) }
        {
            Value::Series(series) => Ok(Value::Series(series)),
            _ => Err("IF of a number takes time series".to_owned()),
        },
        Value::Array(_) => Err("IF takes no arrays".to_owned()),
    }
}

fn reduce(name: &str, values: impl Iterator<Item = f64>) -> Option<f64> {
    if name == "SUM" { Some(values.sum()) } else { values.reduce(f64::max) }
}

fn aggregate(name: &str, array: &[Series]) -> Series {
    let times = array.iter().flat_map(Series::keys).copied();
    let value = |time| reduce(name, array.iter().filter_map(|series| series.get(&time).copied()));
    times.filter_map(|time| Some((time, value(time)?))).collect()
}

/// The first of those that have most. Series without data points come last.
fn sort(array: Vec<Series>, by: &str, order: &str, limit: usize) -> Result<Value> {
    if !matches!(by, "MAX" | "SUM") || order != "DESC" {
        return Err(format!("SORT is not modelled by {by} {order}, but by MAX or SUM and DESC"));
    }
    let key = |series: &Series| {
        let most = reduce(by, series.values().copied()).filter(|_| !series.is_empty());
        most.unwrap_or(f64::NEG_INFINITY)
    };
    let mut sorted = array;
    sorted.sort_by(|one, other| key(other).total_cmp(&key(one)));
    sorted.truncate(limit);
    Ok(Value::Array(sorted))
}
