//! Statements that nobody waits for any more.
//!
//! When a request is given up, sqlx drops what waits for its statement, and a task of its pool waits until the statement has ended
//! before the connection is lent again: the server works on for nobody, for up to the statement timeout. So work is done inside of
//! [`noticed`], and the PostgreSQL pool, which learns of it here, closes a connection that is still busy. The server looks for a closed
//! socket once a second (`client_connection_check_interval`) and then cancels the statement and rolls back.
//!
//! The `ROLLBACK` of a dropped transaction is sent with the next use of its connection. A `COMMIT` that was under way may have happened:
//! nobody was told so, and an idempotency key finds out.
//!
//! On SQLite a connection's thread goes on to the statement's next row, sees that nobody takes it, and stops. One that waits for the write
//! lock waits for at most the busy timeout.

use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Pools look at what is returned to them for so long after something was abandoned; it is returned at once.
const WINDOW: Duration = Duration::from_secs(1);

static LAST: Mutex<Option<Instant>> = Mutex::new(None);

/// Runs `work`, and notices if it is dropped before its end.
pub async fn noticed<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    // Declared later, so dropped earlier: before `work` gives its connections back.
    let guard = Guard;
    let output = work.as_mut().await;
    std::mem::forget(guard);
    output
}

/// Whether something was abandoned just now, so that a connection that is returned may still be busy.
pub(super) fn lately() -> bool {
    LAST.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|last| last.elapsed() < WINDOW)
}

/// Ends the task of sqlx's pool in which it is called, and with it the connection that the task was about to lend again.
///
/// sqlx has no other way out for a hook: told to close a connection, it flushes first, and over TLS its flush waits for the server to
/// say something (sqlx 0.9, `RustlsSocket::poll_flush`), which is what a busy server does not do. Unwinding drops the connection,
/// which closes the socket, and gives the pool its place back. Nothing is logged: this is no panic.
pub(super) fn drop_connection() -> ! {
    tracing::warn!("a connection is closed that was still busy with what was abandoned");
    std::panic::resume_unwind(Box::new("the connection is dropped"))
}

struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
}
