//! The release before on the schema of this one: what a rollout, and going back, come down to.

use std::process::Command;

use semver::Version;

use crate::{
    rollout::{Release, Side, take_turns},
    support::{
        other_version::{OtherVersion, git, workspace},
        postgres::unmigrated_postgres_database,
        skip,
    },
};

/// What there was before.
enum Previous {
    /// The release before this source, by its tag; while there is none, what is committed.
    Revision(String),
    /// This is an archive of the source; `baseline.rs` stands in.
    NoRepository,
    /// What Git should have and has not, and what to do about it.
    Unknown(&'static str),
}

/// What Git says of this source; `None` if it is not there, or this is no repository.
pub fn in_git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().ok()?;
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

fn previous() -> Previous {
    let Some(tags) = in_git(&["tag", "--list", "v*", "--merged", "HEAD", "--no-contains", "HEAD"]) else {
        return if workspace().join(".git").exists() {
            Previous::Unknown("there is a .git, but Git is missing or refuses to read it; `git tag` shows what is wrong")
        } else {
            Previous::NoRepository
        };
    };
    let newest = tags.lines().filter_map(|tag| Some((Version::parse(tag.strip_prefix('v')?).ok()?, tag))).max();
    match newest {
        Some((_, tag)) => Previous::Revision(tag.to_owned()),
        None if in_git(&["rev-parse", "--is-shallow-repository"]).is_some_and(|shallow| shallow.trim() == "true") => {
            Previous::Unknown(
                "the repository is shallow and has no tag of a release; get them with `git fetch --unshallow --tags`",
            )
        }
        // It proves that this test works, and not that releases are compatible.
        None => Previous::Revision("HEAD".to_owned()),
    }
}

#[tokio::test]
async fn it_works_on_todays_schema() {
    let revision = match previous() {
        Previous::Revision(revision) => revision,
        Previous::NoRepository => return,
        Previous::Unknown(hint) => return skip("the release before", hint),
    };
    let commit = git(&["rev-parse", &format!("{revision}^{{commit}}")]).trim().to_owned();
    let build = tokio::task::spawn_blocking(move || {
        let source = OtherVersion::of_revision("previous", &revision);
        let folder = source.folder().to_owned();
        Release::of(source.build(&commit), &folder)
    });
    let old = build.await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut databases = vec![format!("sqlite:{}", folder.path().join("taproom.db").display())];
    databases.extend(unmigrated_postgres_database().await.map(|database| database.url));
    for database in databases {
        roll_out(&old, &Release::today(), &database).await;
    }
}

/// The old release serves, the schema is migrated, both serve, and the old one serves alone again.
async fn roll_out(old: &Release, new: &Release, database: &str) {
    old.run(database, &["migrate", "up"]);
    old.run(database, &["seed"]);
    let key = old.key(database);
    let blue = Side::start(old, database, &key);
    let before = blue.answers(old).await;

    new.run(database, &["migrate", "up"]);
    blue.assert_ready().await;
    assert_eq!(blue.answers(old).await, before, "after the migration the release before reads something else");

    // With a key that the release before made.
    let green = Side::start(new, database, &key);
    green.assert_ready().await;
    // Clients of the release before ask the new one, too.
    green.answers(old).await;
    green.answers(new).await;
    take_turns(&blue, &green).await;
    take_turns(&green, &blue).await;

    drop(green);
    drop(blue);
    let blue = Side::start(old, database, &key);
    blue.assert_ready().await;
    assert_eq!(blue.answers(old).await, before, "after going back the release before reads something else");
    take_turns(&blue, &blue).await;
}
