//! What this function is called with.

use serde::Deserialize;
use serde_json::Value;

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// CodeDeploy waits for a verdict.
    Hook(Execution),
    /// A minute has begun.
    Probe,
}

/// Which deployment CodeDeploy wants judged, and under which id it takes the verdict. As
/// [its documentation](https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html) has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Execution {
    /// Such as `d-EXAMPLE12`.
    pub deployment_id: String,
    /// An opaque token, good for one verdict.
    pub lifecycle_event_hook_execution_id: String,
}

/// Nobody who should calls with this.
#[derive(Debug, thiserror::Error)]
#[error("the event is neither CodeDeploy's, with DeploymentId and LifecycleEventHookExecutionId, nor {{\"probe\": {{}}}}")]
pub struct UnknownEvent;

impl Event {
    /// Tells events apart.
    ///
    /// # Errors
    /// It is none that is known.
    pub fn parse(event: &Value) -> Result<Self, UnknownEvent> {
        if let Ok(execution) = Execution::deserialize(event) {
            return Ok(Self::Hook(execution));
        }
        let is_probe =
            event.as_object().is_some_and(|event| event.len() == 1 && event.get("probe").is_some_and(Value::is_object));
        if is_probe { Ok(Self::Probe) } else { Err(UnknownEvent) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn events_are_told_apart() {
        let hook = Event::parse(&json!({ "DeploymentId": "d-1", "LifecycleEventHookExecutionId": "x" })).unwrap();
        let execution = Execution { deployment_id: "d-1".to_owned(), lifecycle_event_hook_execution_id: "x".to_owned() };
        assert_eq!(hook, Event::Hook(execution));
        assert_eq!(Event::parse(&json!({ "probe": {} })).unwrap(), Event::Probe);
        for unknown in
            [json!({}), json!({ "probe": true }), json!({ "DeploymentId": "d-1" }), json!(null), json!({ "probe": {}, "a": 1 })]
        {
            assert!(Event::parse(&unknown).is_err(), "{unknown}");
        }
    }
}
