//! Alarms, as Terraform reads them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::template::{render, render_for};
use crate::Result;
use crate::cloudwatch::MetricRef;
use crate::metric_math::{Query, Source};

pub const SLOTS: [&str; 2] = ["blue", "green"];

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alarm {
    pub name: String,
    pub summary: String,
    pub severity: Severity,
    pub runbook: String,
    pub comparison: Comparison,
    pub threshold: f64,
    pub period: u64,
    pub evaluation_periods: u64,
    pub datapoints_to_alarm: u64,
    #[expect(dead_code, reason = "it is read for it to be there: it has one value")]
    missing_data: MissingData,
    pub queries: Vec<AlarmQuery>,
    /// Whether it is in the deployment group's own list.
    #[serde(default = "yes")]
    pub default: bool,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Page,
    Ticket,
}

/// What a period without data counts as. There is one answer for all: whoever is silent at night wakes nobody, and silence has alarms of its own.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MissingData {
    NotBreaching,
}

/// Of [CloudWatch's](https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html), those without a band.
#[derive(Clone, Copy, Debug, Deserialize)]
#[allow(clippy::enum_variant_names, reason = "AWS calls them so")]
pub enum Comparison {
    GreaterThanThreshold,
    GreaterThanOrEqualToThreshold,
    LessThanThreshold,
    LessThanOrEqualToThreshold,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlarmQuery {
    pub id: String,
    #[serde(default)]
    pub label: Option<String>,
    #[serde(default)]
    pub expression: Option<String>,
    #[serde(default)]
    pub metric: Option<AlarmMetric>,
    #[serde(default)]
    pub return_data: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlarmMetric {
    pub namespace: String,
    pub name: String,
    pub dimensions: BTreeMap<String, String>,
    pub stat: String,
    /// The alarm's, if it says nothing.
    #[serde(default)]
    pub period: Option<u64>,
}

/// `gate.yaml`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Gate {
    slot: Vec<Alarm>,
    shared: Vec<Alarm>,
}

fn yes() -> bool {
    true
}

/// Those of the service.
pub fn service() -> Result<Vec<Alarm>> {
    parse("dashboards/alarms.yaml", &render(&super::read("dashboards/alarms.yaml")?, &[])?)
}

/// Those that judge this candidate alone.
pub fn of_slot(candidate: &str) -> Result<Vec<Alarm>> {
    Ok(gate(candidate)?.slot)
}

/// Those of the gate that judge both.
pub fn shared() -> Result<Vec<Alarm>> {
    Ok(gate(SLOTS[0])?.shared)
}

/// Every alarm there is.
pub fn all() -> Result<Vec<Alarm>> {
    Ok([service()?, of_slot(SLOTS[0])?, of_slot(SLOTS[1])?, shared()?].concat())
}

fn gate(candidate: &str) -> Result<Gate> {
    parse("dashboards/gate.yaml", &render_for(&super::read("dashboards/gate.yaml")?, candidate)?)
}

fn parse<T: for<'a> Deserialize<'a>>(file: &str, text: &str) -> Result<T> {
    serde_saphyr::from_str(text).map_err(|error| format!("{file}: {error}"))
}

impl Alarm {
    /// The id of what is compared with the threshold.
    pub fn judged(&self) -> Result<&str> {
        match self.queries.iter().filter(|query| query.return_data).collect::<Vec<_>>()[..] {
            [judged] => Ok(&judged.id),
            ref several => Err(format!("{} queries have return_data, not one", several.len())),
        }
    }

    pub fn math(&self) -> Result<Vec<Query>> {
        self.queries.iter().map(|query| query.math(self.period)).collect()
    }

    pub fn breaches(&self, value: f64) -> bool {
        match self.comparison {
            Comparison::GreaterThanThreshold => value > self.threshold,
            Comparison::GreaterThanOrEqualToThreshold => value >= self.threshold,
            Comparison::LessThanThreshold => value < self.threshold,
            Comparison::LessThanOrEqualToThreshold => value <= self.threshold,
        }
    }
}

impl AlarmQuery {
    fn math(&self, period: u64) -> Result<Query> {
        let source = match (&self.expression, &self.metric) {
            (Some(expression), None) => Source::Expression(expression.clone()),
            (None, Some(metric)) => Source::Metric {
                metric: MetricRef {
                    namespace: metric.namespace.clone(),
                    name: metric.name.clone(),
                    dimensions: metric.dimensions.clone(),
                },
                statistic: metric.stat.clone(),
                period: metric.period.unwrap_or(period),
            },
            _ => return Err(format!("the query {} is to have an expression or a metric", self.id)),
        };
        Ok(Query { id: self.id.clone(), source })
    }
}

#[test]
fn every_alarm_says_that_what_is_missing_breaches_nothing() {
    let file = "dashboards/alarms.yaml";
    let text = render(&super::read(file).unwrap(), &[]).unwrap();
    let changed = |to: &str| parse::<Vec<Alarm>>(file, &text.replacen("missing_data: notBreaching", to, 1)).unwrap_err();
    for (to, expected) in [("missing_data: breaching", "breaching"), ("", "missing_data")] {
        let error = changed(to);
        assert!(error.starts_with(file) && error.contains(expected), "{error}");
    }
}
