//! What dashboards and alarms ask for is there. Each check says in sentences what is wrong; none is right.

pub mod alarm;
pub mod expression;
pub mod layout;
pub mod log_query;
pub mod metric;
pub mod widget;

/// Fails the test with everything that is wrong.
pub fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}
