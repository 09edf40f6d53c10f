//! Programs of different releases on one database, and what they must be able to do there.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use crate::support::{other_version::workspace, program::Running, stdout};

const KINDS: [&str; 4] = ["Style", "Brewery", "Beer", "Review"];

/// A release: its program, and what is asked of it.
pub struct Release {
    pub program: PathBuf,
    /// The operations of the checks after a deployment, by name.
    pub stored: BTreeMap<String, String>,
    /// A document that writes and reads each type.
    pub catalogue: String,
}

impl Release {
    /// The release whose source is in `folder`; what is not there yet is as today.
    pub fn of(program: PathBuf, folder: &Path) -> Self {
        let today = workspace();
        let at = |path: &str| [folder, &today].map(|root| root.join(path)).into_iter().find(|path| path.exists()).unwrap();
        let files = fs::read_dir(at("codedeploy/hooks/operations")).unwrap().map(|file| file.unwrap().path());
        let stored: BTreeMap<_, _> = files
            .filter(|file| file.extension().is_some_and(|extension| extension == "graphql"))
            .map(|file| (file.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(file).unwrap()))
            .collect();
        assert!(stored.contains_key("Beers"), "the stored operations are gone from codedeploy/hooks/operations");
        Self { program, stored, catalogue: fs::read_to_string(at("api/tests/release/catalogue.graphql")).unwrap() }
    }

    /// What is checked out.
    pub fn today() -> Self {
        Self::of(env!("CARGO_BIN_EXE_taproom").into(), &workspace())
    }

    /// Runs a command of the program on a database; returns what it says.
    pub fn run(&self, database: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(&self.program);
        stdout(&command.env_clear().env("TAPROOM_DATABASE_URL", database).args(arguments).output().unwrap())
    }

    /// A key that may do everything.
    pub fn key(&self, database: &str) -> String {
        self.run(database, &["key", "create", "--name", "rollout", "--scope", "admin"]).trim().to_owned()
    }

    pub fn serve(&self, database: &str) -> Running {
        let mut command = Command::new(&self.program);
        command.env_clear();
        Running::launch(command, &[("TAPROOM_DATABASE_URL", database), ("TAPROOM_LOG", "warn,taproom::cli=info")])
    }
}

/// A running program and who asks it.
pub struct Side<'a> {
    pub release: &'a Release,
    running: Running,
    key: String,
    client: reqwest::Client,
}

impl<'a> Side<'a> {
    /// Starts the release's program.
    pub fn start(release: &'a Release, database: &str, key: &str) -> Self {
        Self { release, running: release.serve(database), key: key.to_owned(), client: crate::http_support::client() }
    }

    pub async fn assert_ready(&self) {
        let response = self.client.get(format!("http://{}/readyz", self.running.address)).send().await.unwrap();
        let status = response.status();
        assert_eq!(status, 200, "{}: {}", self.release.program.display(), response.text().await.unwrap());
    }

    /// The data of an operation in a document; there must be no errors.
    pub async fn ask(&self, document: &str, operation: &str, variables: Value) -> Value {
        let body = json!({ "query": document, "operationName": operation, "variables": variables });
        let request = self.client.post(format!("http://{}/graphql", self.running.address)).bearer_auth(&self.key).json(&body);
        let mut answer: Value = request.send().await.unwrap().json().await.unwrap();
        assert!(answer.get("errors").is_none(), "{} {operation} {variables}: {answer:#}", self.release.program.display());
        answer["data"].take()
    }

    /// The answers to all stored operations of a release.
    pub async fn answers(&self, release: &Release) -> Vec<Value> {
        let beers = self.ask(&release.stored["Beers"], "Beers", json!({})).await;
        let beer = &beers["beers"]["nodes"][0]["id"];
        assert!(beer.is_string(), "no beer is left: {beers:#}");
        let mut answers = Vec::new();
        for (name, document) in &release.stored {
            answers.push(self.ask(document, name, json!({ "id": beer })).await);
        }
        answers
    }

    async fn write(&self, action: &str, kind: &str, input: Value) -> Value {
        let mut data = self.ask(&self.release.catalogue, &format!("{action}{kind}"), json!({ "input": input })).await;
        let payload = &mut data[format!("{}{kind}", action.to_lowercase())];
        assert_eq!(payload["errors"], json!([]), "{} {action}{kind} {input}", self.release.program.display());
        payload["node"].take()
    }

    async fn read(&self, kind: &str, id: &Value) -> Value {
        self.ask(&self.release.catalogue, &format!("Read{kind}"), json!({ "id": id })).await["node"].take()
    }
}

/// One writes each type, the other one reads and changes it, and the first one reads that and deletes it.
pub async fn take_turns(writer: &Side<'_>, reader: &Side<'_>) {
    let mut rows: BTreeMap<&str, Value> = BTreeMap::new();
    for kind in KINDS {
        let id = |kind: &str| rows[kind]["id"].clone();
        let (new, change) = match kind {
            "Style" => (json!({ "name": "Rollout Ale", "category": "Test" }), json!({ "category": "Tested" })),
            "Brewery" => (
                json!({ "name": "Rollout Brewery", "city": "Bamberg", "country": "Germany", "latitude": 49.9, "longitude": 10.9 }),
                json!({ "city": "Forchheim", "website": "https://example.org" }),
            ),
            "Beer" => (
                json!({ "name": "Rollout Zwickl", "breweryId": id("Brewery"), "styleId": id("Style"), "abv": 5.5, "ibu": 30 }),
                json!({ "name": "Rollout Kellerbier", "description": "Changed" }),
            ),
            _ => (json!({ "beerId": id("Beer"), "author": "A", "rating": 4, "body": "Fine" }), json!({ "rating": 5 })),
        };
        let created = writer.write("Create", kind, new).await;
        assert_eq!(reader.read(kind, &created["id"]).await, created, "{kind}, created by the other release");
        let mut input = change;
        input["id"] = created["id"].clone();
        input["expectedRevision"] = created["revision"].clone();
        let updated = reader.write("Update", kind, input).await;
        assert_ne!(updated, created);
        assert_eq!(writer.read(kind, &created["id"]).await, updated, "{kind}, changed by the other release");
        rows.insert(kind, updated);
    }
    let beer = json!({ "__typename": "Beer", "id": rows["Beer"]["id"] });
    for side in [writer, reader] {
        let found = side.ask(&side.release.catalogue, "Search", json!({ "text": "kellerbier" })).await;
        assert!(found["search"]["nodes"].as_array().unwrap().contains(&beer), "{found:#}");
    }
    for kind in KINDS.iter().rev() {
        let row = &rows[kind];
        let input = json!({ "id": row["id"] });
        assert_eq!(writer.write("Delete", kind, input).await, row["id"]);
        assert_eq!(reader.read(kind, &row["id"]).await, Value::Null, "{kind}, deleted by the other release");
    }
}
