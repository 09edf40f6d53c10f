//! A metric with its dimensions and its statistic.

use std::collections::BTreeSet;

use taproom::telemetry::metrics::{Kind, definitions};

use crate::Result;
use crate::asked::aws;
use crate::cloudwatch::{CloudWatch, MetricRef, Statistic};

/// Ours; it is in `collector.yaml`, and a variable of the templates.
pub const NAMESPACE: &str = "Taproom";
/// Recorded once a task: how often that was is how many tasks were started.
const STARTS: &str = "taproom.startup.duration";

/// Whether the service sends such a metric, or AWS has it.
pub fn check(metric: &MetricRef, statistic: &str, cloudwatch: &CloudWatch) -> Result<()> {
    if metric.namespace != NAMESPACE {
        return aws::check(metric, statistic);
    }
    check_existence(metric, cloudwatch)?;
    check_statistic(&metric.name, statistic)
}

fn check_existence(metric: &MetricRef, cloudwatch: &CloudWatch) -> Result<()> {
    let MetricRef { namespace, name, dimensions } = metric;
    let same_name: Vec<_> =
        cloudwatch.list_metrics().filter(|known| known.name == *name && known.namespace == *namespace).collect();
    if same_name.is_empty() {
        let names: BTreeSet<_> = cloudwatch.list_metrics().map(|known| known.name.as_str()).collect();
        return Err(format!("the service sends no metric {name}, but {names:?}"));
    }
    let same_keys: Vec<_> = same_name.iter().filter(|known| known.dimensions.keys().eq(dimensions.keys())).collect();
    if same_keys.is_empty() {
        let keys = dimensions.keys().collect::<Vec<_>>();
        let sets: BTreeSet<_> = same_name.iter().map(|known| known.dimensions.keys().collect::<Vec<_>>()).collect();
        return Err(format!("{name} has no dimensions {keys:?}, but {sets:?}"));
    }
    if !same_keys.iter().any(|known| known.dimensions == *dimensions) {
        let values: BTreeSet<_> = same_keys.iter().map(|known| known.dimensions.values().collect::<Vec<_>>()).collect();
        return Err(format!("{name} was never sent with {dimensions:?}, but with the values {values:?}"));
    }
    Ok(())
}

/// What the statistic says of a metric of this kind.
pub fn check_statistic(name: &str, statistic: &str) -> Result<()> {
    let parsed: Statistic = statistic.parse()?;
    let known = definitions().into_iter().find(|known| known.name == name);
    let kind = known.ok_or_else(|| format!("{name} is not registered"))?.kind;
    let means_something = match (kind, parsed) {
        (Kind::Histogram, Statistic::Sum) => name == "graphql.server.db_statements",
        (Kind::Histogram, _) | (Kind::Counter, Statistic::Sum) => true,
        (Kind::Counter, _) | (Kind::Gauge, Statistic::Sum | Statistic::Percentile(_)) => false,
        (Kind::Gauge, Statistic::SampleCount) => name == STARTS,
        (Kind::Gauge, Statistic::Average | Statistic::Minimum | Statistic::Maximum) => true,
    };
    if means_something { Ok(()) } else { Err(format!("{statistic} says nothing of {name}, which is a {kind:?}")) }
}
