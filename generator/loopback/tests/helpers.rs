//! The helpers that tests rely on when they say nothing about time and ports.

use std::io::ErrorKind;
use std::time::Duration;

use loopback::{HeldClock, Refusing, Scratch};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, advance, timeout};

fn address(url: &str) -> &str {
    url.strip_prefix("http://").expect("a URL of HTTP")
}

#[tokio::test]
async fn refusing_port_stays_taken_and_refuses() {
    let refusing = Refusing::new();
    let url = refusing.url();
    for _ in 0..100 {
        let other = TcpListener::bind("127.0.0.1:0").await.expect("another port");
        assert_ne!(other.local_addr().expect("an address").to_string(), address(&url));
        let error = TcpStream::connect(address(&url)).await.expect_err("a refusal");
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    }
    let error = TcpListener::bind(address(&url)).await.expect_err("the port is taken");
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
}

#[tokio::test(start_paused = true)]
async fn held_clock_passes_only_on_request() {
    let _clock = HeldClock::new();
    let begin = Instant::now();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    // The runtime is idle until the connection comes from outside: a paused clock alone would jump to the time limit.
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(20));
        drop(std::net::TcpStream::connect(address));
    });
    timeout(Duration::from_millis(1), listener.accept())
        .await
        .expect("in virtual time")
        .expect("a connection");
    assert_eq!(begin.elapsed(), Duration::ZERO);
    advance(Duration::from_secs(60)).await;
    assert_eq!(begin.elapsed(), Duration::from_secs(60));
}

#[test]
fn scratch_folders_are_distinct_and_removed() {
    let (first, second) = (Scratch::new(), Scratch::new());
    let path = first.file("name", "content");
    assert_ne!(path, second.file("name", ""));
    assert_eq!(std::fs::read(&path).expect("a file"), b"content");
    drop(first);
    assert!(!path.exists());
}
