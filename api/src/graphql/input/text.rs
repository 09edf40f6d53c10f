//! Texts that the catalogue is compared with.

use crate::catalog::rules::MAX_NAME;

/// Refuses what no name or label can be, and a database may not take: PostgreSQL has no NUL, SQLite's patterns have a limit.
#[expect(clippy::ptr_arg, reason = "the signature that async-graphql calls")]
pub(super) fn comparable(text: &String) -> Result<(), String> {
    let length = text.chars().count();
    if length > MAX_NAME {
        return Err(format!("a text to compare has {length} characters; the limit is {MAX_NAME}"));
    }
    if text.contains('\0') {
        return Err("a text to compare has a NUL character".to_owned());
    }
    Ok(())
}
