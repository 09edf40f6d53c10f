//! Which of the database's errors pass.

use sea_orm::{DbErr, RuntimeErr};

/// Whether the transaction lost to another one and can be run again from its start: a deadlock or a serialization failure of PostgreSQL
/// (<https://www.postgresql.org/docs/15/mvcc-serialization-failure-handling.html>). On SQLite writers take turns.
#[must_use]
pub fn is_conflict(error: &DbErr) -> bool {
    matches!(code(error).as_deref(), Some("40001" | "40P01"))
}

/// Whether the same request may well succeed later: the database cannot be reached, does not answer in time, or was busy with others.
#[must_use]
pub fn is_transient(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))
            if matches!(**error, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed) =>
        {
            true
        }
        _ => is_conflict(error) || code(error).is_some_and(|code| is_transient_code(&code)),
    }
}

/// PostgreSQL: lock and statement timeouts, too many connections, shutting down or starting up
/// (<https://www.postgresql.org/docs/15/errcodes-appendix.html>). SQLite: busy for longer than the busy timeout, or why
/// (<https://sqlite.org/rescode.html#busy>).
fn is_transient_code(code: &str) -> bool {
    matches!(code, "55P03" | "57014" | "53300" | "57P01" | "57P02" | "57P03" | "5" | "261" | "517" | "773")
}

fn code(error: &DbErr) -> Option<String> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            error.as_database_error()?.code().map(Into::into)
        }
        _ => None,
    }
}
