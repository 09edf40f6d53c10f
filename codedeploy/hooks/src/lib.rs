//! What decides whether a release may take traffic: the lifecycle hooks of CodeDeploy, and the prober beside them, as one Lambda function.

#![warn(missing_docs)]

mod aws;
mod candidate;
mod checks;
mod config;
mod deadline;
mod event;
mod hook;
mod operations;
mod prober;
mod report;
pub mod schema;
mod service;
mod tls;
mod verdict;

use lambda_runtime::{Error, LambdaEvent};
use serde_json::Value;

use crate::aws::Aws;
use crate::deadline::Deadline;
use crate::event::Event;

/// Does what one event asks for. The result is what the log says.
///
/// # Errors
/// Nobody can be told: the event is unknown, CodeDeploy does not listen, or there is nothing to probe. Lambda counts it as an error of the function.
pub async fn handle(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let deadline = Deadline::at(event.context.deadline());
    let event = Event::parse(&event.payload)?;
    let aws = Aws::new().await?;
    Ok(match event {
        Event::Hook(execution) => serde_json::to_value(hook::run(aws, execution, deadline).await?)?,
        Event::Probe => serde_json::to_value(prober::run(&aws, deadline).await?)?,
    })
}
