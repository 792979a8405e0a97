//! Names for types, with which a program can use the types of a crate: `T0`, `T1` and so on.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::plan::{Crate, Ty};
use crate::render::docs::Comment;
use crate::render::printer::Printer;
use crate::render::{Context, File, Package, RenderError, format};

/// Renders `src/aliases.rs`, a module for programs inside a crate, such as those of `cargo xtask verify`. The crate itself
/// has no such module.
///
/// # Errors
/// The generator is wrong.
pub fn aliases(krate: &Crate, package: &Package, types: &[Ty]) -> Result<File, RenderError> {
    let file = Printer::new(Context { krate, package });
    let alias = |(index, ty): (usize, &Ty)| {
        let (name, ty) = (format_ident!("T{index}"), file.ty(ty));
        quote!(pub(crate) type #name = #ty;)
    };
    let items: TokenStream = types.iter().enumerate().map(alias).collect();
    let docs = Comment::new("Types of the crate, by number.");
    format::rust("src/aliases.rs".to_owned(), file.finish(&docs, items))
}
