//! The README's table of variables is the program's.

use std::collections::BTreeMap;

use clap::CommandFactory as _;
use taproom::cli::Cli;

const README: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md"));

/// Each variable with its default, over all commands.
fn variables(command: &clap::Command, found: &mut BTreeMap<String, String>) {
    for argument in command.get_arguments() {
        if let Some(name) = argument.get_env() {
            let defaults: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
            let default = if argument.get_action().takes_values() { defaults.join(" ") } else { "false".to_owned() };
            found.insert(name.to_string_lossy().into_owned(), default);
        }
    }
    command.get_subcommands().for_each(|command| variables(command, found));
}

#[test]
fn it_lists_every_variable_with_its_default() {
    let mut expected = BTreeMap::new();
    variables(&Cli::command(), &mut expected);
    let unquoted = |cell: &str| cell.trim().trim_matches(['`', '–']).to_owned();
    let rows = README.lines().filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix("| ")?.split(" | ").collect();
        let name = unquoted(cells[0]);
        ["TAPROOM_", "AWS_", "OTEL_"].iter().any(|prefix| name.starts_with(prefix)).then(|| (name, unquoted(cells[1])))
    });
    let listed: BTreeMap<String, String> = rows.collect();
    assert_eq!(listed, expected);
}
