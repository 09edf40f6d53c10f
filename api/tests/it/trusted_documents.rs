//! Trusted documents, by the real program: in both forms of the manifest, in every mode, and what stops the start.
#![cfg(unix)]

use std::path::Path;

use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::http_support::{client, json as body_of, only_error, with_query};
use crate::persisted::sha256;
use crate::support::program::Running;
use crate::support::taproom;

const BEERS: &str = "query Beers($first: Int!) { beers(first: $first) { nodes { name } } }";
const BOTH: &str = "query A { __typename } query B { __schema { queryType { name } } }";

fn by_hash() -> Value {
    json!({ "d1": BEERS, sha256(BOTH): BOTH })
}

fn apollo(id: &str, name: &str, body: &str) -> Value {
    let operation = json!({ "id": id, "name": name, "type": "query", "body": body });
    json!({ "format": "apollo-persisted-query-manifest", "version": 1, "operations": [operation] })
}

fn write(folder: &TempDir, manifest: &str) -> String {
    let file = folder.path().join("manifest.json");
    std::fs::write(&file, manifest).unwrap();
    file.to_str().unwrap().to_owned()
}

/// A service with this manifest, and what asks it.
struct Service(Running, Client);

impl Service {
    fn start(mode: &str, manifest: &Value, persisted_bytes: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let file = write(&folder, &manifest.to_string());
        let environment = [
            ("TAPROOM_TRUSTED_DOCUMENTS", mode),
            ("TAPROOM_TRUSTED_DOCUMENTS_FILE", &file),
            ("TAPROOM_PERSISTED_QUERIES_BYTES", persisted_bytes),
            ("TAPROOM_LOG", "warn,taproom::cli=info"),
        ];
        Self(Running::start(&environment), client())
    }

    async fn post(&self, body: Value) -> reqwest::Response {
        self.1.post(format!("http://{}/graphql", self.0.address)).json(&body).send().await.unwrap()
    }

    async fn get(&self, parameters: &[(&str, &str)]) -> reqwest::Response {
        let url = with_query(&format!("http://{}/graphql", self.0.address), parameters);
        self.1.get(url).send().await.unwrap()
    }

    /// Asks for beers in each way that names the trusted document.
    async fn finds_beers(&self, id: &str) {
        let variables = json!({ "first": 1 });
        let hash = format!("sha256:{}", sha256(BEERS));
        for name in [
            json!({ "documentId": id }),
            json!({ "documentId": hash }),
            json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": id } } }),
            json!({ "query": BEERS }),
            json!({ "query": BEERS, "documentId": id }),
        ] {
            let mut request = name.clone();
            request["variables"] = variables.clone();
            let answer = body_of(self.post(request).await).await;
            assert!(answer["data"]["beers"]["nodes"][0]["name"].is_string(), "{name}: {answer}");
        }
        let by_get = self.get(&[("documentId", id), ("variables", &variables.to_string())]).await;
        assert!(body_of(by_get).await["data"]["beers"]["nodes"][0]["name"].is_string());
    }
}

#[tokio::test]
async fn only_executes_the_manifest() {
    for (manifest, id) in [(by_hash(), "d1"), (apollo("d2", "Beers", BEERS), "d2")] {
        let service = Service::start("only", &manifest, "100000");
        service.finds_beers(id).await;
        let other = "{ __typename }";
        let registration = json!({ "version": 1, "sha256Hash": sha256(other) });
        for request in [json!({ "query": other }), json!({ "query": other, "extensions": { "persistedQuery": registration } })] {
            let response = service.post(request).await;
            assert_eq!(response.status(), 403);
            assert_eq!(only_error(response).await.0, "TRUSTED_DOCUMENT_REQUIRED");
        }
        let unknown = service.post(json!({ "extensions": { "persistedQuery": registration } })).await;
        assert_eq!(only_error(unknown).await.1, "PersistedQueryNotFound");
        let swapped = service.post(json!({ "query": BEERS, "documentId": "another" })).await;
        assert_eq!(only_error(swapped).await.0, "BAD_REQUEST");
    }
}

/// Tools that add to a document after they hashed it write such a manifest: its id is the hash of another text.
#[tokio::test]
async fn an_id_that_is_another_texts_hash_does_not_make_that_trusted() {
    let other = "{ breweries { totalCount } }";
    let service = Service::start("only", &json!({ sha256(other): BEERS }), "0");
    service.finds_beers(&sha256(other)).await;
    let (code, _) = only_error(service.post(json!({ "query": other })).await).await;
    assert_eq!(code, "TRUSTED_DOCUMENT_REQUIRED");
}

#[tokio::test]
async fn prefer_executes_the_rest_too() {
    let service = Service::start("prefer", &by_hash(), "100000");
    service.finds_beers("d1").await;
    let other = "{ __typename }";
    assert_eq!(body_of(service.post(json!({ "query": other })).await).await["data"]["__typename"], "Query");
    let id = format!("sha256:{}", sha256(other));
    assert_eq!(only_error(service.post(json!({ "documentId": id })).await).await.1, "PersistedQueryNotFound");
    service.post(json!({ "query": other, "documentId": id })).await;
    assert_eq!(body_of(service.post(json!({ "documentId": id })).await).await["data"]["__typename"], "Query");
    let chosen = service.post(json!({ "documentId": format!("sha256:{}", sha256(BOTH)), "operationName": "B" })).await;
    assert_eq!(body_of(chosen).await["data"]["__schema"]["queryType"]["name"], "Query");

    let service = Service::start("prefer", &by_hash(), "0");
    service.finds_beers("d1").await;
    let unknown = service.post(json!({ "documentId": id })).await;
    assert_eq!(only_error(unknown).await.1, "PersistedQueryNotSupported");
}

fn refused_start(environment: &[(&str, &str)]) -> String {
    let folder = TempDir::new().unwrap();
    let mut program = taproom();
    program.args(["serve", "--listen", "127.0.0.1:0"]).envs(environment.iter().copied()).current_dir(&folder);
    let output = program.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{environment:?}");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0, "nothing has been written");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn half_a_configuration_stops_the_start() {
    let file = ("TAPROOM_TRUSTED_DOCUMENTS_FILE", "/nowhere/manifest.json");
    for mode in ["only", "prefer"] {
        let mode = ("TAPROOM_TRUSTED_DOCUMENTS", mode);
        assert!(refused_start(&[mode]).contains("TAPROOM_TRUSTED_DOCUMENTS_FILE is not"));
        let errors = refused_start(&[mode, file]);
        assert!(errors.contains("\"/nowhere/manifest.json\" cannot be read: No such file"), "{errors}");
    }
    let errors = refused_start(&[file]);
    assert!(errors.contains("TAPROOM_TRUSTED_DOCUMENTS is off"), "{errors}");
}

#[test]
fn a_manifest_that_is_no_good_stops_the_start() {
    let folder = TempDir::new().unwrap();
    for (manifest, expected) in [
        ("{".to_owned(), "EOF while parsing"),
        ("{}".to_owned(), "it has no documents"),
        (r#"{"a":1}"#.to_owned(), "expected a string"),
        (r#"{"a":"{"}"#.to_owned(), "the trusted document \"a\" cannot be executed: "),
        (r#"{"a":"fragment F on Beer { id }"}"#.to_owned(), "the trusted document \"a\""),
        (r#"{"a":"query Old { gone }"}"#.to_owned(), "operation Old: Unknown field \"gone\""),
        (json!({ "a": BOTH.replace("__schema", "gone") }).to_string(), "Unknown field \"gone\""),
        (apollo("x", "Old", "query Old { gone }").to_string(), "the trusted document Old with the id \"x\""),
        (apollo("x", "Old", "query Old {").to_string(), "the trusted document Old with the id \"x\""),
        (apollo("x", "Old", "{ beers { nodes } }").to_string(), "the trusted document Old with the id \"x\""),
    ] {
        let file = write(&folder, &manifest);
        let errors = refused_start(&[("TAPROOM_TRUSTED_DOCUMENTS", "only"), ("TAPROOM_TRUSTED_DOCUMENTS_FILE", &file)]);
        assert!(errors.contains(expected), "{manifest}: {errors}");
    }
    let file = write(&folder, "");
    std::fs::File::options().write(true).open(Path::new(&file)).unwrap().set_len(65 << 20).unwrap();
    let errors = refused_start(&[("TAPROOM_TRUSTED_DOCUMENTS", "only"), ("TAPROOM_TRUSTED_DOCUMENTS_FILE", &file)]);
    assert!(errors.contains("larger than the limit"), "{errors}");
}
