//! The service itself, for the tests to check: Cargo builds examples along with them, but not another package's program.

fn main() -> std::process::ExitCode {
    taproom::cli::main()
}
