//! `examples/attachments.rs` at work, with the API and a host of files.

use loopback::{Reply, Scratch, Server};

use crate::support::{KEY, client};

#[path = "../../examples/attachments.rs"]
#[allow(dead_code, reason = "tests do not call its `main`")]
mod program;

fn history(files: &Server) -> Reply {
    let url = files.url();
    let message = |id: u32, name: &str, path: &str| {
        format!(
            r#"{{"messageId":{id},"createdAt":"2024-08-29T10:00:00+03:00","sender":"CUSTOMER",
            "payload":[{{"name":"{name}","url":"{url}{path}","size":5}}]}}"#
        )
    };
    let messages =
        [message(1, "фото.png", "/1?sign=a"), message(2, "../фото.png", "/2"), message(3, "CON", "/3")]
            .join(",");
    Reply::json(
        200,
        format!(
            r#"{{"status":"OK","result":{{"context":{{"type":"ORDER","campaignId":4,"orderId":5}},
            "messages":[{messages}],"paging":{{}}}}}}"#
        ),
    )
}

#[tokio::test]
async fn attachments_are_saved_without_credentials() {
    let files =
        Server::replying(["one", "two", "three"].map(|content| Reply::status(200).body(content))).await;
    let api = Server::replying([history(&files)]).await;
    let scratch = Scratch::new();
    let folder = scratch.path("downloads");
    std::fs::create_dir(&folder).unwrap();

    let saved = program::save_attachments(&client(&api), 7, 42, &folder).await.unwrap();
    assert_eq!(saved, ["фото.png", "фото (1).png", "_CON"].map(|name| folder.join(name)));
    let contents: Vec<_> = saved.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    assert_eq!(contents, ["one", "two", "three"]);

    assert_eq!(api.request().header("api-key"), Some(KEY));
    assert_eq!(files.requests()[0].target, "/1?sign=a");
    for request in files.requests() {
        let mut names: Vec<_> = request.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        names.sort();
        assert_eq!(names, ["accept", "host", "user-agent"]);
    }
}
