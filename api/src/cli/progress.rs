//! How the command line shows that a long job moves: a bar on a terminal, a line a task elsewhere.

use std::{
    io::{IsTerminal, stderr},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::catalog::progress::{Progress, Unit};

/// Writes to standard error, where a bar does not get into what a script reads.
pub(super) struct Console {
    bar: ProgressBar,
    is_terminal: bool,
    total: AtomicU64,
}

impl Console {
    pub(super) fn new() -> Self {
        let is_terminal = stderr().is_terminal();
        let target = if is_terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self { bar: ProgressBar::with_draw_target(None, target), is_terminal, total: AtomicU64::new(0) }
    }
}

impl Progress for Console {
    fn begin(&self, task: &str, total: u64, unit: Unit) {
        let template = match unit {
            Unit::Bytes => "{msg:24} [{bar:30}] {bytes}/{total_bytes} {elapsed}",
            Unit::Rows => "{msg:24} [{bar:30}] {human_pos}/{human_len} {per_sec} {elapsed}",
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        self.total.store(total, Ordering::Relaxed);
        self.bar.reset();
        self.bar.set_style(style.progress_chars("=> "));
        self.bar.set_length(total);
        self.bar.set_message(task.to_owned());
        if self.is_terminal {
            self.bar.enable_steady_tick(Duration::from_millis(200));
        } else {
            eprintln!("{task} ...");
        }
    }

    fn reach(&self, done: u64) {
        self.bar.set_position(done);
    }

    fn end(&self) {
        self.bar.set_position(self.total.load(Ordering::Relaxed));
        if self.is_terminal {
            self.bar.disable_steady_tick();
            // Its last state stays on the terminal.
            let line = format!("{}: done in {:.1} s", self.bar.message(), self.bar.elapsed().as_secs_f64());
            self.bar.println(line);
        }
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
