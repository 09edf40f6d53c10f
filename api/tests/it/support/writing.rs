//! What the tests of mutations share.

use futures_util::future::join_all;
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use taproom::auth::Scope;

use super::app::TestApp;

const ERRORS: &str = "errors { code path message referenceCount }";

impl TestApp {
    /// A new key that may write everything, and is no admin's.
    pub async fn writer(&self) -> String {
        self.key(&[Scope::CatalogWrite, Scope::ReviewsWrite]).await
    }

    /// The whole payload of a mutation, whatever became of it.
    pub async fn write(&self, key: &str, field: &str, input: Value) -> Value {
        self.mutate(key, field, &format!("{{ {} {ERRORS} }}", selection(field)), input).await
    }

    /// What a mutation left behind; it must have succeeded.
    pub async fn done(&self, key: &str, field: &str, input: Value) -> Value {
        let mut payload = self.write(key, field, input).await;
        assert_eq!(refusals(&payload), [""; 0], "{field}: {payload:#}");
        payload[subject(field)].take()
    }

    /// Codes and paths of what was wrong, such as `INVALID input.abv`.
    pub async fn refused(&self, key: &str, field: &str, input: Value) -> Vec<String> {
        let payload = self.write(key, field, input).await;
        let refusals = refusals(&payload);
        assert!(!refusals.is_empty(), "{field} was not refused: {payload:#}");
        refusals
    }

    /// A style, brewery, beer or review by its id, with everything that a mutation returns; null if there is none.
    pub async fn read(&self, kind: &str, id: &Value) -> Value {
        let field = kind.to_lowercase();
        let selected = selection(&format!("create{kind}")).replacen(&field, &format!("{field}(id: $id)"), 1);
        self.query(&format!("query ($id: ID!) {{ {selected} }}"), json!({ "id": id })).await[&field].take()
    }

    /// A number that SQL computes.
    pub async fn number(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.db.get_database_backend(), sql);
        self.db.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }

    /// How many rows each table has that mutations write.
    pub async fn row_counts(&self) -> Vec<i64> {
        let mut counts = Vec::new();
        for table in ["style", "brewery", "beer", "review", "search_document", "idempotency_record"] {
            counts.push(self.number(&format!("SELECT count(*) FROM {table}")).await);
        }
        counts
    }
}

/// Sends all calls at once, in turn to each of the instances; returns the payloads in order.
pub async fn all_at_once(apps: &[TestApp], key: &str, calls: impl IntoIterator<Item = (&'static str, Value)>) -> Vec<Value> {
    let calls = calls.into_iter().enumerate();
    join_all(calls.map(|(index, (field, input))| apps[index % apps.len()].write(key, field, input))).await
}

/// Codes and paths of a payload's errors.
pub fn refusals(payload: &Value) -> Vec<String> {
    let describe = |error: &Value| {
        let path: Vec<_> = error["path"].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect();
        format!("{} {}", error["code"].as_str().unwrap(), path.join("."))
    };
    payload["errors"].as_array().unwrap().iter().map(describe).collect()
}

/// A copy of `object` with the members of `changes`.
pub fn with(object: &Value, changes: Value) -> Value {
    let mut object = object.clone();
    for (name, value) in changes.as_object().unwrap() {
        object[name] = value.clone();
    }
    object
}

/// The field of a mutation's payload that says what was written.
fn subject(field: &str) -> String {
    match (field, field.split_at(6)) {
        ("importBeers", _) => "beerIds".to_owned(),
        ("seedCatalog", _) => "createdBeerCount".to_owned(),
        (_, ("delete", kind)) => format!("deleted{kind}Id"),
        (_, (_, kind)) => kind.to_lowercase(),
    }
}

/// Everything that a mutation's payload says about what was written.
fn selection(field: &str) -> String {
    let subject = subject(field);
    match subject.as_str() {
        "style" => "style { id name category revision }".to_owned(),
        "brewery" => "brewery { id name city region country website latitude longitude description revision }".to_owned(),
        "beer" => {
            "beer { id name abv ibu srm description revision ratingCount ratingAverage brewery { id } style { id } }".to_owned()
        }
        "review" => "review { id author rating body revision beer { id } }".to_owned(),
        "beerIds" => "beerIds createdCount updatedCount unchangedCount".to_owned(),
        "createdBeerCount" => "createdStyleCount createdBreweryCount createdBeerCount createdReviewCount".to_owned(),
        _ => subject,
    }
}
