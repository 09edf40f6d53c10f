//! How a long job tells how far it is.

/// What a job's steps are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bytes of a file.
    Bytes,
    /// Rows.
    Rows,
}

/// Told by a long job how far it is.
pub trait Progress: Send + Sync {
    /// A task begins that has `total` steps, counted in `unit`.
    fn begin(&self, task: &str, total: u64, unit: Unit);
    /// `done` steps of the task are done.
    fn reach(&self, done: u64);
    /// The task is done.
    fn end(&self);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _task: &str, _total: u64, _unit: Unit) {}
    fn reach(&self, _done: u64) {}
    fn end(&self) {}
}
