//! The commands as maintainers run them, one module per command, and what the README shows.

mod codegen;
mod readme;
mod settings;
mod update;
