//! How many files the process may have open; a connection is one.

use crate::http::connections::Connections;

/// Files besides connections and databases: standard streams, the listener, the runtime's, and those of a health check or a key set
/// that is fetched.
const OTHERS: u64 = 64;

/// An SQLite connection has the file, its log and the log's index open; one to PostgreSQL is a socket.
const PER_DATABASE_CONNECTION: u64 = 3;

/// Raises the soft limit to the hard one: shells and systemd set it to 1024, for the sake of programs that use `select`. Warns if that is
/// not enough for the configured connections, of which the last ones could not be accepted.
pub(super) fn raise(connections: &Connections, pool_size: u32) {
    let Connections { max_connections, max_waiting, reserved_for_loopback, .. } = *connections;
    let http: u64 = [max_connections, max_waiting, reserved_for_loopback].map(u64::from).iter().sum();
    let needed = http + u64::from(pool_size) * PER_DATABASE_CONNECTION + OTHERS;
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(limit) if limit >= needed => {}
        Ok(limit) => {
            let advice =
                "raise the hard limit (ulimit -Hn, LimitNOFILE= in systemd, nofile in ECS), or lower TAPROOM_MAX_CONNECTIONS";
            tracing::warn!(limit, needed, advice, "too few files may be open for all connections");
        }
        Err(error) => tracing::warn!(%error, needed, "the limit of open files cannot be raised"),
    }
}
