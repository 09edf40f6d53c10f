//! STAND-IN for the `taproom` program, until the real one is merged.

#[tokio::main]
async fn main() -> std::process::ExitCode {
    taproom::cli::main().await
}
