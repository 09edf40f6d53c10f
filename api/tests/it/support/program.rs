//! The real program, running.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use tempfile::TempDir;

use super::taproom;

/// A server over the embedded default, in a folder of its own; killed at the latest when the test ends.
pub struct Running {
    pub child: Child,
    pub log: BufReader<ChildStderr>,
    /// `127.0.0.1:…`
    pub address: String,
    _folder: TempDir,
}

impl Running {
    /// Starts it on a free port, and waits until it serves.
    pub fn start(environment: &[(&str, &str)]) -> Self {
        Self::launch(taproom(), environment)
    }

    /// The same, by a command of which the program's arguments are the last.
    pub fn launch(mut command: Command, environment: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        command.args(["serve", "--listen", "127.0.0.1:0"]).current_dir(&folder).envs(environment.iter().copied());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let address = next(&mut log, "serving")["address"].as_str().unwrap().to_owned();
        Self { child, log, address, _folder: folder }
    }

    /// The same, without a line for each request: nobody reads them, and they would fill the pipe.
    pub fn quiet() -> Self {
        Self::start(&[("TAPROOM_LOG", "warn,taproom::cli=info")])
    }

    /// The key to write with that it prints when it starts. Once only.
    pub fn write_key(&mut self) -> String {
        let lines = BufReader::new(self.child.stdout.as_mut().unwrap()).lines();
        lines.map(Result::unwrap).find_map(|line| Some(line.trim().strip_prefix("Write key")?.trim().to_owned())).unwrap()
    }

    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    pub fn exit_code(&mut self) -> Option<i32> {
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(60) {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it does not exit");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The next log line with this message.
pub fn next(log: &mut BufReader<ChildStderr>, message: &str) -> Value {
    let mut all = String::new();
    loop {
        let mut line = String::new();
        assert!(log.read_line(&mut line).unwrap() > 0, "no {message:?} in the log: {all}");
        all.push_str(&line);
        match fields(&line) {
            Some(line) if line["message"].as_str().is_some_and(|text| text.starts_with(message)) => return line,
            _ => {}
        }
    }
}

/// What a line of the log says, if it is JSON. No field may be in it twice: who reads it then is free to choose.
pub fn fields(line: &str) -> Option<Value> {
    let Fields(fields) = serde_json::from_str(line).ok()?;
    for (at, (name, _)) in fields.iter().enumerate() {
        assert!(fields[..at].iter().all(|(other, _)| other != name), "{name} is twice in {line}");
    }
    Some(Value::Object(fields.into_iter().collect()))
}

struct Fields(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(Object)
    }
}
