//! What a user of the client of `fixtures/diff/base.yaml` may have written: it uses every item, with its type.

use chrono::{DateTime, FixedOffset};
use serde_json::json;
use shop_client::types::{NewOrder, Order, Orders, Paging, Problem, State};
use shop_client::{Client, Error, ErrorBody, Mock, Response, Upload, operations};

fn main() {
    let mock = Mock::new();
    let client: Client = Client::builder().key("a key").transport(mock.clone()).build().expect("a client");

    let order = json!({"id": 1, "state": "PAID", "createdAt": "2026-07-17T10:00:00+03:00", "more": "text"});
    mock.on_get_orders().reply_json(&json!({"orders": [order], "paging": {"nextPageToken": "b"}}));
    mock.on_get_orders().reply_json(&json!({"orders": [order]}));
    assert_eq!(listed(&client), 2);

    mock.on_get_orders().reply_json(&json!({"orders": [], "paging": {"next": "b"}}));
    let call: operations::GetOrders = client.get_orders().limit(50_i32).page_token("a").words(["b"]);
    let reply: Response<Orders> = call.clone().send_blocking().expect("a page");
    let orders: Option<&Vec<Order>> = reply.orders.as_ref();
    let paging: Option<&Paging> = reply.paging.as_ref();
    let next: (Option<String>, Option<String>) =
        paging.map(|paging| (paging.next_page_token.clone(), paging.next.clone())).unwrap_or_default();
    assert_eq!((orders.map(Vec::len), next.1.as_deref()), (Some(0), Some("b")));

    mock.on_set_order().reply_json(&order);
    let body: NewOrder = NewOrder::new(5_i64).note("a note");
    let (total, note): (i64, Option<String>) = (body.total, body.note.clone());
    let reply: Response<Order> =
        client.set_order(1_i64, 2_i64, total).note(note.expect("a note")).body(body).send_blocking().expect("an order");
    assert_eq!(told(&reply), "order 1 is PAID");
    assert!(mock.requests().last().expect("a request").uri.query().is_some_and(|query| query == "shopId=2"));

    mock.on_send_file().refuse(500, &json!({"code": "DOWN"}));
    let error: Error = client.send_file(Upload::bytes("a.txt", "a")).send_blocking().expect_err("a refusal");
    assert_eq!(reason(&error), "DOWN");
    println!("done");
}

fn listed(client: &Client) -> usize {
    let mut orders = client.get_orders().stream();
    let mut count = 0;
    while let Some(order) = orders.try_next_blocking().expect("a page") {
        let order: Order = order;
        count += usize::from(order.id == 1);
    }
    count
}

fn told(order: &Order) -> String {
    let id: i64 = order.id;
    let _: Option<DateTime<FixedOffset>> = order.created_at;
    let state = match order.state.as_ref() {
        None => "nowhere",
        Some(State::New) => "new",
        Some(State::Done) => "done",
        Some(other) => other.as_str(),
    };
    format!("order {id} is {state}")
}

fn reason(error: &Error) -> String {
    let code: Option<&str> = match error.body() {
        Some(ErrorBody::NotFound(problem)) => {
            let problem: &Problem = problem;
            problem.code.as_deref()
        }
        Some(other) => other.code(),
        None => None,
    };
    code.unwrap_or_default().to_owned()
}
