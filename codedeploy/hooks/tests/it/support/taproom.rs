//! The service, running, and its database.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use super::PATIENCE;

/// The service's program: Cargo builds it as an example, beside the tests.
pub fn program() -> PathBuf {
    let debug = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().to_owned();
    let program = debug.join("examples/taproom");
    assert!(program.exists(), "{} is not there: run `cargo build --package hooks --examples` first", program.display());
    program
}

/// A command without any of our variables.
fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    let ours = std::env::vars_os().map(|(name, _)| name).filter(|name| {
        let name = name.to_string_lossy();
        ["TAPROOM_", "PG", "AWS_", "OTEL_", "ECS_"].iter().any(|prefix| name.starts_with(prefix))
    });
    for name in ours {
        command.env_remove(name);
    }
    command
}

/// A catalogue with beers, and a key that may introspect. It is gone when this is dropped.
pub struct Database {
    folder: TempDir,
    pub key: String,
}

impl Database {
    /// A copy of one that is made once.
    pub fn new() -> Self {
        static MADE: OnceLock<Database> = OnceLock::new();
        let made = MADE.get_or_init(Self::make);
        let folder = TempDir::new().unwrap();
        for file in std::fs::read_dir(&made.folder).unwrap().map(|file| file.unwrap().path()) {
            std::fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
        }
        Self { folder, key: made.key.clone() }
    }

    /// One without beers.
    pub fn empty() -> Self {
        let database = Self { folder: TempDir::new().unwrap(), key: String::new() };
        database.run(&["migrate", "up"]);
        database
    }

    fn make() -> Self {
        let mut database = Self::empty();
        database.run(&["seed"]);
        database.key = database.run(&["key", "create", "--name", "hooks", "--scope", "introspection"]).trim().to_owned();
        database
    }

    fn url(&self) -> String {
        format!("sqlite:{}", self.folder.path().join("taproom.db").display())
    }

    fn run(&self, arguments: &[&str]) -> String {
        let output = command(&program()).args(arguments).env("TAPROOM_DATABASE_URL", self.url()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }
}

/// A running service; killed at the latest when this is dropped.
pub struct Taproom {
    child: Child,
    log: Arc<Mutex<Vec<Value>>>,
    /// `127.0.0.1:…`
    pub address: String,
}

impl Taproom {
    /// Starts it as in production, and waits until it serves.
    pub async fn start(program: &Path, database: &Database, environment: &[(&str, &str)]) -> Self {
        let mut child = command(program)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("TAPROOM_DATABASE_URL", database.url())
            .envs([("TAPROOM_PROFILE", "production"), ("TAPROOM_LOG_FORMAT", "json"), ("OTEL_METRIC_EXPORT_INTERVAL", "1000")])
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let (lines, stderr) = (log.clone(), child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let line = serde_json::from_str(&line).unwrap_or(Value::String(line));
                lines.lock().unwrap().push(line);
            }
        });
        let mut this = Self { child, log, address: String::new() };
        this.address = this.logged("serving").await["address"].as_str().unwrap().to_owned();
        this
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What `/version` says.
    pub async fn version(&self) -> Value {
        let client = taproom::tls::http_client(|builder| builder).unwrap();
        client.get(format!("{}/version", self.url())).send().await.unwrap().json().await.unwrap()
    }

    /// Lets it drain.
    pub fn terminate(&self) {
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// The requests for operations that it logged so far.
    pub fn operations(&self) -> usize {
        self.log.lock().unwrap().iter().filter(|line| line["message"] == "request" && line["path"] == "/graphql").count()
    }

    /// Waits for a line with this message.
    pub async fn logged(&self, message: &str) -> Value {
        let found = async {
            loop {
                let line = self.log.lock().unwrap().iter().find(|line| line["message"] == message).cloned();
                match line {
                    Some(line) => return line,
                    None => tokio::time::sleep(Duration::from_millis(10)).await,
                }
            }
        };
        tokio::time::timeout(PATIENCE, found).await.unwrap_or_else(|_| panic!("not logged: {:?}", self.log.lock().unwrap()))
    }
}

impl Drop for Taproom {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
