//! What is generated and checked in is what this build generates.

use taproom::{graphql, telemetry};

#[test]
fn the_checked_in_sdl_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql");
    assert!(
        std::fs::read_to_string(path).unwrap() == graphql::sdl(),
        "api/schema.graphql is stale: run `cargo run -- schema > api/schema.graphql` and look at the difference"
    );
}

#[test]
fn the_checked_in_guide_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/api.md");
    assert!(
        std::fs::read_to_string(path).unwrap() == graphql::guide(),
        "docs/api.md is stale: run `cargo run -- schema --format markdown > docs/api.md`"
    );
}

#[test]
fn the_checked_in_telemetry_guide_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/telemetry.md");
    assert!(
        std::fs::read_to_string(path).unwrap() == telemetry::guide(),
        "docs/telemetry.md is stale: run `cargo run -- telemetry > docs/telemetry.md`"
    );
}

#[test]
fn everything_in_the_guides_is_described() {
    let guides = graphql::guide() + &telemetry::guide();
    let undescribed: Vec<&str> = guides.lines().filter(|line| line.starts_with('|') && line.ends_with("|  |")).collect();
    assert!(undescribed.is_empty(), "{undescribed:#?}");
}
