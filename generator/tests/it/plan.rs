//! Plans as compact text, one line per fact, to be reviewed.

use std::fmt::Write as _;
use std::path::Path;

use generator::plan::{
    BaseUrl, Body, BodyFormat, Call, Case, Crate, Cursor, EventStream, Field, Input, InputKind, Item,
    ItemKind, Limit, Name, Part, Read, Reply, ResponseBody, ServerVariable, Shape, Step, Struct, Turn, Union,
    UnionVariant, ValueBody, Webhook, WebhookResponse, Write, instead,
};

use crate::fixtures;

#[test]
fn chats_plan_matches_snapshot() {
    let description = fixtures::workspace().join("spec/released/0.1.0.yaml");
    fixtures::assert_expected(
        &fixtures::path("released/0.1.0"),
        "plan",
        &text(&fixtures::plan(&*description).0),
    );
}

#[test]
fn fixture_plans_match_snapshots() {
    for folder in fixtures::folders("accepted") {
        assert_plan(&folder);
    }
}

fn assert_plan(folder: &Path) {
    let (krate, _) = fixtures::plan(&*folder.join("openapi.yaml"));
    fixtures::assert_expected(folder, "plan", &text(&krate));
}

/// Writes a plan without its prose.
fn text(krate: &Crate) -> String {
    let base_url = match &krate.base_url {
        BaseUrl::Absolute(url) => url.as_str(),
        BaseUrl::Relative(_) | BaseUrl::Unknown => "no base URL",
    };
    let mut text = format!("client of {:?}, version {:?}, {base_url}\n", krate.title, krate.version);
    for server in &krate.servers.list {
        let setter = server.setter.as_ref().map_or("base_url", Name::plain);
        let _ = writeln!(text, "server {setter}: {}, by default {}", server.url, server.default_url);
    }
    for ServerVariable { wire, setter, values, .. } in &krate.servers.variables {
        let values = if values.is_empty() { "any".to_owned() } else { values.join(" | ") };
        let _ = writeln!(text, "server variable {wire}: {setter}, {values}");
    }
    for credential in &krate.credentials {
        let provider =
            credential.provider.as_ref().map_or_else(String::new, |name| format!(", provider {name}"));
        let _ = writeln!(text, "credential {}{provider}: {}", credential.setter, credential.carrier.phrase());
    }
    for Part { name, feature, .. } in &krate.parts {
        let _ = writeln!(text, "part {name}, feature {feature}");
    }
    krate.calls.iter().for_each(|call| self::call(&mut text, krate, call));
    krate.items.iter().for_each(|item| self::item(&mut text, krate, item));
    errors(&mut text, krate);
    for header in &krate.headers {
        let _ = writeln!(text, "header {}: {} of {}", header.name, header.ty.display_in(krate), header.wire);
    }
    if let Some(incoming) = &krate.incoming {
        let _ = write!(text, "\nwebhooks of {:?}\n", incoming.title);
        incoming.webhooks.iter().for_each(|webhook| self::webhook(&mut text, incoming, webhook));
        incoming.items.iter().for_each(|item| self::item(&mut text, incoming, item));
    }
    text
}

fn webhook(text: &mut String, krate: &Crate, webhook: &Webhook) {
    let Webhook { id, name, http_method, path, payload, tag, signature, responses, .. } = webhook;
    let _ = write!(
        text,
        "\nwebhook {id}: {name}\n  {http_method} {}\n",
        path.as_deref().unwrap_or("at any path")
    );
    if let Some(payload) = payload {
        let tag = tag.as_ref().map_or_else(String::new, |tag| format!(", has {tag}"));
        let _ = writeln!(text, "  reads {}{tag}", payload.display_in(krate));
    }
    if let Some(signature) = signature {
        let _ = writeln!(text, "  {signature:?}");
    }
    for WebhookResponse { name, status, body, .. } in responses {
        let body = match body {
            ResponseBody::Empty => "no body".to_owned(),
            ResponseBody::Json { ty, media_type } => format!("{} as {media_type}", ty.display_in(krate)),
            ResponseBody::Bytes { media_type } => format!("bytes as {media_type}"),
        };
        let _ = writeln!(text, "  responses {status}: {name}, {body}");
    }
}

fn part(krate: &Crate, part: Option<usize>) -> String {
    part.map_or_else(String::new, |part| format!(" [{}]", krate.parts[part].name))
}

fn list(facts: &[String]) -> String {
    if facts.is_empty() { String::new() } else { format!(", {}", facts.join(", ")) }
}

fn mark(is_so: bool, word: &str) -> String {
    if is_so { format!(", {word}") } else { String::new() }
}

fn deprecation(is_deprecated: bool, replacement: Option<&Name>) -> String {
    let instead = replacement.map_or_else(String::new, |name| format!(": {}", instead(name.plain())));
    mark(is_deprecated, &format!("deprecated{instead}"))
}

fn call(text: &mut String, krate: &Crate, call: &Call) {
    let Call { id, method, name, http_method, path, safety, .. } = call;
    let _ = write!(text, "\ncall {id}: {method} -> {name}{}\n", part(krate, call.part));
    let deprecated = mark(call.deprecated, "deprecated");
    let key = call.idempotency_key.as_ref();
    let key = key.map(|header| format!(", idempotency key in {header}")).unwrap_or_default();
    let redirects = mark(call.follows_redirects, "follows redirects");
    let _ = writeln!(text, "  {http_method} {path}, {safety:?}{key}{redirects}{deprecated}");
    if let Some(server) = call.server {
        let _ = writeln!(text, "  server {}", krate.servers.list[server].default_url);
    }
    call.inputs.iter().for_each(|input| self::input(text, krate, call, input));
    for Limit { name, value, .. } in &call.limits {
        let _ = writeln!(text, "  limit {name} = {value}");
    }
    match &call.body {
        Body::None => {}
        Body::Multipart(form) => {
            let optional = mark(form.is_optional, "optional");
            let needed = form.needed.iter().map(|wire| format!("{wire} needed")).collect::<Vec<_>>();
            let _ = writeln!(text, "  body {}{optional}{}", form.media_type, list(&needed));
        }
        Body::Value(body) => value_body(text, krate, "body", body),
    }
    for other in &call.other_bodies {
        value_body(text, krate, &format!("other body {}", other.name), &other.body);
    }
    let envelope = call.envelope.as_ref();
    let result = envelope.and_then(|envelope| envelope.result.as_ref());
    let result = result.map(|wire| format!(", from {wire}")).unwrap_or_default();
    let failure = envelope.and_then(|envelope| envelope.failure.as_ref());
    let failure = failure.map(|(wire, value)| format!(", failure if {wire} is {value}")).unwrap_or_default();
    let accept = call.reply.accept().map(|accept| format!(", accepts {accept}")).unwrap_or_default();
    let _ = writeln!(text, "  returns {}{result}{failure}{accept}", reply(krate, &call.reply));
    if let Reply::Choice(choice) = &call.reply {
        for Case { name, status, payload, .. } in &choice.cases {
            let content = payload.ty().map_or_else(|| "nothing".to_owned(), |ty| ty.display_in(krate));
            let _ = writeln!(text, "    {status}: {name} {content}");
        }
    }
    if let Some(EventStream { item, content, terminator, accept }) = &call.stream {
        let end = terminator.as_ref().map(|terminator| format!(", ends at {terminator}")).unwrap_or_default();
        let item = item.display_in(krate);
        let _ = writeln!(text, "  stream of {item}: {content:?}, accepts {accept}{end}");
    }
    if let Some(paging) = &call.paging {
        let way =
            |steps: &[Step]| steps.iter().map(|step| step.field.to_string()).collect::<Vec<_>>().join(".");
        let (item, items) = (paging.item.display_in(krate), way(&paging.items));
        let turn = match &paging.turn {
            Turn::Token { cursor: Cursor::Input(input), next } => format!("{input} from {}", way(next)),
            Turn::Token { cursor: Cursor::Body { way: place, is_nullable }, next } => {
                format!("{}{} from {}", way(place), mark(*is_nullable, "nullable"), way(next))
            }
            Turn::Page { input, first } => format!("page {input} from {first}"),
            Turn::Offset { input, first } => format!("offset {input} from {first}"),
            Turn::Url { next } => format!("URL {}", way(next)),
            Turn::Link => "Link".to_owned(),
        };
        let _ = writeln!(text, "  pages of {item}: {turn}, items {items}");
    }
    let security = call.security.iter().map(|all| {
        all.iter().map(|id| krate.credentials[*id].setter.to_string()).collect::<Vec<_>>().join(" with ")
    });
    let security: Vec<_> = security.collect();
    let _ = writeln!(
        text,
        "  credentials {}",
        if security.is_empty() { "none".to_owned() } else { security.join(" or ") }
    );
    let _ = writeln!(text, "  errors {}", krate.errors.decoders[call.decoder].name);
}

fn reply(krate: &Crate, reply: &Reply) -> String {
    match reply {
        Reply::Redirect => "Redirect".to_owned(),
        Reply::Choice(choice) => choice.name.to_string(),
        Reply::Optional { ty, empty, .. } => {
            let ty = ty.clone().optional().display_in(krate);
            if empty.is_empty() { ty } else { format!("{ty}, nothing for {empty:?}") }
        }
        reply => reply.ty().expect("a type").display_in(krate),
    }
}

fn value_body(text: &mut String, krate: &Crate, what: &str, body: &ValueBody) {
    let optional = mark(!body.is_required, "optional");
    let format = match &body.format {
        BodyFormat::Json => "JSON",
        BodyFormat::Form(_) => "form",
        BodyFormat::Text => "text",
        BodyFormat::Bytes => "bytes",
        BodyFormat::Parts => "parts",
    };
    let styles = match &body.format {
        BodyFormat::Form(styles) => &styles[..],
        _ => &[],
    };
    let styles = styles.iter().map(|(wire, style)| format!("{wire} {}", style.phrase())).collect::<Vec<_>>();
    let ty = body.value.nullable_ty().display_in(krate);
    let _ = writeln!(text, "  {what} {}: {ty} as {format}{optional}{}", body.media_type, list(&styles));
}

fn input(text: &mut String, krate: &Crate, call: &Call, input: &Input) {
    let kind = if input.is_required { "argument" } else { "setter" };
    let place = match &input.kind {
        InputKind::Parameter { place, style } => {
            let style = style.map_or_else(String::new, |style| format!(" {}", style.phrase()));
            format!("{place:?} {}{style}", input.wire)
        }
        InputKind::BodyField(index) => format!("body field {}", body_field(krate, call, *index)),
        InputKind::FormPart(part) => {
            let media_type = part.media_type.as_ref().map_or_else(String::new, |name| format!(" ({name})"));
            format!("form part {} as {:?}{media_type}", input.wire, part.kind)
        }
        InputKind::PartHeader(part) => format!("header {} of the part {part}", input.wire),
        InputKind::Body => "whole body".to_owned(),
        InputKind::OtherBody(_) => format!("other body {}", input.wire),
    };
    let facts = list(&input.value.facts());
    let deprecated = deprecation(input.deprecated, input.replacement.as_ref());
    let _ = writeln!(
        text,
        "  {kind} {}: {} = {place}{facts}{deprecated}",
        input.name,
        input.ty.display_in(krate)
    );
}

fn body_field(krate: &Crate, call: &Call, index: usize) -> String {
    let Body::Value(body) = &call.body else { panic!("a field of no body") };
    krate.structure(body.structure.unwrap()).unwrap().fields[index].name.to_string()
}

fn item(text: &mut String, krate: &Crate, item: &Item) {
    let deprecated = mark(item.deprecated, "deprecated");
    let derives = mark(!item.derives.is_empty(), &format!("derives {}", item.derives.join(" and ")));
    let received = mark(!item.is_received, "not received")
        + &mark(!item.has_default, "without default")
        + &mark(item.sample.is_some(), "sample")
        + &derives;
    let head = format!("{} of {:?}{}{deprecated}{received}", item.name, item.schema, part(krate, item.part));
    match &item.kind {
        ItemKind::Struct(structure) => self::structure(text, krate, &head, structure),
        ItemKind::IntegerEnum(values) => {
            let variants =
                values.variants.iter().map(|variant| format!("{} = {}", variant.name, variant.value));
            let _ = write!(text, "\nenum {head}\n  {}\n", variants.collect::<Vec<_>>().join("\n  "));
        }
        ItemKind::Union(union) => self::union(text, krate, &head, union),
        ItemKind::ValueEnum(values) => {
            let variants =
                values.variants.iter().map(|variant| format!("{} = {}", variant.name, variant.value));
            let _ =
                write!(text, "\nenum of values {head}\n  {}\n", variants.collect::<Vec<_>>().join("\n  "));
        }
        ItemKind::Newtype(newtype) => {
            let facts = [mark(newtype.is_sent, "sent"), mark(newtype.is_checked, "checked")].concat();
            let ty = newtype.value.ty.display_in(krate);
            let _ = write!(text, "\nnewtype {head}{facts}\n  {ty}{}\n", list(&newtype.value.facts()));
        }
        ItemKind::StringEnum(values) => {
            let variants =
                values.variants.iter().map(|variant| format!("{} = {:?}", variant.name, variant.value));
            let _ = write!(text, "\nenum {head}\n  {}\n", variants.collect::<Vec<_>>().join("\n  "));
        }
    }
}

fn union(text: &mut String, krate: &Crate, head: &str, union: &Union) {
    let tag = union.tag.as_ref().map_or_else(String::new, |tag| format!(", told by {tag}"));
    let facts = [
        mark(union.is_sent, "sent"),
        mark(union.is_checked, "checked"),
        mark(union.is_parameter, "parameter"),
        tag,
    ];
    let _ = write!(text, "\nunion {head}{}\n", facts.concat());
    for variant in &union.variants {
        let UnionVariant { name, tags, shape, .. } = variant;
        let ty = variant.ty().display_in(krate);
        let facts = [
            if tags.is_empty() { String::new() } else { format!(" = {}", tags.join(", ")) },
            mark(variant.writes_tag, "writes the tag"),
            mark(!variant.is_only, "no conversion"),
            shape.as_ref().map_or_else(String::new, |shape| format!(", {}", self::shape(krate, shape))),
            list(&variant.value.facts()),
        ];
        let _ = writeln!(text, "  {name}({ty}){}", facts.concat());
    }
    for field in &union.shared {
        let _ = writeln!(text, "  accessor {}: {}", field.name, field.ty.display_in(krate));
    }
}

fn shape(krate: &Crate, shape: &Shape) -> String {
    match shape {
        Shape::Union(id) => format!("as {}", krate.item(*id).name),
        Shape::Object(object) => {
            let constants =
                object.constants.iter().map(|(name, values)| format!("{name} = {}", values.join("/")));
            let constants: Vec<_> = constants.collect();
            let (required, optional) = (object.required.join(" "), object.optional.join(" "));
            format!("object [{required}] [{optional}]{}{}", list(&constants), mark(object.is_open, "open"))
        }
        shape => format!("{shape:?}").to_lowercase(),
    }
}

fn structure(text: &mut String, krate: &Crate, head: &str, structure: &Struct) {
    let facts = [
        mark(structure.is_sent, "sent"),
        mark(structure.is_camel_case, "camel case"),
        mark(structure.is_checked, "checked"),
    ];
    let _ = write!(text, "\nstruct {head}{}\n", facts.concat());
    structure.fields.iter().for_each(|field| self::field(text, krate, structure, field));
    if let Some(extra) = &structure.additional {
        let _ = writeln!(text, "  {}: {}, the rest", extra.name, extra.value.ty.display_in(krate));
    }
    if let Some(count) = structure.number_check() {
        let _ = writeln!(text, "  properties {:?} to {:?}", count.min, count.max);
    }
}

fn field(text: &mut String, krate: &Crate, structure: &Struct, field: &Field) {
    let given = if structure.is_sent { format!(", {:?}", field.given).to_lowercase() } else { String::new() };
    let rename = field.serde.rename.as_ref().map_or_else(String::new, |wire| format!(" = {wire:?}"));
    let read = if field.serde.read == Read::Plain {
        String::new()
    } else {
        format!(", read {:?}", field.serde.read)
    };
    let write = if field.serde.write == Write::Always {
        String::new()
    } else {
        format!(", written {:?}", field.serde.write)
    };
    let facts = list(&field.value.facts());
    let deprecated = deprecation(field.deprecated, field.replacement.as_ref());
    let ty = field.ty.display_in(krate);
    let _ = writeln!(text, "  {}: {ty}{rename}{given}{read}{write}{facts}{deprecated}", field.name);
}

fn errors(text: &mut String, krate: &Crate) {
    text.push_str("\nerrors\n");
    for variant in &krate.errors.variants {
        let body = variant.body.as_ref().map_or_else(|| "no body".to_owned(), |body| body.display_in(krate));
        let is_text = mark(variant.is_text, "text");
        let _ = writeln!(text, "  {}: {} {body}{is_text}", variant.status, variant.name);
    }
    if let Some(details) = &krate.errors.details {
        let _ = writeln!(text, "  {}: {}", details.name, details.ty.display_in(krate));
    }
    for accessor in &krate.errors.accessors {
        let _ = writeln!(text, "  accessor {}: {}", accessor.field.name, accessor.field.ty.display_in(krate));
    }
    for decoder in &krate.errors.decoders {
        let names: Vec<_> =
            decoder.variants.iter().map(|index| krate.errors.variants[*index].name.as_str()).collect();
        let _ = writeln!(text, "  {}: {}", decoder.name, names.join(", "));
    }
}
