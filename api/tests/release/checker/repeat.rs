//! Whether a migration can be taken back, and repeated after it was interrupted.

use migration::Step;
use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use sea_orm_migration::MigratorTraitSelf;

use super::{
    Finding,
    schema::{invalid_indexes, postgres_schema},
};

/// Reverts the migration, which must bring the schema back to what it was, and applies it again.
pub async fn not_reversible(
    step: &Step,
    path: &impl MigratorTraitSelf,
    db: &DatabaseConnection,
    before: &[String],
) -> Option<Finding> {
    let after = postgres_schema(db).await;
    if let Err(error) = path.down(db, Some(1)).await {
        return Some(Finding::new(step, "no-way-down", format_args!("`down` fails: {error}. Give back what `up` has changed.")));
    }
    let reverted = postgres_schema(db).await;
    if let Some(difference) = difference(before, &reverted) {
        return Some(Finding::new(step, "another-way-down", format_args!("after `down`, {difference}.")));
    }
    if let Err(error) = path.up(db, Some(1)).await {
        return Some(Finding::new(step, "no-way-up-again", format_args!("after `down`, `up` fails: {error}.")));
    }
    let difference = difference(&after, &postgres_schema(db).await)?;
    Some(Finding::new(step, "no-way-up-again", format_args!("after `down` and `up`, {difference}.")))
}

/// Applies a migration that has no transaction once more, as if it had been interrupted while it built its indexes.
pub async fn not_repeatable(
    step: &Step,
    path: &impl MigratorTraitSelf,
    db: &DatabaseConnection,
    before: &[String],
) -> Option<Finding> {
    let after = postgres_schema(db).await;
    for index in after.iter().filter(|line| !before.contains(line)).filter_map(|line| index_name(line)) {
        let interrupt = format!("UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{index}'::regclass");
        db.execute_unprepared(&interrupt).await.unwrap();
    }
    let forget = format!("DELETE FROM seaql_migrations WHERE version = '{}'", step.migration.name());
    db.execute_unprepared(&forget).await.unwrap();
    let what = match path.up(db, Some(1)).await {
        Err(error) => format!("interrupted and repeated, it fails: {error}"),
        Ok(()) => match invalid_indexes(db).await.as_slice() {
            [] => format!("interrupted and repeated, {}", difference(&after, &postgres_schema(db).await)?),
            invalid => format!("interrupted and repeated, it leaves {} invalid", invalid.join(", ")),
        },
    };
    Some(Finding::new(step, "not-repeatable", format_args!("{what}. Build indexes by migration::concurrent_index.")))
}

/// Of a line as `index CREATE INDEX name ON …`.
fn index_name(line: &str) -> Option<&str> {
    line.strip_prefix("index ")?.split_once(" ON ")?.0.split(' ').next_back()
}

fn difference(expected: &[String], found: &[String]) -> Option<String> {
    let missing = expected.iter().find(|line| !found.contains(line)).map(|line| format!("this is missing: {line}"));
    missing.or_else(|| found.iter().find(|line| !expected.contains(line)).map(|line| format!("this is too much: {line}")))
}
