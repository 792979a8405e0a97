//! Costs of the client beside reqwest and serde used directly, with handwritten types: the same server on
//! loopback, the same responses, in the same run.
//!
//! `cargo bench -p yandex-market-chats`. It prints times and allocations of each, then the ratio of their medians.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::LazyLock;
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
static PLAIN: LazyLock<reqwest::Client> = LazyLock::new(|| {
    #[cfg(feature = "rustls")]
    rustls::crypto::ring::default_provider().install_default().expect("no provider yet");
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    builder.build().expect("a client")
});

fn main() {
    divan::main();
    print_ratio("getChats of 20 chats", generated::chats, by_hand::chats);
    print_ratio("getChatHistory of 100 messages", generated::history, by_hand::history);
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
        let reply = RUNTIME.block_on(CLIENT.get_chat_history(7, 42).limit(100).send()).expect("a reply");
        reply.messages.len()
    }
}

mod by_hand {
    use serde::Deserialize;
    use serde::de::DeserializeOwned;
    use yandex_market_chats::chrono::{DateTime, FixedOffset};

    use super::{PLAIN, RUNTIME, URL};

    #[derive(Deserialize)]
    struct Envelope<T> {
        #[allow(dead_code, reason = "it is decoded all the same")]
        status: Outcome,
        result: Option<T>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    enum Outcome {
        Ok,
        Error,
    }

    #[derive(Deserialize)]
    struct Chats {
        chats: Vec<Chat>,
        #[allow(dead_code, reason = "it is decoded all the same")]
        paging: Option<Paging>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code, reason = "it is decoded all the same")]
    struct Paging {
        next_page_token: Option<String>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code, reason = "it is decoded all the same")]
    struct Chat {
        chat_id: i64,
        order_id: Option<i64>,
        context: Context,
        r#type: Type,
        status: Status,
        created_at: DateTime<FixedOffset>,
        updated_at: DateTime<FixedOffset>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code, reason = "it is decoded all the same")]
    struct Context {
        r#type: ContextType,
        customer: Option<Customer>,
        campaign_id: Option<i64>,
        order_id: Option<i64>,
        return_id: Option<i64>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    enum ContextType {
        Order,
        Return,
        Direct,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code, reason = "it is decoded all the same")]
    struct Customer {
        name: Option<String>,
        public_id: Option<String>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    enum Type {
        Chat,
        Arbitrage,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    enum Status {
        New,
        WaitingForCustomer,
        WaitingForPartner,
        WaitingForArbiter,
        WaitingForMarket,
        Finished,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code, reason = "it is decoded all the same")]
    struct History {
        order_id: Option<i64>,
        context: Context,
        messages: Vec<Message>,
        paging: Option<Paging>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code, reason = "it is decoded all the same")]
    struct Message {
        message_id: i64,
        created_at: DateTime<FixedOffset>,
        sender: Sender,
        message: Option<String>,
        payload: Option<Vec<Payload>>,
    }

    #[derive(Deserialize)]
    #[allow(dead_code, reason = "it is decoded all the same")]
    struct Payload {
        name: String,
        url: String,
        size: i32,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    enum Sender {
        Partner,
        Customer,
        Market,
        Support,
    }

    async fn post<T: DeserializeOwned>(path: &str) -> T {
        let request = PLAIN.post(format!("{}{path}", *URL)).header("api-key", "key");
        let request = request.header("content-type", "application/json").header("accept", "application/json");
        let reply =
            request.body("{}").timeout(std::time::Duration::from_secs(30)).send().await.expect("a reply");
        serde_json::from_slice(&reply.bytes().await.expect("a body")).expect("JSON")
    }

    pub(crate) fn chats() -> usize {
        let reply: Envelope<Chats> = RUNTIME.block_on(post("/v2/businesses/7/chats?limit=20"));
        reply.result.expect("a result").chats.len()
    }

    pub(crate) fn history() -> usize {
        let reply: Envelope<History> =
            RUNTIME.block_on(post("/v2/businesses/7/chats/history?chatId=42&limit=100"));
        reply.result.expect("a result").messages.len()
    }
}

/// Begins a server in a thread of its own; its URL.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (chats, history) = (reply(&chats()), reply(&history()));
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let (chats, history) = (chats.clone(), history.clone());
            std::thread::spawn(move || answer(connection.expect("a connection"), &chats, &history));
        }
    });
    url
}

fn answer(mut connection: TcpStream, chats: &[u8], history: &[u8]) {
    connection.set_nodelay(true).expect("a socket");
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = connection.read(&mut buffer) {
        request.extend_from_slice(&buffer[..length]);
        // The bodies of both requests are `{}`.
        if request.ends_with(b"\r\n\r\n{}") {
            let is_history = request.windows(9).take(64).any(|window| window == b"/history?");
            connection.write_all(if is_history { history } else { chats }).expect("an open connection");
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

fn history() -> String {
    let message = |id| {
        // Some have a file.
        let file = r#","payload":[{"name":"photo.jpg","url":"https://files.example/chats/5/photo.jpg","size":123456}]"#;
        let payload = if id % 10 == 0 { file } else { "" };
        format!(
            r#"{{"messageId":{id},"createdAt":"2026-07-17T10:00:00+03:00","sender":"CUSTOMER","message":"Where is my order, please? It was to come on Monday."{payload}}}"#
        )
    };
    let messages: Vec<_> = (1..=100).map(message).collect();
    let messages = messages.join(",");
    let context = context(5);
    format!(
        r#"{{"status":"OK","result":{{"orderId":5,"context":{context},"messages":[{messages}],"paging":{{"nextPageToken":"token"}}}}}}"#
    )
}
