//! Expressions, evaluated over what was recorded.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::metric::{self, NAMESPACE};
use crate::Result;
use crate::cloudwatch::{CloudWatch, Datapoint, MetricRef, Series, Statistic};
use crate::metric_math::{Query, Source, evaluate};
use crate::service::{ENVIRONMENT, SERVICE};

/// What the query `id` shows of the recording. Metrics of AWS are made up, so that what is divided by them is there.
pub fn evaluate_recorded(queries: &[Query], id: &str, cloudwatch: &CloudWatch, period: u64) -> Result<Vec<Series>> {
    let recorded = recorded(cloudwatch)?;
    let mut cloudwatch = cloudwatch.clone();
    for Query { source, .. } in queries {
        if let Source::Metric { metric, .. } = source
            && metric.namespace != NAMESPACE
            && cloudwatch.unit(metric).is_none()
        {
            for minute in recorded.clone().step_by(60) {
                cloudwatch.put(metric.clone(), "Count", Datapoint::single(minute * 1_000, 100.0))?;
            }
        }
    }
    let longest = queries.iter().map(|query| match &query.source {
        Source::Metric { period, .. } => *period,
        Source::Expression(_) => period,
    });
    let longest = longest.max().unwrap_or(period);
    let range = recorded.start / longest * longest..recorded.end;
    evaluate(queries, id, &cloudwatch, &range, period)
}

/// When there was something to record.
fn recorded(cloudwatch: &CloudWatch) -> Result<Range<u64>> {
    let requests = MetricRef::new(
        NAMESPACE,
        "graphql.server.requests",
        [("service.name", SERVICE), ("deployment.environment.name", ENVIRONMENT)],
    );
    let minutes = cloudwatch.statistic(&requests, Statistic::Sum, 60, &(0..u64::MAX))?;
    let (first, last) = (minutes.keys().next(), minutes.keys().next_back());
    let (first, last) = first.zip(last).ok_or("nothing was recorded")?;
    Ok(*first..last + 60)
}

/// Searches name a metric and a statistic that goes with it.
pub fn check_searches(expression: &str) -> Result<()> {
    static SEARCH: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#"SEARCH\('([^']*)', *'([^']*)', *[0-9]+\)"#).unwrap());
    static NAME: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#"MetricName="([^"]*)""#).unwrap());
    let found: Vec<_> = SEARCH.captures_iter(expression).collect();
    if found.len() != expression.matches("SEARCH(").count() {
        return Err(format!("a search is written SEARCH('…', 'Statistic', period): {expression}"));
    }
    for search in found {
        let name = NAME.captures(&search[1]).ok_or_else(|| format!("a search has to name its metric: {}", &search[1]))?;
        metric::check_statistic(&name[1], &search[2])?;
    }
    Ok(())
}
