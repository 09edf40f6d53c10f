//! What the users of one schema would miss in another, both files in the definition language: for a pipeline, which has no running version to ask.
//!
//!     cargo run --package hooks --example breaking_changes -- OLD NEW
//!
//! Exits with 1 if there is something, and with 2 if it cannot be known.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [old, new] = &arguments[..] else {
        eprintln!("name two files: the schema that is there, and the one that is to come");
        return ExitCode::from(2);
    };
    match compare(old, new) {
        Ok(changes) if changes.is_empty() => ExitCode::SUCCESS,
        Ok(changes) => {
            changes.iter().for_each(|change| println!("{change}"));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn compare(old: &str, new: &str) -> Result<Vec<hooks::schema::BreakingChange>, String> {
    let read = |path: &str| std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"));
    hooks::schema::breaking_changes(&read(old)?, &read(new)?).map_err(|error| error.to_string())
}
