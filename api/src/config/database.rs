//! How to reach the database.

use std::{path::PathBuf, time::Duration};

use secrecy::SecretString;

use super::{DatabaseUrl, secret};

/// The SQLite file of a Taproom that was told nothing.
const EMBEDDED_FILE: &str = "taproom.db";

/// The database and how to talk to it.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Database")]
pub struct DatabaseConfig {
    /// `sqlite:PATH` or `postgres://USER@HOST:PORT/DATABASE`; without it, the SQLite file taproom.db in the working directory
    ///
    /// A PostgreSQL server is reached over TLS, its certificate and name verified (sslmode=verify-full), unless it is on this
    /// machine or the URL has another `sslmode`. Keep the password out of the URL: see TAPROOM_DATABASE_PASSWORD.
    #[arg(long = "database-url", env = "TAPROOM_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub url: Option<DatabaseUrl>,

    /// Password for PostgreSQL; better given by its variable, since a command line can be seen by others
    #[arg(
        long = "database-password",
        env = "TAPROOM_DATABASE_PASSWORD",
        hide_env_values = true,
        value_name = "PASSWORD",
        value_parser = secret
    )]
    pub password: Option<SecretString>,

    /// How to log in to PostgreSQL
    #[arg(long = "database-auth", env = "TAPROOM_DATABASE_AUTH", value_enum, default_value = "password", value_name = "METHOD")]
    pub auth: DatabaseAuth,

    /// AWS region of the database, for rds-iam
    #[arg(long = "database-region", env = "AWS_REGION", value_name = "REGION")]
    pub region: Option<String>,

    /// PEM file with the certificates of the authorities (CA) that may vouch for the PostgreSQL server, beside the public ones
    #[arg(long = "database-ca", env = "TAPROOM_DATABASE_CA", value_name = "FILE")]
    pub ca: Option<PathBuf>,

    /// PostgreSQL role to take on after login (SET ROLE); for migrations, the role that owns the tables
    #[arg(long = "database-role", env = "TAPROOM_DATABASE_ROLE", value_name = "ROLE", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub role: Option<String>,

    /// Most connections that are open at a time
    #[arg(
        long = "database-pool-size",
        env = "TAPROOM_DATABASE_POOL_SIZE",
        default_value_t = 10,
        value_name = "COUNT",
        value_parser = clap::value_parser!(u32).range(1..=1000)
    )]
    pub pool_size: u32,

    /// Milliseconds to wait for a connection, a new one or one in use, before giving up
    #[arg(
        long = "database-acquire-timeout",
        env = "TAPROOM_DATABASE_ACQUIRE_TIMEOUT",
        default_value_t = 2_000,
        value_name = "MS",
        value_parser = clap::value_parser!(u64).range(1..=600_000)
    )]
    pub acquire_timeout_ms: u64,

    /// Milliseconds after which PostgreSQL cancels a statement, 0 for never; by default 10000, but 0 for migrate, roles, seed and import
    #[arg(
        long = "database-statement-timeout",
        env = "TAPROOM_DATABASE_STATEMENT_TIMEOUT",
        value_name = "MS",
        value_parser = clap::value_parser!(u32).range(0..=86_400_000)
    )]
    pub statement_timeout_ms: Option<u32>,

    /// Milliseconds after which PostgreSQL cancels a statement that waits for a lock, 0 for never
    ///
    /// Also for migrations: one that waits for a long transaction would make everybody else wait behind it.
    #[arg(
        long = "database-lock-timeout",
        env = "TAPROOM_DATABASE_LOCK_TIMEOUT",
        default_value_t = 5_000,
        value_name = "MS",
        value_parser = clap::value_parser!(u32).range(0..=86_400_000)
    )]
    pub lock_timeout_ms: u32,

    /// Milliseconds for which a writer waits for another one on SQLite
    #[arg(
        long = "database-busy-timeout",
        env = "TAPROOM_DATABASE_BUSY_TIMEOUT",
        default_value_t = 5_000,
        value_name = "MS",
        value_parser = clap::value_parser!(u32).range(0..=600_000)
    )]
    pub busy_timeout_ms: u32,
}

/// How the service proves to PostgreSQL who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum DatabaseAuth {
    /// With TAPROOM_DATABASE_PASSWORD or the URL's password, if there is one
    Password,
    /// With tokens of the AWS identity this runs as, renewed while it runs (RDS IAM authentication); needs the region
    RdsIam,
}

impl DatabaseConfig {
    /// The defaults, for the database at `url`.
    #[must_use]
    pub fn at(url: DatabaseUrl) -> Self {
        Self {
            url: Some(url),
            password: None,
            auth: DatabaseAuth::Password,
            region: None,
            ca: None,
            role: None,
            pool_size: 10,
            acquire_timeout_ms: 2_000,
            statement_timeout_ms: None,
            lock_timeout_ms: 5_000,
            busy_timeout_ms: 5_000,
        }
    }

    /// Whether no database was named. Only then may `serve` migrate and seed by itself.
    #[must_use]
    pub const fn is_embedded_default(&self) -> bool {
        self.url.is_none()
    }

    /// The named database, or the embedded default.
    #[must_use]
    pub fn url(&self) -> DatabaseUrl {
        self.url.clone().unwrap_or_else(|| DatabaseUrl::Sqlite(EMBEDDED_FILE.into()))
    }

    /// The same, with no limit on a statement's time unless one was asked for: for migrations, imports and the like.
    #[must_use]
    pub fn for_long_statements(mut self) -> Self {
        self.statement_timeout_ms.get_or_insert(0);
        self
    }

    /// How long PostgreSQL may work on one statement; zero is for ever.
    #[must_use]
    pub fn statement_timeout(&self) -> Duration {
        Duration::from_millis(self.statement_timeout_ms.unwrap_or(10_000).into())
    }

    /// How long a request waits for a connection.
    #[must_use]
    pub const fn acquire_timeout(&self) -> Duration {
        Duration::from_millis(self.acquire_timeout_ms)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Arguments {
        #[command(flatten)]
        database: DatabaseConfig,
    }

    #[test]
    fn the_defaults_are_one_set() {
        let url = "--database-url=sqlite:x.db";
        let parsed = Arguments::try_parse_from(["taproom", url]).unwrap().database;
        assert_eq!(format!("{parsed:?}"), format!("{:?}", DatabaseConfig::at("sqlite:x.db".parse().unwrap())));
    }

    #[test]
    fn debug_shows_no_password() {
        let arguments = ["taproom", "--database-url=postgres://u:hunter2@h/d", "--database-password=hunter3"];
        let shown = format!("{:?}", Arguments::try_parse_from(arguments).unwrap().database);
        assert!(!shown.contains("hunter"), "{shown}");
    }
}
