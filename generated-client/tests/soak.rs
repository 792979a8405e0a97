//! A hundred thousand calls of all operations, with one fault in twenty requests. The test takes a minute, so it is
//! ignored by default: `cargo test --release -p yandex-market-chats --test soak -- --ignored --nocapture`.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::ops::Range;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use peak_alloc::PeakAlloc;
use yandex_market_chats::RetryConfig;
use yandex_market_chats::types::{ChatContext, ChatContextIdentifiableType};
use yandex_market_chats::{Client, Error, ErrorKind, Upload};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const CALLS: usize = 100_000;
const CALLERS: usize = 50;

/// Counts of the server.
#[derive(Default)]
struct Counts {
    requests: AtomicUsize,
    faults: AtomicUsize,
    /// For each call, the number of times that its message or file arrived.
    taken: Vec<AtomicU8>,
    connections: AtomicUsize,
}

#[derive(Default)]
struct Outcomes {
    successes: AtomicUsize,
    failures: AtomicUsize,
    /// The calls that sent a message or a file, as the client reports.
    sent: Mutex<Vec<usize>>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "slow"]
async fn faulty_server_under_load_gets_no_message_twice() {
    let taken = (0..CALLS).map(|_| AtomicU8::new(0)).collect();
    let counts = Arc::new(Counts { taken, ..Counts::default() });
    let url = serve(&counts);
    let policy = RetryConfig::new().initial_backoff(Duration::from_millis(1));
    let builder = Client::builder().base_url(url).api_key("key").retry(policy);
    let client = builder.attempt_timeout(Duration::from_secs(5)).build().expect("a client");
    let sent = Mutex::new(Vec::with_capacity(CALLS));
    let outcomes = Arc::new(Outcomes { sent, ..Outcomes::default() });
    let begin = Instant::now();

    // The first tenth fills pools and buffers; after it, memory must not grow.
    call_all(&client, &outcomes, 0..CALLS / 10).await;
    let early = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    call_all(&client, &outcomes, CALLS / 10..CALLS).await;
    let (late, peak) = (MEMORY.current_usage(), MEMORY.peak_usage());

    let (successes, failures) = (load(&outcomes.successes), load(&outcomes.failures));
    println!(
        "{CALLS} calls by {CALLERS} callers in {:.1} s: {successes} successes, {failures} typed errors; the server got {} \
         requests and made {} faults; memory {} KiB after a tenth, {} KiB at the end, at most {} KiB",
        begin.elapsed().as_secs_f64(),
        load(&counts.requests),
        load(&counts.faults),
        early / 1024,
        late / 1024,
        peak / 1024,
    );
    assert_eq!(successes + failures, CALLS);
    assert!(failures < CALLS / 10, "most faults are retried or rare");
    let twice = counts.taken.iter().filter(|taken| taken.load(Ordering::Relaxed) > 1).count();
    assert_eq!(twice, 0, "messages were sent twice");
    for call in &*outcomes.sent.lock().expect("no panic") {
        assert_eq!(
            counts.taken[*call].load(Ordering::Relaxed),
            1,
            "call {call} succeeded, but its message or file did not arrive once"
        );
    }
    assert!(late < early + 1024 * 1024, "memory grew from {early} to {late} bytes");

    drop(client);
    let patience = Instant::now() + Duration::from_secs(10);
    while load(&counts.connections) > 0 {
        assert!(Instant::now() < patience, "{} connections are still open", load(&counts.connections));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn load(count: &AtomicUsize) -> usize {
    count.load(Ordering::Relaxed)
}

async fn call_all(client: &Client, outcomes: &Arc<Outcomes>, calls: Range<usize>) {
    let callers: Vec<_> = (0..CALLERS)
        .map(|caller| {
            let (client, outcomes, calls) = (client.clone(), Arc::clone(outcomes), calls.clone());
            tokio::spawn(async move {
                for call in calls.skip(caller).step_by(CALLERS) {
                    let (result, is_send) = call_one(&client, call).await;
                    match result {
                        Ok(()) => {
                            outcomes.successes.fetch_add(1, Ordering::Relaxed);
                            if is_send {
                                outcomes.sent.lock().expect("no panic").push(call);
                            }
                        }
                        Err(error)
                            if matches!(
                                error.kind(),
                                ErrorKind::Api | ErrorKind::Transport | ErrorKind::Timeout
                            ) =>
                        {
                            outcomes.failures.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(error) => panic!("{error}"),
                    }
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.expect("no panic");
    }
}

/// Calls one of the operations. Returns its result, and `true` if it sends something to the chat, whose identifier is
/// the number of the call.
async fn call_one(client: &Client, call: usize) -> (Result<(), Error>, bool) {
    let chat = i64::try_from(call).expect("a number");
    match call % 7 {
        0 => {
            let context = ChatContext::new(ChatContextIdentifiableType::Order, 5);
            (client.create_chat(7, context).send().await.map(drop), false)
        }
        1 => (client.get_chats(7).limit(20).send().await.map(drop), false),
        2 => (client.get_chat_history(7, 42).send().await.map(drop), false),
        3 => (client.get_chat(7, 42).send().await.map(drop), false),
        4 => (client.get_chat_message(7, 42, 3).send().await.map(drop), false),
        5 => (client.send_message_to_chat(7, chat, "Hello").send().await.map(drop), true),
        _ => {
            let file = Upload::bytes("label.pdf", vec![7; 2_000]);
            (client.send_file_to_chat(7, chat, file).send().await.map(drop), true)
        }
    }
}

/// Starts a server in threads of its own, and returns its URL.
fn serve(counts: &Arc<Counts>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let counts = Arc::clone(counts);
    thread::spawn(move || {
        for connection in listener.incoming() {
            let (connection, counts) = (connection.expect("a connection"), Arc::clone(&counts));
            counts.connections.fetch_add(1, Ordering::Relaxed);
            thread::spawn(move || {
                serve_connection(connection, &counts);
                counts.connections.fetch_sub(1, Ordering::Relaxed);
            });
        }
    });
    url
}

/// Responds to the requests of a connection until it ends, to one in twenty with a fault.
fn serve_connection(mut connection: TcpStream, counts: &Counts) {
    let mut buffer = vec![0; 64 * 1024];
    let mut filled = 0;
    loop {
        let Some(length) = request_length(&buffer[..filled]) else {
            match connection.read(&mut buffer[filled..]) {
                Ok(more @ 1..) => filled += more,
                _ => return,
            }
            continue;
        };
        let sender = sender(&buffer);
        buffer.copy_within(length..filled, 0);
        filled -= length;
        let number = counts.requests.fetch_add(1, Ordering::Relaxed);
        let is_fault = number % 20 == 19;
        counts.faults.fetch_add(usize::from(is_fault), Ordering::Relaxed);
        let kind = if is_fault { number / 20 % 5 } else { usize::MAX };
        // A 429 and a 500 do not process the request. After the other faults it is processed, but its response is lost.
        if let Some(call) = sender.filter(|_| !matches!(kind, 0 | 1)) {
            counts.taken[call].fetch_add(1, Ordering::Relaxed);
        }
        let reply: &[u8] = match kind {
            0 => b"HTTP/1.1 429 Too Many\r\nContent-Length: 2\r\n\r\n{}",
            1 => b"HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\n{}",
            2 => b"",
            3 => b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"stat",
            4 => b"HTTP/1.1 200 OK\r\nContent-Le",
            _ => b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"status\":\"OK\"}",
        };
        if connection.write_all(reply).is_err() || matches!(kind, 2..=4) {
            return;
        }
    }
}

/// Returns the number of the call if the request sends a message or a file: it is the identifier of the chat.
fn sender(request: &[u8]) -> Option<usize> {
    let mut words = request.split(|byte| *byte == b' ');
    // A GET of a message has the path of a POST that sends one.
    let is_post = words.next()? == b"POST";
    let target = std::str::from_utf8(words.next()?).ok()?;
    let (path, chat) = target.split_once("?chatId=")?;
    let sends = is_post && ["/chats/message", "/chats/file/send"].iter().any(|end| path.ends_with(end));
    sends.then(|| chat.parse().expect("the number of a call"))
}

/// Returns the length of the first request, if it is complete.
fn request_length(bytes: &[u8]) -> Option<usize> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(head) = request.parse(bytes).expect("a request") else { return None };
    let length = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let body: usize =
        length.map_or(Some(0), |header| std::str::from_utf8(header.value).ok()?.parse().ok())?;
    (bytes.len() >= head + body).then_some(head + body)
}
