//! Styles, found by (folded name, category).

use entity::style::{Column, Entity};
use sea_orm::{ConnectionTrait, DbErr};

use super::upsert::{Existing, Outcome, Plan, Row, upsert};
use crate::catalog::{rules::StyleFields, text::fold};

const PLAN: Plan<Entity> = Plan {
    key: &[Column::NameFolded, Column::Category],
    stated: &[Column::Name],
    optional: &[],
    read_key: |row| Ok(key(&row.try_get::<String>("", "name_folded")?, &row.try_get::<String>("", "category")?)),
    existing: Existing::Update,
};

/// Creates or updates styles; the outcomes are in their order. See the [module](super) for what counts as an update.
///
/// # Errors
/// The database's.
pub async fn upsert_styles<C: ConnectionTrait>(db: &C, styles: &[StyleFields]) -> Result<Vec<Outcome>, DbErr> {
    write(db, &PLAN, styles).await
}

/// Creates the styles that do not exist and leaves the others as they are; the outcomes are in their order.
///
/// # Errors
/// The database's.
pub async fn insert_styles<C: ConnectionTrait>(db: &C, styles: &[StyleFields]) -> Result<Vec<Outcome>, DbErr> {
    write(db, &Plan { existing: Existing::Keep, ..PLAN }, styles).await
}

async fn write<C: ConnectionTrait>(db: &C, plan: &Plan<Entity>, styles: &[StyleFields]) -> Result<Vec<Outcome>, DbErr> {
    upsert(db, plan, styles.iter().map(row).collect()).await
}

fn row(style: &StyleFields) -> Row {
    let name_folded = fold(&style.name);
    Row {
        key: key(&name_folded, &style.category),
        values: vec![name_folded.into(), style.category.as_str().into(), style.name.as_str().into()],
    }
}

/// No folded name holds a line break.
fn key(name_folded: &str, category: &str) -> String {
    format!("{name_folded}\n{category}")
}
