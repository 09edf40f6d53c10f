//! Which of the database's errors pass.

use sea_orm::{DbErr, RuntimeErr};

/// Whether the transaction lost to another one and can be run again from its start: a deadlock or a serialization failure of PostgreSQL
/// (<https://www.postgresql.org/docs/15/mvcc-serialization-failure-handling.html>). On SQLite writers take turns.
#[must_use]
pub fn is_conflict(error: &DbErr) -> bool {
    matches!(code(error).as_deref(), Some("40001" | "40P01"))
}

/// Whether the same request may well succeed later: the database cannot be reached, does not answer in time, was busy with others, or
/// lacks room.
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

/// PostgreSQL: lock and statement timeouts, shutting down or starting up, a session that was ended for being idle; class 08, a lost
/// connection; class 53, out of disk, memory or connections (<https://www.postgresql.org/docs/15/errcodes-appendix.html>).
///
/// SQLite: busy for longer than the busy timeout, or why (5, 261, 517, 773); the disk is full (13), or what a full one can also look
/// like: a write, an fsync or the growth of the WAL's index that fails (778, 1034, 4874; <https://sqlite.org/rescode.html>).
fn is_transient_code(code: &str) -> bool {
    matches!(code, "55P03" | "57014" | "57P01" | "57P02" | "57P03" | "57P05")
        || (code.len() == 5 && (code.starts_with("08") || code.starts_with("53")))
        || matches!(code, "5" | "261" | "517" | "773" | "13" | "778" | "1034" | "4874")
}

fn code(error: &DbErr) -> Option<String> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            error.as_database_error()?.code().map(Into::into)
        }
        _ => None,
    }
}
