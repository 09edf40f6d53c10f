//! Alarms watch what is there, and within the limits of those who read them.

use std::collections::BTreeSet;

use crate::asked::alarm::{self, Alarm, SLOTS};
use crate::checks::alarm::check;
use crate::checks::assert_none;
use crate::recording::recording;

/// [What a deployment group takes](https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-create-alarms.html), at least: the page of quotas has named 50.
const MOST_OF_A_DEPLOYMENT: usize = 10;

#[test]
fn every_alarm_watches_what_the_service_sends_or_aws_has() {
    let alarms = alarm::all().unwrap();
    let wrong: Vec<_> = alarms.iter().flat_map(|alarm| check(alarm, recording().cloudwatch())).collect();
    assert_none(&wrong);
    let names: BTreeSet<_> = alarms.iter().map(|alarm| &alarm.name).collect();
    assert_eq!(names.len(), alarms.len(), "names are there once");
}

#[test]
fn a_deployment_takes_all_alarms_of_its_gate() {
    let shared = alarm::shared().unwrap();
    let mut of_group = shared.iter().filter(|alarm| alarm.default).count();
    for slot in SLOTS {
        let own = alarm::of_slot(slot).unwrap();
        of_group += own.iter().filter(|alarm| alarm.default).count();
        assert!(own.iter().all(|alarm| alarm.name.contains(slot)), "{own:#?}");
        let deployment = own.len() + shared.len();
        assert!(deployment <= MOST_OF_A_DEPLOYMENT, "a deployment to {slot} has {deployment} alarms");
    }
    assert!(of_group <= MOST_OF_A_DEPLOYMENT, "the deployment group has {of_group} alarms");
}

#[test]
fn what_is_wrong_with_an_alarm_is_told() {
    let alarms = alarm::all().unwrap();
    let changed = |name: &str, change: fn(&mut Alarm)| {
        let mut alarm = alarms.iter().find(|alarm| alarm.name == name).expect(name).clone();
        assert_none(&check(&alarm, recording().cloudwatch()));
        change(&mut alarm);
        check(&alarm, recording().cloudwatch())
    };
    type Case = (fn(&mut Alarm), &'static str);
    let cases: [Case; 6] = [
        (
            |it| it.queries[1].metric.as_mut().unwrap().name = "graphql.server.fault".to_owned(),
            "sends no metric graphql.server.fault,",
        ),
        (|it| it.queries[0].metric.as_mut().unwrap().period = Some(300), "requests has a period of 300 s"),
        (|it| it.runbook = "nothing".to_owned(), "its runbook nothing.md: "),
        (|it| it.datapoints_to_alarm = 7, "7 of 6 points cannot be"),
        (|it| it.queries[2].expression = Some("faults / request".to_owned()), "request"),
        (|it| it.queries[0].return_data = true, "2 queries have return_data"),
    ];
    for (change, expected) in cases {
        let wrong = changed("graphql-faults", change);
        assert!(
            wrong.len() == 1 && wrong[0].starts_with("graphql-faults: ") && wrong[0].contains(expected),
            "{wrong:#?}: {expected}"
        );
    }
}
