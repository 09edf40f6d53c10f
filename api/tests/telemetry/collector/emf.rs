//! The exporter awsemf: `metric_translator.go`, `grouped_metric.go`, `metric_declaration.go` and `datapoint.go` in upstream's `exporter/awsemfexporter`.

use std::collections::{BTreeMap, BTreeSet};

use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{AggregationTemporality, Metric, NumberDataPoint, number_data_point};
use regex::Regex;
use serde::{Deserialize, Deserializer};

use super::attributes::{self, Attributes};
use super::histogram;
use crate::Result;
use crate::cloudwatch::{CloudWatch, Datapoint, MetricRef};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwsEmf {
    namespace: String,
    log_group_name: String,
    log_stream_name: String,
    version: String,
    dimension_rollup_option: String,
    resource_to_telemetry_conversion: Enabled,
    retain_initial_value_of_delta_metric: bool,
    detailed_metrics: bool,
    metric_declarations: Vec<Declaration>,
    metric_descriptors: Vec<Descriptor>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Enabled {
    enabled: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Declaration {
    dimensions: Vec<Vec<String>>,
    #[serde(deserialize_with = "selectors")]
    metric_name_selectors: Vec<Regex>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Descriptor {
    metric_name: String,
    unit: String,
    overwrite: bool,
}

/// Names with times and labels that were in this batch. The exporter keeps the first of those that are the same.
pub type Seen = BTreeSet<(String, u64, BTreeMap<String, String>)>;

/// `newEMFSupportedUnits` in `config.go`, which are those of CloudWatch's `StandardUnit`.
const UNITS: [&str; 27] = [
    "Seconds",
    "Microseconds",
    "Milliseconds",
    "Bytes",
    "Kilobytes",
    "Megabytes",
    "Gigabytes",
    "Terabytes",
    "Bits",
    "Kilobits",
    "Megabits",
    "Gigabits",
    "Terabits",
    "Percent",
    "Count",
    "Bytes/Second",
    "Kilobytes/Second",
    "Megabytes/Second",
    "Gigabytes/Second",
    "Terabytes/Second",
    "Bits/Second",
    "Kilobits/Second",
    "Megabits/Second",
    "Gigabits/Second",
    "Terabits/Second",
    "Count/Second",
    "None",
];

/// What `init` in `metric_declaration.go` allows a set to have.
const MOST_DIMENSIONS: usize = 10;
/// What EMF allows a dimension's value to have.
const LONGEST_VALUE: usize = 1024;

impl AwsEmf {
    pub fn checked(self) -> Result<Self> {
        let modelled = self.version == "1"
            && self.dimension_rollup_option == "NoDimensionRollup"
            && self.resource_to_telemetry_conversion.enabled
            && !self.retain_initial_value_of_delta_metric
            && !self.detailed_metrics;
        if !modelled {
            return Err(
                "awsemf is modelled with version 1, no rollup, the resource's attributes, and deltas as they are".to_owned()
            );
        }
        if self.log_group_name.is_empty() || self.log_stream_name.is_empty() {
            return Err("awsemf has to say where its log is".to_owned());
        }
        let sets = || self.metric_declarations.iter().flat_map(|declaration| &declaration.dimensions);
        if let Some(set) = sets().find(|set| set.len() > MOST_DIMENSIONS || set.iter().collect::<BTreeSet<_>>().len() < set.len())
        {
            return Err(format!(
                "awsemf drops a set with more than {MOST_DIMENSIONS} dimensions, or mends one that repeats some: {set:?}"
            ));
        }
        if let Some(unknown) = self.metric_descriptors.iter().find(|descriptor| !UNITS.contains(&descriptor.unit.as_str())) {
            return Err(format!("awsemf drops the descriptor of {}, whose unit is {}", unknown.metric_name, unknown.unit));
        }
        Ok(self)
    }

    /// `translateUnit` in `grouped_metric.go`.
    fn unit(&self, metric: &Metric) -> Result<&'static str> {
        let descriptor = self.metric_descriptors.iter().rfind(|descriptor| descriptor.metric_name == metric.name);
        let unit = match (descriptor, metric.unit.as_str()) {
            (Some(descriptor), unit) if descriptor.overwrite || unit.is_empty() => descriptor.unit.as_str(),
            // CloudWatch calls a metric's unit None if EMF says nothing.
            (_, "" | "1" | "ns") => "None",
            (_, "ms") => "Milliseconds",
            (_, "s") => "Seconds",
            (_, "us") => "Microseconds",
            (_, "By") => "Bytes",
            (_, "bit") => "Bits",
            (_, other) => other,
        };
        let known = UNITS.into_iter().find(|known| *known == unit);
        known.ok_or_else(|| format!("{unit:?} is no unit of CloudWatch: give it one in metric_descriptors"))
    }

    /// `groupedMetricToCWMeasurementsWithFilters` in `metric_translator.go`.
    fn dimensions(&self, name: &str, labels: &BTreeMap<String, String>) -> Result<BTreeSet<BTreeMap<String, String>>> {
        let declared =
            |declaration: &&Declaration| declaration.metric_name_selectors.iter().any(|selector| selector.is_match(name));
        let mut declarations = self.metric_declarations.iter().filter(declared).peekable();
        if declarations.peek().is_none() {
            return Err("no metric_declaration selects it: it would be in the log only".to_owned());
        }
        // A label that is missing leaves a set out.
        let pick =
            |set: &Vec<String>| set.iter().map(|name| Some((name.clone(), labels.get(name)?.clone()))).collect::<Option<_>>();
        let sets: BTreeSet<BTreeMap<String, String>> =
            declarations.flat_map(|declaration| &declaration.dimensions).filter_map(pick).collect();
        if sets.is_empty() {
            return Err(format!("it has no set of dimensions whole, and would be in the log only: {labels:?}"));
        }
        if let Some((name, value)) = sets.iter().flatten().find(|(_, value)| value.is_empty() || value.len() > LONGEST_VALUE) {
            return Err(format!("CloudWatch takes no dimension {name} whose value has {} bytes", value.len()));
        }
        Ok(sets)
    }
}

/// Puts a metric's data points.
pub fn put(
    metric: &Metric,
    library: &str,
    resource: &Attributes,
    config: &AwsEmf,
    seen: &mut Seen,
    cloudwatch: &mut CloudWatch,
) -> Result<()> {
    let unit = config.unit(metric)?;
    for (attributes, datapoint) in datapoints(metric)? {
        // An attribute of the resource wins, as in pkg/resourcetotelemetry.
        let mut labels: BTreeMap<String, String> =
            attributes.iter().map(|(key, value)| (key.clone(), attributes::label(value))).collect();
        labels.extend(resource.iter().map(|(key, value)| (key.clone(), attributes::label(value))));
        if !library.is_empty() {
            labels.insert("OTelLib".to_owned(), library.to_owned());
        }
        for dimensions in config.dimensions(&metric.name, &labels)? {
            let metric = MetricRef { namespace: config.namespace.clone(), name: metric.name.clone(), dimensions };
            cloudwatch.put(metric, unit, datapoint.clone())?;
        }
        if !seen.insert((metric.name.clone(), datapoint.time, labels)) {
            return Err("twice for the same time and labels in a batch, of which awsemf drops the second".to_owned());
        }
    }
    Ok(())
}

fn datapoints(metric: &Metric) -> Result<Vec<(Attributes, Datapoint)>> {
    match &metric.data {
        Some(Data::Gauge(gauge)) => gauge.data_points.iter().map(number).collect(),
        Some(Data::Sum(sum)) => {
            delta(sum.aggregation_temporality)?;
            sum.data_points.iter().map(number).collect()
        }
        Some(Data::ExponentialHistogram(histogram)) => {
            delta(histogram.aggregation_temporality)?;
            histogram.data_points.iter().map(histogram::datapoint).collect()
        }
        Some(Data::Histogram(_)) => {
            Err("explicit buckets arrive as a minimum, maximum, sum and count, without percentiles: use an exponential histogram"
                .to_owned())
        }
        Some(Data::Summary(_)) | None => Err("there is no model of its type".to_owned()),
    }
}

fn delta(temporality: i32) -> Result<()> {
    if temporality != i32::from(AggregationTemporality::Delta) {
        return Err(
            "it is cumulative: awsemf would lose the first value of each series, and takes histograms for deltas: send deltas"
                .to_owned(),
        );
    }
    Ok(())
}

fn number(point: &NumberDataPoint) -> Result<(Attributes, Datapoint)> {
    let value = match point.value {
        Some(number_data_point::Value::AsDouble(value)) => value,
        Some(number_data_point::Value::AsInt(value)) => value as f64,
        None => return Err("a data point has no value".to_owned()),
    };
    if !value.is_finite() || point.flags != 0 {
        return Err(format!("awsemf drops data points that are no number: {value}, flags {}", point.flags));
    }
    Ok((attributes::of(&point.attributes)?, Datapoint::single(milliseconds(point.time_unix_nano)?, value)))
}

pub fn milliseconds(time_unix_nano: u64) -> Result<u64> {
    match time_unix_nano / 1_000_000 {
        0 => Err("a data point has no time: awsemf would take that of its export".to_owned()),
        time => Ok(time),
    }
}

fn selectors<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Vec<Regex>, D::Error> {
    let anchored = |text: &String| text.starts_with('^') && text.ends_with('$');
    let texts = Vec::<String>::deserialize(deserializer)?;
    if let Some(text) = texts.iter().find(|text| !anchored(text)) {
        return Err(serde::de::Error::custom(format!(
            "{text} finds names that have more before or after it: put it between ^ and $"
        )));
    }
    texts.iter().map(|text| Regex::new(text).map_err(serde::de::Error::custom)).collect()
}
