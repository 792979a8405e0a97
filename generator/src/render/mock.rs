//! What the mock of the client has for each operation.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::ir::Operation;
use crate::render::docs::Comment;
use crate::render::imports::{chosen, foreign, import};
use crate::render::operation::Call;
use crate::render::part::folder;
use crate::render::token::{ident, mentioned};
use crate::render::{Context, Output};

/// `src/mock.rs` or, of a client in parts, `mock.rs` in the folder of each.
pub(super) fn outputs<'a>(context: &'a Context<'a>) -> Vec<Output<'a>> {
    let parts = context.api.modules.iter().enumerate().map(|(index, _)| Some(index));
    let parts: Vec<_> = if context.api.modules.is_empty() { vec![None] } else { parts.collect() };
    let output = |module: Option<usize>| -> Output<'a> {
        let path = match module {
            None => "src/mock.rs".to_owned(),
            part => format!("src/operations{}/mock.rs", folder(context.api, part)),
        };
        (path, Box::new(move || render(context, module)))
    };
    parts.into_iter().map(output).collect()
}

/// ```text
/// impl Mock { pub fn on_get_things(&self) -> On<'_, types::GetThingsResponse> }
/// ```
fn render(context: &Context<'_>, module: Option<usize>) -> TokenStream {
    let docs = Comment::new("What a mock can reply to each operation.").inner();
    let methods: TokenStream =
        context.operations(module).map(|operation| method(context, operation)).collect();
    let methods = quote!(impl Mock { #methods });
    let used = mentioned(&methods);
    let foreign = foreign(&used, &["BTreeMap", "DateTime", "FixedOffset", "NaiveDate", "Value"]);
    let types = import(&quote!(crate), &chosen(&used, &["types"]));
    quote! {
        #docs
        #foreign
        use crate::operations;
        use crate::runtime::{Mock, On};
        #types
        #methods
    }
}

fn method(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let plain = operation.method_name.trim_start_matches("r#");
    let name = format_ident!("on_{plain}");
    let call = ident(&operation.type_name);
    let reply = Call::new(context, operation).reply();
    let docs = Comment::new(format!("What the next [`{plain}`](crate::Client::{plain}) gets.")).outer();
    quote! {
        #docs
        pub fn #name(&self) -> On<'_, #reply> {
            self.on(&operations::#call::OPERATION)
        }
    }
}
