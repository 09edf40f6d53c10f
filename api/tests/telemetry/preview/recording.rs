//! What CloudWatch would have kept of it, in a file.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::board;
use super::insights::{Answer, answer};
use crate::cloudwatch::{CloudWatch, Datapoint, MetricRef};

pub const ENVIRONMENT: &str = "preview";

const MINUTE: u64 = 60;
/// Of an answer: more do not fit into its widget.
const ROWS: usize = 12;

#[derive(Debug, Serialize, Deserialize)]
pub struct Recording {
    /// Seconds since 1970, of whole minutes.
    pub range: Range<u64>,
    pub metrics: Vec<Metric>,
    /// To the boards' queries of the log.
    #[serde(default)]
    pub answers: Vec<Answer>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Metric {
    namespace: String,
    name: String,
    unit: String,
    dimensions: BTreeMap<String, String>,
    /// A minute, since the beginning.
    points: Vec<Point>,
}

/// Minute since the beginning; sum, least and greatest; value, how often it was measured, next value, …
#[derive(Debug, Serialize, Deserialize)]
struct Point(u64, [f64; 3], Vec<f64>);

impl Recording {
    pub fn new(start: u64, end: u64, cloudwatch: &CloudWatch, log: &[Value]) -> Self {
        let range = start / MINUTE * MINUTE..end.div_ceil(MINUTE) * MINUTE;
        let metrics = cloudwatch.metrics().map(|(metric, unit, datapoints)| Metric {
            namespace: metric.namespace.clone(),
            name: metric.name.clone(),
            unit: unit.to_owned(),
            dimensions: metric.dimensions.clone(),
            points: minutes(datapoints, range.start),
        });
        let answers = board::log_queries().iter().map(|query| answer(query, log, ROWS)).collect();
        Self { metrics: metrics.collect(), range, answers }
    }

    pub fn load() -> Self {
        let path = path();
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// A line for each metric.
    pub fn save(&self, path: &Path) {
        let mut text = format!("{{\n\"range\": {},\n\"metrics\": [\n", serde_json::to_string(&self.range).unwrap());
        // Most numbers are counts.
        text += &lines(&self.metrics).replace(".0,", ",").replace(".0]", "]");
        text += "],\n\"answers\": [\n";
        text += &lines(&self.answers);
        text += "]\n}\n";
        std::fs::write(path, text).unwrap();
    }

    /// The metrics as CloudWatch would have them.
    pub fn metrics(&self) -> impl Iterator<Item = (MetricRef, &str, Vec<Datapoint>)> {
        self.metrics.iter().map(|metric| {
            let Metric { namespace, name, dimensions, .. } = metric;
            let name = MetricRef { namespace: namespace.clone(), name: name.clone(), dimensions: dimensions.clone() };
            let datapoints = metric.points.iter().map(|Point(minute, [sum, min, max], values)| Datapoint {
                time: (self.range.start + minute * MINUTE) * 1_000,
                values: values.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect(),
                sum: *sum,
                min: *min,
                max: *max,
            });
            (name, metric.unit.as_str(), datapoints.collect())
        })
    }
}

pub fn path() -> PathBuf {
    folder().join("recording.json")
}

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/dashboards")
}

fn lines(items: &[impl Serialize]) -> String {
    let lines: Vec<String> = items.iter().map(|item| serde_json::to_string(item).unwrap()).collect();
    lines.join(",\n") + "\n"
}

/// Joins the data points of a minute. No board asks for less.
fn minutes(datapoints: &[Datapoint], start: u64) -> Vec<Point> {
    let mut minutes: BTreeMap<u64, Vec<&Datapoint>> = BTreeMap::new();
    for datapoint in datapoints {
        minutes.entry((datapoint.time / 1_000).saturating_sub(start) / MINUTE).or_default().push(datapoint);
    }
    let join = |(minute, datapoints): (u64, Vec<&Datapoint>)| {
        let mut values: Vec<(f64, f64)> = Vec::new();
        for (value, count) in datapoints.iter().flat_map(|datapoint| &datapoint.values) {
            let value = rounded(*value, 2);
            match values.iter_mut().find(|(known, _)| *known == value) {
                Some((_, known)) => *known += count,
                None => values.push((value, *count)),
            }
        }
        values.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let sum = datapoints.iter().map(|datapoint| datapoint.sum).sum();
        let min = datapoints.iter().map(|datapoint| datapoint.min).fold(f64::INFINITY, f64::min);
        let max = datapoints.iter().map(|datapoint| datapoint.max).fold(f64::NEG_INFINITY, f64::max);
        Point(
            minute,
            [sum, min, max].map(|value| rounded(value, 5)),
            values.into_iter().flat_map(|(value, count)| [value, count]).collect(),
        )
    };
    minutes.into_iter().map(join).collect()
}

/// To so many digits.
fn rounded(value: f64, digits: usize) -> f64 {
    format!("{value:.*e}", digits - 1).parse().unwrap()
}
