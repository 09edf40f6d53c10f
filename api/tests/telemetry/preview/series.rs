//! What a graph's lines are, of the metrics that were recorded.

use std::collections::BTreeSet;
use std::ops::Range;

use regex::Regex;
use serde_json::Value;

use super::recording::Recording;
use crate::asked::dashboard::Widget;
use crate::cloudwatch::{CloudWatch, Series};
use crate::metric_math::{Query, Source, evaluate};

/// A line of a graph.
#[derive(Debug)]
pub struct Line {
    pub label: String,
    pub color: Option<String>,
    pub right: bool,
    pub period: u64,
    /// Nothing, if it takes metrics of AWS's.
    pub series: Option<Series>,
}

/// The namespaces of AWS's that it takes metrics of.
pub fn foreign(queries: &[Query]) -> BTreeSet<String> {
    let search = Regex::new(r"\{((?:AWS|ECS)/\w+)").unwrap();
    let namespaces = |query: &Query| match &query.source {
        Source::Metric { metric, .. } => Vec::from([metric.namespace.clone()]),
        Source::Expression(text) => search.captures_iter(text).map(|found| found[1].to_owned()).collect(),
    };
    queries.iter().flat_map(namespaces).filter(|namespace| namespace.contains('/')).collect()
}

/// The lines that are drawn of the widget with these properties.
pub fn lines(
    widget: &Widget,
    properties: &Value,
    recording: &Recording,
    cloudwatch: &CloudWatch,
    range: &Range<u64>,
) -> Vec<Line> {
    let mut lines = Vec::new();
    for (id, period) in &widget.drawn {
        let at = widget.queries.iter().position(|query| query.id == *id).unwrap();
        let options = properties["metrics"][at].as_array().unwrap().last().unwrap();
        let text = |key: &str| options[key].as_str().map(str::to_owned);
        let line = |label: String, series| Line {
            label,
            color: text("color"),
            right: text("yAxis").as_deref() == Some("right"),
            period: *period,
            series,
        };
        let range = range.start / period * period..range.end;
        let label = text("label").unwrap_or_else(|| id.clone());
        if !foreign(&needed(id, &widget.queries)).is_empty() {
            lines.push(line(label, None));
            continue;
        }
        let found = evaluate(&widget.queries, id, cloudwatch, &range, *period)
            .unwrap_or_else(|error| panic!("“{}”: {error}", widget.title));
        if matches!(&widget.queries[at].source, Source::Expression(text) if text.contains("SEARCH(")) {
            let mut names = names(&widget.queries, id, recording, &range, *period);
            lines.extend(found.into_iter().map(|series| {
                let own = names.iter().position(|(_, alone)| *alone == series).unwrap();
                line(names.swap_remove(own).0, Some(series))
            }));
        } else {
            lines.extend(found.into_iter().map(|series| line(label.clone(), Some(series))));
        }
    }
    lines
}

/// The series of a search, by what differs between them: the value of the last dimension, each found with that metric alone.
fn names(queries: &[Query], id: &str, recording: &Recording, range: &Range<u64>, period: u64) -> Vec<(String, Series)> {
    let mut names = Vec::new();
    for (metric, unit, datapoints) in recording.metrics() {
        let own = ["service.name", "deployment.environment.name"];
        let Some((_, name)) = metric.dimensions.iter().find(|(key, _)| !own.contains(&key.as_str())) else { continue };
        let name = name.clone();
        let mut alone = CloudWatch::default();
        for datapoint in datapoints {
            alone.put(metric.clone(), unit, datapoint).unwrap();
        }
        names.extend(evaluate(queries, id, &alone, range, period).unwrap().into_iter().map(|series| (name.clone(), series)));
    }
    names
}

/// The query, and those that it takes.
fn needed(id: &str, queries: &[Query]) -> Vec<Query> {
    let word = Regex::new(r"[A-Za-z_]\w*").unwrap();
    let query = queries.iter().find(|query| query.id == id).unwrap();
    let mut needed = vec![query.clone()];
    if let Source::Expression(text) = &query.source {
        for word in word.find_iter(text).map(|word| word.as_str()) {
            if word == "METRICS" {
                needed.extend(queries.iter().filter(|query| matches!(query.source, Source::Metric { .. })).cloned());
            } else if word != id && queries.iter().any(|query| query.id == word) {
                needed.extend(self::needed(word, queries));
            }
        }
    }
    needed
}
