//! A fault of the candidate is seen while it has the canary's share of the traffic only.

use std::time::Duration;

use crate::asked::alarm::{self, SLOTS};
use crate::asked::rollout::Rollout;
use crate::collector::Collector;

#[test]
fn every_alarm_of_the_gate_goes_off_within_the_canary_interval() {
    let rollout = Rollout::load().unwrap();
    let (export, batch, lag) = (rollout.export_interval(), Collector::load().unwrap().metrics_wait(), rollout.lag());
    let interval = rollout.canary_interval();
    println!(
        "canary of {} % for {interval:?}; export {export:?} + collector {batch:?} + lag {lag:?} +",
        rollout.canary_percentage
    );
    println!("| alarm | points | period | detected within |\n| --- | --- | --- | --- |");
    let gate = SLOTS.into_iter().flat_map(|slot| alarm::of_slot(slot).unwrap()).chain(alarm::shared().unwrap());
    for alarm in gate {
        let (points, period) = (alarm.datapoints_to_alarm, Duration::from_secs(alarm.period));
        // One more: that in which the fault begins may be too thin.
        let detected = export + batch + lag + period * (u32::try_from(points).unwrap() + 1);
        println!("| {} | {points} of {} | {period:?} | {detected:?} |", alarm.name, alarm.evaluation_periods);
        assert!(detected < interval, "{} goes off after {detected:?}, when all the traffic is the candidate's", alarm.name);
    }
}

/// The default of the program is what a rollout counts on, should nobody set it.
#[test]
fn metrics_are_exported_as_often_as_the_rollout_says() {
    let help = crate::support::taproom().args(["serve", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let milliseconds = Rollout::load().unwrap().export_interval().as_millis();
    let option = help.split("OTEL_METRIC_EXPORT_INTERVAL").nth(1).unwrap();
    let default = option.split("[default: ").nth(1).unwrap().split(']').next().unwrap();
    assert_eq!(default, milliseconds.to_string(), "{option:.200}");
}
