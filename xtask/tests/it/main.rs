//! The commands as maintainers run them, one module per command; the README and the prose of the workspace.

mod bench_compile;
mod codegen;
mod prose;
mod readme;
mod settings;
mod update;
