//! The roles of the database, from Terraform: `taproom roles --iam` as a Lambda function, which logs in with the master secret.

#![warn(missing_docs)]

mod config;
mod event;
mod failure;
mod introspection_key;
mod patience;
mod roles;
mod secrets;

use lambda_runtime::LambdaEvent;
use serde_json::Value;

use crate::config::Config;
use crate::event::Event;
use crate::failure::Failure;
use crate::patience::Patience;
use crate::secrets::Secrets;

/// Does what one event asks for, and returns what was changed.
///
/// # Errors
/// Why it is not so. Lambda then calls the invocation failed, and Terraform with it.
pub async fn handle(event: LambdaEvent<Value>) -> Result<Value, Failure> {
    let patience = Patience::until(event.context.deadline());
    let event = Event::parse(event.payload)?;
    let config = Config::read(|name| std::env::var(name).ok())?;
    let secrets = Secrets::new().await?;
    let result = match event {
        Event::Roles(names) => {
            let roles = names.check()?;
            patience.have(async || roles::apply(&config, &secrets, &roles).await).await?
        }
        Event::IntrospectionKey { secret } => {
            patience.have(async || introspection_key::provide(&config, &secrets, &secret).await).await?
        }
    };
    tracing::info!(%result, "done");
    Ok(result)
}
