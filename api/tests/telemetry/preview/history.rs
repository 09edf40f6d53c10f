//! What alarms did while it was recorded.

use std::ops::Range;

use serde::Deserialize;

use super::recording::{ENVIRONMENT, Recording};
use super::series::foreign;
use crate::asked::alarm::{Alarm, SLOTS};
use crate::asked::read;
use crate::asked::template::{render, render_for};
use crate::cloudwatch::{CloudWatch, Datapoint, MetricRef};
use crate::metric_math::{Query, Source, evaluate};

const MINUTE: u64 = 60;

#[derive(Debug, PartialEq)]
pub enum State {
    Alarm(u64),
    /// It was in alarm meanwhile.
    OkAgain(Range<u64>),
    Ok,
    NotRecorded,
}

#[derive(Deserialize)]
struct Gate {
    slot: Vec<Alarm>,
    shared: Vec<Alarm>,
}

/// Every alarm's name and state at the end, those in alarm first.
pub fn states(recording: &Recording) -> Vec<(String, State)> {
    let mut states: Vec<_> = alarms().into_iter().map(|alarm| (alarm.name.clone(), state(&alarm, recording))).collect();
    states.sort_by_key(|(_, state)| match state {
        State::Alarm(_) => 0,
        State::OkAgain(_) => 1,
        State::Ok => 2,
        State::NotRecorded => 3,
    });
    states
}

fn alarms() -> Vec<Alarm> {
    let ours = |text: String| text.replace("${environment}", ENVIRONMENT);
    let mut alarms: Vec<Alarm> =
        serde_saphyr::from_str(&render(&ours(read("dashboards/alarms.yaml").unwrap()), &[]).unwrap()).unwrap();
    for (index, slot) in SLOTS.into_iter().enumerate() {
        let gate: Gate =
            serde_saphyr::from_str(&render_for(&ours(read("dashboards/gate.yaml").unwrap()), slot).unwrap()).unwrap();
        alarms.extend(gate.slot);
        if index == 0 {
            alarms.extend(gate.shared);
        }
    }
    alarms
}

fn state(alarm: &Alarm, recording: &Recording) -> State {
    let queries = alarm.math().unwrap();
    if !foreign(&queries).is_empty() {
        return State::NotRecorded;
    }
    let asked = |metric: &MetricRef| {
        queries.iter().any(|query| matches!(&query.source, Source::Metric { metric: asked, .. } if asked == metric))
    };
    let recorded: Vec<_> = recording.metrics().filter(|(metric, ..)| asked(metric)).collect();
    let mut state = State::Ok;
    for now in (recording.range.start..=recording.range.end).step_by(MINUTE as usize) {
        // Periods begin when a clock says so, but those of CloudWatch's alarms end now.
        let shift = now.next_multiple_of(alarm.period) - now;
        let mut cloudwatch = CloudWatch::default();
        for (metric, unit, datapoints) in &recorded {
            for datapoint in datapoints {
                let datapoint = Datapoint { time: datapoint.time + shift * 1_000, ..datapoint.clone() };
                cloudwatch.put(metric.clone(), unit, datapoint).unwrap();
            }
        }
        let in_alarm = is_in_alarm(alarm, &queries, &cloudwatch, now + shift);
        state = match state {
            State::Alarm(since) if !in_alarm => State::OkAgain(since..now),
            State::Ok | State::OkAgain(_) if in_alarm => State::Alarm(now),
            same => same,
        };
    }
    state
}

/// Of the periods that end at `now`. What is missing breaches nothing.
fn is_in_alarm(alarm: &Alarm, queries: &[Query], cloudwatch: &CloudWatch, now: u64) -> bool {
    let range = now.saturating_sub(alarm.period * alarm.evaluation_periods)..now;
    let judged = evaluate(queries, alarm.judged().unwrap(), cloudwatch, &range, alarm.period).unwrap();
    let breaching = judged.iter().flat_map(|series| series.values()).filter(|value| alarm.breaches(**value)).count();
    breaching as u64 >= alarm.datapoints_to_alarm
}
