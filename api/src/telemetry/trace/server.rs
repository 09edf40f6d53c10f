//! Which database server the statements go to.

use std::sync::OnceLock;

use opentelemetry::KeyValue;
use opentelemetry_semantic_conventions::attribute;

/// One process has one database.
static SERVER: OnceLock<Server> = OnceLock::new();

/// A database server, as spans of statements name it.
#[derive(Debug)]
pub struct Server {
    /// Name of the database.
    pub namespace: String,
    /// Name or address of the host.
    pub address: String,
    /// TCP port.
    pub port: u16,
}

impl Server {
    /// From now on, statements go there.
    pub fn announce(self) {
        // A second pool is a test's.
        let _ = SERVER.set(self);
    }
}

pub(super) fn attributes() -> impl Iterator<Item = KeyValue> {
    SERVER.get().into_iter().flat_map(|server| {
        [
            KeyValue::new(attribute::DB_NAMESPACE, server.namespace.clone()),
            KeyValue::new(attribute::SERVER_ADDRESS, server.address.clone()),
            KeyValue::new(attribute::SERVER_PORT, i64::from(server.port)),
        ]
    })
}
