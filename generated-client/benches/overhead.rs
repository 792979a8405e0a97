//! Costs of the client beside reqwest and serde used directly, with handwritten types: the same server on
//! loopback, the same responses, in the same run.
//!
//! `cargo bench -p yandex-market-chats`. It prints times and allocations of each, then the ratio of their medians.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use divan::{AllocProfiler, Bencher};
use tokio::runtime::Runtime;
use yandex_market_chats::Client;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime"));
static URL: LazyLock<String> = LazyLock::new(serve);
static CLIENT: LazyLock<Client> =
    LazyLock::new(|| Client::builder().base_url(&*URL).api_key("key").build().expect("a client"));
static PLAIN: LazyLock<handwritten::Client> = LazyLock::new(|| {
    let http = yandex_market_chats::transport::reqwest::builder()
        .expect("TLS")
        .build()
        .expect("a client of reqwest");
    handwritten::Client::with(http, URL.parse().expect("a URL"), "key")
});

/// A business whose histories have 1 MB.
const LARGE: i64 = 8;
/// Number of concurrent callers.
const CALLERS: u32 = 64;

fn main() {
    divan::main();
    print_ratio("getChats of 20 chats", generated::chats, by_hand::chats);
    print_ratio("getChatHistory of 100 messages", generated::history, by_hand::history);
    print_throughput("100 messages", 7, 40);
    print_throughput("1 MB", LARGE, 2);
}

#[divan::bench]
fn chats_by_hand(bencher: Bencher) {
    bencher.bench_local(by_hand::chats);
}

#[divan::bench]
fn chats_generated(bencher: Bencher) {
    bencher.bench_local(generated::chats);
}

#[divan::bench]
fn history_by_hand(bencher: Bencher) {
    bencher.bench_local(by_hand::history);
}

#[divan::bench]
fn history_generated(bencher: Bencher) {
    bencher.bench_local(generated::history);
}

#[divan::bench]
fn thousand_clones_by_hand(bencher: Bencher) {
    bencher.bench_local(|| vec![PLAIN.clone(); 1_000]);
}

#[divan::bench]
fn thousand_clones_generated(bencher: Bencher) {
    bencher.bench_local(|| vec![CLIENT.clone(); 1_000]);
}

/// Measures both in turn and prints the medians: a change of the machine's speed affects both.
fn print_ratio(what: &str, generated: fn() -> usize, by_hand: fn() -> usize) {
    const ROUNDS: usize = 3_000;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        // Who goes first takes turns too.
        if round % 2 == 0 {
            ours.push(timed(generated));
            theirs.push(timed(by_hand));
        } else {
            theirs.push(timed(by_hand));
            ours.push(timed(generated));
        }
    }
    let (ours, theirs) = (median(ours), median(theirs));
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    println!("{what}: {ours:?} generated, {theirs:?} by hand, ratio {ratio:.3}");
}

/// Prints how many histories concurrent callers read in a second.
fn print_throughput(size: &str, business: i64, calls: u32) {
    const ROUNDS: usize = 15;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(timed_callers(calls, move || generated::history_of(business)));
        theirs.push(timed_callers(calls, move || by_hand::history_of(business)));
    }
    let (ours, theirs) = (median(ours).as_secs_f64(), median(theirs).as_secs_f64());
    let rate = |seconds: f64| f64::from(CALLERS * calls) / seconds;
    println!(
        "{CALLERS} callers of getChatHistory of {size}: {:.0}/s generated, {:.0}/s by hand, ratio of times {:.3}",
        rate(ours),
        rate(theirs),
        ours / theirs
    );
}

/// Returns the time in which all callers make their calls.
fn timed_callers<F>(calls: u32, call: impl Fn() -> F + Copy + Send + 'static) -> Duration
where
    F: Future<Output = usize> + Send,
{
    let begin = Instant::now();
    RUNTIME.block_on(async {
        let callers = (0..CALLERS).map(|_| {
            tokio::spawn(async move {
                for _ in 0..calls {
                    assert!(call().await > 0);
                }
            })
        });
        for caller in callers.collect::<Vec<_>>() {
            caller.await.expect("a caller");
        }
    });
    begin.elapsed()
}

fn timed(call: fn() -> usize) -> Duration {
    let begin = Instant::now();
    assert!(call() > 0);
    begin.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

mod generated {
    use super::{CLIENT, RUNTIME};

    pub(crate) fn chats() -> usize {
        let reply = RUNTIME.block_on(CLIENT.get_chats(7).limit(20).send()).expect("a reply");
        reply.chats.len()
    }

    pub(crate) fn history() -> usize {
        RUNTIME.block_on(history_of(7))
    }

    pub(crate) async fn history_of(business: i64) -> usize {
        let reply = CLIENT.get_chat_history(business, 42).limit(100).send().await.expect("a reply");
        reply.messages.len()
    }
}

mod by_hand {
    use handwritten::{GetChatHistoryRequest, GetChatsRequest, Page};

    use super::{PLAIN, RUNTIME};

    pub(crate) fn chats() -> usize {
        let page = Page { limit: Some(20), ..Page::default() };
        let body = GetChatsRequest::default();
        let reply = RUNTIME.block_on(PLAIN.get_chats(7, &page, &body)).expect("a reply");
        reply.chats.len()
    }

    pub(crate) fn history() -> usize {
        RUNTIME.block_on(history_of(7))
    }

    pub(crate) async fn history_of(business: i64) -> usize {
        let page = Page { limit: Some(100), ..Page::default() };
        let body = GetChatHistoryRequest::default();
        let reply = PLAIN.get_chat_history(business, 42, &page, &body).await.expect("a reply");
        reply.messages.len()
    }
}

/// Begins a server in a thread of its own; its URL.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let replies = Arc::new(Replies {
        chats: reply(&chats()),
        history: reply(&history(100)),
        large_history: reply(&history(6_000)),
    });
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let replies = Arc::clone(&replies);
            std::thread::spawn(move || answer(connection.expect("a connection"), &replies));
        }
    });
    url
}

/// The responses of the server.
struct Replies {
    chats: Vec<u8>,
    history: Vec<u8>,
    large_history: Vec<u8>,
}

fn answer(mut connection: TcpStream, replies: &Replies) {
    connection.set_nodelay(true).expect("a socket");
    let large = format!("/businesses/{LARGE}/");
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = connection.read(&mut buffer) {
        request.extend_from_slice(&buffer[..length]);
        // The bodies of all requests are `{}`.
        if request.ends_with(b"\r\n\r\n{}") {
            let has =
                |text: &str| request.windows(text.len()).take(64).any(|window| window == text.as_bytes());
            let reply = match (has("/history?"), has(&large)) {
                (false, _) => &replies.chats,
                (true, false) => &replies.history,
                (true, true) => &replies.large_history,
            };
            connection.write_all(reply).expect("an open connection");
            request.clear();
        }
    }
}

fn reply(body: &str) -> Vec<u8> {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// Returns the context of a chat about an order.
fn context(order: u32) -> String {
    format!(
        r#"{{"type":"ORDER","campaignId":21000001,"orderId":{order},"customer":{{"name":"Анна Петрова","publicId":"x1y2z3v4w5q6r7t8u9"}}}}"#
    )
}

fn chats() -> String {
    let chat = |id| {
        let context = context(id);
        format!(
            r#"{{"chatId":{id},"orderId":{id},"context":{context},"type":"CHAT","status":"WAITING_FOR_PARTNER","createdAt":"2026-07-17T10:00:00+03:00","updatedAt":"2026-07-17T10:00:00+03:00"}}"#
        )
    };
    let chats: Vec<_> = (1..=20).map(chat).collect();
    let chats = chats.join(",");
    format!(r#"{{"status":"OK","result":{{"chats":[{chats}],"paging":{{"nextPageToken":"token"}}}}}}"#)
}

fn history(messages: u32) -> String {
    let message = |id| {
        // Some have a file.
        let file = r#","payload":[{"name":"photo.jpg","url":"https://files.example/chats/5/photo.jpg","size":123456}]"#;
        let payload = if id % 10 == 0 { file } else { "" };
        format!(
            r#"{{"messageId":{id},"createdAt":"2026-07-17T10:00:00+03:00","sender":"CUSTOMER","message":"Where is my order, please? It was to come on Monday."{payload}}}"#
        )
    };
    let messages: Vec<_> = (1..=messages).map(message).collect();
    let messages = messages.join(",");
    let context = context(5);
    format!(
        r#"{{"status":"OK","result":{{"orderId":5,"context":{context},"messages":[{messages}],"paging":{{"nextPageToken":"token"}}}}}}"#
    )
}
