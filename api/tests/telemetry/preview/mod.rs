//! The boards drawn from what the service really told, so that one sees them without an account: `docs/dashboards`.

mod board;
mod canvas;
mod graph;
mod history;
mod insights;
mod panels;
mod record;
mod recording;
mod series;
mod shop;
mod text;

use std::fs;
use std::path::PathBuf;

use self::recording::Recording;

const COMMAND: &str = "cargo test -p taproom --test telemetry preview::draw -- --ignored";

/// The boards' names, and their pictures.
fn pictures() -> Vec<(PathBuf, String)> {
    let recording = Recording::load();
    let picture = |name: &str| (recording::folder().join(format!("{name}.svg")), board::draw(name, &recording));
    vec![picture("ops"), picture("deploy")]
}

#[test]
#[ignore = "renews docs/dashboards/*.svg"]
fn draw() {
    for (path, picture) in pictures() {
        fs::write(path, picture).unwrap();
    }
}

#[test]
fn the_pictures_show_the_boards_as_they_are() {
    for (path, picture) in pictures() {
        let there = fs::read_to_string(&path).unwrap_or_default();
        assert!(there == picture, "{} is stale: {COMMAND}", path.display());
    }
}
