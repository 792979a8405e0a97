//! The parts of a client whose operations have several first tags: where their files are, and when they are compiled.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Api, Module};

/// The folder of a part below that of all, with the `/` before it.
pub(super) fn folder(api: &Api, module: Option<usize>) -> String {
    let module = module.and_then(|index| api.modules.get(index));
    module.map(|module| format!("/{}", file_name(module))).unwrap_or_default()
}

/// What the files of a part are called.
pub(super) fn file_name(module: &Module) -> &str {
    module.rust_name.trim_start_matches("r#")
}

/// Compiles what follows only with the part.
pub(super) fn only_with(module: &Module) -> TokenStream {
    let feature = &module.feature;
    quote!(#[cfg(feature = #feature)])
}

/// Lets code stand that only parts use: not every choice of them does.
pub(super) fn perhaps_unused(api: &Api) -> Option<TokenStream> {
    (!api.modules.is_empty()).then(|| {
        quote! {
            #[cfg_attr(not(feature = "full"), allow(dead_code, reason = "not every part needs it"))]
        }
    })
}
