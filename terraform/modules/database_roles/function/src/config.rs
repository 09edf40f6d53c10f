//! What the function's environment says.

use std::path::PathBuf;

use serde::Deserialize;
use taproom::config::{DatabaseConfig, DatabaseUrl, SecretString};
use url::Url;

use crate::failure::Failure;

/// How long a login may take; it is tried again.
const LOGIN_TIMEOUT_MS: u64 = 10_000;

/// The database, and who may tell how to log in.
#[derive(Clone, Debug)]
pub struct Config {
    /// Without a user.
    url: Url,
    /// Beside the program, in what was uploaded.
    ca: PathBuf,
    /// ARN of RDS' secret.
    pub master_secret: String,
}

/// The master user, as [RDS' secret](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html) has it.
#[derive(Deserialize)]
pub struct Master {
    username: String,
    password: String,
}

impl Config {
    /// Reads it from variables.
    ///
    /// # Errors
    /// One is missing or makes no sense.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Failure> {
        let take = |name: &'static str| variable(name).filter(|value| !value.is_empty()).ok_or(Failure::Variable(name));
        let (host, port, name) = (take("DATABASE_HOST")?, take("DATABASE_PORT")?, take("DATABASE_NAME")?);
        let url = format!("postgres://{host}:{port}/{name}?sslmode=verify-full");
        Ok(Self {
            url: url.parse().map_err(|error: url::ParseError| Failure::Address(error.to_string()))?,
            ca: PathBuf::from(take("LAMBDA_TASK_ROOT")?).join("rds-ca.pem"),
            master_secret: take("MASTER_SECRET")?,
        })
    }

    /// How to log in as the master user, and the URL of it.
    ///
    /// # Errors
    /// Such a user fits into no URL.
    pub fn login(&self, master: Master) -> Result<(DatabaseConfig, Url), Failure> {
        let mut url = self.url.clone();
        url.set_username(&master.username).map_err(|()| Failure::Address("its host takes no user".to_owned()))?;
        let config = DatabaseConfig {
            password: Some(SecretString::from(master.password)),
            ca: Some(self.ca.clone()),
            pool_size: 1,
            acquire_timeout_ms: LOGIN_TIMEOUT_MS,
            ..DatabaseConfig::at(DatabaseUrl::Postgres(url.clone()))
        };
        Ok((config.for_long_statements(), url))
    }
}
