//! The memory that long lists take.

use std::sync::atomic::{AtomicU64, Ordering};

use peak_alloc::PeakAlloc;
use yandex_market_chats::Client;
use yandex_market_chats::transport::Attempt;
use yandex_market_chats::transport::Body;
use yandex_market_chats::transport::BoxFuture;
use yandex_market_chats::transport::Transport;
use yandex_market_chats::transport::TransportError;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const PAGES: u64 = 100_000;

/// A server in memory with a long list, each page with a token of its own.
#[derive(Debug, Default)]
struct Endless(AtomicU64);

impl Transport for Endless {
    fn send<'a>(
        &'a self,
        _: http::Request<Body>,
        _: &'a Attempt,
    ) -> BoxFuture<'a, Result<http::Response<Body>, TransportError>> {
        let page = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        let paging =
            if page < PAGES { format!(r#"{{"nextPageToken":"token-{page}"}}"#) } else { "{}".to_owned() };
        let chat = format!(
            r#"{{"chatId":{page},"context":{{"type":"ORDER","campaignId":2,"orderId":1,
            "customer":{{"name":"Анна П.","publicId":"x1y2z3"}}}},"type":"CHAT","status":"NEW",
            "createdAt":"2026-07-17T10:00:00+03:00","updatedAt":"2026-07-17T10:00:00+03:00"}}"#
        );
        let body = format!(r#"{{"status":"OK","result":{{"chats":[{chat}],"paging":{paging}}}}}"#);
        Box::pin(async { Ok(http::Response::new(Body::from(body))) })
    }
}

#[tokio::test]
async fn stream_of_100_000_pages_has_constant_memory() {
    let client = Client::builder().api_key("key").transport(Endless::default()).build().unwrap();
    let mut chats = client.get_chats(7).stream();
    let mut count = 0;
    let mut early = 0;
    while let Some(chat) = chats.try_next().await.unwrap() {
        count += 1;
        assert_eq!(chat.chat_id, count);
        if count == 100 {
            early = MEMORY.current_usage();
            MEMORY.reset_peak_usage();
        }
    }
    assert_eq!(count.cast_unsigned(), PAGES);
    let grown = MEMORY.peak_usage().saturating_sub(early);
    assert!(grown < 64 * 1024, "memory grew by {grown} bytes");
}
