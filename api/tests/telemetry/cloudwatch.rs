//! The metrics that CloudWatch would have, and their statistics.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use crate::Result;

/// Values by the second, since 1970, at which their period begins.
pub type Series = BTreeMap<u64, f64>;

/// The name of a metric. A metric of the same name with other dimensions is another metric.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MetricRef {
    pub namespace: String,
    pub name: String,
    pub dimensions: BTreeMap<String, String>,
}

impl MetricRef {
    pub fn new<const N: usize>(namespace: &str, name: &str, dimensions: [(&str, &str); N]) -> Self {
        let dimensions = dimensions.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { namespace: namespace.to_owned(), name: name.to_owned(), dimensions }
    }
}

impl fmt::Display for MetricRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{} {:?}", self.namespace, self.name, self.dimensions)
    }
}

/// What was measured at a time: values and how often there was each.
#[derive(Clone, Debug, PartialEq)]
pub struct Datapoint {
    /// Milliseconds since 1970.
    pub time: u64,
    pub values: Vec<(f64, f64)>,
    pub sum: f64,
    pub min: f64,
    pub max: f64,
}

impl Datapoint {
    /// A single value.
    pub fn single(time: u64, value: f64) -> Self {
        Self { time, values: vec![(value, 1.0)], sum: value, min: value, max: value }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Statistic {
    Sum,
    Average,
    Minimum,
    Maximum,
    SampleCount,
    /// Of 0 to 100.
    Percentile(f64),
}

impl FromStr for Statistic {
    type Err = String;

    fn from_str(text: &str) -> Result<Self> {
        let percentile = || text.strip_prefix('p')?.parse().ok().filter(|percent| (0.0..=100.0).contains(percent));
        Ok(match text {
            "Sum" => Self::Sum,
            "Average" => Self::Average,
            "Minimum" => Self::Minimum,
            "Maximum" => Self::Maximum,
            "SampleCount" => Self::SampleCount,
            _ => Self::Percentile(percentile().ok_or_else(|| format!("{text:?} is no statistic, or none that is modelled"))?),
        })
    }
}

/// CloudWatch, as far as it keeps metrics.
#[derive(Clone, Debug, Default)]
pub struct CloudWatch {
    metrics: BTreeMap<MetricRef, Metric>,
}

#[derive(Clone, Debug)]
struct Metric {
    unit: String,
    datapoints: Vec<Datapoint>,
}

impl CloudWatch {
    /// Keeps a data point. `unit` is one of CloudWatch's.
    pub fn put(&mut self, metric: MetricRef, unit: &str, datapoint: Datapoint) -> Result<()> {
        if datapoint.values.is_empty() {
            return Err(format!("{metric} got a data point without values"));
        }
        let kept = self.metrics.entry(metric.clone()).or_insert_with(|| Metric { unit: unit.to_owned(), datapoints: Vec::new() });
        if kept.unit != unit {
            return Err(format!("{metric} had the unit {} and now has {unit}: CloudWatch would keep them apart", kept.unit));
        }
        kept.datapoints.push(datapoint);
        Ok(())
    }

    /// Every metric there is, with its unit and what was put.
    pub fn metrics(&self) -> impl Iterator<Item = (&MetricRef, &str, &[Datapoint])> {
        self.metrics.iter().map(|(name, metric)| (name, metric.unit.as_str(), metric.datapoints.as_slice()))
    }

    /// Every metric there is.
    pub fn list_metrics(&self) -> impl Iterator<Item = &MetricRef> {
        self.metrics.keys()
    }

    /// The metric's unit, if there is such a metric.
    pub fn unit(&self, metric: &MetricRef) -> Option<&str> {
        self.metrics.get(metric).map(|metric| metric.unit.as_str())
    }

    /// A statistic of each period, in seconds, that has data and begins in `range`. Empty for a metric that does not exist: that is no error there, either.
    pub fn statistic(&self, metric: &MetricRef, statistic: Statistic, period: u64, range: &Range<u64>) -> Result<Series> {
        check_period(period)?;
        let mut periods: BTreeMap<u64, Vec<&Datapoint>> = BTreeMap::new();
        for datapoint in self.metrics.get(metric).into_iter().flat_map(|metric| &metric.datapoints) {
            let start = datapoint.time / 1_000 / period * period;
            if range.contains(&start) {
                periods.entry(start).or_default().push(datapoint);
            }
        }
        periods.into_iter().map(|(start, datapoints)| Ok((start, aggregate(&datapoints, statistic)?))).collect()
    }
}

/// awsemf writes metrics with a resolution of a minute, by which CloudWatch keeps them.
pub fn check_period(period: u64) -> Result<()> {
    if period == 0 || !period.is_multiple_of(60) {
        return Err(format!("a period of {period} s: it has to be a multiple of 60"));
    }
    Ok(())
}

fn aggregate(datapoints: &[&Datapoint], statistic: Statistic) -> Result<f64> {
    let mut values: Vec<(f64, f64)> = datapoints.iter().flat_map(|datapoint| datapoint.values.iter().copied()).collect();
    let count: f64 = values.iter().map(|(_, count)| count).sum();
    let sum: f64 = datapoints.iter().map(|datapoint| datapoint.sum).sum();
    let min = datapoints.iter().map(|datapoint| datapoint.min).fold(f64::INFINITY, f64::min);
    let max = datapoints.iter().map(|datapoint| datapoint.max).fold(f64::NEG_INFINITY, f64::max);
    Ok(match statistic {
        Statistic::Sum => sum,
        Statistic::Average => sum / count,
        Statistic::Minimum => min,
        Statistic::Maximum => max,
        Statistic::SampleCount => count,
        Statistic::Percentile(_) if min < 0.0 => return Err("CloudWatch has no percentiles of negative values".to_owned()),
        Statistic::Percentile(percent) => {
            values.sort_by(|(one, _), (other, _)| one.total_cmp(other));
            let wanted = percent / 100.0 * count;
            let mut seen = 0.0;
            let found = values.iter().find(|(_, count)| {
                seen += count;
                seen >= wanted
            });
            // The values of a histogram are the middles of its buckets.
            found.map_or(max, |(value, _)| value.clamp(min, max))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric() -> MetricRef {
        MetricRef::new("Taproom", "http.server.request.duration", [("service.name", "taproom")])
    }

    #[test]
    fn statistics_are_of_a_period() {
        let mut cloudwatch = CloudWatch::default();
        let histogram = Datapoint { time: 61_000, values: vec![(1.0, 98.0), (5.0, 2.0)], sum: 110.0, min: 0.9, max: 4.8 };
        cloudwatch.put(metric(), "Seconds", histogram).unwrap();
        cloudwatch.put(metric(), "Seconds", Datapoint::single(119_999, 2.0)).unwrap();
        cloudwatch.put(metric(), "Seconds", Datapoint::single(120_000, 7.0)).unwrap();
        let statistic = |name: &str| {
            cloudwatch.statistic(&metric(), name.parse().unwrap(), 60, &(0..180)).unwrap().into_iter().collect::<Vec<_>>()
        };
        assert_eq!(statistic("Sum"), [(60, 112.0), (120, 7.0)]);
        assert_eq!(statistic("SampleCount"), [(60, 101.0), (120, 1.0)]);
        assert_eq!(statistic("Average")[0].1, 112.0 / 101.0);
        assert_eq!(statistic("Minimum")[0].1, 0.9);
        assert_eq!(statistic("Maximum")[0].1, 4.8);
        assert_eq!(statistic("p50")[0].1, 1.0);
        // The middle of the highest bucket is above anything that was measured.
        assert_eq!(statistic("p99.9")[0].1, 4.8);
        assert_eq!(cloudwatch.statistic(&metric(), Statistic::Sum, 300, &(0..300)).unwrap(), Series::from([(0, 119.0)]));
    }

    #[test]
    fn other_dimensions_are_another_metric() {
        let mut cloudwatch = CloudWatch::default();
        cloudwatch.put(metric(), "Seconds", Datapoint::single(0, 1.0)).unwrap();
        let other = MetricRef::new("Taproom", "http.server.request.duration", []);
        assert!(cloudwatch.statistic(&other, Statistic::Sum, 60, &(0..60)).unwrap().is_empty());
        assert_eq!(cloudwatch.list_metrics().count(), 1);
        assert_eq!(cloudwatch.unit(&metric()), Some("Seconds"));
        assert!(cloudwatch.put(metric(), "Count", Datapoint::single(0, 1.0)).unwrap_err().contains("keep them apart"));
    }

    #[test]
    fn what_cloudwatch_cannot_do_is_an_error() {
        assert!("p101".parse::<Statistic>().is_err());
        assert!("average".parse::<Statistic>().is_err());
        assert!(
            CloudWatch::default().statistic(&metric(), Statistic::Sum, 90, &(0..180)).unwrap_err().contains("multiple of 60")
        );
    }
}
