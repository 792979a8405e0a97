//! What maintainers run: `cargo xtask --help`.

mod codegen;
mod selection;
mod shell;
mod verify;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

/// Maintains the generated client.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
enum Command {
    Codegen(codegen::Options),
    Verify(verify::Options),
}

fn main() -> ExitCode {
    match Command::parse() {
        Command::Codegen(options) => codegen::run(&options),
        Command::Verify(options) => verify::run(&options),
    }
}
