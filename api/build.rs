//! Bakes in what the running program can't find out: the commit, the time of the build, and the playground's page.
//!
//! `TAPROOM_COMMIT` names the commit where there is no Git (in an image build), `SOURCE_DATE_EPOCH` makes the build reproducible
//! (<https://reproducible-builds.org/specs/source-date-epoch/>). `TAPROOM_SOURCE_DATE_EPOCH` does the same for this package alone: when the other one
//! changes, the crate cc compiles all C code anew, and with it Cargo half of the dependencies, so that no image build could keep them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, error::Error, fs, io};

use serde::Deserialize;

const CDN: &str = "https://cdn.jsdelivr.net/npm";
const PLAYGROUND: &str = "playground";

/// A line of `playground/vendor.json`.
#[derive(Deserialize)]
struct Vendored {
    file: String,
    kind: Kind,
    package: String,
    version: String,
    path: String,
    integrity: String,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Style,
    Script,
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env=TAPROOM_BUILD_COMMIT={}", commit());
    println!("cargo::rustc-env=TAPROOM_BUILD_TIME={}", build_time()?);
    playground()
}

fn commit() -> String {
    println!("cargo::rerun-if-env-changed=TAPROOM_COMMIT");
    if let Some(commit) = env::var("TAPROOM_COMMIT").ok().filter(|commit| !commit.is_empty()) {
        return commit;
    }
    // Every commit and checkout appends to this log; watching a file that does not exist would rebuild every time.
    if let Some(log) = git(&["rev-parse", "--git-path", "logs/HEAD"]).filter(|log| Path::new(log).exists()) {
        println!("cargo::rerun-if-changed={log}");
    }
    git(&["rev-parse", "HEAD"]).unwrap_or_else(|| "unknown".to_owned())
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

#[expect(clippy::disallowed_methods, reason = "a build script can't call the crate it builds")]
fn build_time() -> Result<String, Box<dyn Error>> {
    let variables = ["TAPROOM_SOURCE_DATE_EPOCH", "SOURCE_DATE_EPOCH"];
    for variable in variables {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    let given =
        variables.into_iter().find_map(|variable| Some((variable, env::var(variable).ok().filter(|epoch| !epoch.is_empty())?)));
    let time = match given {
        Some((variable, epoch)) => epoch
            .parse()
            .ok()
            .and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0))
            .ok_or_else(|| format!("{variable} must be seconds since 1970, but is {epoch:?}"))?,
        None => chrono::Utc::now(),
    };
    Ok(time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}

/// Fills the vendor tags into the page: the files of `dist/` when Node has built them, else a CDN's.
fn playground() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(PLAYGROUND);
    let vendored: Vec<Vendored> = serde_json::from_str(&read(&folder.join("vendor.json"))?)?;
    let embedded = vendored.iter().all(|entry| folder.join("dist").join(&entry.file).exists());
    for watched in if embedded { &["src", "dist", "vendor.json"][..] } else { &[""] } {
        println!("cargo::rerun-if-changed={}", folder.join(watched).display());
    }
    println!("cargo::rustc-env=TAPROOM_PLAYGROUND={}", if embedded { "embedded" } else { "cdn" });

    let page = read(&folder.join("src/index.html"))?
        .replace("<!-- vendor-styles -->", &tags(&vendored, &Kind::Style, embedded))
        .replace("<!-- vendor-scripts -->", &tags(&vendored, &Kind::Script, embedded));
    let out = PathBuf::from(env::var("OUT_DIR")?);
    Ok(fs::write(out.join("playground.html"), page)?)
}

fn tags(vendored: &[Vendored], kind: &Kind, embedded: bool) -> String {
    let tag = |entry: &Vendored| {
        let Vendored { file, package, version, path, integrity, .. } = entry;
        let url = if embedded { format!("/playground/vendor/{file}") } else { format!("{CDN}/{package}@{version}/{path}") };
        let checked = format!(r#"integrity="{integrity}" crossorigin="anonymous""#);
        match kind {
            Kind::Style => format!(r#"<link rel="stylesheet" href="{url}" {checked}>"#),
            Kind::Script => format!(r#"<script src="{url}" {checked}></script>"#),
        }
    };
    vendored.iter().filter(|entry| entry.kind == *kind).map(tag).collect::<Vec<_>>().join("\n    ")
}

fn read(path: &Path) -> Result<String, io::Error> {
    fs::read_to_string(path).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}
