//! `taproom key`.

use std::io::Write;

use chrono::{DateTime, SecondsFormat, Utc};
use comfy_table::{ContentArrangement, Table, presets::UTF8_HORIZONTAL_ONLY};
use secrecy::ExposeSecret as _;
use uuid::Uuid;

use super::{CliError, connect};
use crate::{
    auth::{
        Scope,
        api_key::{self, Revocation},
    },
    config::DatabaseConfig,
};

/// Options of `key`.
#[derive(Debug, clap::Args)]
pub struct Key {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Make a key and print it, once: it cannot be shown again
    Create {
        /// What the key is for
        #[arg(long)]
        name: String,
        /// What the key may do; may be repeated
        #[arg(long = "scope", required = true, value_enum)]
        scopes: Vec<Scope>,
        #[command(flatten)]
        database: DatabaseConfig,
    },
    /// Show every key, but not its secret
    List {
        #[command(flatten)]
        database: DatabaseConfig,
    },
    /// Refuse a key from now on
    Revoke {
        /// The key's id, as `list` shows it
        id: Uuid,
        #[command(flatten)]
        database: DatabaseConfig,
    },
}

impl Key {
    /// Does it.
    pub async fn run(self, out: &mut dyn Write) -> Result<(), CliError> {
        match self.action {
            Action::Create { name, scopes, database } => {
                let made = api_key::create(&connect(&database).await?, &name, &scopes).await?;
                // The key alone on standard output, so that a script can keep it.
                writeln!(std::io::stderr(), "Made key {}. Keep what follows: it is not shown again.", made.id)?;
                writeln!(out, "{}", made.key.expose_secret())?;
            }
            Action::List { database } => {
                let keys = api_key::list(&connect(&database).await?).await?;
                if keys.is_empty() {
                    writeln!(out, "There are no API keys. `taproom key create` makes one.")?;
                } else {
                    writeln!(out, "{}", table(&keys))?;
                }
            }
            Action::Revoke { id, database } => {
                let done = match api_key::revoke(&connect(&database).await?, id).await? {
                    Revocation::Done => "is revoked",
                    Revocation::AlreadyDone => "was revoked before",
                    Revocation::NotFound => return Err(CliError::NoSuchKey(id)),
                };
                writeln!(out, "Key {id} {done}.")?;
            }
        }
        Ok(())
    }
}

fn table(keys: &[api_key::ApiKeyInfo]) -> Table {
    let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["ID", "Name", "Scopes", "Created", "Revoked"]);
    for key in keys {
        let scopes = key.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ");
        let revoked = key.revoked_at.map_or_else(|| "-".to_owned(), time);
        table.add_row([key.id.to_string(), key.name.clone(), scopes, time(key.created_at), revoked]);
    }
    table
}
