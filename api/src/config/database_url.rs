//! Which database: the value of `TAPROOM_DATABASE_URL`.

use std::{fmt, path::PathBuf, str::FromStr};

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::Url;

/// Parameters of a PostgreSQL URL that are understood; another one would be a typing error that nobody notices.
const PARAMETERS: [&str; 11] =
    ["application_name", "dbname", "host", "hostaddr", "options", "port", "sslcert", "sslkey", "sslmode", "sslrootcert", "user"];

/// Where the database is. Its `Debug` and `Display` forms show no password.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// An SQLite file: `sqlite:PATH`.
    Sqlite(PathBuf),
    /// A PostgreSQL server: `postgres://USER@HOST:PORT/DATABASE?sslmode=…`.
    Postgres(Url),
}

/// Why a text names no database. Says nothing of the text itself, which may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDatabaseUrl {
    #[error("is no database URL; write sqlite:PATH or postgres://USER@HOST:PORT/DATABASE")]
    NoScheme,
    #[error("has the scheme {0:?}; only sqlite: and postgres: are supported")]
    UnknownScheme(String),
    #[error("names no SQLite file; write sqlite:PATH")]
    NoPath,
    #[error("names an in-memory SQLite database, of which each connection would see its own; write sqlite:PATH")]
    InMemory,
    #[error("has parameters after the SQLite file's path; write sqlite:PATH only")]
    SqliteParameters,
    #[error("is no valid PostgreSQL URL ({0}); write postgres://USER@HOST:PORT/DATABASE, special characters percent-encoded")]
    Malformed(String),
    #[error("has the parameter `password`; give the password in TAPROOM_DATABASE_PASSWORD")]
    PasswordParameter,
    #[error("has the unknown parameter {0:?}; known are {known}", known = PARAMETERS.join(", "))]
    UnknownParameter(String),
    #[error("has sslmode={0:?}; it is one of disable, allow, prefer, require, verify-ca, verify-full")]
    UnknownSslMode(String),
}

impl DatabaseUrl {
    /// What `sslmode` a PostgreSQL URL asks for, if it does.
    #[must_use]
    pub fn ssl_mode(&self) -> Option<PgSslMode> {
        let Self::Postgres(url) = self else { return None };
        url.query_pairs().find(|(key, _)| key == "sslmode").and_then(|(_, value)| value.parse().ok())
    }
}

impl FromStr for DatabaseUrl {
    type Err = InvalidDatabaseUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (scheme, rest) = text.split_once(':').ok_or(InvalidDatabaseUrl::NoScheme)?;
        match scheme {
            "sqlite" => sqlite(rest.strip_prefix("//").unwrap_or(rest)),
            "postgres" | "postgresql" => postgres(text),
            // `user:secret@host`, its scheme forgotten, is not to be repeated: a scheme is followed by a slash, or is a known word.
            _ if rest.starts_with("//") => Err(InvalidDatabaseUrl::UnknownScheme(scheme.to_owned())),
            _ => Err(InvalidDatabaseUrl::NoScheme),
        }
    }
}

fn sqlite(path: &str) -> Result<DatabaseUrl, InvalidDatabaseUrl> {
    match path {
        "" => Err(InvalidDatabaseUrl::NoPath),
        ":memory:" => Err(InvalidDatabaseUrl::InMemory),
        _ if path.contains('?') => Err(InvalidDatabaseUrl::SqliteParameters),
        _ => Ok(DatabaseUrl::Sqlite(PathBuf::from(path))),
    }
}

fn postgres(text: &str) -> Result<DatabaseUrl, InvalidDatabaseUrl> {
    let malformed = |error: String| InvalidDatabaseUrl::Malformed(error);
    let url = Url::parse(text).map_err(|error| malformed(error.to_string()))?;
    if url.cannot_be_a_base() {
        return Err(malformed("there is no // after the scheme".to_owned()));
    }
    for (key, value) in url.query_pairs() {
        match &*key {
            "password" => return Err(InvalidDatabaseUrl::PasswordParameter),
            "sslmode" if value.parse::<PgSslMode>().is_err() => {
                return Err(InvalidDatabaseUrl::UnknownSslMode(value.into_owned()));
            }
            known if PARAMETERS.contains(&known) => {}
            unknown => return Err(InvalidDatabaseUrl::UnknownParameter(unknown.to_owned())),
        }
    }
    // What sqlx itself would refuse (a port, an address, an encoding) is refused now, with the setting's name.
    text.parse::<PgConnectOptions>().map_err(|error| malformed(error.to_string()))?;
    Ok(DatabaseUrl::Postgres(url))
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) if url.password().is_none() => write!(f, "{url}"),
            Self::Postgres(url) => {
                let mut shown = url.clone();
                // Fails for URLs without a host only, and those have no password.
                let _ = shown.set_password(Some("redacted"));
                write!(f, "{shown}")
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        text.parse::<DatabaseUrl>().unwrap_err().to_string()
    }

    #[test]
    fn accepts_files_and_servers() {
        assert_eq!("sqlite:a/b.db".parse(), Ok(DatabaseUrl::Sqlite("a/b.db".into())));
        assert_eq!("sqlite:///a.db".parse(), Ok(DatabaseUrl::Sqlite("/a.db".into())));
        assert!("postgres://u@h:5432/d?sslmode=verify-full".parse::<DatabaseUrl>().is_ok());
        assert!("postgresql:///d?host=/run/postgresql".parse::<DatabaseUrl>().is_ok());
    }

    #[test]
    fn refuses_and_says_why_without_the_password() {
        for (text, why) in [
            ("", "no database URL"),
            ("taproom.db", "no database URL"),
            ("user:hunter2@host/db", "no database URL"),
            ("mysql://u:hunter2@h/d", "scheme \"mysql\""),
            ("sqlite:", "no SQLite file"),
            ("sqlite::memory:", "in-memory"),
            ("sqlite:a.db?mode=ro", "parameters"),
            ("postgres:u:hunter2@h/d", "no //"),
            ("postgres://u:hunter2@h:99999/d", "port"),
            ("postgres://u@h/d?password=hunter2", "TAPROOM_DATABASE_PASSWORD"),
            ("postgres://u@h/d?pasword=hunter2", "\"pasword\""),
            ("postgres://u@h/d?sslmode=off", "sslmode=\"off\""),
        ] {
            let message = refused(text);
            assert!(message.contains(why) && !message.contains("hunter2"), "{text}: {message}");
        }
    }

    #[test]
    fn shows_no_password() {
        let url: DatabaseUrl = "postgres://u:hunter2@h/d".parse().unwrap();
        assert_eq!(format!("{url} {url:?}").matches("hunter2").count(), 0);
        assert!(url.to_string().contains("u:redacted@h/d"));
    }
}
