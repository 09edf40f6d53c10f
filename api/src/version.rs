//! Which build this is. The build script fills it in.

/// The package's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The commit it was built from, or `unknown`.
pub const COMMIT: &str = env!("TAPROOM_BUILD_COMMIT");

/// When it was built, in RFC 3339, UTC.
pub const BUILD_TIME: &str = env!("TAPROOM_BUILD_TIME");
