//! The playground in a real browser: the examples run, writing works, and the console has nothing to complain about.
//!
//! `TAPROOM_TEST_SCREENSHOT` names a file for a picture of the first example's result.

use std::{
    env,
    io::{BufRead as _, BufReader, ErrorKind},
    os::unix::process::CommandExt as _,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use taproom::http::playground::LOADS_FROM_CDN;
use tempfile::TempDir;

use crate::support::{program::Running, skip};

/// Chromium's driver on a free port; killed when the test ends, with the browser if the test did not come to close it.
struct Driver {
    child: Child,
    url: String,
}

impl Driver {
    fn start() -> Option<Self> {
        let mut command = Command::new("chromedriver");
        let spawned = command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0).spawn();
        let mut child = match spawned {
            Err(error) if error.kind() == ErrorKind::NotFound => return None,
            spawned => spawned.unwrap(),
        };
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let started = lines.map(Result::unwrap).find(|line| line.contains("started successfully on port")).unwrap();
        let port = started.trim_end_matches('.').rsplit(' ').next().unwrap();
        Some(Self { child, url: format!("http://127.0.0.1:{port}") })
    }

    async fn open(&self, chromium: PathBuf, profile: &TempDir) -> Client {
        let options = json!({
            "binary": chromium,
            "args": [
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1280,800",
                format!("--user-data-dir={}", profile.path().display()),
            ],
        });
        let capabilities = json!({ "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL" } });
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities.as_object().unwrap().clone());
        builder.connect(&self.url).await.unwrap()
    }

    /// What the page wrote to the console, refused resources and broken policies included.
    async fn console(&self, page: &Client) -> Value {
        let session = page.session_id().await.unwrap().unwrap();
        let url = format!("{}/session/{session}/se/log", self.url);
        let log = crate::http_support::client().post(url).json(&json!({ "type": "browser" })).send().await.unwrap();
        log.json::<Value>().await.unwrap()["value"].take()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.child.wait();
    }
}

fn chromium() -> Option<PathBuf> {
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    let named = |name: &str| folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file());
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(named)
}

/// Runs the open tab's operation; its response, once that contains `expected`.
async fn run(page: &Client, operation: &str, expected: &str) -> String {
    // GraphiQL reads the name of the operation a moment after it shows the tab.
    let script = "return document.querySelector('.graphiql-query-editor .CodeMirror')?.CodeMirror.operationName ?? ''";
    wait_until(page, script, operation).await;
    page.find(Locator::Css(".graphiql-execute-button")).await.unwrap().click().await.unwrap();
    let script = "return document.querySelector('.result-window .CodeMirror')?.CodeMirror.getValue() ?? ''";
    wait_until(page, script, expected).await
}

/// What a script returns, once that contains `expected`.
async fn wait_until(page: &Client, script: &str, expected: &str) -> String {
    let mut shown = String::new();
    for _ in 0..300 {
        shown = page.execute(script, Vec::new()).await.unwrap().as_str().unwrap().to_owned();
        if shown.contains(expected) {
            return shown;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no {expected:?} in {shown:?}");
}

#[tokio::test]
async fn the_examples_run_in_a_browser() {
    const TEST: &str = "the playground in a browser";
    if LOADS_FROM_CDN {
        return skip(TEST, "built without Node; run `npm ci && npm run build` in api/playground, then build again");
    }
    let missing =
        || skip(TEST, "Chromium or its driver is not installed; get both with `apt-get install chromium chromium-driver`");
    let Some(chromium) = chromium() else { return missing() };
    let Some(driver) = Driver::start() else { return missing() };
    let server = Running::quiet();
    let profile = TempDir::new().unwrap();
    let page = driver.open(chromium, &profile).await;
    page.goto(&format!("http://{}/", server.address)).await.unwrap();
    page.wait().at_most(Duration::from_secs(30)).for_element(Locator::Css(".graphiql-execute-button")).await.unwrap();

    let response = run(&page, "StrongestBeers", "The End of History").await;
    assert!(response.contains("\"totalCount\": 138") && !response.contains("\"errors\""), "{response}");
    if let Some(file) = env::var_os("TAPROOM_TEST_SCREENSHOT") {
        let (width, height) = (1280, 800);
        // What the window's frame takes, headless or not.
        let inner = page.execute("return [innerWidth, innerHeight]", Vec::new()).await.unwrap();
        let frame = |outer: u32, at: usize| outer + outer - u32::try_from(inner[at].as_u64().unwrap()).unwrap();
        page.set_window_size(frame(width, 0), frame(height, 1)).await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        std::fs::write(file, page.screenshot().await.unwrap()).unwrap();
    }

    let tabs = page.find_all(Locator::Css(".graphiql-tab-button")).await.unwrap();
    assert_eq!(tabs.len(), 5, "one for each example");
    tabs.last().unwrap().click().await.unwrap();
    let response = run(&page, "AddStyle", "createStyle").await;
    assert!(response.contains("Smoked Gose") && response.contains("\"errors\": []"), "{response}");

    let console = driver.console(&page).await;
    assert_eq!(console, json!([]), "the console is empty");
    page.close().await.unwrap();
}
