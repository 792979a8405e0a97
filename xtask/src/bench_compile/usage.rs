//! Resources that a command uses.

use std::io::{self, Read};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

/// Resources of a finished command and of all processes that it started.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usage {
    /// Time of the processors in user mode.
    pub(super) user: Duration,
    /// Time on the clock.
    pub(super) wall: Duration,
    /// Peak memory of the largest process, in bytes.
    pub(super) memory: u64,
}

/// Runs a command that has to succeed.
///
/// # Errors
/// The command cannot be started, or fails: its error output is the error.
pub(super) fn run(command: &mut Command) -> Result<Usage, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let failed = |error: io::Error| format!("{program}: {error}");
    let begin = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().map_err(failed)?;
    let mut errors = String::new();
    if let Some(mut pipe) = child.stderr.take() {
        pipe.read_to_string(&mut errors).map_err(failed)?;
    }
    let ended = child.wait4().map_err(failed)?;
    let wall = begin.elapsed();
    if ended.status.success() {
        return Ok(Usage { user: ended.rusage.utime, wall, memory: ended.rusage.maxrss });
    }
    let first = errors.find("error").map_or(errors.as_str(), |start| &errors[start..]);
    Err(first.trim().split("\n\n").next().unwrap_or(first).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cargo() -> Command {
        Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    #[test]
    fn finished_command_has_memory_and_time() {
        let usage = run(cargo().arg("--version")).unwrap();
        assert!(usage.memory > 100_000 && usage.wall > Duration::ZERO, "{usage:?}");
    }

    #[test]
    fn failed_command_is_error_with_its_output() {
        let error = run(cargo().arg("--no-such-flag")).unwrap_err();
        assert!(error.contains("--no-such-flag"), "{error}");
    }
}
