//! The statements that set the body of a request.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::plan::{
    Body, BodyFormat, Call, FormPart, Input, InputKind, Multipart, PLAIN_JSON, PartKind, Style, StyleKind,
    Ty, ValueBody,
};
use crate::render::check::{check, check_reference, check_reference_first};
use crate::render::printer::Printer;
use crate::render::token::ident;

/// Prints the statements that set the body. A body of another media type goes before the preferred one:
///
/// ```text
/// if let Some(body) = &self.body_form {
///     request.form(body, &[]);
/// } else {
///     request.json(&self.body);
/// }
/// ```
pub(super) fn body(file: &Printer<'_>, call: &Call) -> TokenStream {
    let (preferred, is_conditional) = match &call.body {
        Body::None => (TokenStream::new(), false),
        Body::Multipart(form) => (multipart(file, call, form), false),
        Body::Value(body) if body.is_required => (required(file, body), false),
        Body::Value(body) => (optional(file, &format_ident!("body"), body), true),
    };
    if call.other_bodies.is_empty() {
        return preferred;
    }
    let others = call.other_bodies.iter().map(|other| optional(file, &ident(&other.name), &other.body));
    let last = if is_conditional { preferred } else { quote!({ #preferred }) };
    quote!(#(#others else)* #last)
}

/// Prints a serialization: `Style::FORM.exploded()`.
pub(super) fn style(file: &Printer<'_>, style: Style) -> TokenStream {
    let [name] = file.runtime(["Style"]);
    let kind = format_ident!(
        "{}",
        match style.kind {
            StyleKind::Simple => "SIMPLE",
            StyleKind::Label => "LABEL",
            StyleKind::Matrix => "MATRIX",
            StyleKind::Form => "FORM",
            StyleKind::SpaceDelimited => "SPACE_DELIMITED",
            StyleKind::PipeDelimited => "PIPE_DELIMITED",
            StyleKind::DeepObject => "DEEP_OBJECT",
            StyleKind::Json => "JSON",
        }
    );
    let facts = [
        style.explode.then(|| quote!(.exploded())),
        style.allow_reserved.then(|| quote!(.allow_reserved())),
        style.allow_empty.then(|| quote!(.allow_empty())),
    ];
    quote!(#name::#kind #(#facts)*)
}

/// Prints the statements for a body that is always there.
fn required(file: &Printer<'_>, body: &ValueBody) -> TokenStream {
    let checks = file.krate.is_checked(&body.value).then(|| {
        let place = quote!(request.check("body"));
        match (&body.value.ty, body.value.nullable) {
            (_, true) => {
                let checks = check_reference(file, &body.value, &format_ident!("body"), &place);
                quote!(if let Some(body) = &self.body { #checks })
            }
            (Ty::Named(_), false) => quote!(request.check_body(&self.body);),
            (_, false) => check(file, &body.value, &quote!(self.body), &place),
        }
    });
    let value = if is_taken(body) { quote!(self.body) } else { quote!(&self.body) };
    let set = set(file, body, &value);
    quote!(#checks #set)
}

/// Prints the statement for a body that may be absent.
fn optional(file: &Printer<'_>, field: &Ident, body: &ValueBody) -> TokenStream {
    let checks = file.krate.is_checked(&body.value).then(|| match &body.value.ty {
        Ty::Named(_) => quote!(request.check_body(body);),
        _ => check_reference_first(file, &body.value, &format_ident!("body"), &quote!(request.check("body"))),
    });
    let set = set(file, body, &quote!(body));
    let value = if is_taken(body) { quote!(self.#field) } else { quote!(&self.#field) };
    quote!(if let Some(body) = #value { #checks #set })
}

/// Returns `true` for a body that can be sent only once.
fn is_taken(body: &ValueBody) -> bool {
    matches!(body.format, BodyFormat::Bytes | BodyFormat::Parts)
}

fn set(file: &Printer<'_>, body: &ValueBody, value: &TokenStream) -> TokenStream {
    let media_type = &body.media_type;
    match &body.format {
        BodyFormat::Json if media_type == PLAIN_JSON => quote!(request.json(#value);),
        BodyFormat::Json => quote!(request.json_as(#media_type, #value);),
        BodyFormat::Form(styles) => {
            let styles = styles.iter().map(|(property, style)| {
                let style = self::style(file, *style);
                quote!((#property, #style))
            });
            quote!(request.form(#value, &[#(#styles),*]);)
        }
        BodyFormat::Text => quote!(request.text(#media_type, #value);),
        BodyFormat::Bytes => quote!(request.upload(#media_type, #value);),
        BodyFormat::Parts => quote!(request.form_data(#media_type, #value);),
    }
}

fn multipart(file: &Printer<'_>, call: &Call, body: &Multipart) -> TokenStream {
    let [form] = file.runtime(["Form"]);
    let needed = body.needed.iter().map(|wire| quote!(form.require(#wire);));
    let parts = call.fields().filter_map(part);
    let headers = call.fields().filter_map(header);
    let media_type = &body.media_type;
    let set = if body.is_plain() {
        quote!(request.multipart(form);)
    } else if body.is_optional {
        quote!(request.optional_multipart(#media_type, form);)
    } else {
        quote!(request.multipart_as(#media_type, form);)
    };
    quote! {
        let mut form = #form::new();
        #(#parts)*
        #(#needed)*
        #(#headers)*
        #set
    }
}

fn part(input: &Input) -> Option<TokenStream> {
    let InputKind::FormPart(FormPart { kind, media_type }) = &input.kind else { return None };
    let (wire, field) = (&input.wire, ident(&input.name));
    Some(match (kind, media_type, input.is_required) {
        (PartKind::File, None, true) => quote!(form.file(#wire, self.#field);),
        (PartKind::File, None, false) | (PartKind::Files, None, true) => {
            quote!(form.files(#wire, self.#field);)
        }
        (PartKind::Files, None, false) => quote!(form.files(#wire, self.#field.into_iter().flatten());),
        (PartKind::File, Some(media_type), true) => {
            quote!(form.files_as(#wire, #media_type, [self.#field]);)
        }
        (PartKind::File, Some(media_type), false) | (PartKind::Files, Some(media_type), true) => {
            quote!(form.files_as(#wire, #media_type, self.#field);)
        }
        (PartKind::Files, Some(media_type), false) => {
            quote!(form.files_as(#wire, #media_type, self.#field.into_iter().flatten());)
        }
        (PartKind::Text, None, _) => quote!(form.text(#wire, &self.#field);),
        (PartKind::Value, None, _) => quote!(form.value(#wire, &self.#field);),
        (PartKind::Text | PartKind::Value, Some(media_type), _) => {
            quote!(form.value_as(#wire, #media_type, &self.#field);)
        }
    })
}

fn header(input: &Input) -> Option<TokenStream> {
    let InputKind::PartHeader(part) = &input.kind else { return None };
    let (wire, field) = (&input.wire, ident(&input.name));
    Some(quote!(form.header(#part, #wire, &self.#field);))
}
