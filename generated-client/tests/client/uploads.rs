//! `sendFileToChat`: the form, read by an independent library.

use loopback::{Part, Recorded, Reply, Scratch, Server};
use yandex_market_chats::Upload;

use crate::support::{DONE, Pieces, client};

/// Sends an upload, and returns the request with its only part.
async fn sent(upload: Upload) -> (Recorded, Part) {
    let server = Server::replying([Reply::json(200, DONE)]).await;
    client(&server).send_file_to_chat(7, 42, upload).send().await.expect("the server said OK");
    let request = server.request();
    let mut parts = request.parts().await;
    assert_eq!(parts.len(), 1, "{parts:?}");
    (request, parts.remove(0))
}

/// Returns the disposition and the media type of a part.
fn labels(part: &Part) -> (&str, Option<&str>) {
    (&part.disposition, part.content_type.as_deref())
}

#[tokio::test]
async fn file_is_the_only_part_of_the_form() {
    let (request, part) = sent(Upload::bytes("label.pdf", "%PDF")).await;
    assert_eq!(request.method, "POST");
    assert_eq!(request.target, "/v2/businesses/7/chats/file/send?chatId=42");
    assert_eq!(part.name.as_deref(), Some("file"));
    assert_eq!(labels(&part), (r#"form-data; name="file"; filename="label.pdf""#, Some("application/pdf")));
    assert_eq!(part.content, "%PDF");
}

#[tokio::test]
async fn bytes_arrive_unchanged() {
    let content: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    assert_eq!(sent(Upload::bytes("all.bin", content.clone())).await.1.content, content);
    assert_eq!(sent(Upload::bytes("empty.bin", "")).await.1.content, "");
}

#[tokio::test]
async fn file_on_disk_is_sent_under_its_own_name() {
    let scratch = Scratch::new();
    let path = scratch.file("Накладная 5.png", b"\x89PNG");
    let (request, part) = sent(Upload::path(path).await.unwrap()).await;
    let disposition = r#"form-data; name="file"; filename="Накладная 5.png""#;
    assert_eq!(labels(&part), (disposition, Some("image/png")));
    assert_eq!(part.content, b"\x89PNG".as_slice());
    assert_eq!(request.header("content-length"), Some(request.body.len().to_string().as_str()));
}

#[tokio::test]
async fn stream_of_known_length_declares_it() {
    let (request, part) = sent(Upload::stream("log.txt", Pieces::of(["one ", "two"]), Some(7))).await;
    assert_eq!(request.header("content-length"), Some(request.body.len().to_string().as_str()));
    assert_eq!(request.header("transfer-encoding"), None);
    assert_eq!(labels(&part), (r#"form-data; name="file"; filename="log.txt""#, Some("text/plain")));
    assert_eq!(part.content, "one two");
}

#[tokio::test]
async fn stream_of_unknown_length_is_chunked() {
    let (request, part) = sent(Upload::stream("log.txt", Pieces::of(["one ", "two"]), None)).await;
    assert_eq!(request.header("content-length"), None);
    assert_eq!(request.header("transfer-encoding"), Some("chunked"));
    assert_eq!(part.content, "one two");
}

#[tokio::test]
async fn name_and_media_type_can_be_set_for_any_source() {
    let scratch = Scratch::new();
    let path = scratch.file("chosen.tmp", b"same");
    let uploads = [
        Upload::bytes("chosen.tmp", "same"),
        Upload::path(path).await.unwrap(),
        Upload::stream("chosen.tmp", Pieces::of(["same"]), Some(4)),
        Upload::stream("chosen.tmp", Pieces::of(["sa", "me"]), None),
    ];
    for upload in uploads {
        let (_, part) = sent(upload.file_name("photo.jpg").media_type("image/webp")).await;
        assert_eq!(labels(&part), (r#"form-data; name="file"; filename="photo.jpg""#, Some("image/webp")));
        assert_eq!(part.content, "same");
    }
}
