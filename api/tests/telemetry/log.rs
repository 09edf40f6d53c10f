//! The log's lines are what Logs Insights can work with.

use serde_json::Value;

use crate::recording::recording;
use crate::service::PROBES;

/// In it, clients hang up, who may do so before they have sent anything.
const IMPATIENT: &str = "scarce";

#[test]
fn every_line_is_json_with_numbers_where_they_belong() {
    for line in recording().log() {
        for key in ["timestamp", "level", "target", "message"] {
            assert!(line[key].is_string(), "no {key}: {line}");
        }
        for (key, value) in line.as_object().unwrap() {
            let counts = key.ends_with("_ms") || ["status", "cost", "statements"].contains(&key.as_str());
            assert!(!counts || value.is_number(), "{key} is no number: {line}");
        }
    }
}

#[test]
fn as_many_requests_are_logged_as_were_sent() {
    for run in &recording().runs {
        let is_request = |line: &&Value| line["message"] == "request" && !PROBES.iter().any(|path| line["path"] == *path);
        let (logged, sent) = (run.log.iter().filter(is_request).count(), run.sent);
        println!("{}: {sent} requests", run.name);
        let all = if run.name == IMPATIENT { logged <= sent } else { logged == sent };
        assert!(logged > 0 && all, "{}: {sent} requests were sent, and {logged} are in the log", run.name);
    }
}

#[test]
fn a_request_has_one_line_and_its_ids_in_each_form() {
    let lines: Vec<&Value> = recording().log().filter(|line| line["message"] == "request").collect();
    let mut spans = std::collections::BTreeSet::new();
    for line in &lines {
        let id = |key: &str| line[key].as_str().unwrap_or_else(|| panic!("no {key}: {line}"));
        let (trace, xray) = (id("trace_id"), id("xray_trace_id"));
        assert_eq!(xray, format!("1-{}-{}", &trace[..8], &trace[8..]), "{line}");
        assert!(trace.len() == 32 && id("span_id").len() == 16, "{line}");
        assert!(spans.insert(id("span_id")), "a second line of one request: {line}");
    }
    println!("{} requests in the log", lines.len());
}
