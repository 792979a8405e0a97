//! The methods of the client: one for each call.

use std::iter;

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{Call, Input, InputKind, PartId, Replacement, Retirement, Ty, code, rate_limit};
use crate::render::argument::{Argument, many_arguments};
use crate::render::docs::{Comment, brief, sentence};
use crate::render::example::example;
use crate::render::imports::Module;
use crate::render::printer::Printer;
use crate::render::token::{deprecated, ident};

/// Prints the methods for the calls of one part or, for `None`, those of a client in one piece:
///
/// ```text
/// pub fn get_things(&self, required…) -> GetThings
/// ```
pub(super) fn methods(file: &Printer<'_>, part: Option<PartId>) -> TokenStream {
    // The calls of a part are in the file of their methods.
    let module = part.is_none().then_some(Module::Operations);
    file.krate.calls_of(part).map(|call| method(file, call, module)).collect()
}

fn method(file: &Printer<'_>, call: &Call, module: Option<Module>) -> TokenStream {
    let (method, name) = (ident(&call.method), ident(&call.name));
    let path = module.map(|module| file.imports.module(module)).map(|module| quote!(#module::));
    let link = if module.is_some() { format!("operations::{}", call.name) } else { call.name.to_string() };
    let docs = file.doc(&method_docs(file, call, &link));
    let replacement = call.retirement.as_ref().and_then(|retirement| retirement.replacement.as_ref());
    let deprecated = deprecated(call.deprecated, replacement.map(Replacement::name));
    let arguments = call.arguments().map(|input| Argument::of_input(file, input));
    let parameters: Vec<_> = arguments.map(|argument| argument.parameter).collect();
    let names = call.arguments().map(|input| ident(&input.name));
    let are_bools = call.arguments().map(|input| input.ty == Ty::Bool);
    let many = many_arguments(iter::once(false).chain(are_bools));
    quote! {
        #docs
        #deprecated
        #many
        #[cfg_attr(feature = "mock", track_caller)]
        pub fn #method(&self, #(#parameters),*) -> #path #name {
            #path #name::new(self.for_call(), #(#names),*)
        }
    }
}

fn method_docs(file: &Printer<'_>, call: &Call, link: &str) -> Comment {
    let mut comment = Comment::about(&call.docs, &format!("The operation {}.", code(&call.id)));
    let arguments: Vec<_> = call.arguments().filter_map(argument_docs).collect();
    comment.push(arguments.join("\n"));
    if call.setters().any(|input| input.kind != InputKind::Body) {
        comment.push(format!("Optional parameters are set on the returned [call]({link})."));
    }
    if call.paging.is_some() {
        comment.push(format!(
            "The list has pages: [`send`]({link}::send) requests one, [`pages`]({link}::pages) returns a stream of pages, and \
             [`stream`]({link}::stream) a stream of items."
        ));
    }
    comment.maybe(call.retirement.as_ref().map(going_away));
    comment.push(facts(call));
    comment.push(format!("# Example\n\n{}", example(file, call)));
    comment
}

/// Documents an argument, if the description says something of it.
fn argument_docs(input: &Input) -> Option<String> {
    let prose = brief(&input.docs).map(|text| text.replace('\n', "\n  "));
    let demands = sentence(&input.value.demands());
    let texts: Vec<_> = prose.into_iter().chain(demands).collect();
    (!texts.is_empty()).then(|| format!("* `{}`: {}", input.name, texts.join(" ")))
}

/// Returns the dates of an announced end, and the replacement.
fn going_away(Retirement { degradation, shutdown, replacement }: &Retirement) -> String {
    let degradation = degradation.as_ref().map(|date| format!("limited from {date}"));
    let shutdown = shutdown.as_ref().map(|date| format!("shut down on {date}"));
    let replacement = replacement.as_ref().map(|replacement| match &replacement.method {
        Some(method) => format!("use [`{0}`](Self::{0})", method.plain()),
        None => format!("use {}", code(&replacement.id)),
    });
    let facts: Vec<_> = degradation.into_iter().chain(shutdown).chain(replacement).collect();
    if facts.is_empty() { String::new() } else { format!("**Deprecated**: {}.", facts.join("; ")) }
}

fn facts(call: &Call) -> String {
    let request = code(&format!("{} {}", call.http_method, call.path));
    let mut facts = vec![format!("{}: {request}", code(&call.id))];
    facts.extend(call.rate_limit.map(|limit| format!("at most {}", rate_limit(limit))));
    if !call.scopes.is_empty() {
        let scopes: Vec<_> = call.scopes.iter().map(|scope| code(scope)).collect();
        facts.push(format!("needs one of the scopes {}", scopes.join(", ")));
    }
    format!("{}.", facts.join("; "))
}
