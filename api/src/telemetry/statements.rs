//! What SQL statements are counted as.

use sea_orm::metric::Info;

use super::metrics::{attributes::DatabaseOperation, metrics};
use super::trace::RequestTrace;

/// Counts a statement that has ended, for the request that it belongs to and for all.
pub fn count(info: &Info<'_>) {
    RequestTrace::count_statement();
    metrics().db_operation_duration.record(info.elapsed.as_secs_f64(), (DatabaseOperation::of(&info.statement.sql),));
}

impl DatabaseOperation {
    fn of(sql: &str) -> Self {
        let word = sql.split_whitespace().next().unwrap_or_default();
        let all = [Self::Select, Self::Insert, Self::Update, Self::Delete];
        all.into_iter().find(|operation| word.eq_ignore_ascii_case(operation.as_str())).unwrap_or(Self::Other)
    }
}
