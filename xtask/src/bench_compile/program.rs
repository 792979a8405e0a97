//! Programs that call operations of a generated client.

use generator::plan::{Call, Crate, Input, Ty};
use generator::render::{Package, aliases};

/// Sources of a program.
pub(super) struct Program {
    /// The root, `src/main.rs`.
    pub(super) main: String,
    /// Names for the types of arguments, `src/aliases.rs`.
    pub(super) aliases: String,
}

/// Returns a program that calls `count` operations, spread evenly over all of a crate.
///
/// # Errors
/// The generator is wrong.
pub(super) fn program(krate: &Crate, package: &Package, count: usize) -> Result<Program, String> {
    let calls = spread(&krate.calls, count);
    let arguments = || calls.iter().flat_map(|call| call.arguments());
    let types: Vec<Ty> = arguments().map(|input: &Input| input.ty.clone()).collect();
    let aliases = aliases(krate, package, &types).map_err(|error| error.to_string())?.contents;
    let name = package.crate_name();
    let mut number = 0..;
    let functions = calls.iter().enumerate().map(|(index, call)| {
        let arguments: Vec<_> = call
            .arguments()
            .zip(&mut number)
            .map(|(_, number)| format!("any::<aliases::T{number}>()"))
            .collect();
        let arguments = arguments.join(", ");
        format!(
            "\nasync fn call_{index}(client: &{name}::Client) -> Result<(), {name}::Error> {{\n    \
                 println!(\"{{}}\", client.{}({arguments}).send().await?.status());\n    \
                 Ok(())\n\
             }}\n",
            call.method
        )
    });
    let functions: String = functions.collect();
    let awaits = (0..calls.len()).map(|index| format!("    call_{index}(client).await?;"));
    let awaits = awaits.collect::<Vec<_>>().join("\n");
    let credentials = krate.credentials.iter().map(|credential| {
        let user = if credential.has_user() { "any::<String>(), " } else { "" };
        format!(".{}({user}any::<String>())", credential.setter)
    });
    let main = MAIN
        .replace(".CREDENTIALS()", &credentials.collect::<String>())
        .replace("    CALLS;", &awaits)
        .replace("CLIENT", &name);
    let root = format!("{name}::");
    // The root of the crate exports what the runtime has for users, and chrono.
    let aliases = aliases.replace("crate::runtime::", &root).replace("crate::", &root);
    let aliases = aliases.replace("use chrono::", &format!("use {root}chrono::"));
    Ok(Program { main: main + &functions, aliases })
}

/// Returns `count` calls with equal distances, or all.
fn spread(calls: &[Call], count: usize) -> Vec<&Call> {
    let count = count.min(calls.len());
    (0..count).map(|number| &calls[number * calls.len() / count]).collect()
}

const MAIN: &str = r#"//! Calls of a client with values that are unknown to the compiler. The program is only compiled.

#![allow(deprecated)]

mod aliases;

use std::hint::black_box;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let client = CLIENT::Client::builder().base_url(any::<String>()).CREDENTIALS().build()?;
    runtime.block_on(calls(&client))?;
    Ok(())
}

fn any<T>() -> T {
    black_box(None).expect("the program is only compiled")
}

async fn calls(client: &CLIENT::Client) -> Result<(), CLIENT::Error> {
    CALLS;
    Ok(())
}
"#;
