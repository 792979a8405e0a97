//! Pages: requested one by one with their tokens, and read as a stream.

use loopback::{Reply, Server};
use yandex_market_chats::types::{ChatStatusType, GetChatInfo};
use yandex_market_chats::{Client, Error};

use crate::support::client;

fn page(ids: &[i64], paging: &str) -> Reply {
    let chats: Vec<_> = ids
        .iter()
        .map(|id| {
            format!(
                r#"{{"chatId":{id},"context":{{"type":"ORDER","orderId":1}},"type":"CHAT","status":"NEW",
                "createdAt":"2024-08-29T10:00:00+03:00","updatedAt":"2024-08-29T10:00:00+03:00"}}"#
            )
        })
        .collect();
    Reply::json(200, format!(r#"{{"status":"OK","result":{{"chats":[{}]{paging}}}}}"#, chats.join(",")))
}

/// Reads all pages without a stream. Filters and limit are sent with each page.
async fn all_chats(client: &Client) -> Result<Vec<GetChatInfo>, Error> {
    let mut chats = Vec::new();
    let mut next_page: Option<String> = None;
    loop {
        let mut call = client.get_chats(7).limit(2).statuses([ChatStatusType::New]);
        if let Some(token) = next_page {
            call = call.page_token(token);
        }
        let page = call.send().await?.into_inner();
        chats.extend(page.chats);
        next_page = page.paging.and_then(|paging| paging.next_page_token).filter(|token| !token.is_empty());
        if next_page.is_none() {
            return Ok(chats);
        }
    }
}

#[tokio::test]
async fn page_by_hand_repeats_token_limit_and_filters() {
    for last in ["", r#","paging":null"#, r#","paging":{}"#, r#","paging":{"nextPageToken":""}"#] {
        let server = Server::replying([
            page(&[1, 2], r#","paging":{"nextPageToken":"a/b+c=&"}"#),
            page(&[], r#","paging":{"nextPageToken":"eyBuZXh0SWQ6IDIzNDIgfQ=="}"#),
            page(&[3], last),
        ])
        .await;
        let chats = all_chats(&client(&server)).await.unwrap();
        assert_eq!(chats.iter().map(|chat| chat.chat_id).collect::<Vec<_>>(), [1, 2, 3]);

        let requests = server.requests();
        let targets: Vec<_> = requests.iter().map(|request| request.target.as_str()).collect();
        assert_eq!(
            targets,
            [
                "/v2/businesses/7/chats?limit=2",
                "/v2/businesses/7/chats?pageToken=a%2Fb%2Bc%3D%26&limit=2",
                "/v2/businesses/7/chats?pageToken=eyBuZXh0SWQ6IDIzNDIgfQ%3D%3D&limit=2",
            ]
        );
        assert!(requests.iter().all(|request| request.json() == serde_json::json!({"statuses": ["NEW"]})));
        assert_eq!(server.connections(), 1, "the connection is kept between pages");
    }
}

#[tokio::test]
async fn failing_page_ends_iteration_by_hand() {
    let server = Server::replying([
        page(&[1, 2], r#","paging":{"nextPageToken":"2"}"#),
        Reply::json(420, r#"{"status":"ERROR"}"#),
    ])
    .await;
    let error = all_chats(&client(&server)).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 420);
    assert_eq!(server.requests().len(), 2);
}

fn next(token: &str) -> String {
    format!(r#","paging":{{"nextPageToken":"{token}"}}"#)
}

fn tokens(server: &Server) -> Vec<Option<String>> {
    let of = |query: Vec<(String, String)>| {
        query.into_iter().find(|(name, _)| name == "pageToken").map(|(_, token)| token)
    };
    server.requests().iter().map(|request| of(request.query())).collect()
}

#[tokio::test]
async fn stream_reads_all_pages_and_repeats_filters() {
    let pages = [page(&[1, 2], &next("a")), page(&[], &next("b")), page(&[3], "")];
    let server = Server::replying(pages).await;
    let mut chats = client(&server).get_chats(7).limit(2).statuses([ChatStatusType::New]).stream();
    let mut ids = Vec::new();
    while let Some(chat) = chats.try_next().await.unwrap() {
        ids.push(chat.chat_id);
    }
    assert_eq!(ids, [1, 2, 3]);
    assert!(chats.try_next().await.unwrap().is_none(), "a stream that ended stays ended");
    assert_eq!(tokens(&server), [None, Some("a".to_owned()), Some("b".to_owned())]);
    for request in server.requests() {
        assert!(request.query().contains(&("limit".to_owned(), "2".to_owned())));
        assert_eq!(request.json()["statuses"][0], "NEW");
    }
}

#[tokio::test]
async fn pages_have_headers_and_begin_at_the_given_token() {
    let server =
        Server::replying([page(&[1], &next("b")).header("traceparent", "00-1"), page(&[2], "")]).await;
    let mut pages = client(&server).get_chats(7).page_token("a").pages();
    let first = pages.try_next().await.unwrap().unwrap();
    assert_eq!(first.trace_parent(), Some("00-1"));
    assert_eq!(pages.token(), Some("b"));
    assert!(pages.try_next().await.unwrap().is_some());
    assert!(pages.try_next().await.unwrap().is_none());
    assert_eq!(tokens(&server), [Some("a".to_owned()), Some("b".to_owned())]);
}

#[tokio::test]
async fn stream_resumes_from_the_page_that_failed() {
    let server = Server::replying([
        page(&[1, 2], &next("a")),
        Reply::json(500, r#"{"status":"ERROR"}"#),
        page(&[3], &next("b")),
        page(&[4], ""),
    ])
    .await;
    let client = client(&server);
    let mut chats = client.get_chats(7).stream();
    let mut ids = Vec::new();
    let error = loop {
        match chats.try_next().await {
            Ok(Some(chat)) => ids.push(chat.chat_id),
            Ok(None) => panic!("an error was lost"),
            Err(error) => break error,
        }
    };
    assert_eq!((error.status().map(|status| status.as_u16()), ids.as_slice()), (Some(500), &[1, 2][..]));
    assert!(chats.try_next().await.unwrap().is_none());
    let failed = chats.token().unwrap().to_owned();
    let mut rest = client.get_chats(7).page_token(failed).stream();
    while let Some(chat) = rest.try_next().await.unwrap() {
        ids.push(chat.chat_id);
    }
    assert_eq!(ids, [1, 2, 3, 4]);
}

#[tokio::test]
async fn pagination_stops_when_a_token_repeats() {
    for circle in [&["a"][..], &["a", "b"], &["a", "b", "c", "d", "e"]] {
        let server = Server::replying([]).await;
        for token in circle.iter().cycle().take(100) {
            server.reply(page(&[1], &next(token)));
        }
        let mut pages = client(&server).get_chats(7).pages();
        while pages.try_next().await.unwrap().is_some() {}
        let requests = server.requests().len();
        assert!(requests >= circle.len() && requests <= 4 * circle.len(), "{circle:?}: {requests} requests");
    }
    // A page whose next token is its own is not requested twice.
    let server = Server::replying([page(&[1], &next("a")), page(&[1], &next("a"))]).await;
    let mut chats = client(&server).get_chats(7).page_token("a").stream();
    assert!(chats.try_next().await.unwrap().is_some());
    assert!(chats.try_next().await.unwrap().is_none());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn token_of_stream_always_misses_no_item() {
    let server = Server::replying([page(&[1, 2], &next("a")), page(&[3, 4], "")]).await;
    let mut chats = client(&server).get_chats(7).stream();
    let mut tokens = vec![chats.token().map(str::to_owned)];
    while chats.try_next().await.unwrap().is_some() {
        tokens.push(chats.token().map(str::to_owned));
    }
    let a = || Some("a".to_owned());
    // Before the first, within the first page, at its end, within the second, at its end.
    assert_eq!(tokens, [None, None, a(), a(), a()]);
}

#[tokio::test]
async fn history_streams_all_pages() {
    let message = |id: i64| {
        format!(
            r#"{{"messageId":{id},"createdAt":"2024-08-29T10:00:00+03:00","sender":"CUSTOMER","message":"m"}}"#
        )
    };
    let reply = |id, paging: &str| {
        let body = r#"{"status":"OK","result":{"context":{"type":"DIRECT"},"messages":["#;
        Reply::json(200, format!("{body}{}]{paging}}}}}", message(id)))
    };
    let server = Server::replying([reply(1, &next("a")), reply(2, "")]).await;
    let mut messages = client(&server).get_chat_history(7, 42).limit(100).message_id_from(1).stream();
    let mut ids = Vec::new();
    while let Some(message) = messages.try_next().await.unwrap() {
        ids.push(message.message_id);
    }
    assert_eq!(ids, [1, 2]);
    assert_eq!(tokens(&server), [None, Some("a".to_owned())]);
    for request in server.requests() {
        assert!(request.query().contains(&("limit".to_owned(), "100".to_owned())));
        assert_eq!(request.json(), serde_json::json!({"messageIdFrom": 1}));
    }
}
