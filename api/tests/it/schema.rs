//! What is generated and checked in is what this build generates.

use taproom::graphql;

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
fn everything_in_the_guide_is_described() {
    let guide = graphql::guide();
    let undescribed: Vec<&str> = guide.lines().filter(|line| line.starts_with('|') && line.ends_with("|  |")).collect();
    assert!(undescribed.is_empty(), "{undescribed:#?}");
}
