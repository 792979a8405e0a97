//! Walking through pages by hand.

use yandex_market_chats::types::{ChatStatusType, GetChatInfoDto};
use yandex_market_chats::{Client, Error};

use crate::server::{Reply, Server};
use crate::support::client;

fn page(ids: &[i64], paging: &str) -> Reply {
    let chats: Vec<_> = ids
        .iter()
        .map(|id| {
            format!(
                r#"{{"chatId":{id},"orderId":1,"type":"CHAT","status":"NEW",
                "createdAt":"2024-08-29T10:00:00+03:00","updatedAt":"2024-08-29T10:00:00+03:00"}}"#
            )
        })
        .collect();
    Reply::json(200, format!(r#"{{"status":"OK","result":{{"chats":[{}]{paging}}}}}"#, chats.join(",")))
}

/// As an application writes it: the filters and the limit go with every page.
async fn all_chats(client: &Client) -> Result<Vec<GetChatInfoDto>, Error> {
    let mut chats = Vec::new();
    let mut next_page: Option<String> = None;
    loop {
        let mut call = client.get_chats(7).limit(2).statuses([ChatStatusType::New]);
        if let Some(token) = next_page {
            call = call.page_token(token);
        }
        let Some(page) = call.send().await?.into_inner().result else {
            return Ok(chats);
        };
        chats.extend(page.chats);
        next_page = page.paging.and_then(|paging| paging.next_page_token).filter(|token| !token.is_empty());
        if next_page.is_none() {
            return Ok(chats);
        }
    }
}

#[tokio::test]
async fn every_page_is_asked_for_by_the_token_of_the_one_before_with_limit_and_filters_repeated() {
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
                "/businesses/7/chats?limit=2",
                "/businesses/7/chats?page_token=a%2Fb%2Bc%3D%26&limit=2",
                "/businesses/7/chats?page_token=eyBuZXh0SWQ6IDIzNDIgfQ%3D%3D&limit=2",
            ]
        );
        assert!(requests.iter().all(|request| request.json() == serde_json::json!({"statuses": ["NEW"]})));
        assert_eq!(server.connections(), 1, "the connection is kept between pages");
    }
}

#[tokio::test]
async fn a_page_that_fails_ends_the_walk_with_its_error() {
    let server = Server::replying([
        page(&[1, 2], r#","paging":{"nextPageToken":"2"}"#),
        Reply::json(420, r#"{"status":"ERROR"}"#),
    ])
    .await;
    let error = all_chats(&client(&server)).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 420);
    assert_eq!(server.requests().len(), 2);
}
