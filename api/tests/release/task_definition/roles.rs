//! The roles of a deployment's database, which `taproom roles` makes.

use std::process::Command;

use crate::support::{
    postgres::{PASSWORD, PgDatabase},
    stdout, taproom,
};

/// The migrator's and the service's password: nobody vouches for IAM's tokens here.
pub const MIGRATOR_PASSWORD: &str = "migrator-secret";
pub const APP_PASSWORD: &str = "app-secret";

/// Makes the roles `…_owner`, `…_migrator` and `…_app`. They are the whole server's: each test has its own.
pub fn make(database: &PgDatabase, prefix: &str) {
    let mut roles = taproom();
    roles.arg("roles").env("TAPROOM_DATABASE_URL", url(database, "postgres")).env("TAPROOM_DATABASE_PASSWORD", PASSWORD);
    roles.env("TAPROOM_MIGRATOR_PASSWORD", MIGRATOR_PASSWORD).env("TAPROOM_APP_PASSWORD", APP_PASSWORD);
    for role in ["owner", "migrator", "app"] {
        roles.env(format!("TAPROOM_{}_ROLE", role.to_uppercase()), format!("{prefix}_{role}"));
    }
    stdout(&roles.output().unwrap());
}

/// Migrates the database as its migrator, with this command and environment.
pub fn migrate(arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let mut command: Command = taproom();
    command.args(arguments).envs(environment.iter().copied()).env("TAPROOM_DATABASE_PASSWORD", MIGRATOR_PASSWORD);
    stdout(&command.output().unwrap())
}

/// The URL for a role, without its password.
pub fn url(database: &PgDatabase, role: &str) -> String {
    database.server.url(role, "127.0.0.1", &database.name)
}
