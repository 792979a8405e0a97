//! The commands for maintainers: `cargo xtask --help`.

mod bench_compile;
mod changelog;
mod client;
mod codegen;
mod contract;
mod diff;
mod judge;
mod prove;
mod release;
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
    BenchCompile(bench_compile::Options),
    Codegen(codegen::Options),
    Diff(diff::Options),
    Prove(prove::Options),
    Release(release::Options),
    Update(update::Options),
    Verify(verify::Options),
}

fn main() -> ExitCode {
    let done = match Command::parse() {
        Command::BenchCompile(options) => bench_compile::run(&options).map(|()| ExitCode::SUCCESS),
        Command::Codegen(options) => codegen::run(&options).map(|()| ExitCode::SUCCESS),
        Command::Diff(options) => diff::run(&options),
        Command::Prove(options) => prove::run(&options).map(|()| ExitCode::SUCCESS),
        Command::Release(options) => release::run(&options).map(|()| ExitCode::SUCCESS),
        Command::Update(options) => update::run(&options).map(|()| ExitCode::SUCCESS),
        Command::Verify(options) => verify::run(&options).map(|()| ExitCode::SUCCESS),
    };
    match done {
        Ok(code) => code,
        Err(message) => {
            shell::error(message);
            ExitCode::FAILURE
        }
    }
}
