//! What is read, and what is documented.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::*;

const README: &str = include_str!("../../README.md");

/// Every variable there is.
const SETTINGS: [Setting; 15] = [
    HOOK,
    TEST_URL,
    PRODUCTION_URL,
    ECS_CLUSTER,
    ECS_SERVICE,
    METRICS_LOG_GROUP,
    INTROSPECTION_KEY_SECRET,
    REQUEST_TIMEOUT_MS,
    VERSION_ANSWERS,
    VERSION_TIMEOUT_SECONDS,
    LATENCY_RATIO,
    LATENCY_SLACK_MS,
    LATENCY_ROUNDS,
    TELEMETRY_TIMEOUT_SECONDS,
    PROBE_RATE,
];

#[test]
fn the_readme_lists_every_variable_with_its_default() {
    let asked = RefCell::new(BTreeSet::new());
    let note = |name: &str| {
        asked.borrow_mut().insert(name.to_owned());
        None
    };
    let _ = (HookConfig::read(note), ProberConfig::read(note));
    let expected: BTreeMap<_, _> =
        SETTINGS.map(|(name, default)| (name.to_owned(), default.unwrap_or_default().to_owned())).into();
    assert!(asked.into_inner().iter().eq(expected.keys()));
    let unquoted = |cell: &str| cell.trim().trim_matches(['`', '–']).to_owned();
    let rows = README.lines().filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix("| `")?.split(" | ").collect();
        let name = unquoted(cells[0]);
        name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_').then(|| (name, unquoted(cells[1])))
    });
    assert_eq!(rows.collect::<BTreeMap<_, _>>(), expected);
}

fn complete() -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([
        ("HOOK", "AfterAllowTraffic"),
        ("TEST_URL", "https://taproom.example:8443"),
        ("PRODUCTION_URL", "https://taproom.example"),
        ("ECS_CLUSTER", "taproom"),
        ("ECS_SERVICE", "taproom"),
        ("METRICS_LOG_GROUP", "/taproom/metrics"),
    ])
}

fn read(variables: &BTreeMap<&str, &str>) -> Result<HookConfig, ConfigError> {
    HookConfig::read(|name| variables.get(name).map(|value| (*value).to_owned()))
}

#[test]
fn defaults_are_in_their_own_ranges() {
    let config = read(&complete()).unwrap();
    assert_eq!(config.candidate_url().as_str(), "https://taproom.example/");
    assert_eq!(config.introspection_key_secret, None);
    assert_eq!(config.telemetry_timeout, Duration::from_secs(180));
    let prober = ProberConfig::read(|name| complete().get(name).map(|value| (*value).to_owned())).unwrap();
    assert_eq!(prober.rate, 90);
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let mut variables = complete();
    variables.remove("ECS_CLUSTER");
    variables.extend([
        ("HOOK", "BeforeInstall"),
        ("TEST_URL", "taproom.example/x"),
        ("LATENCY_RATIO", "NaN"),
        ("ECS_SERVICE", ""),
    ]);
    let ConfigError(wrong) = read(&variables).unwrap_err();
    let names: BTreeSet<_> = wrong.iter().filter_map(|sentence| sentence.split(' ').next()).collect();
    assert_eq!(names, ["ECS_CLUSTER", "ECS_SERVICE", "HOOK", "LATENCY_RATIO", "TEST_URL"].into());
}

#[test]
fn a_url_has_no_password_and_no_path() {
    for wrong in
        ["https://user:password@taproom.example", "https://taproom.example/graphql", "ftp://taproom.example", "https://a?b"]
    {
        assert!(url(wrong).is_err(), "{wrong}");
    }
    let mut variables = complete();
    variables.insert("TEST_URL", "https://user:hunter2@taproom.example");
    let ConfigError(wrong) = read(&variables).unwrap_err();
    assert!(wrong[0].starts_with("TEST_URL is not told here") && !wrong[0].contains("hunter2"), "{wrong:?}");
}

#[test]
fn the_hook_is_known_whatever_else_is_wrong() {
    let variable = |value: &'static str| move |name: &str| (name == "HOOK").then(|| value.to_owned());
    assert_eq!(Hook::name(variable("AfterAllowTraffic")), "AfterAllowTraffic");
    assert_eq!(Hook::name(variable("BeforeInstall")), "unknown");
}
