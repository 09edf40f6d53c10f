//! What is logged, and how.

/// What is logged, and how. Logs go to standard error.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Logs")]
pub struct LogConfig {
    /// Form of the log lines.
    #[arg(long, env = "TAPROOM_LOG_FORMAT", value_enum, default_value_t = LogFormat::Auto, value_name = "FORMAT")]
    pub log_format: LogFormat,

    /// What is logged: a level (error, warn, info, debug, trace), or one for each module, such as `info,taproom=debug,sqlx=warn`.
    #[arg(long = "log", env = "TAPROOM_LOG", default_value = "info,sqlx=warn", value_name = "FILTER", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub log_filter: String,
}

/// Form of the log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// Text on a terminal, JSON otherwise.
    Auto,
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}
