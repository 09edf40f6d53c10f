//! The `taproom` program; see [`taproom::cli`].

/// musl's and glibc's allocators hand memory between threads slowly, and hold on to it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    taproom::cli::main()
}
