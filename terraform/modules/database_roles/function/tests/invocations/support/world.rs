//! A database as RDS makes it, its secret, and the function.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;

use super::lambda::{self, Invocation};
use super::postgres::{PgDatabase, postgres_database, unmigrated_postgres_database};
use super::secrets_manager::SecretsManager;

pub const MASTER_SECRET: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-1";
pub const PASSWORD: &str = "pass'word with \"everything\" {}";
/// Not the default password of anything that is running.
pub const WRONG: &str = "yesterday's-password";

pub struct World {
    pub database: PgDatabase,
    pub secrets: SecretsManager,
    /// The master user, and the prefix of the roles: they belong to the whole server, and each test has its own.
    pub name: &'static str,
    /// Of the function, with `rds-ca.pem`.
    root: TempDir,
    pub time: Duration,
    pub host: &'static str,
}

impl World {
    pub async fn start(name: &'static str) -> Option<Self> {
        Self::with(unmigrated_postgres_database().await?, name).await
    }

    /// With a schema.
    pub async fn migrated(name: &'static str) -> Option<Self> {
        Self::with(postgres_database().await?, name).await
    }

    async fn with(database: PgDatabase, name: &'static str) -> Option<Self> {
        // As RDS does it: its master user is no superuser, https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html
        let sql = format!(
            "DO $$ BEGIN CREATE ROLE rds_iam NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
             CREATE ROLE {name} LOGIN CREATEROLE CREATEDB PASSWORD '{}'; ALTER DATABASE {} OWNER TO {name}",
            PASSWORD.replace('\'', "''"),
            database.name
        );
        database.server.execute(&database.name, &sql).await;
        let secrets = SecretsManager::start().await;
        let world =
            Self { root: tempfile::tempdir().unwrap(), secrets, name, time: super::PATIENCE, host: "localhost", database };
        world.trust(&world.database.server.ca());
        world.says(&[&world.master(PASSWORD)]);
        Some(world)
    }

    /// The text of RDS' secret.
    pub fn master(&self, password: &str) -> String {
        json!({ "username": self.name, "password": password }).to_string()
    }

    /// What the master secret says, one time after the other.
    pub fn says(&self, values: &[&str]) {
        let values = values.iter().map(|&value| value.to_owned()).collect();
        self.secrets.model().values.insert(MASTER_SECRET.to_owned(), values);
    }

    /// Packs another authority with the program.
    pub fn trust(&self, pem: &Path) {
        std::fs::copy(pem, self.root.path().join("rds-ca.pem")).unwrap();
    }

    /// As Terraform calls it.
    pub async fn apply(&self) -> Invocation {
        let role = |role: &str| self.role(role);
        self.invoke(json!({ "roles": { "owner": role("owner"), "migrator": role("migrator"), "app": role("app") } })).await
    }

    pub fn role(&self, role: &str) -> String {
        format!("{}_{role}", self.name)
    }

    pub async fn invoke(&self, event: Value) -> Invocation {
        let port = self.database.server.port.to_string();
        let variables = [
            ("DATABASE_HOST", self.host),
            ("DATABASE_PORT", &port),
            ("DATABASE_NAME", &self.database.name),
            ("MASTER_SECRET", MASTER_SECRET),
            ("LAMBDA_TASK_ROOT", self.root.path().to_str().unwrap()),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "secret-access-key"),
            ("AWS_ENDPOINT_URL", &self.secrets.endpoint),
        ];
        let environment = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let invocation = lambda::invoke(environment, event, self.time).await;
        let told = format!("{invocation:?}");
        for secret in [PASSWORD, WRONG, "word with", "secret-access-key", "taproom_0"] {
            assert!(!told.contains(secret), "{told}");
        }
        invocation
    }

    /// A session of the administrator, who may become anybody: nobody here can log in by IAM.
    pub async fn session(&self, role: &str) -> PgConnection {
        let options: PgConnectOptions = self.database.url.parse().unwrap();
        PgConnection::connect_with(&options.options([("role", self.role(role))])).await.unwrap()
    }
}

/// The function's sentence about what went wrong.
pub fn failure(invocation: &Invocation) -> (&str, &str) {
    let error = invocation.result.as_ref().unwrap_err();
    (error["errorType"].as_str().unwrap(), error["errorMessage"].as_str().unwrap())
}
