//! The pool of database connections: how many there are, and how long one is waited for.

use sea_orm::{ConnAcquireErr, DbErr};
use sqlx::{Database, Pool};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Context, Layer};

use super::metrics::{attributes::ConnectionState, metrics};

/// sqlx tells by an event how long a connection was waited for, at the level of `PoolOptions::acquire_time_level`, or of
/// `acquire_slow_level` if it was long; it has no other way.
const EVENT: &str = "sqlx::pool::acquire";
const WAITED: &str = "acquired_after_secs";

/// The events that [`Waits`] is to see.
pub(super) fn filter() -> Targets {
    Targets::new().with_target(EVENT, LevelFilter::TRACE)
}

/// Records the waits.
pub(super) struct Waits;

impl<S: Subscriber> Layer<S> for Waits {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut Record);
    }
}

struct Record;

impl Visit for Record {
    fn record_f64(&mut self, field: &Field, seconds: f64) {
        if field.name() == WAITED {
            metrics().db_connection_wait.record(seconds, ());
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

/// Counts `error` if it is that a connection was waited for in vain: of that sqlx has no event.
pub fn count_timeout(error: &DbErr) {
    if matches!(error, DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)) {
        metrics().db_connection_timeouts.add(1, ());
    }
}

/// Tells how many connections `pool` has, from now on.
pub fn observe<DB: Database>(pool: &Pool<DB>) {
    let (counted, limited) = (pool.clone(), pool.clone());
    metrics().db_connection_count.observe(move || {
        let idle = counted.num_idle() as u64;
        let used = u64::from(counted.size()).saturating_sub(idle);
        [(idle, (ConnectionState::Idle,)), (used, (ConnectionState::Used,))]
    });
    metrics().db_connection_max.observe(move || [(limited.options().get_max_connections().into(), ())]);
}
