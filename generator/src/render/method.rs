//! The methods of the client: one for each operation.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Deprecation, Input, InputKind, Operation};
use crate::render::argument::many_arguments;
use crate::render::docs::{Comment, code, rate_limit};
use crate::render::format::formatted;
use crate::render::operation::Call;
use crate::render::token::{ident, mentioned};
use crate::render::types::deprecated;
use crate::render::{Context, Package};

/// The methods for the operations of one part of the client; `calls` goes before the names of their calls.
pub(super) fn methods(context: &Context<'_>, module: Option<usize>, calls: &TokenStream) -> TokenStream {
    context.operations(module).map(|operation| method(context, operation, calls)).collect()
}

fn method(context: &Context<'_>, operation: &Operation, calls: &TokenStream) -> TokenStream {
    let name = ident(&operation.method_name);
    let call = ident(&operation.type_name);
    let called = Call::new(context, operation);
    let docs = method_docs(&called, operation, context, calls).outer();
    let deprecated = deprecated(operation.deprecated);
    let arguments = called.arguments();
    let parameters = arguments.iter().map(|argument| &argument.parameter);
    let names = called.required().map(|input| ident(&input.rust_name));
    let many = many_arguments(arguments.len() + 1);
    quote! {
        #docs
        #deprecated
        #many
        pub fn #name(&self, #(#parameters),*) -> #calls #call {
            #calls #call::new(self.clone(), #(#names),*)
        }
    }
}

fn method_docs(
    called: &Call<'_>,
    operation: &Operation,
    context: &Context<'_>,
    calls: &TokenStream,
) -> Comment {
    let mut comment = Comment::about(&operation.docs, &format!("The operation {}.", code(&operation.id)));
    let item = |input: &Input| {
        let text = called.brief(input)?.replace('\n', "\n  ");
        Some(format!("* `{}`: {text}", input.rust_name))
    };
    let items: Vec<_> = called.required().filter_map(item).collect();
    comment.push(items.join("\n"));
    let call = format!("{}{}", calls.to_string().replace(' ', ""), operation.type_name);
    if operation.inputs.iter().any(|input| !input.required && input.kind != InputKind::Body) {
        comment.push(format!("What is optional is set on the [call]({call})."));
    }
    if operation.paging.is_some() {
        comment.push(format!(
            "The list comes in pages: [`send`]({call}::send) gives one, [`pages`]({call}::pages) one after the other, and \
             [`stream`]({call}::stream) what they hold."
        ));
    }
    comment
        .maybe(operation.deprecation.as_ref().map(|deprecation| going_away(deprecation, operation, context)));
    let request = code(&format!("{} {}", operation.method, operation.path));
    let mut facts = vec![format!("{}: {request}", code(&operation.id))];
    facts.extend(operation.rate_limit.map(|limit| format!("at most {}", rate_limit(limit))));
    if !operation.scopes.is_empty() {
        let scopes: Vec<_> = operation.scopes.iter().map(|scope| code(scope)).collect();
        facts.push(format!("needs one of the scopes {}", scopes.join(", ")));
    }
    comment.push(format!("{}.", facts.join("; ")));
    comment.push(format!("# Example\n\n{}", example(called, operation, context.package)));
    comment
}

/// When an operation goes away, and what takes its place.
fn going_away(deprecation: &Deprecation, operation: &Operation, context: &Context<'_>) -> String {
    let mut facts = Vec::new();
    facts.extend(deprecation.degradation.as_ref().map(|date| format!("it is served with less from {date}")));
    facts.extend(deprecation.shutdown.as_ref().map(|date| format!("it is shut down on {date}")));
    facts.extend(deprecation.replacement.as_ref().map(|id| {
        // Another part of the client may not be compiled, which would leave the link without a target.
        let replacement = context.operations(operation.module).find(|other| other.id == *id);
        let method = replacement.map(|operation| operation.method_name.trim_start_matches("r#"));
        method
            .map_or_else(|| format!("use {}", code(id)), |method| format!("use [`{method}`](Self::{method})"))
    }));
    if facts.is_empty() { String::new() } else { format!("**Going away**: {}.", facts.join("; ")) }
}

/// A call with nothing but its arguments. What is not about the call is hidden.
fn example(called: &Call<'_>, operation: &Operation, package: &Package) -> String {
    let krate = ident(&package.crate_name());
    let arguments = called.arguments();
    let parameters = arguments.iter().map(|argument| &argument.parameter);
    let allow = operation.deprecated.then(|| quote!(#[allow(deprecated)]));
    let function = quote! {
        #allow
        async fn example(client: #krate::Client, #(#parameters),*) -> Result<(), #krate::Error> {}
    };
    let used = mentioned(&function);
    let imports = [
        ("types", quote!(#krate::types)),
        ("Upload", quote!(#krate::Upload)),
        ("DateTime", quote!(chrono::DateTime)),
        ("FixedOffset", quote!(chrono::FixedOffset)),
        ("NaiveDate", quote!(chrono::NaiveDate)),
        ("Value", quote!(serde_json::Value)),
        ("BTreeMap", quote!(std::collections::BTreeMap)),
    ];
    let imports = imports.iter().filter(|(name, _)| used.contains(*name)).map(|(_, path)| quote!(use #path;));
    let setting = hidden(&formatted(quote!(#(#imports)* #function)));
    let names: Vec<_> = called.required().map(|input| input.rust_name.as_str()).collect();
    let (method, names) = (&operation.method_name, names.join(", "));
    format!(
        "```\n\
         {setting}\
         let reply = client.{method}({names}).send().await?;\n\
         println!(\"{{reply:?}}\");\n\
         # Ok(())\n\
         # }}\n\
         ```"
    )
}

/// The lines up to the body of a function, as an example hides them.
fn hidden(code: &str) -> String {
    let open = code.trim_end().trim_end_matches('}');
    open.lines().filter(|line| !line.is_empty()).fold(String::new(), |text, line| text + "# " + line + "\n")
}
