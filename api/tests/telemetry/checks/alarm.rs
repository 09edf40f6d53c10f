//! Alarms.

use super::{expression, metric};
use crate::Result;
use crate::asked::alarm::Alarm;
use crate::asked::path;
use crate::cloudwatch::{CloudWatch, check_period};
use crate::metric_math::Source;

/// A bound of ours, with which an alarm can still be understood.
const MOST_METRICS: usize = 10;
/// Seconds that period × evaluation periods may be, below an hour's period and above
/// (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html>).
const LONGEST: [u64; 2] = [86_400, 604_800];
/// They look further back in alarms than one thinks, says AWS.
const UNSUITABLE: [&str; 3] = ["SEARCH(", "METRICS(", "SORT("];

/// What is wrong with an alarm.
pub fn check(alarm: &Alarm, cloudwatch: &CloudWatch) -> Vec<String> {
    let wrong = [check_words(alarm), check_numbers(alarm), check_queries(alarm, cloudwatch)];
    wrong.into_iter().filter_map(Result::err).map(|wrong| format!("{}: {wrong}", alarm.name)).collect()
}

fn check_words(alarm: &Alarm) -> Result<()> {
    let Alarm { name, summary, severity, runbook, .. } = alarm;
    if !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
        return Err("its name has more than small letters and hyphens".to_owned());
    }
    if !summary.ends_with('.') || summary.contains('\n') {
        return Err(format!("its summary is no sentence: {summary:?}"));
    }
    let file = path(&format!("docs/runbooks/{runbook}.md"));
    let text = std::fs::read_to_string(&file).map_err(|error| format!("its runbook {runbook}.md: {error}"))?;
    // Those of the gate are named for any candidate there.
    let known_as = name.replace("-blue-", "-").replace("-green-", "-");
    let known_as = known_as.strip_prefix("gate-").unwrap_or(&known_as);
    if !text.contains(known_as) {
        return Err(format!("its runbook {runbook}.md does not name it ({severity:?}, {known_as:?})"));
    }
    Ok(())
}

fn check_numbers(alarm: &Alarm) -> Result<()> {
    let Alarm { period, evaluation_periods, datapoints_to_alarm, threshold, .. } = *alarm;
    check_period(period)?;
    if datapoints_to_alarm == 0 || datapoints_to_alarm > evaluation_periods {
        return Err(format!("{datapoints_to_alarm} of {evaluation_periods} points cannot be"));
    }
    let longest = LONGEST[usize::from(period >= 3_600)];
    if period * evaluation_periods > longest {
        return Err(format!("{evaluation_periods} × {period} s are more than {longest} s"));
    }
    if !threshold.is_finite() || threshold < 0.0 {
        return Err(format!("its threshold is {threshold}"));
    }
    Ok(())
}

fn check_queries(alarm: &Alarm, cloudwatch: &CloudWatch) -> Result<()> {
    let judged = alarm.judged()?;
    if alarm.queries.iter().any(|query| query.id == judged && query.label.is_none()) {
        return Err("what it judges has no label, by which its graph explains itself".to_owned());
    }
    let queries = alarm.math()?;
    let mut metrics = 0;
    for query in &queries {
        match &query.source {
            Source::Metric { metric, statistic, period } => {
                metrics += 1;
                metric::check(metric, statistic, cloudwatch)?;
                if *period != alarm.period {
                    return Err(format!("{} has a period of {period} s, and the alarm one of {} s", query.id, alarm.period));
                }
            }
            Source::Expression(expression) => {
                if let Some(function) = UNSUITABLE.into_iter().find(|function| expression.contains(function)) {
                    return Err(format!("{} has {function}…), which is not for alarms", query.id));
                }
            }
        }
    }
    if metrics > MOST_METRICS {
        return Err(format!("it has {metrics} metrics, which are more than {MOST_METRICS}"));
    }
    let series = expression::evaluate_recorded(&queries, judged, cloudwatch, alarm.period)?;
    match &series[..] {
        [series] if !series.is_empty() => Ok(()),
        [_] => Err("what it judges has no value in what was recorded".to_owned()),
        several => Err(format!("it judges {} series, and not one", several.len())),
    }
}
