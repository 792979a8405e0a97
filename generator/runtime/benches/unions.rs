//! Costs of decoding unions beside serde's internally tagged enum: the same JSON, in the same run.
//!
//! `cargo bench -p runtime`. It prints times and allocations of each, then the ratio of their medians. The target is a ratio of
//! at most 1.3.

use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use divan::{AllocProfiler, Bencher};
use serde::Deserialize;
use serde_json::Value;

#[path = "../src/runtime/param.rs"]
#[allow(dead_code, reason = "a benchmark does not use all of a library")]
mod param;
#[path = "../src/runtime/union.rs"]
#[allow(dead_code, unused_imports, unused_macros, reason = "a benchmark does not use all of a library")]
mod union;

/// The parts of the runtime that decode unions, where every client has them.
mod runtime {
    pub(crate) use crate::param::Param;
    pub(crate) use crate::union::{Member, ObjectShape, Shape, Union, deserialize_union, open_union, shape};
}

use runtime::open_union;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

static EVENTS: LazyLock<String> = LazyLock::new(events);

fn main() {
    divan::main();
    print_ratio("discriminator", decode::<Tagged>);
    print_ratio("shape", decode::<Shaped>);
}

#[divan::bench(types = [Tagged, Shaped, BySerde])]
fn decoding<T: for<'de> Deserialize<'de>>(bencher: Bencher) {
    bencher.bench_local(decode::<T>);
}

/// Measures both in turn and prints the medians: a change of the machine's speed affects both.
fn print_ratio(what: &str, generated: fn() -> usize) {
    const ROUNDS: usize = 5_000;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(timed(generated));
        theirs.push(timed(decode::<BySerde>));
    }
    let (ours, theirs) = (median(ours), median(theirs));
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    println!("union by {what}: {ours:?} generated, {theirs:?} by serde, ratio {ratio:.3}");
}

fn timed(decode: fn() -> usize) -> Duration {
    let begin = Instant::now();
    assert!(black_box(decode()) > 0);
    begin.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn decode<T: for<'de> Deserialize<'de>>() -> usize {
    serde_json::from_str::<Vec<T>>(&EVENTS).expect("events").len()
}

/// Returns a list of events of three kinds, some with escapes in their texts.
fn events() -> String {
    let event = |index: usize| match index % 3 {
        0 => format!(
            r#"{{"kind":"opened","id":{index},"title":"Nothing works","author":{{"name":"Ann","mail":"a@example.com"}},
            "labels":["bug","new in \"2.0\""],"at":"2024-05-01T10:00:00Z"}}"#
        ),
        1 => format!(
            r#"{{"kind":"commented","id":{index},"text":"Here is\nmore.","author":{{"name":"Bob","mail":null}},
            "likes":{index},"score":0.5}}"#
        ),
        _ => format!(
            r#"{{"kind":"closed","id":{index},"reason":"It works again.","by":{{"name":"Cy"}},"merged":true}}"#
        ),
    };
    format!("[{}]", (0..100).map(event).collect::<Vec<_>>().join(","))
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "it is decoded all the same")]
struct Opened {
    id: i64,
    title: String,
    author: Person,
    labels: Vec<String>,
    at: String,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "it is decoded all the same")]
struct Commented {
    id: i64,
    text: String,
    author: Person,
    likes: Option<i64>,
    score: Option<f64>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "it is decoded all the same")]
struct Closed {
    id: i64,
    reason: Option<String>,
    by: Option<Person>,
    merged: bool,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "it is decoded all the same")]
struct Person {
    name: String,
    mail: Option<String>,
}

/// The enum that people write for serde.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
#[allow(dead_code, reason = "it is decoded all the same")]
enum BySerde {
    Opened(Opened),
    Commented(Commented),
    Closed(Closed),
}

/// A union as it is generated, with a discriminator.
#[allow(dead_code, reason = "it is decoded all the same")]
enum Tagged {
    Opened(Opened),
    Commented(Commented),
    Closed(Closed),
    Unrecognized(Value),
}

open_union!(Tagged by "kind" {
    Opened: "opened";
    Commented: "commented";
    Closed: "closed";
});

/// A union as it is generated, without a discriminator.
#[allow(dead_code, reason = "it is decoded all the same")]
enum Shaped {
    Opened(Opened),
    Commented(Commented),
    Closed(Closed),
    Unrecognized(Value),
}

open_union!(Shaped {
    Opened: object("id", "title", "author", "labels", "at"; "kind");
    Commented: object("id", "text", "author"; "kind", "likes", "score");
    Closed: object("id", "merged"; "kind", "reason", "by");
});
