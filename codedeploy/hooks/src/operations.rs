//! The operations that stand for what clients ask; also the previous release's tests send them.

use serde_json::{Value, json};

/// A stored operation.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    pub name: &'static str,
    pub document: &'static str,
}

macro_rules! operation {
    ($name:literal) => {
        Operation { name: $name, document: include_str!(concat!("../operations/", $name, ".graphql")) }
    };
}

/// Those without variables.
pub const PLAIN: [Operation; 5] =
    [BEERS, operation!("Breweries"), operation!("Reviews"), operation!("Search"), operation!("StrongBeers")];
/// Finds beers.
pub const BEERS: Operation = operation!("Beers");
/// Asks for one of them.
pub const BEER: Operation = operation!("Beer");

/// An operation with its variables.
#[derive(Clone, Debug)]
pub struct Request {
    pub name: &'static str,
    /// As it is sent.
    pub body: Value,
}

impl Request {
    /// All that can be asked of a catalogue in which [`BEERS`] found `data`: without a beer, not for one.
    #[must_use]
    pub fn all(data: &Value) -> Vec<Self> {
        let plain = PLAIN.iter().map(|operation| Self::new(operation, json!({})));
        let beer = data["beers"]["nodes"][0]["id"].as_str().map(|id| Self::new(&BEER, json!({ "id": id })));
        plain.chain(beer).collect()
    }

    /// An operation with these variables.
    #[must_use]
    pub fn new(operation: &Operation, variables: Value) -> Self {
        let body = json!({ "query": operation.document, "operationName": operation.name, "variables": variables });
        Self { name: operation.name, body }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_stored_operation_is_sent() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/operations");
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let stored: BTreeSet<String> = files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
        let data = json!({ "beers": { "nodes": [{ "id": "beer_1" }] } });
        let sent: BTreeSet<String> = Request::all(&data).iter().map(|request| request.name.to_owned()).collect();
        assert_eq!(sent, stored);
        assert!(Request::all(&json!({ "beers": { "nodes": [] } })).iter().all(|request| request.name != "Beer"));
    }
}
