//! `import` and `seed`, by the real program.

use std::{fs, path::Path, process::Output};

use tempfile::TempDir;

use crate::support::{failure, stdout, taproom};

const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/open-beer-db");

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    taproom().args(arguments).current_dir(folder).output().unwrap()
}

/// The numbers of a summary's line, by the file's name.
fn row(summary: &str, file: &str) -> Vec<u64> {
    let line = summary.lines().find(|line| line.contains(file)).unwrap_or_else(|| panic!("no {file} in {summary}"));
    line.split('|').filter_map(|cell| cell.trim().parse().ok()).collect()
}

#[test]
fn an_import_prints_its_summary_and_lists_its_rejects() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(&folder, &["import", FIXTURE]);
    let summary = stdout(&output);
    let [read, created, _, unchanged, _, rejected, _] = row(&summary, "beers.csv")[..] else { panic!("{summary}") };
    assert_eq!((created + rejected, unchanged), (read, 0), "{summary}");
    let progress = String::from_utf8(output.stderr).unwrap();
    assert!(progress.contains("beers.csv") && !progress.contains('\u{1b}'), "plain lines where no terminal is: {progress}");

    let rejects = fs::read_to_string(folder.path().join("taproom-import-rejects.csv")).unwrap();
    assert_eq!(rejects.lines().next(), Some("file,line,kind,reason"));
    assert!(rejects.contains("beers.csv,10,"), "{rejects}");

    let again = stdout(&run(&folder, &["import", FIXTURE, "--rejects", "other.csv"]));
    let [_, created, updated, unchanged, ..] = row(&again, "beers.csv")[..] else { panic!("{again}") };
    assert_eq!((created, updated, unchanged), (0, 0, row(&summary, "beers.csv")[1]), "{again}");
    assert_eq!(fs::read_to_string(folder.path().join("other.csv")).unwrap(), rejects);
}

#[test]
fn an_import_that_fails_names_the_file_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let error = failure(&run(&folder, &["import", "nowhere"]), 1);
    assert!(error.contains("nowhere") && error.contains("nothing was imported"), "{error}");

    let broken = tempfile::tempdir().unwrap();
    for file in Path::new(FIXTURE).read_dir().unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), broken.path().join(file.file_name())).unwrap();
    }
    fs::write(broken.path().join("beers.csv"), "id,name\n1,x\n").unwrap();
    let error = failure(&run(&folder, &["import", broken.path().to_str().unwrap()]), 1);
    assert!(error.contains("beers.csv"), "{error}");
    assert!(!folder.path().join("taproom-import-rejects.csv").exists());
    assert!(stdout(&run(&folder, &["import", FIXTURE])).contains("beers.csv"), "nothing of the failed import is in the way");
}

#[test]
fn a_seed_can_be_repeated_and_extended() {
    let folder = tempfile::tempdir().unwrap();
    let seed = |arguments: &[&str]| stdout(&run(&folder, &[&["seed"], arguments].concat()));
    assert!(seed(&[]).contains("beers: 138 created"));
    assert!(seed(&[]).contains("beers: 0 created, 138 there already"));
    assert!(seed(&["--beers", "50"]).contains("Made up 50 beers"));
    assert!(seed(&["--beers", "50"]).contains("Nothing to do"));
    assert!(seed(&["--beers", "60"]).contains("Made up 10 beers"));
    for (wrong, named) in [("0", "0 is not in 1..=1000000"), ("1000001", "1000001 is not in 1..=1000000"), ("many", "many")] {
        let error = failure(&run(&folder, &["seed", "--beers", wrong]), 2);
        assert!(error.contains("--beers") && error.contains(named), "{error}");
    }
}

#[test]
fn the_schema_is_printed_in_both_forms() {
    let folder = tempfile::tempdir().unwrap();
    assert!(stdout(&run(&folder, &["schema"])).contains("type Query {"));
    assert!(stdout(&run(&folder, &["schema", "--format", "markdown"])).starts_with("# API guide"));
    assert!(stdout(&run(&folder, &["telemetry"])).starts_with("# Telemetry"));
    assert!(folder.path().read_dir().unwrap().next().is_none(), "it needs no database");
}
