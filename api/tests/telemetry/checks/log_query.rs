//! Logs Insights: every field occurs in the lines that a query is about.

use serde_json::Value;
use taproom::graphql::error::ErrorCode;

use crate::Result;
use crate::asked::insights;

/// Those that CloudWatch gives every line.
const DISCOVERED: [&str; 3] = ["@timestamp", "@message", "@logStream"];

pub fn check(query: &str, log: &[&Value]) -> Result<()> {
    let needs = insights::needs(query)?;
    let about = |line: &Value| needs.message.as_ref().is_none_or(|message| line["message"] == message.as_str());
    let lines: Vec<_> = log.iter().filter(|line| about(line)).collect();
    if lines.is_empty() {
        return Err(format!("no line has the message {:?}", needs.message));
    }
    for field in needs.fields.iter().filter(|field| !DISCOVERED.contains(&field.as_str())) {
        if !lines.iter().any(|line| line.get(field).is_some_and(|value| !value.is_null())) {
            let mut known: Vec<_> = lines.iter().filter_map(|line| line.as_object()).flat_map(|line| line.keys()).collect();
            known.sort();
            known.dedup();
            return Err(format!("no line has the field {field}; there are {known:?}"));
        }
    }
    let unknown = needs.codes.iter().find(|code| !ErrorCode::ALL.iter().any(|known| known.as_str().contains(code.as_str())));
    unknown.map_or(Ok(()), |code| Err(format!("no error code has {code} in it")))
}
