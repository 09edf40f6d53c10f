//! Whether migrations are fit for a rollout: each is really run on PostgreSQL, and what it sent is judged.

mod lint;
mod own;
mod repeat;
mod schema;
mod verdict;

use std::fmt;

use migration::{Phase, Step};
use sea_orm::DatabaseConnection;
use sea_orm_migration::{MigrationTrait, MigratorTraitSelf};
use semver::Version;
use taproom::database;

use crate::{
    support::{patient, postgres::PgDatabase},
    wire::Wire,
};

pub use schema::sqlite_schema;
pub use verdict::{Verdict, refused};

/// The rule of migrations that do not run at all.
const FAILS: &str = "fails";

/// What is wrong with a migration: a sentence for whoever wrote it.
#[derive(Debug)]
pub struct Finding {
    /// The kind, as docs/migrations.md lists them.
    pub rule: String,
    /// Whether a contract may do it.
    pub verdict: Verdict,
    sentence: String,
}

impl Finding {
    fn new(step: &Step, rule: impl fmt::Display, what: impl fmt::Display) -> Self {
        Self::of(Verdict::Always, step, rule, what)
    }

    fn of(verdict: Verdict, step: &Step, rule: impl fmt::Display, what: impl fmt::Display) -> Self {
        let rule = rule.to_string();
        assert_eq!(refused().get(&rule), Some(&verdict), "put {rule} where it belongs in checker/verdict.rs");
        let phase = match step.phase {
            Phase::Expand => "an expand".to_owned(),
            Phase::Contract { unused_since } => format!("the contract of {unused_since}"),
        };
        let name = step.migration.name();
        let sentence = format!("{name}, marked as {phase}: {rule}: {what} See docs/migrations.md.");
        Self { rule, verdict, sentence }
    }

    fn is_allowed(&self, phase: Phase) -> bool {
        match self.verdict {
            Verdict::Fine => true,
            Verdict::Compatibility => matches!(phase, Phase::Contract { .. }),
            Verdict::Always => false,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

/// The releases that there are, and the one to be.
pub struct Releases {
    pub next: Version,
    /// As `v0.1.0`.
    pub tags: Vec<String>,
}

/// Migrations that are run as `Migrator` runs its own.
pub struct Path<F>(pub F);

impl<F: Fn() -> Vec<Step> + Send + Sync> MigratorTraitSelf for Path<F> {
    fn migrations(&self) -> Vec<Box<dyn MigrationTrait>> {
        (self.0)().into_iter().map(|step| step.migration).collect()
    }
}

/// Applies what is missing in the database, one migration after the other, each also down and up again, and says what is wrong.
pub async fn check(history: impl Fn() -> Vec<Step> + Send + Sync, database: &PgDatabase, releases: &Releases) -> Vec<Finding> {
    let direct = database.connect().await;
    let path = Path(&history);
    let pending: Vec<_> = path.get_pending_migrations(&direct).await.unwrap().iter().map(|one| one.name().to_owned()).collect();
    let mut findings = Vec::new();
    for step in history().iter().filter(|step| pending.iter().any(|name| name == step.migration.name())) {
        findings.extend(unmarked(step, releases));
        let before = schema::postgres_schema(&direct).await;
        let found = apply(step, &path, database, &direct).await;
        let failed = found.iter().any(|finding| finding.rule == FAILS);
        findings.extend(found.into_iter().filter(|finding| !finding.is_allowed(step.phase)));
        if failed {
            break;
        }
        if let Some(finding) = repeat::not_reversible(step, &path, &direct, &before).await {
            findings.push(finding);
            break;
        }
    }
    findings
}

/// Applies the next migration, which is `step`, and says what is against it, be it allowed or not.
pub async fn apply(
    step: &Step,
    path: &impl MigratorTraitSelf,
    database: &PgDatabase,
    direct: &DatabaseConnection,
) -> Vec<Finding> {
    let before = schema::postgres_schema(direct).await;
    let wire = Wire::to(database).await;
    if let Err(error) = up(path, &wire).await {
        return vec![Finding::new(step, FAILS, format_args!("PostgreSQL says {error}."))];
    }
    let mut findings = lint::judge(step, &wire.take());
    if step.migration.use_transaction() == Some(false) {
        findings.extend(repeat::not_repeatable(step, path, direct, &before).await);
    }
    findings
}

/// The next migration, through `wire`, on connections that have prepared nothing yet.
async fn up(path: &impl MigratorTraitSelf, wire: &Wire) -> Result<(), sea_orm::DbErr> {
    let db: DatabaseConnection = database::connect(&patient(&wire.url)).await.unwrap();
    wire.take();
    let result = path.up(&db, Some(1)).await;
    db.close().await.unwrap();
    result
}

/// What is wrong with what the migration says of itself.
fn unmarked(step: &Step, releases: &Releases) -> Vec<Finding> {
    let mut findings = Vec::new();
    if step.migration.use_transaction().is_none() {
        let what =
            "it leaves open whether it runs in a transaction, and SQLite's would not. Return Some(true) from use_transaction.";
        findings.push(Finding::new(step, "undecided-transaction", what));
    }
    if let Phase::Contract { unused_since } = step.phase
        && let Err(what) = earlier(unused_since, releases)
    {
        findings.push(Finding::new(step, "not-an-earlier-release", what));
    }
    findings
}

/// Whether a release is there and before the one to be.
fn earlier(release: &str, Releases { next, tags }: &Releases) -> Result<(), String> {
    let version = Version::parse(release).map_err(|error| {
        format!("{release:?} is no version ({error}). Name the first release that no longer uses what is removed, as \"0.2.0\".")
    })?;
    if version >= *next {
        let wait = "What it removes may be in use by the release before; let a release without it come first.";
        return Err(format!("{release} is not before the workspace's version, {next}. {wait}"));
    }
    if !tags.is_empty() && !tags.contains(&format!("v{release}")) {
        return Err(format!("there is no tag v{release}, so nobody released it. The tags are {}.", tags.join(", ")));
    }
    Ok(())
}
