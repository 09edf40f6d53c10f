//! Styles, found by (folded name, category).

use entity::style::{Column, Entity};
use sea_orm::{ConnectionTrait, DbErr};

use super::upsert::{Outcome, Plan, Row, upsert};
use crate::catalog::{rules::StyleFields, text::fold};

const PLAN: Plan<Entity> = Plan {
    key: &[Column::NameFolded, Column::Category],
    stated: &[Column::Name],
    optional: &[],
    read_key: |row| Ok(key(&row.try_get::<String>("", "name_folded")?, &row.try_get::<String>("", "category")?)),
};

/// Creates or updates styles; the outcomes are in their order. See the [module](super) for what counts as an update.
///
/// # Errors
/// The database's.
pub async fn upsert_styles<C: ConnectionTrait>(db: &C, styles: &[StyleFields]) -> Result<Vec<Outcome>, DbErr> {
    upsert(db, &PLAN, styles.iter().map(row).collect()).await
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
