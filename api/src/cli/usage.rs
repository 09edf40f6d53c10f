//! What to say about a command line that is wrong: clap's words, except for a wrong value. That one may be a secret, and may come
//! from an environment variable, of which clap says nothing.

use std::{error::Error as _, ffi::OsString, io::Write as _, process::ExitCode};

use clap::{
    Arg, Command, CommandFactory as _, Error,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::Cli;

/// Exit code for a wrong command line or environment.
const USAGE: u8 = 2;

/// Prints `error` and returns the exit code.
pub fn report(error: &Error, arguments: &[OsString]) -> ExitCode {
    if let Some(line) = wrong_value(error, arguments) {
        // There is nobody left to tell that standard error is closed.
        let _ = writeln!(std::io::stderr(), "error: {line}");
        return ExitCode::from(USAGE);
    }
    let _ = error.print();
    u8::try_from(error.exit_code()).map_or(ExitCode::from(USAGE), ExitCode::from)
}

fn wrong_value(error: &Error, arguments: &[OsString]) -> Option<String> {
    if !matches!(error.kind(), ErrorKind::ValueValidation | ErrorKind::InvalidValue) {
        return None;
    }
    let shown = text(error, ContextKind::InvalidArg)?;
    let mut command = Cli::command();
    // An argument cannot be shown before.
    command.build();
    let argument = find(&command, shown)?;
    let name = match argument.get_env() {
        Some(variable) if !is_given(argument, arguments) => variable.to_string_lossy().into_owned(),
        _ => argument.get_long().map_or_else(|| shown.to_owned(), |long| format!("--{long}")),
    };
    let value = text(error, ContextKind::InvalidValue).unwrap_or_default();
    if value.is_empty() && error.source().is_none() {
        return Some(format!("{name} is empty; give a value, or leave it out"));
    }
    Some(match (error.source(), error.get(ContextKind::ValidValue)) {
        // Its value is not to be repeated, and what is wrong with it is said without it.
        (Some(reason), _) if argument.is_hide_env_values_set() => format!("{name} {reason}"),
        (Some(reason), _) => format!("{name} is {value:?}: {reason}"),
        (None, Some(ContextValue::Strings(valid))) => format!("{name} is {value:?}; it must be one of {}", valid.join(", ")),
        (None, _) => format!("{name} is {value:?}, which is not a value of it"),
    })
}

fn text(error: &Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text),
        _ => None,
    }
}

/// The argument that clap shows as `shown`.
fn find<'a>(command: &'a Command, shown: &str) -> Option<&'a Arg> {
    let own = command.get_arguments().find(|argument| argument.to_string() == shown);
    own.or_else(|| command.get_subcommands().find_map(|inner| find(inner, shown)))
}

/// Whether it stands on the command line, so that its variable does not matter.
fn is_given(argument: &Arg, arguments: &[OsString]) -> bool {
    let Some(long) = argument.get_long() else { return true };
    arguments.iter().any(|given| {
        let given = given.to_string_lossy();
        given
            .strip_prefix("--")
            .and_then(|given| given.strip_prefix(long))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    })
}
