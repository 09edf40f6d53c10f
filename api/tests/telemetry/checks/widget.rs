//! Widgets of dashboards.

use serde_json::Value;

use super::{expression, layout, log_query, metric};
use crate::Result;
use crate::asked::alarm::Alarm;
use crate::asked::dashboard::{Widget, widgets};
use crate::cloudwatch::CloudWatch;
use crate::metric_math::Source;

/// What there is to hold a dashboard against.
pub struct Known<'a> {
    pub cloudwatch: &'a CloudWatch,
    pub log: &'a [&'a Value],
    pub alarms: &'a [Alarm],
}

/// What is wrong with a dashboard, each by its widget's title.
pub fn check(dashboard: &Value, known: &Known<'_>) -> Vec<String> {
    match widgets(dashboard) {
        Ok(widgets) => widgets.iter().flat_map(|widget| widget.wrong(known)).chain(layout::check(dashboard)).collect(),
        Err(error) => vec![error],
    }
}

impl Widget {
    fn wrong(&self, known: &Known<'_>) -> Vec<String> {
        let metrics = self.queries.iter().map(|query| match &query.source {
            Source::Metric { metric, statistic, .. } => metric::check(metric, statistic, known.cloudwatch),
            Source::Expression(expression) => expression::check_searches(expression),
        });
        let metrics: Vec<_> = metrics.filter_map(Result::err).collect();
        // What is missing would only be told again.
        let shown = if metrics.is_empty() {
            self.drawn.iter().filter_map(|(id, period)| self.check_drawn(id, *period, known).err()).collect()
        } else {
            Vec::new()
        };
        let log = self.log_query.iter().filter_map(|query| log_query::check(query, known.log).err());
        let lines = self.lines.iter().filter_map(|(label, value)| check_line(label, *value, known.alarms).err());
        let all = metrics.into_iter().chain(shown).chain(log).chain(lines);
        all.map(|wrong| format!("“{}”: {wrong}", self.title)).collect()
    }

    /// It is a series, or several, with values.
    fn check_drawn(&self, id: &str, period: u64, known: &Known<'_>) -> Result<()> {
        let series = expression::evaluate_recorded(&self.queries, id, known.cloudwatch, period)?;
        if series.iter().all(|series| series.is_empty()) {
            return Err(format!("{id} shows nothing of what was recorded"));
        }
        Ok(())
    }
}

/// A line that is an alarm's threshold says which: `Alarm NAME: …` or `Alarms NAME and NAME`.
fn check_line(label: &str, value: f64, alarms: &[Alarm]) -> Result<()> {
    let (first, names) = label.split_once(' ').unwrap_or_default();
    if !["Alarm", "Alarms"].contains(&first) {
        return Ok(());
    }
    for name in names.split(':').next().unwrap_or_default().split(" and ") {
        let alarm = alarms.iter().find(|alarm| alarm.name == name);
        let alarm = alarm.ok_or_else(|| format!("the line {label:?} is of no alarm that there is"))?;
        if alarm.threshold.total_cmp(&value).is_ne() {
            return Err(format!("the line {label:?} is at {value}, and the alarm's threshold is {}", alarm.threshold));
        }
    }
    Ok(())
}
