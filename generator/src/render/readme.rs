//! `README.md`: the page of the crate in a registry, and its documentation for users.

use crate::plan::{Support, code};
use crate::render::Context;
use crate::render::feature;
use crate::render::format::HEADER;
use crate::render::module::table;

/// Renders the page. Rustdoc includes it, so its examples are compiled, and it has no links into the documentation.
pub(super) fn render(context: Context<'_>) -> String {
    let Context { krate, package } = context;
    let mut page = format!("<!-- {HEADER} -->\n");
    let mut push = |text: &str| {
        page.push('\n');
        page.push_str(text.trim());
        page.push('\n');
    };
    push(&format!("# {}", package.name));
    push(&format!("{}. {}", plain(package.description.trim_end_matches('.')), origin(context)));
    push(krate.docs.description.as_deref().unwrap_or_default());
    match &package.guide {
        Some(guide) => push(guide),
        None => push(&format!("## Example\n\n{}", example(context))),
    }
    push(&format!("## Operations\n\n{}", operations(context)));
    push(ERRORS);
    push(RETRIES);
    if krate.calls.iter().any(|call| call.paging.is_some()) {
        push(PAGES);
    }
    if krate.calls.iter().any(|call| call.stream.is_some()) {
        push(STREAMS);
    }
    push(&LIMITS.replace("{status}", &krate.dialect.refusal_status().to_string()));
    let redirects =
        if krate.support.contains(&Support::Redirects) { REDIRECTS } else { "redirects are not followed" };
    push(&SECRETS.replace("{redirects}", redirects));
    push(TRANSPORTS);
    push(SETTINGS);
    push(&format!("## Features\n\n{}", feature::table(krate)));
    push(WASM);
    push(TRACING);
    push(COMPATIBILITY);
    page
}

const ERRORS: &str = "\
## Errors

Every call returns a `Response` or an `Error`. `Error::kind` tells failures apart. An error response has a body that is \
typed by status: `Error::body`. A request that breaks a rule of the description is not sent; `Error::violations` lists \
what breaks a rule.";

const RETRIES: &str = "\
## Retries

A request is retried if the server refused it unprocessed, or if no connection was made. Requests whose outcome is \
unknown are retried only if the operation is idempotent. `CallOptions::idempotent` states that for one call. The server's \
`Retry-After` is honoured if the operation timeout allows it. An error says why the call was not retried.";

const PAGES: &str = "\
## Pages

A list arrives in pages. `send` requests one page, `pages` iterates over the pages, and `stream` over their items, with one \
page in memory. After an error, `token` is the page to continue from. Pagination stops when the server \
repeats a page token. Such calls must be sent by name: awaiting one directly would silently return one page, so only \
other calls implement `IntoFuture`.";

const STREAMS: &str = "\
## Streams

A response that is a stream is read item by item: `stream` returns an `EventStream`, which implements `Stream` and has \
`try_next`. The request is sent when the stream is first polled; `send` waits for the head of the response instead. An item \
that is not as described is an error, and the stream goes on. The attempt and operation timeouts end with the head of the \
response; after that, `idle_timeout` limits the time between two pieces (60 s by default). `response_limit` limits each item. \
Server-sent events reconnect with `Last-Event-ID` if the operation is read-only and the server identifies its events. \
Dropping the stream closes the connection. With the feature `mock`, `OnStream` serves items.";

const LIMITS: &str = "\
## Limits

Each phase of a call has a time limit, and a response has a size limit. Responses are requested uncompressed, so the size \
limit is exact. Dropping the future of a call cancels its request and closes the connection in use. Declared rate limits are in \
the `OPERATION` constants; `keep_rate_limits` and `max_parallel` keep a client within them. For a {status} response, \
`Error::excess` reports which limit was exceeded.";

const SECRETS: &str = "\
## Secrets

Credentials appear in no `Debug` output, log or error, and their memory is overwritten when they are dropped. They are \
sent to the base URL only: {redirects}. Plain HTTP to another machine needs `allow_http`.";

const REDIRECTS: &str = "\
a redirect is followed if the operation is a `GET` that declares it, and if it leads to the same server";

const TRANSPORTS: &str = "\
## Transports

Requests are sent with `reqwest`. The builder takes settings for it (`reqwest`), a ready client (`reqwest_client`), or \
another implementation of `transport::Transport`. The `mock` feature provides an in-memory transport for tests: \
`Mock`. Applications enable it in their `[dev-dependencies]`.";

const SETTINGS: &str = "\
## Settings

All settings are methods of `ClientBuilder`. Those marked *call* are also methods of `CallOptions`.

| Setting | Default | | |
|---|---|---|---|
| `connect_timeout` | 10 s | | limit for making a connection |
| `attempt_timeout` | 30 s | call | limit for one attempt, without the time for sending the body |
| `read_timeout` | 15 s | call | limit between two pieces of a body |
| `operation_timeout` | 120 s | call | limit for the whole call, retries included |
| `retry` | 3 attempts, backoff from 250 ms to 20 s | call | number of attempts and backoff |
| `response_limit` | 64 MiB | call | limit for the body of a response |
| `check_constraints` | on | call | checks of the description's rules before sending |
| `max_parallel` | none | | concurrent requests for each value of a path parameter |
| `keep_rate_limits` | off | | waits instead of exceeding a declared rate limit (feature `limiter`) |
| `allow_http` | off | | plain HTTP to another machine |
| `proxy` | environment | | proxy for all requests; the default is in `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, except for a server on this machine |";

const WASM: &str = "\
## WebAssembly

With the feature `wasm`, the client compiles for `wasm32-unknown-unknown`: for browsers, and for other JavaScript hosts such \
as Node.js. `transport::FetchTransport` sends requests with the `fetch` function of the host, which decides on connections, \
proxies, TLS and compression. Browsers hide redirects, so a redirect is an error there.

Uploads from paths, saving to folders, `proxy`, settings for `reqwest`, and the features `blocking` and `limiter` do not exist \
there. A web page shows its credentials to everybody who opens it.";

const TRACING: &str = "\
## Tracing

With the feature `tracing`, each call is a span and each attempt is an event in it. Names of fields follow the HTTP conventions of \
OpenTelemetry, where there is one.

| | Level | Fields |
|---|---|---|
| span `call` | INFO | `operation`, `otel.name`, `otel.kind`, `http.request.method`, `url.scheme`, `url.template`, `server.address`, `server.port`, `http.request.header.traceparent` |
| the span, at its end | | `attempts`, `duration_seconds`, `http.request.resend_count`, `http.response.status_code`, `error.type`, `traceparent` |
| event `attempt succeeded` | DEBUG | `duration_seconds`, `http.request.resend_count`, `http.response.status_code` |
| event `attempt failed` | WARN | the same, `error.type`, and `retry.wait_seconds` before a retry |

`error.type` is a status code, or a word such as `timeout`. The duration of a call includes backoff; the duration of an attempt begins when \
its request is sent. `traceparent` is what the server returns. `ClientBuilder::send_trace_parent` sends a `traceparent` header, \
which is the field `http.request.header.traceparent`. No field has a query, a body or a credential.";

const COMPATIBILITY: &str = "\
## Compatibility

The API grows without notice. An enum keeps an unknown value as `Unrecognized`, and unknown properties are skipped, so \
neither fails a response.";

const PARTS: &str = "\
Each part of the API has a feature. All of them are on by default (`full`). To compile less, turn the default features \
off and name the features you need, beside `rustls`.";

fn origin(Context { krate, .. }: Context<'_>) -> String {
    let origin = match plain(&krate.title).as_str() {
        "" => "an untitled description".to_owned(),
        title => format!("the description *{title}*"),
    };
    format!("Generated from {origin}, version {}.", code(&krate.version))
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

/// Shows how to build a client, without hidden lines: a registry shows them.
fn example(Context { krate, package }: Context<'_>) -> String {
    let (setter, parameters) = match krate.credentials.first() {
        Some(credential) if credential.has_user() => {
            (format!(".{}(user, password)", credential.setter), "user: String, password: String")
        }
        Some(credential) => (format!(".{}(secret)", credential.setter), "secret: String"),
        None => (String::new(), ""),
    };
    let name = package.crate_name();
    format!(
        "```rust\nuse {name}::{{BuildError, Client}};\n\nfn client({parameters}) -> Result<Client, BuildError> {{\n    \
         Client::builder(){setter}.build()\n}}\n```"
    )
}

fn operations(Context { krate, .. }: Context<'_>) -> String {
    if krate.parts.is_empty() {
        return table(krate.calls_of(None), |call| code(call.method.plain()));
    }
    let rows = krate.parts.iter().enumerate().map(|(id, part)| {
        let count = krate.calls_of(Some(id)).count();
        let name = code(&format!("operations::{}", part.name));
        format!("| {} | {name} | {count} |", code(&part.feature))
    });
    let rows: Vec<_> = rows.collect();
    format!("{PARTS}\n\n| Feature | Module | Operations |\n|---|---|---|\n{}", rows.join("\n"))
}
