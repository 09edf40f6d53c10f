//! What a migration may do, and what is wrong with it beside its statements.

use migration::{Phase, Step, concurrent_index::ConcurrentIndex};
use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

use super::{Sample, findings_of};
use crate::{checker::Finding, support::postgres::postgres_database};

/// Up and down.
const EXPAND: &[(&str, &str)] = &[
    ("ALTER TABLE beer ADD COLUMN ebc double precision", "ALTER TABLE beer DROP COLUMN ebc"),
    ("ALTER TABLE beer ADD COLUMN vegan boolean NOT NULL DEFAULT false", "ALTER TABLE beer DROP COLUMN vegan"),
    ("ALTER TABLE beer ADD COLUMN seen timestamptz DEFAULT now()", "ALTER TABLE beer DROP COLUMN seen"),
    ("ALTER TABLE review ALTER COLUMN rating SET DEFAULT 3", "ALTER TABLE review ALTER COLUMN rating DROP DEFAULT"),
    (
        // Nobody waits for a table that nobody knows yet.
        r#"CREATE TABLE "place" ("id" uuid PRIMARY KEY, name text NOT NULL,
            beer_id uuid NOT NULL REFERENCES beer (id) ON DELETE CASCADE, near uuid REFERENCES place,
            brewery_id uuid, FOREIGN KEY (brewery_id) REFERENCES brewery (id) ON UPDATE CASCADE ON DELETE SET NULL);
        CREATE UNIQUE INDEX place_name_key ON place (name);
        ALTER TABLE Place ADD CONSTRAINT named CHECK (name <> ''), ALTER COLUMN name TYPE varchar(80), ADD COLUMN must integer NOT NULL;
        INSERT INTO place (id, name, beer_id, must) SELECT gen_random_uuid(), 'x', id, 1 FROM beer ON CONFLICT DO NOTHING;
        DELETE FROM "place"; UPDATE place SET must = 2; TRUNCATE place"#,
        "DROP TABLE place",
    ),
    ("UPDATE beer SET srm = 1 WHERE srm < 1", ""),
    ("CREATE VIEW names AS SELECT name FROM beer", "DROP VIEW names"),
    ("CREATE TYPE colour AS ENUM ('red')", "DROP TYPE colour"),
    (
        "CREATE TABLE place (id integer);
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM review; RETURN new; END';
        CREATE TRIGGER touched BEFORE UPDATE ON place FOR EACH ROW EXECUTE FUNCTION touch();
        CREATE RULE mute AS ON DELETE TO place DO INSTEAD NOTHING",
        "DROP TABLE place; DROP FUNCTION touch()",
    ),
];

/// What takes two steps and a release between them.
const CONTRACT: &[(&str, &str)] = &[
    (
        "ALTER TABLE beer DROP COLUMN srm",
        "ALTER TABLE beer ADD COLUMN srm double precision; CREATE INDEX beer_srm_idx ON beer (srm)",
    ),
    ("ALTER TABLE beer ADD CONSTRAINT coloured CHECK (srm IS NOT NULL) NOT VALID", "ALTER TABLE beer DROP CONSTRAINT coloured"),
    ("CREATE TABLE place (beer_id uuid REFERENCES beer (id))", "DROP TABLE place"),
    (
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM review; RETURN new; END';
        CREATE TRIGGER touched BEFORE UPDATE ON beer FOR EACH ROW EXECUTE FUNCTION touch()",
        "DROP TRIGGER touched ON beer; DROP FUNCTION touch()",
    ),
];

/// An index that is built as it should be.
#[derive(Clone, Copy)]
pub struct IndexSample {
    pub transaction: bool,
    pub index: ConcurrentIndex,
}

impl MigrationName for IndexSample {
    fn name(&self) -> &str {
        "m20991231_235959_index"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for IndexSample {
    fn use_transaction(&self) -> Option<bool> {
        Some(self.transaction)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.index.build(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.index.drop(manager).await
    }
}

pub const INDEX: ConcurrentIndex =
    ConcurrentIndex { name: "beer_description_idx", table: "beer", keys: "(description, id)", unique: false };

async fn rules<M: MigrationTrait + Copy + 'static>(step: fn(M) -> Step, migration: M) -> Option<Vec<String>> {
    let database = postgres_database().await?;
    let findings = findings_of(step, migration, &database).await;
    findings.iter().for_each(|finding: &Finding| eprintln!("{finding}"));
    Some(findings.into_iter().map(|finding| finding.rule).collect())
}

fn contract(sample: Sample) -> Step {
    Step::contract("0.2.0", sample)
}

#[tokio::test]
async fn what_nobody_notices_is_allowed() {
    let expand = EXPAND.iter().map(|&(up, down)| (Step::expand as fn(Sample) -> Step, Sample::new(up, down)));
    let contract = CONTRACT.iter().map(|&(up, down)| (contract as fn(Sample) -> Step, Sample::new(up, down)));
    for (step, sample) in expand.chain(contract) {
        let Some(rules) = rules(step, sample).await else { return };
        assert_eq!(rules, [""; 0], "{}", sample.up);
    }
}

#[tokio::test]
async fn indexes_are_built_outside_a_transaction() {
    let index = IndexSample { transaction: false, index: INDEX };
    let Some(found) = rules(Step::expand, index).await else { return };
    assert_eq!(found, [""; 0]);

    assert_eq!(rules(Step::expand, IndexSample { transaction: true, ..index }).await.unwrap(), ["fails"]);

    // The release before may write the same keys twice.
    let unique = IndexSample { index: ConcurrentIndex { unique: true, ..INDEX }, ..index };
    assert_eq!(rules(Step::expand, unique).await.unwrap(), ["ban-new-write-restriction"]);
    assert_eq!(rules(|unique| Step::contract("0.2.0", unique), unique).await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn a_contract_names_an_earlier_release() {
    let sample = Sample::new("ALTER TABLE beer DROP COLUMN description", "ALTER TABLE beer ADD COLUMN description text");
    // 0.3.0 is the one to be; nobody has released 0.1.5.
    for wrong in ["0.3.0", "1.0.0", "0.1.5", "v0.2.0", "0.2", ""] {
        let step = |sample| Step { phase: Phase::Contract { unused_since: wrong }, migration: Box::new(sample) };
        let database = postgres_database().await;
        let Some(database) = database else { return };
        let findings = super::findings_of(step, sample, &database).await;
        assert_eq!(findings.len(), 1, "{wrong}: {findings:?}");
        assert_eq!(findings[0].rule, "not-an-earlier-release", "{wrong}: {findings:?}");
    }
    assert_eq!(rules(contract, sample).await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn there_is_a_way_back() {
    let add = "ALTER TABLE beer ADD COLUMN ebc integer";
    let Some(found) = rules(Step::expand, Sample::new(add, "ALTER TABLE beer DROP COLUMN ibu2")).await else { return };
    assert_eq!(found, ["no-way-down"]);
    assert_eq!(rules(Step::expand, Sample::new(add, "")).await.unwrap(), ["another-way-down"]);
    let more = "ALTER TABLE beer DROP COLUMN ebc, DROP COLUMN srm";
    assert_eq!(rules(Step::expand, Sample::new(add, more)).await.unwrap(), ["another-way-down"]);
    // Types, unless they are enumerations, are not compared: what they leave is found by the second way up.
    let pair = Sample::new("CREATE TYPE pair AS (a integer)", "");
    assert_eq!(rules(Step::expand, pair).await.unwrap(), ["no-way-up-again"]);
}

#[tokio::test]
async fn a_migration_says_whether_it_has_a_transaction() {
    let sample = Sample { transaction: None, ..Sample::new("CREATE TABLE place (id integer)", "DROP TABLE place") };
    let Some(found) = rules(Step::expand, sample).await else { return };
    assert_eq!(found, ["undecided-transaction"]);
}

/// What somebody reads who made a mistake.
#[tokio::test]
async fn a_finding_says_what_to_do() {
    let Some(database) = postgres_database().await else { return };
    let sample = Sample::new("ALTER TABLE beer\n  DROP COLUMN srm", "");
    let findings = findings_of(Step::expand, sample, &database).await;
    let expected = "m20991231_235959_sample, marked as an expand: ban-drop-column: `ALTER TABLE beer DROP COLUMN srm`: \
        Dropping a column may break existing clients. Let a release come first that does without, and list this as \
        Step::contract of it. See docs/migrations.md.";
    assert_eq!(findings[0].to_string(), expected);
}
