//! Whether the database is there at all, so that requests need not find out one by one, each waiting in vain.
//!
//! Whoever has cause to [`doubt`] says so: a lost connection, a statement that did not end, a pool without a connection to spare. A task then
//! logs in, on a connection of its own. If nobody answers, the database is down until somebody does. A pool that is merely exhausted
//! thus stays up.
//!
//! One process has one database; so what there is to doubt is the process's.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use sea_orm::{DatabaseConnection, DatabaseConnectionType};
use sqlx::{Connection as _, Error, PgConnection, PgPool};
use tokio::{sync::watch, time::timeout};

/// Pause between two attempts to log in.
const PROBE_PAUSE: Duration = Duration::from_millis(250);
/// How long a server that is there may take to let us in.
const PROBE_TIMEOUT: Duration = Duration::from_secs(1);

/// When there last was cause for doubt.
static DOUBTED: LazyLock<watch::Sender<Option<Instant>>> = LazyLock::new(|| watch::Sender::new(None));

/// Says that the database may be away.
pub fn doubt() {
    DOUBTED.send_replace(Some(Instant::now()));
}

/// Whether a connection that has been idle for so long may have been lost by what caused the last doubt.
pub(super) fn is_doubtful(idle: Duration) -> bool {
    DOUBTED.borrow().is_some_and(|doubted| doubted.elapsed() <= idle)
}

/// Whether the database is there; cheap to clone. The default always is.
#[derive(Clone, Debug)]
pub struct Availability(watch::Receiver<bool>);

impl Default for Availability {
    fn default() -> Self {
        Self(watch::channel(false).1)
    }
}

impl Availability {
    /// Watches `db` by a task on the current runtime, for as long as the pool is open and somebody wants to know. An SQLite file
    /// does not go away.
    #[must_use]
    pub fn of(db: &DatabaseConnection) -> Self {
        let DatabaseConnectionType::SqlxPostgresPoolConnection(_) = &db.inner else { return Self::default() };
        let (down, is_down) = watch::channel(false);
        tokio::spawn(watch(db.get_postgres_connection_pool().clone(), down));
        Self(is_down)
    }

    /// Whether the database was away when it was last looked for.
    #[must_use]
    pub fn is_down(&self) -> bool {
        *self.0.borrow()
    }
}

async fn watch(pool: PgPool, down: watch::Sender<bool>) {
    let probing = async {
        let mut doubts = DOUBTED.subscribe();
        while doubts.changed().await.is_ok() {
            while !answers(&pool).await {
                if !down.send_replace(true) {
                    tracing::error!("the database is away: requests are refused until it is back");
                }
                tokio::time::sleep(PROBE_PAUSE).await;
            }
            if *down.borrow() {
                // Nothing that was connected before is to be trusted.
                doubt();
                down.send_replace(false);
                tracing::info!("the database is back");
            }
            tokio::time::sleep(PROBE_PAUSE).await;
        }
    };
    tokio::select! {
        () = probing => {}
        () = pool.close_event() => {}
        () = down.closed() => {}
    }
}

/// Whether somebody is there, if only to refuse the login: for want of connections or of a good password. 57P01 to 57P03 mean shutting down,
/// crashed and starting up (<https://www.postgresql.org/docs/15/errcodes-appendix.html>).
async fn answers(pool: &PgPool) -> bool {
    match login(pool).await {
        // Perhaps only this connection was ended, with others. A server that shuts down lets nobody in a second time.
        Err(Error::Database(refusal)) if refusal.code().as_deref() == Some("57P01") => login(pool).await.is_ok(),
        Err(Error::Database(refusal)) => !refusal.code().is_some_and(|code| matches!(&*code, "57P02" | "57P03")),
        Err(error) => {
            tracing::debug!(%error, "the database does not answer");
            false
        }
        Ok(()) => true,
    }
}

async fn login(pool: &PgPool) -> Result<(), Error> {
    let options = pool.connect_options();
    let login = timeout(PROBE_TIMEOUT, PgConnection::connect_with(&options));
    let connection = login.await.map_err(|_| Error::PoolTimedOut)??;
    let _ = timeout(PROBE_TIMEOUT, connection.close()).await;
    Ok(())
}
