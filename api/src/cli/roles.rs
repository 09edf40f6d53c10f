//! `taproom roles`.

use std::io::Write;

use secrecy::SecretString;

use super::CliError;
use crate::{
    config::{DatabaseConfig, DatabaseUrl, secret},
    database::{
        connect_postgres,
        roles::{self, Login, role_name},
    },
};

/// Set up the roles of a PostgreSQL database, as its administrator
///
/// Connect as an administrator: a role that may create roles (CREATEROLE) and owns the database. Passwords are sent as SCRAM
/// verifiers, so that they appear in no log of the server. Run it before the first migration; migrate as the migrator with
/// TAPROOM_DATABASE_ROLE set to the owner. It changes only what is not yet so.
#[derive(Debug, clap::Args)]
pub struct Roles {
    /// Role that owns the tables; cannot log in
    #[arg(long, env = "TAPROOM_OWNER_ROLE", default_value = "taproom_owner", value_name = "ROLE", value_parser = role_name)]
    owner: String,
    /// Role that migrates, by becoming the owner
    #[arg(long, env = "TAPROOM_MIGRATOR_ROLE", default_value = "taproom_migrator", value_name = "ROLE", value_parser = role_name)]
    migrator: String,
    /// Role of the service: reads and writes rows
    #[arg(long, env = "TAPROOM_APP_ROLE", default_value = "taproom_app", value_name = "ROLE", value_parser = role_name)]
    app: String,
    /// Let them log in by RDS IAM tokens instead of passwords
    #[arg(long, env = "TAPROOM_ROLES_IAM")]
    iam: bool,
    /// Password of the migrator; better given by its variable. Without it, the password stays as it is
    #[arg(long, env = "TAPROOM_MIGRATOR_PASSWORD", hide_env_values = true, value_name = "PASSWORD", value_parser = secret)]
    migrator_password: Option<SecretString>,
    /// Password of the service; better given by its variable. Without it, the password stays as it is
    #[arg(long, env = "TAPROOM_APP_PASSWORD", hide_env_values = true, value_name = "PASSWORD", value_parser = secret)]
    app_password: Option<SecretString>,
    #[command(flatten)]
    database: DatabaseConfig,
}

impl Roles {
    /// Does it.
    pub async fn run(self, out: &mut dyn Write) -> Result<(), CliError> {
        let DatabaseUrl::Postgres(url) = self.database.url() else {
            return Err(CliError::RolesOnSqlite(self.database.url().to_string()));
        };
        let unset = [(&self.migrator, &self.migrator_password), (&self.app, &self.app_password)];
        let unset: Vec<_> =
            unset.iter().filter(|(_, password)| password.is_none()).map(|(name, _)| name.as_str().to_owned()).collect();
        let roles = roles::Roles {
            owner: self.owner,
            migrator: Login { name: self.migrator, password: self.migrator_password },
            app: Login { name: self.app, password: self.app_password },
            iam: self.iam,
        };
        let pool = connect_postgres(&self.database.for_long_statements(), &url).await?;
        let outcomes = roles::apply(&pool, &roles).await?;
        for outcome in &outcomes {
            writeln!(out, "{} {}", if outcome.changed { "changed  " } else { "unchanged" }, outcome.what)?;
        }
        for role in unset.iter().filter(|_| !roles.iam) {
            writeln!(out, "note: no password was given for {role}, its password stays as it is")?;
        }
        match outcomes.iter().filter(|outcome| outcome.changed).count() {
            0 => writeln!(out, "Everything was as it should be; nothing was changed.")?,
            count => writeln!(out, "Changed {count} of {}.", outcomes.len())?,
        }
        Ok(())
    }
}
