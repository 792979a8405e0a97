//! What maintainers run: `cargo xtask --help`.

mod codegen;
mod selection;
mod shell;
mod update;
mod verify;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

/// Maintains the generated client.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
enum Command {
    Codegen(codegen::Options),
    Update(update::Options),
    Verify(verify::Options),
}

fn main() -> ExitCode {
    let done = match Command::parse() {
        Command::Codegen(options) => codegen::run(&options),
        Command::Update(options) => update::run(&options),
        Command::Verify(options) => verify::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            shell::error(message);
            ExitCode::FAILURE
        }
    }
}
