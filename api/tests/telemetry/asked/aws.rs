//! `aws-metrics.yaml`: AWS's own metrics, which nothing here sends.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::Result;
use crate::cloudwatch::MetricRef;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Namespace {
    namespace: String,
    source: String,
    metrics: Vec<Metric>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Metric {
    name: String,
    dimensions: Vec<BTreeSet<String>>,
    statistics: Vec<String>,
    #[expect(dead_code, reason = "for those who read the file")]
    unit: String,
}

static LIST: LazyLock<Vec<Namespace>> = LazyLock::new(|| {
    let list: Vec<Namespace> = serde_saphyr::from_str(&super::read("dashboards/aws-metrics.yaml").unwrap()).unwrap();
    assert!(list.iter().all(|namespace| namespace.source.starts_with("https://docs.aws.amazon.com/")), "{list:#?}");
    list
});

/// Whether AWS has such a metric, with these dimensions and this statistic.
pub fn check(metric: &MetricRef, statistic: &str) -> Result<()> {
    let MetricRef { namespace, name, dimensions } = metric;
    let namespaces = || LIST.iter().map(|known| known.namespace.as_str()).collect::<Vec<_>>();
    let known = LIST.iter().find(|known| known.namespace == *namespace);
    let known = known.ok_or_else(|| format!("aws-metrics.yaml has no namespace {namespace}, only {:?}", namespaces()))?;
    let names = || known.metrics.iter().map(|metric| metric.name.as_str()).collect::<Vec<_>>();
    let known = known.metrics.iter().find(|known| known.name == *name);
    let known = known.ok_or_else(|| format!("{namespace} has no metric {name} in aws-metrics.yaml, only {:?}", names()))?;
    let keys: BTreeSet<String> = dimensions.keys().cloned().collect();
    if !known.dimensions.contains(&keys) {
        return Err(format!("{namespace} {name} has no dimensions {keys:?}, only {:?}", known.dimensions));
    }
    let is_percentile = statistic.strip_prefix('p').is_some_and(|percent| percent.parse::<f64>().is_ok());
    if !known.statistics.iter().any(|known| known == statistic || (known == "percentile" && is_percentile)) {
        return Err(format!("{namespace} {name} has no statistic {statistic}, only {:?}", known.statistics));
    }
    Ok(())
}
