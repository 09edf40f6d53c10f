//! Runs the tests of `terraform/`, which are pytest's, as one test of `cargo test`.

use std::{
    env, io,
    path::Path,
    process::{Command, ExitCode, Stdio},
};

const NAME: &str = "estate";

/// Options of Rust's test programs that are followed by a value.
const WITH_VALUE: [&str; 7] = ["--color", "--format", "--logfile", "--shuffle-seed", "--skip", "--test-threads", "-Z"];

/// What is needed: a program, an argument with which it succeeds if all is there, and where it is from.
const NEEDED: [(&str, &[&str], &str); 5] = [
    ("terraform", &["version"], "see https://developer.hashicorp.com/terraform/install"),
    (
        "python3",
        &["-c", "import boto3, moto.server, pytest, waitress, xdist, yaml"],
        "pip install --requirement .ci/requirements/python.txt",
    ),
    ("aws", &["--version"], "pip install --requirement .ci/requirements/python.txt"),
    ("jq", &["--version"], "apt-get install jq"),
    ("checkov", &["--version"], "pip install --requirement .ci/requirements/checkov.txt, in an environment of its own"),
];

fn main() -> ExitCode {
    let request = Request::of(env::args().skip(1));
    if request.list {
        println!("{NAME}: test\n\n1 test, 0 benchmarks");
        return ExitCode::SUCCESS;
    }
    if !request.wanted {
        return ExitCode::SUCCESS;
    }
    let missing: Vec<_> = NEEDED.into_iter().filter(|(program, arguments, _)| !succeeds(program, arguments)).collect();
    for (program, _, hint) in &missing {
        eprintln!("SKIPPED {NAME}: {program} is missing, or what it needs: {hint}");
    }
    if !missing.is_empty() {
        let ci = env::var("CI").is_ok_and(|value| value == "true");
        return if ci { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    }
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("python3 did not start: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Most of the time is spent waiting for what the provider waits for, so that there are more processes than the two environments.
fn run() -> io::Result<bool> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let status =
        Command::new("python3").args(["-m", "pytest", "--numprocesses=4", "--dist=loadgroup"]).current_dir(tests).status()?;
    Ok(status.success())
}

fn succeeds(program: &str, arguments: &[&str]) -> bool {
    let status = Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// What `cargo test -- …` asks of every test program.
struct Request {
    list: bool,
    wanted: bool,
}

impl Request {
    fn of(mut arguments: impl Iterator<Item = String>) -> Self {
        let (mut list, mut exact, mut ignored) = (false, false, false);
        let (mut filters, mut skipped) = (Vec::new(), Vec::new());
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--list" => list = true,
                "--exact" => exact = true,
                "--ignored" => ignored = true,
                "--skip" => skipped.extend(arguments.next()),
                option if WITH_VALUE.contains(&option) => drop(arguments.next()),
                option if option.starts_with('-') => skipped.extend(option.strip_prefix("--skip=").map(String::from)),
                _ => filters.push(argument),
            }
        }
        let named = |filter: &String| if exact { filter == NAME } else { NAME.contains(filter.as_str()) };
        let wanted = !ignored && (filters.is_empty() || filters.iter().any(named)) && !skipped.iter().any(named);
        Self { list, wanted }
    }
}
