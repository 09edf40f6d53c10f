//! Dashboards show what is there.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::asked::alarm::{self, Alarm};
use crate::asked::dashboard::{self, FILES};
use crate::checks::widget::{Known, check};
use crate::checks::{assert_none, layout};
use crate::recording::recording;

fn wrong(dashboard: &Value) -> Vec<String> {
    static ALARMS: LazyLock<Vec<Alarm>> = LazyLock::new(|| alarm::all().unwrap());
    let log: Vec<_> = recording().log().collect();
    check(dashboard, &Known { cloudwatch: recording().cloudwatch(), log: &log, alarms: &ALARMS })
}

#[test]
fn every_widget_shows_what_the_service_sends_or_aws_has() {
    for file in FILES {
        let dashboard = dashboard::load(file).unwrap();
        let widgets = dashboard::widgets(&dashboard).unwrap();
        let metrics: usize = widgets.iter().map(|widget| widget.queries.len()).sum();
        println!("{file}: {} widgets, {metrics} metrics and expressions", widgets.len());
        assert_none(&wrong(&dashboard));
    }
}

/// One widget of a dashboard, after something was changed in it.
fn changed(file: &str, title: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut dashboard = dashboard::load(file).unwrap();
    let widgets = dashboard["widgets"].as_array_mut().unwrap();
    let mut widget = widgets.iter().find(|widget| widget["properties"]["title"] == title).expect(title).clone();
    change(&mut widget["properties"]);
    json!({ "widgets": [widget] })
}

/// Without this, nobody knows whether the check above can fail at all.
#[test]
fn what_is_wrong_with_a_widget_is_told() {
    let [ops, deploy] = FILES;
    type Change = fn(&mut Value);
    let cases: [(&str, &str, Change, &str); 18] = [
        (ops, "Server faults", |it| it["metrics"][1][1] = "graphql.server.fault".into(), "sends no metric graphql.server.fault,"),
        (ops, "Server faults", |it| it["metrics"][0][2] = "service".into(), "graphql.server.requests has no dimensions"),
        (ops, "Connections in use", |it| it["metrics"][0][7] = "busy".into(), "db.client.connection.count was never sent with"),
        (deploy, "Latency, blue", |it| it["metrics"][0][8]["stat"] = "p5O".into(), "\"p5O\" is no statistic"),
        (ops, "Server faults", |it| it["stat"] = "p95".into(), "p95 says nothing of graphql.server.requests, which is a Counter"),
        (ops, "CPU", |it| it["metrics"][0][1] = "CPUUsage".into(), "AWS/ECS has no metric CPUUsage"),
        (ops, "CPU", |it| it["metrics"][0][4] = "Service".into(), "AWS/ECS CPUUtilization has no dimensions"),
        (ops, "CPU", |it| it["metrics"][0][6]["stat"] = "p99".into(), "AWS/ECS CPUUtilization has no statistic p99"),
        (ops, "Server faults", |it| it["metrics"][2][0]["expression"] = "100 * errors".into(), "errors"),
        (
            ops,
            "Errors by code, the 10 most frequent",
            |it| {
                let search = it["metrics"][0][0]["expression"].as_str().unwrap().replace("error.type", "error.code");
                it["metrics"][0][0]["expression"] = search.into();
            },
            "errors shows nothing of what was recorded",
        ),
        (
            ops,
            "Slowest requests",
            |it| it["query"] = it["query"].as_str().unwrap().replace("duration_ms", "duration").into(),
            "no line has the field duration;",
        ),
        (
            ops,
            "Server faults",
            |it| it["annotations"]["horizontal"][0]["value"] = 4.into(),
            "is at 4, and the alarm's threshold is 5",
        ),
        (ops, "Server faults", |it| drop(it["yAxis"]["left"]["label"].take()), "its left axis has no label"),
        (ops, "Server faults", |it| it["yAxis"]["left"]["showUnits"] = true.into(), "its left axis shows CloudWatch's unit"),
        (ops, "Server faults", |it| drop(it["yAxis"]["left"]["min"].take()), "its left axis begins at null, and not at 0"),
        (ops, "The load balancer's own errors", |it| drop(it["yAxis"]["right"].take()), "its right axis has no label"),
        (ops, "Server faults", |it| drop(it["region"].take()), "it has no region"),
        (ops, "Server faults", |it| drop(it["period"].take()), "has no period"),
    ];
    for (file, title, change, expected) in cases {
        assert_none(&wrong(&changed(file, title, |_| {})));
        let wrong = wrong(&changed(file, title, change));
        println!("{}", wrong.join("\n"));
        assert!(!wrong.is_empty(), "{title}: nobody misses what was changed: {expected}");
        assert!(wrong.iter().all(|wrong| wrong.starts_with(&format!("“{title}”: "))), "{wrong:#?}");
        assert!(wrong.iter().any(|wrong| wrong.contains(expected)), "{wrong:#?}: {expected}");
    }
}

#[test]
fn what_is_wrong_with_a_layout_is_told() {
    let laid_out = |change: fn(&mut [Value])| {
        let mut dashboard = dashboard::load(FILES[0]).unwrap();
        change(dashboard["widgets"].as_array_mut().unwrap());
        layout::check(&dashboard)
    };
    assert_none(&laid_out(|_| {}));
    let [wrong] = &laid_out(|all| all[1]["width"] = 13.into())[..] else { panic!("one widget is too wide") };
    assert!(wrong.ends_with("it ends at column 25, and there are 24"), "{wrong}");
    let [wrong] = &laid_out(|all| all[1]["x"] = 11.into())[..] else { panic!("two widgets overlap") };
    assert!(wrong.contains("it is over “# "), "{wrong}");
    let untitled = |all: &mut [Value]| {
        let metric = all.iter_mut().find(|widget| widget["type"] == "metric").unwrap();
        metric["properties"]["title"].take();
    };
    assert_eq!(laid_out(untitled), ["“”: it has no title"]);
}
