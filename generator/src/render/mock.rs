//! The methods of the mock: one for each operation.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::ir::Safety;
use crate::plan::{Call, EventStream, Input, PartId, Reply, Rule, Turn, Ty};
use crate::render::docs::Comment;
use crate::render::imports::Module;
use crate::render::module::folder;
use crate::render::printer::{Printer, Source};
use crate::render::send::result;
use crate::render::token::ident;
use crate::render::{Context, Output};

/// Lists `src/mock.rs` or, of a client in parts, `mock.rs` in the folder of each.
pub(super) fn outputs(context: Context<'_>) -> Vec<Output<'_>> {
    let krate = context.krate;
    if krate.parts.is_empty() {
        return vec![("src/mock.rs".to_owned(), Box::new(move || render(context, None)))];
    }
    let parts = (0..krate.parts.len()).map(Some);
    let output = |part| -> Output<'_> {
        let path = format!("src/operations{}/mock.rs", folder(krate, part));
        (path, Box::new(move || render(context, part)))
    };
    parts.map(output).collect()
}

/// Prints the methods that take the response to the next call of an operation:
///
/// ```text
/// impl Mock { pub fn on_get_things(&self) -> On<'_, types::GetThingsResponse, true> }
/// ```
fn render(context: Context<'_>, part: Option<PartId>) -> Source {
    let file = Printer::new(context);
    let [mock] = file.runtime(["Mock"]);
    let methods = context.krate.calls_of(part).map(|call| method(&file, call));
    let items = quote!(impl #mock { #(#methods)* });
    file.finish(&Comment::new("Mocked responses, by operation."), items)
}

fn method(file: &Printer<'_>, call: &Call) -> TokenStream {
    let plain = call.method.plain();
    let (name, call_name) = (format_ident!("on_{plain}"), ident(&call.name));
    let stream = call.stream.as_ref().and_then(|stream| self::stream(file, call, stream));
    if matches!(call.reply, Reply::Stream(_)) {
        return stream.unwrap_or_default();
    }
    let ([on], operations) = (file.runtime(["On"]), file.imports.module(Module::Operations));
    let reply = match &call.reply {
        // A text is given as a file is: with its media type.
        Reply::File { .. } | Reply::Text { .. } => quote!(crate::Download),
        Reply::Choice(choice) => {
            let name = ident(&choice.name);
            quote!(#operations::#name)
        }
        reply => result(file, reply),
    };
    let docs = format!("Sets the response to the next [`{plain}`](crate::Client::{plain}).");
    let docs = file.doc(&Comment::new(docs));
    let operation = quote!(&#operations::#call_name::OPERATION);
    let Some(Turn::Token { next, .. }) = call.paging.as_ref().map(|paging| &paging.turn) else {
        return quote! {
            #docs
            pub fn #name(&self) -> #on<'_, #reply> {
                self.on(#operation)
            }
            #stream
        };
    };
    let token = next.iter().map(|step| &step.wire);
    quote! {
        #docs
        pub fn #name(&self) -> #on<'_, #reply, true> {
            self.paged(#operation, &[#(#token),*])
        }
    }
}

/// Prints the method that takes a stream: another one than that of the result, unless the stream is the result. A call
/// whose name another operation has already has none.
fn stream(file: &Printer<'_>, call: &Call, stream: &EventStream) -> Option<TokenStream> {
    let plain = call.method.plain();
    let is_result = matches!(call.reply, Reply::Stream(_));
    let name = if is_result { plain.to_owned() } else { format!("{plain}_stream") };
    if !is_result && file.krate.calls.iter().any(|other| other.method.plain() == name) {
        return None;
    }
    let docs = format!("Sets the stream that the next [`{plain}`](crate::Client::{plain}) returns.");
    let docs = file.doc(&Comment::new(docs));
    let ([on], operations) = (file.runtime(["OnStream"]), file.imports.module(Module::Operations));
    let (name, call_name, item) = (format_ident!("on_{name}"), ident(&call.name), file.ty(&stream.item));
    Some(quote! {
        #docs
        pub fn #name(&self) -> #on<'_, #item> {
            self.on_stream(&#operations::#call_name::OPERATION, &#operations::#call_name::STREAM)
        }
    })
}

/// Documents the method that returns a client of the mock, with a call that is retried while time is paused.
pub(super) fn client_docs(file: &Printer<'_>) -> Comment {
    let mut docs = Comment::new(
        "Returns a client that calls the mock. The client has the default settings and needs no credentials.",
    );
    let mut calls: Vec<_> = file.krate.calls_of(None).collect();
    let has_default = |ty: &Ty| match ty {
        Ty::Named(id) => file.krate.item(*id).has_default,
        ty => !matches!(ty, Ty::Custom(_)),
    };
    calls.retain(|call| matches!(&call.reply, Reply::Json { ty, .. } if has_default(ty)));
    calls.sort_by_key(|call| call.safety != Safety::ReadOnly);
    docs.maybe(calls.into_iter().find_map(|call| paused_example(file, call)));
    docs
}

/// Shows a retry while time is paused; returns `None` if the call has an argument without a plain value.
fn paused_example(file: &Printer<'_>, call: &Call) -> Option<String> {
    let arguments: Option<Vec<_>> = call.arguments().map(plain_value).collect();
    let (krate, status) = (file.package.crate_name(), file.krate.dialect.refusal_status());
    let (method, plain, arguments) = (&call.method, call.method.plain(), arguments?.join(", "));
    let allow = if call.deprecated { "# #[allow(deprecated)]\n" } else { "" };
    Some(format!(
        "# Paused time\n\n\
         Retries wait as those of other clients do. Where time is paused, the waits take no real time: begin the test with \
         `#[tokio::test(start_paused = true)]`, which needs the feature `test-util` of tokio.\n\n\
         ```\n\
         # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;\n\
         # runtime.block_on(async {{\n\
         let mock = {krate}::Mock::new();\n\
         mock.on_{plain}().refuse({status}, &serde_json::json!({{}}));\n\
         mock.on_{plain}().reply(&Default::default());\n\
         {allow}\
         let response = mock.client().{method}({arguments}).send().await?;\n\
         assert_eq!(response.attempts(), 2);\n\
         mock.assert_done();\n\
         # Ok::<(), {krate}::Error>(())\n\
         # }})?;\n\
         # Ok::<(), Box<dyn std::error::Error>>(())\n\
         ```"
    ))
}

/// Prints a value of an argument that is a number or a text.
fn plain_value(input: &Input) -> Option<&'static str> {
    let keeps = |rule: &Rule| match rule {
        Rule::Range(range) => {
            range.min.as_ref().is_none_or(|min| min.least_integer() <= 7)
                && range.max.as_ref().is_none_or(|max| max.greatest_integer() >= 7)
        }
        _ => false,
    };
    let value = match &input.ty {
        ty if ty.integer_limits().is_some() => "7",
        Ty::String => "\"a\"",
        _ => return None,
    };
    input.value.rules.iter().all(keeps).then_some(value)
}
