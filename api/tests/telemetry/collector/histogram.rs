//! `exponentialHistogramDataPointSlice` in awsemf's `datapoint.go`: each bucket is the value in its middle, and how often there was one.

use opentelemetry_proto::tonic::metrics::v1::ExponentialHistogramDataPoint;
use opentelemetry_proto::tonic::metrics::v1::exponential_histogram_data_point::Buckets;

use super::attributes::{self, Attributes};
use super::emf::milliseconds;
use crate::Result;
use crate::cloudwatch::Datapoint;

/// Beyond it the exporter makes several data points, empty buckets counted as well, of which there is no model.
const MOST_BUCKETS: usize = 100;

pub fn datapoint(point: &ExponentialHistogramDataPoint) -> Result<(Attributes, Datapoint)> {
    let (Some(sum), Some(min), Some(max)) = (point.sum, point.min, point.max) else {
        return Err("a histogram has no sum, minimum or maximum, for which awsemf writes 0".to_owned());
    };
    if !(sum.is_finite() && min.is_finite() && max.is_finite()) || point.flags != 0 {
        return Err("awsemf drops histograms that are no numbers".to_owned());
    }
    let buckets = |buckets: &Option<Buckets>| buckets.as_ref().map_or(0, |buckets| buckets.bucket_counts.len());
    if buckets(&point.positive) + buckets(&point.negative) + usize::from(point.zero_count > 0) > MOST_BUCKETS {
        return Err(format!("a histogram has more than {MOST_BUCKETS} buckets: let it have fewer"));
    }
    let mut values = Vec::new();
    let base = 2_f64.powf(2_f64.powi(-point.scale));
    let mut add = |buckets: &Option<Buckets>, sign: f64| {
        for (index, count) in buckets.iter().flat_map(|buckets| (i64::from(buckets.offset)..).zip(&buckets.bucket_counts)) {
            if *count > 0 {
                let middle = (base.powf(index as f64) + base.powf((index + 1) as f64)) / 2.0;
                values.push((sign * middle, *count as f64));
            }
        }
    };
    add(&point.positive, 1.0);
    add(&point.negative, -1.0);
    if point.zero_count > 0 {
        values.push((0.0, point.zero_count as f64));
    }
    let counted: f64 = values.iter().map(|(_, count)| count).sum();
    if counted != point.count as f64 {
        return Err(format!(
            "a histogram counts {} and has {counted} in its buckets, which is what CloudWatch counts",
            point.count
        ));
    }
    Ok((attributes::of(&point.attributes)?, Datapoint { time: milliseconds(point.time_unix_nano)?, values, sum, min, max }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was once measured: 1.5, 3 and 0, at scale 0, whose buckets end at powers of two.
    fn point() -> ExponentialHistogramDataPoint {
        ExponentialHistogramDataPoint {
            time_unix_nano: 1_700_000_000_000_000_000,
            count: 3,
            sum: Some(4.5),
            min: Some(0.0),
            max: Some(3.0),
            zero_count: 1,
            positive: Some(Buckets { offset: 0, bucket_counts: vec![1, 1] }),
            ..Default::default()
        }
    }

    #[test]
    fn a_bucket_is_its_middle() {
        let (_, datapoint) = datapoint(&point()).unwrap();
        assert_eq!(datapoint.values, [(1.5, 1.0), (3.0, 1.0), (0.0, 1.0)]);
        assert_eq!((datapoint.time, datapoint.sum, datapoint.min, datapoint.max), (1_700_000_000_000, 4.5, 0.0, 3.0));
    }

    #[test]
    fn scale_and_offset_say_where_buckets_are() {
        // At scale 1 a bucket is √2 times as far as the one before; from -2 on, the first ends at 2^(-1/2).
        let positive = Some(Buckets { offset: -2, bucket_counts: vec![2, 0, 1] });
        let (_, datapoint) = datapoint(&ExponentialHistogramDataPoint { scale: 1, positive, zero_count: 0, ..point() }).unwrap();
        let root = std::f64::consts::SQRT_2;
        assert_eq!(datapoint.values.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [2.0, 1.0]);
        assert!((datapoint.values[0].0 - (0.5 + 1.0 / root) / 2.0).abs() < 1e-12);
        assert!((datapoint.values[1].0 - (1.0 + root) / 2.0).abs() < 1e-12);
    }

    #[test]
    fn what_the_exporter_would_falsify_is_an_error() {
        assert!(datapoint(&ExponentialHistogramDataPoint { min: None, ..point() }).unwrap_err().contains("writes 0"));
        assert!(datapoint(&ExponentialHistogramDataPoint { count: 4, ..point() }).unwrap_err().contains("in its buckets"));
        let positive = Some(Buckets { offset: 0, bucket_counts: vec![0; 101] });
        assert!(datapoint(&ExponentialHistogramDataPoint { positive, ..point() }).unwrap_err().contains("100"));
    }
}
