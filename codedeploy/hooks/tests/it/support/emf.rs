//! What a task's collector writes into its log stream, as far as the function reads it: an event with the attributes of the metric and of its resource as text
//! (`translateGroupedMetricToCWMetric` of upstream's awsemf exporter), and the metric under `_aws`. Unlike the exporter, it puts no two metrics into one event.

use opentelemetry_proto::tonic::metrics::v1::{Metric, metric::Data};
use serde_json::{Map, Value, json};

use super::attributes::{self, Attributes};
use super::receiver::Received;
use crate::Result;

/// The events of all that was received, the oldest first, with their milliseconds since 1970.
pub fn events(received: &Received) -> Result<Vec<(i64, Value)>> {
    let mut events = Vec::new();
    for resource_metrics in received.metrics.iter().flat_map(|arrival| &arrival.request.resource_metrics) {
        let resource = attributes::resource(resource_metrics.resource.as_ref())?;
        for metric in resource_metrics.scope_metrics.iter().flat_map(|scope| &scope.metrics) {
            for (nanoseconds, point) in points(metric)? {
                events.push(((nanoseconds / 1_000_000).try_into().unwrap(), event(metric, point, &resource)));
            }
        }
    }
    Ok(events)
}

fn event(metric: &Metric, attributes: Attributes, resource: &Attributes) -> Value {
    // An attribute of the resource wins.
    let labels = attributes.iter().chain(resource).map(|(key, value)| (key.clone(), attributes::label(value).into()));
    let mut event: Map<String, Value> = labels.collect();
    let measured = json!([{ "Namespace": "Taproom", "Dimensions": [["service.name"]], "Metrics": [{ "Name": metric.name }] }]);
    event.insert("_aws".to_owned(), json!({ "CloudWatchMetrics": measured, "Timestamp": 0 }));
    event.insert(metric.name.clone(), 1.into());
    event.into()
}

/// The times and the attributes of its points.
fn points(metric: &Metric) -> Result<Vec<(u64, Attributes)>> {
    let of = |time: u64, point| Ok((time, attributes::of(point)?));
    match &metric.data {
        Some(Data::Gauge(gauge)) => gauge.data_points.iter().map(|point| of(point.time_unix_nano, &point.attributes)).collect(),
        Some(Data::Sum(sum)) => sum.data_points.iter().map(|point| of(point.time_unix_nano, &point.attributes)).collect(),
        Some(Data::ExponentialHistogram(histogram)) => {
            histogram.data_points.iter().map(|point| of(point.time_unix_nano, &point.attributes)).collect()
        }
        _ => Err(format!("{} is of a type that is not modelled", metric.name)),
    }
}
