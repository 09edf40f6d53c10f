//! The gate's alarms, over what the program really sent: moved to where an alarm looks, a minute's traffic in each minute.

use opentelemetry_proto::tonic::metrics::v1::metric::Data;

use crate::asked::alarm::{self, Alarm};
use crate::checks::metric::NAMESPACE;
use crate::cloudwatch::{CloudWatch, Datapoint};
use crate::collector::Collector;
use crate::metric_math::{Source, evaluate};
use crate::recording::{Run, recording};

/// Any minute; periods are counted from 1970 on.
const START: u64 = 1_800_000_000;

fn named(name: &str) -> Alarm {
    alarm::all().unwrap().into_iter().find(|alarm| alarm.name == name).expect(name)
}

/// Lets each of the alarm's minutes have the traffic of `run`, so often.
fn replay(cloudwatch: &mut CloudWatch, run: &Run, minutes: u64, times: u64) {
    let collector = Collector::load().unwrap();
    for (minute, time) in (0..minutes).flat_map(|minute| (0..times).map(move |time| (minute, time))) {
        for (at, arrival) in (0..).zip(&run.received.metrics) {
            let mut request = arrival.request.clone();
            let nanoseconds = (START + 60 * minute) * 1_000_000_000 + (time * 1_000 + at) * 1_000_000;
            let metrics = request.resource_metrics.iter_mut().flat_map(|resource| &mut resource.scope_metrics);
            metrics.flat_map(|scope| &mut scope.metrics).for_each(|metric| match metric.data.as_mut().unwrap() {
                Data::Gauge(gauge) => gauge.data_points.iter_mut().for_each(|point| point.time_unix_nano = nanoseconds),
                Data::Sum(sum) => sum.data_points.iter_mut().for_each(|point| point.time_unix_nano = nanoseconds),
                Data::ExponentialHistogram(all) => {
                    all.data_points.iter_mut().for_each(|point| point.time_unix_nano = nanoseconds)
                }
                Data::Histogram(_) | Data::Summary(_) => panic!("{}: not modelled", metric.name),
            });
            collector.metrics(&request, cloudwatch).unwrap();
        }
    }
}

/// Gives the metric of AWS that the alarm calls `id` this value in each minute.
fn aws(cloudwatch: &mut CloudWatch, alarm: &Alarm, id: &str, value: f64, minutes: u64) {
    let query = alarm.math().unwrap().into_iter().find(|query| query.id == id).expect(id);
    let Source::Metric { metric, .. } = query.source else { panic!("{id} is no metric") };
    assert_ne!(metric.namespace, NAMESPACE, "{metric} is to be recorded");
    for minute in 0..minutes {
        let point = Datapoint::single((START + 60 * minute) * 1_000, value);
        cloudwatch.put(metric.clone(), "Count", point).unwrap();
    }
}

/// The values that the alarm judges, and whether it goes off.
fn judge(alarm: &Alarm, cloudwatch: &CloudWatch) -> (Vec<f64>, bool) {
    let range = START..START + alarm.period * alarm.evaluation_periods;
    let series = evaluate(&alarm.math().unwrap(), alarm.judged().unwrap(), cloudwatch, &range, alarm.period).unwrap();
    let values: Vec<f64> = series[0].values().copied().collect();
    let breaching = values.iter().filter(|value| alarm.breaches(**value)).count() as u64;
    println!("{}: {values:?}, {breaching} of {} breach", alarm.name, alarm.evaluation_periods);
    (values, breaching >= alarm.datapoints_to_alarm)
}

fn goes_off(name: &str, fill: impl FnOnce(&mut CloudWatch, &Alarm)) -> bool {
    let alarm = named(name);
    let mut cloudwatch = CloudWatch::default();
    fill(&mut cloudwatch, &alarm);
    judge(&alarm, &cloudwatch).1
}

#[test]
fn a_candidate_with_faults_is_stopped() {
    let faulty = recording().run("usual");
    let after = |minutes: u64| goes_off("gate-green-faults", |cloudwatch, _| replay(cloudwatch, faulty, minutes, 1));
    assert!(after(3), "as many minutes as it takes");
    assert!(!after(2), "one fewer");
}

#[test]
fn a_candidate_whose_clients_do_wrong_goes_on() {
    let healthy = recording().run("healthy");
    for name in ["gate-green-faults", "gate-green-regression", "gate-service-faults", "gate-green-latency", "gate-green-slowdown"]
    {
        assert!(!goes_off(name, |cloudwatch, alarm| replay(cloudwatch, healthy, alarm.evaluation_periods, 4)), "{name}");
    }
}

#[test]
fn a_candidate_that_is_worse_than_the_other_is_stopped() {
    let (faulty, other) = (recording().run("usual"), recording().run("guards"));
    let both = |cloudwatch: &mut CloudWatch, alarm: &Alarm| {
        replay(cloudwatch, faulty, alarm.datapoints_to_alarm, 4);
        replay(cloudwatch, other, alarm.datapoints_to_alarm, 10);
    };
    assert!(goes_off("gate-green-regression", both));
    assert!(!goes_off("gate-blue-regression", both), "the other way round it is better");
}

#[test]
fn faults_of_either_slot_are_the_services() {
    let [green, blue] = ["usual", "scarce"].map(|name| recording().run(name));
    for (run, times) in [(green, 4), (blue, 20)] {
        assert!(
            goes_off("gate-service-faults", |cloudwatch, alarm| replay(cloudwatch, run, alarm.datapoints_to_alarm, times)),
            "{}",
            run.name
        );
    }
}

/// Counted by the load balancer, which is made up here; and by the service, which is not.
#[test]
fn a_candidate_that_is_silent_is_stopped() {
    let healthy = recording().run("healthy");
    let with = |seen: f64, times: u64| {
        goes_off("gate-green-silence", |cloudwatch, alarm| {
            aws(cloudwatch, alarm, "seen", seen, alarm.evaluation_periods);
            replay(cloudwatch, healthy, alarm.evaluation_periods, times);
        })
    };
    // 50 requests a time.
    assert!(with(100.0, 0), "it says nothing");
    assert!(with(101.0, 1), "it says less than half");
    assert!(!with(100.0, 1), "half");
    assert!(!with(50.0, 1), "all");
    assert!(!with(19.0, 0), "too few to judge by");
}

#[test]
fn a_night_without_traffic_stops_nothing() {
    for alarm in [alarm::of_slot("green").unwrap(), alarm::shared().unwrap()].concat() {
        let (values, goes_off) = judge(&alarm, &CloudWatch::default());
        assert!(!goes_off, "{} is at {values:?}", alarm.name);
    }
}

/// The load balancer's own metrics, made up.
#[test]
fn what_the_load_balancer_saw_stops_a_candidate() {
    let errors = |name: &'static str, id: &'static str, count: f64| {
        goes_off(name, |cloudwatch, alarm| {
            aws(cloudwatch, alarm, "requests", 200.0, alarm.evaluation_periods);
            aws(cloudwatch, alarm, id, count, alarm.evaluation_periods);
        })
    };
    for id in ["bad", "unavailable", "late"] {
        assert!(errors("gate-load-balancer", id, 3.0) && !errors("gate-load-balancer", id, 2.0), "{id}");
    }
    assert!(errors("gate-green-target-errors", "errors", 5.0) && !errors("gate-green-target-errors", "errors", 4.0));

    let slow = |p95: f64, requests: f64| {
        goes_off("gate-green-target-latency", |cloudwatch, alarm| {
            aws(cloudwatch, alarm, "requests", requests, alarm.evaluation_periods);
            aws(cloudwatch, alarm, "p95", p95, alarm.evaluation_periods);
        })
    };
    assert!(slow(1.6, 50.0), "slower than 1.5 s");
    assert!(!slow(1.5, 50.0), "as slow");
    assert!(!slow(1.6, 49.0), "too few to judge by");
}
