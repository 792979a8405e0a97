//! The program that makes the calls of a client.

use generator::plan::{Call, Case, Choice, Crate, Input, Payload, Reply, Support, Ty};

/// Environment variable with the base URL of the server.
pub(super) const URL: &str = "JUDGE_URL";

/// A call in the program: its index in the crate, and the number of the alias of its first input.
pub(super) struct Entry<'k> {
    pub(super) call: &'k Call,
    pub(super) first_alias: usize,
}

/// Returns the code of the program.
pub(super) fn code(krate: &Crate, calls: &[Entry<'_>]) -> String {
    let functions = calls.iter().enumerate().map(|(number, entry)| function(krate, number, entry));
    let arm = |number| format!("        {number} => call_{number}(client, options, given),\n");
    let arms: String = (0..calls.len()).map(arm).collect();
    let credentials = krate.credentials.iter().map(|credential| {
        let secret = secret(&credential.scheme);
        let user = if credential.has_user() { "\"user\", " } else { "" };
        format!("\n        .{}({user}{secret:?})", credential.setter)
    });
    let program = PROGRAM
        .replace("        ARMS\n", &arms)
        .replace("        ERRORS\n", &error_arms(krate))
        .replace("\n        .CREDENTIALS()", &credentials.collect::<String>())
        .replace("JUDGE_URL", URL)
        .replace("x-judged-call", super::server::NUMBER);
    let items = if krate.support.contains(&Support::Streams) { ITEMS } else { "" };
    program + &functions.collect::<String>() + items
}

/// Returns the secret of a security scheme.
fn secret(scheme: &str) -> String {
    scheme.chars().filter(char::is_ascii_alphanumeric).chain("-secret".chars()).collect()
}

fn error_arms(krate: &Crate) -> String {
    let arm = |variant: &generator::plan::ErrorVariant| match &variant.body {
        Some(_) => format!("        Some(crate::error::ErrorBody::{}(body)) => json(body),\n", variant.name),
        None => String::new(),
    };
    krate.errors.variants.iter().map(arm).collect()
}

fn function(krate: &Crate, number: usize, entry: &Entry<'_>) -> String {
    let call = entry.call;
    let inputs = || call.inputs.iter().enumerate();
    let value = |(index, input): (usize, &Input)| value(index, entry.first_alias + index, &input.ty);
    let arguments = inputs().filter(|(_, input)| input.is_required).map(|input| format!("{}?", value(input)));
    let arguments: Vec<_> = arguments.collect();
    let setters = inputs().filter(|(_, input)| !input.is_required).map(|(index, input)| {
        let value = value((index, input));
        format!("    if given.has({index}) {{\n        call = call.{}({value}?);\n    }}\n", input.name)
    });
    let setters: String = setters.collect();
    let result = match &call.reply {
        Reply::Empty => "|()| Value::Null".to_owned(),
        Reply::Json { .. } | Reply::Optional { .. } | Reply::Text { .. } => "|value| json(&value)".to_owned(),
        Reply::File { .. } => "bytes".to_owned(),
        Reply::Stream(_) => "items".to_owned(),
        Reply::Redirect => "|redirect| json(&redirect.location())".to_owned(),
        Reply::Choice(choice) => chosen(krate, call, choice),
    };
    let (method, arguments) = (&call.method, arguments.join(", "));
    format!(
        "\nfn call_{number}(client: &Client, options: CallOptions, given: &Given) -> Result<Value, String> {{\n    \
             let mut call = client.{method}({arguments});\n\
             {setters}    \
             Ok(outcome(call.options(options).send_blocking(), {result}))\n\
         }}\n"
    )
}

/// Returns the closure that writes the value of a variant as JSON.
fn chosen(krate: &Crate, call: &Call, choice: &Choice) -> String {
    let part = call.part.map(|part| format!("{}::", krate.parts[part].name)).unwrap_or_default();
    let path = format!("crate::operations::{part}{}", choice.name);
    let arm = |Case { name, payload, .. }: &Case| match payload {
        Payload::Empty => format!("{path}::{name} => Value::Null, "),
        Payload::Json(_) | Payload::Text => format!("{path}::{name}(value) => json(&value), "),
        Payload::File => format!("{path}::{name}(file) => bytes(file), "),
    };
    let arms: String = choice.cases.iter().map(arm).collect();
    format!("|outcome| match outcome {{ {arms}_ => Value::from(\"a variant of an undeclared status\") }}")
}

/// Returns the expression that reads an input.
fn value(index: usize, alias: usize, ty: &Ty) -> String {
    match ty {
        Ty::Upload => format!("given.upload({index})"),
        Ty::Vec(element) if **element == Ty::Upload => format!("given.uploads({index})"),
        Ty::FormData => "Ok::<_, String>(crate::FormData::new())".to_owned(),
        _ => format!("given.value::<aliases::T{alias}>({index})"),
    }
}

/// Reads the items of a stream.
const ITEMS: &str = r#"
fn items<T>(mut stream: crate::EventStream<T>) -> Value
where
    T: serde::Serialize + serde::de::DeserializeOwned + Send,
{
    let mut items = Vec::new();
    loop {
        match stream.try_next_blocking() {
            Ok(Some(item)) => items.push(json(&item)),
            Ok(None) => return Value::Array(items),
            Err(error) => return serde_json::json!({ "broken": error.to_string() }),
        }
    }
}
"#;

const PROGRAM: &str = r#"use std::io::{BufRead, Write};

use serde_json::{Map, Value};

use crate::{CallOptions, Client, Error, Response, RetryConfig, Upload};

pub(crate) fn run() {
    let client = Client::builder()
        .base_url(std::env::var("JUDGE_URL").expect("the URL of the server"))
        .allow_http()
        .retry(RetryConfig::disabled())
        .CREDENTIALS();
    let client = client.build().expect("a client");
    let mut out = std::io::stdout().lock();
    for (number, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line.expect("a line");
        let (call, given) = line.split_once(' ').expect("a call and its arguments");
        let given = Given(serde_json::from_str(given).expect("JSON"));
        let options = CallOptions::new().header("x-judged-call", number.to_string());
        let result = made(call.parse().expect("a number"), &client, options, &given);
        let result = result.unwrap_or_else(|error| serde_json::json!({ "untaken": error }));
        writeln!(out, "{result}").expect("a pipe");
    }
}

fn made(call: usize, client: &Client, options: CallOptions, given: &Given) -> Result<Value, String> {
    match call {
        ARMS
        _ => Err(format!("no call {call}")),
    }
}

struct Given(Map<String, Value>);

impl Given {
    fn has(&self, index: usize) -> bool {
        self.0.contains_key(&index.to_string())
    }

    fn json(&self, index: usize) -> Result<Value, String> {
        self.0.get(&index.to_string()).cloned().ok_or_else(|| format!("no argument {index}"))
    }

    fn value<T: serde::de::DeserializeOwned>(&self, index: usize) -> Result<T, String> {
        let json = self.json(index)?;
        serde_json::from_value(json.clone()).map_err(|error| format!("{json}: {error}"))
    }

    fn upload(&self, index: usize) -> Result<Upload, String> {
        let content: String = self.value(index)?;
        Ok(Upload::bytes("file.bin", content))
    }

    fn uploads(&self, index: usize) -> Result<Vec<Upload>, String> {
        let contents: Vec<String> = self.value(index)?;
        Ok(contents.into_iter().map(|content| Upload::bytes("file.bin", content)).collect())
    }
}

fn outcome<T>(result: Result<Response<T>, Error>, value: impl FnOnce(T) -> Value) -> Value {
    match result {
        Ok(response) => serde_json::json!({ "ok": value(response.into_inner()) }),
        Err(error) => {
            let body = match error.body() {
        ERRORS
                _ => Value::Null,
            };
            let status = error.status().map(|status| status.as_u16());
            serde_json::json!({ "error": error.to_string(), "status": status, "body": body })
        }
    }
}

fn json(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_else(|error| Value::from(error.to_string()))
}

fn bytes(file: crate::Download) -> Value {
    match crate::runtime::block_on(file.bytes()) {
        Ok(bytes) => Value::from(String::from_utf8_lossy(&bytes)),
        Err(error) => serde_json::json!({ "broken": error.to_string() }),
    }
}
"#;
