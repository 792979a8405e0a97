//! `src/lib.rs`: the front page and the modules.

use quote::quote;

use crate::plan::code;
use crate::render::Context;
use crate::render::docs::Comment;
use crate::render::module::table;
use crate::render::printer::{Printer, Source};

/// Prints the modules, and the exports of what users name most.
pub(super) fn render(context: Context<'_>) -> Source {
    let download = context.krate.has_downloads().then(|| quote!(Download,));
    let mock = context.krate.parts.is_empty().then(|| {
        quote! {
            #[cfg(feature = "mock")]
            #[rustfmt::skip]
            mod mock;
        }
    });
    let dialect = context.krate.dialect.runtime().map(|_| {
        quote!(
            mod dialect;
        )
    });
    let items = quote! {
        #[rustfmt::skip]
        pub mod operations;
        pub mod runtime;
        #[rustfmt::skip]
        pub mod types;
        #[rustfmt::skip]
        mod client;
        #dialect
        #[rustfmt::skip]
        mod error;
        #mock
        pub use error::ErrorBody;
        pub use runtime::{CallOptions, Client, ClientBuilder, #download Response, Upload};
        pub use runtime::{Error, ErrorKind};
        #[cfg(feature = "mock")]
        pub use runtime::Mock;
    };
    Printer::new(context).finish(&front_page(context), items)
}

const LISTS: &str = "# Lists\n\nWhere an operation gives a list page by page, `stream()` gives what all pages hold and `pages()` the \
    pages, one in memory at a time. After an error, `token()` is where to go on. A server whose pages go round in a circle is left.";

const LIMITS: &str = "# Limits\n\nA call has a time limit for each of its phases and for all of it, and a reply a limit for its length. \
    Replies are asked for uncompressed and never unpacked, so that none is longer than it seems. Dropping a call's future ends its request, \
    and its connection if one is in use; others are not touched. What an operation declares about how often it may be called is in its \
    constant; `keep_rate_limits` and `max_parallel` hold a client to it.";

const SECRETS: &str = "# Secrets\n\nCredentials are in no `Debug` output, log or error, are wiped from memory when their holder is dropped, and go to \
    the base URL alone: redirects are not followed, and plain HTTP to another machine has to be asked for.";

const TRANSPORTS: &str = "# Transports\n\nRequests go through `reqwest` unless said otherwise: the builder takes settings for it, a client of your \
    own (`reqwest_client`), or whatever implements [`Transport`](runtime::Transport), be it around reqwest or in its place. With the \
    feature `mock`, `Mock` is one that needs no server.";

const SETTINGS: &str = "\
Each is set on the [builder](ClientBuilder) and, but for the last three, for [one call](CallOptions).

| Setting | Default | |
|---|---|---|
| `connect_timeout` | 10 s | to make a connection |
| `attempt_timeout` | 30 s | for one attempt, from sending the body to the last byte of the reply |
| `read_timeout` | 15 s | between two pieces of a body |
| `operation_timeout` | 120 s | for the whole call, retries included |
| `retry` | 3 attempts, waits from 250 ms to 20 s | how often a request is sent, where that is safe |
| `response_limit` | 64 MiB | how long the body of a reply may be |
| `check_constraints` | on | checks of the description's rules before sending |
| `max_parallel` | none | requests at a time for each value of a path parameter |
| `keep_rate_limits` | off | waits rather than exceed what an operation declares (feature `limiter`) |
| `allow_http` | off | plain HTTP to another machine |";

const FEATURES: &str = "\
| Feature | Default | |
|---|---|---|
| `rustls` | on | TLS without a system library |
| `native-tls` | off | TLS of the operating system, where `rustls` is off |
| `blocking` | off | calls from code that is not async |
| `limiter` | off | keeps a client within the limits that operations declare |
| `mock` | off | replies without a server, for tests |
| `tracing` | off | a span for each call, an event for each attempt |";

const PARTS: &str = "Each part of the API is compiled with a feature of its own. All of them are on by default (`full`); to \
    compile less, turn the default features off and name those you need, beside `rustls`.";

fn front_page(context: Context<'_>) -> Comment {
    let Context { krate, package } = context;
    let mut comment = Comment::new(format!("{}.", plain(package.description.trim_end_matches('.'))));
    let origin = match plain(&krate.title).as_str() {
        "" => "an untitled description".to_owned(),
        title => format!("the description *{title}*"),
    };
    comment.push(format!("Generated from {origin}, version {}.", code(&krate.version)));
    comment.maybe(krate.docs.description.clone());
    comment.push(format!("# Example\n\n{}", example(context)));
    comment.push(if krate.parts.is_empty() {
        format!("# Operations\n\n{}", table("Client", krate.calls_of(None)))
    } else {
        format!("# Operations\n\n{PARTS}\n\n{}", parts(context))
    });
    comment.push(
        "# Errors\n\nEvery call ends in a [`Response`] or an [`Error`]. A refusal by the server is [`ErrorKind::Api`], whose \
         body is typed by status ([`ErrorBody`]). A request that breaks a rule of the description is refused before anything is sent.",
    );
    comment.push(
        "# Retries\n\nA request that was refused unprocessed, or never left, is sent again; one whose fate nobody knows only if the \
         operation can be repeated ([`Safety`](runtime::Safety)). See [`RetryConfig`](runtime::RetryConfig).",
    );
    if krate.calls.iter().any(|call| call.paging.is_some()) {
        comment.push(LISTS);
    }
    let status = krate.dialect.refusal_status();
    let excess = "says of what there was too much ([`Excess`](runtime::Excess)).";
    comment.push(format!("{LIMITS} A refusal with the status {status} {excess}"));
    comment.push(SECRETS);
    comment.push(TRANSPORTS);
    comment.push(format!("# Settings\n\n{SETTINGS}"));
    comment.push(format!("# Features\n\n{FEATURES}"));
    comment.push(
        "# Compatibility\n\nThe API grows without notice. Values and properties that this version does not know never fail a reply: \
         an enum keeps an unknown value as `Unrecognized`, and unknown properties are skipped.",
    );
    comment
}

/// Escapes plain text for markdown, URLs included.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if "\\`*_[]<>#~|&".contains(letter) {
            plain.push('\\');
        }
        plain.push(letter);
    }
    plain.replace("://", "\\://")
}

fn example(Context { krate, package }: Context<'_>) -> String {
    let (setter, parameter) = match krate.credentials.first() {
        Some(credential) if credential.has_user() => {
            (format!(".{}(user, secret)", credential.setter), "user: String, secret: String")
        }
        Some(credential) => (format!(".{}(secret)", credential.setter), "secret: String"),
        None => (String::new(), ""),
    };
    let krate = package.crate_name();
    format!(
        "```\n# fn example({parameter}) -> Result<(), Box<dyn std::error::Error>> {{\nlet client = {krate}::Client::builder(){setter}.build()?;\n# let _ = client;\n# Ok(())\n# }}\n```"
    )
}

/// Lists the parts of a client, each with what it is compiled with.
fn parts(Context { krate, .. }: Context<'_>) -> String {
    let rows = krate.parts.iter().enumerate().map(|(id, part)| {
        let count = krate.calls_of(Some(id)).count();
        let name = code(&format!("operations::{}", part.name));
        format!("| {} | {name} | {count} |", code(&part.feature))
    });
    let rows: Vec<_> = rows.collect();
    format!("| Feature | Module | Operations |\n|---|---|---|\n{}", rows.join("\n"))
}
