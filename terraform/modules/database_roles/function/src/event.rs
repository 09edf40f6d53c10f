//! What this function is called with.

use serde::Deserialize;
use serde_json::Value;
use taproom::database::roles::{Login, Roles, role_name};

use crate::failure::Failure;

/// What is to be done.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// There are these roles, and they may do what they should.
    Roles(RoleNames),
    /// There is an API key that may ask for the schema.
    IntrospectionKey {
        /// ARN of the secret that it is kept in.
        secret: String,
    },
}

/// Their names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleNames {
    owner: String,
    migrator: String,
    app: String,
}

impl Event {
    /// Tells events apart.
    ///
    /// # Errors
    /// It is none that is known.
    pub fn parse(event: Value) -> Result<Self, Failure> {
        serde_json::from_value(event).map_err(|error| Failure::UnknownEvent(error.to_string()))
    }
}

impl RoleNames {
    /// What `taproom roles` sets up, by IAM.
    ///
    /// # Errors
    /// PostgreSQL takes no role of such a name.
    pub fn check(self) -> Result<Roles, Failure> {
        let name = |name: String| role_name(&name).map_err(|reason| Failure::Name { name: name.clone(), reason });
        let login = |text| Ok::<_, Failure>(Login { name: name(text)?, password: None });
        Ok(Roles { owner: name(self.owner)?, migrator: login(self.migrator)?, app: login(self.app)?, iam: true })
    }
}
