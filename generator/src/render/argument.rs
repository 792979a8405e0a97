//! Arguments of methods.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use crate::plan::{Field, Input, Name, Taken, Ty};
use crate::render::printer::Printer;
use crate::render::token::ident;

/// Prints the attributes of a function with many arguments, or with many booleans among them. Each argument is `true` if
/// it is a boolean.
pub(super) fn many_arguments(are_bools: impl IntoIterator<Item = bool>) -> TokenStream {
    let are_bools: Vec<bool> = are_bools.into_iter().collect();
    let bools = are_bools.iter().filter(|is_bool| **is_bool).count();
    let many = (are_bools.len() > 7)
        .then(|| quote!(#[expect(clippy::too_many_arguments, reason = "the API requires them all")]));
    let many_bools = (bools > 3)
        .then(|| quote!(#[expect(clippy::fn_params_excessive_bools, reason = "the API requires them all")]));
    quote!(#many #many_bools)
}

/// An argument of a method.
pub(super) struct Argument {
    name: Ident,
    /// Declaration of the argument.
    pub(super) parameter: TokenStream,
    /// Expression that makes the value of the argument, where the argument is not the value itself.
    conversion: Option<TokenStream>,
}

impl Argument {
    /// Takes the value of an input.
    pub(super) fn of_input(file: &Printer<'_>, input: &Input) -> Self {
        Self::new(file, &input.name, &input.ty, &input.taken)
    }

    /// Takes the value of a field.
    pub(super) fn of_field(file: &Printer<'_>, field: &Field) -> Self {
        if !field.value.nullable {
            return Self::of_present_field(file, field);
        }
        let argument = Self::new(file, &field.name, &field.value.nullable_ty(), &field.taken);
        if !field.is_boxed {
            return argument;
        }
        let value = argument.value();
        Self { conversion: Some(quote!(#value.map(Box::new))), ..argument }
    }

    /// Takes a value of a field that is not `null`.
    pub(super) fn of_present_field(file: &Printer<'_>, field: &Field) -> Self {
        let argument = Self::new(file, &field.name, &field.value.ty, &field.taken_if_present());
        if !field.is_boxed {
            return argument;
        }
        let value = argument.value();
        Self { conversion: Some(quote!(Box::new(#value))), ..argument }
    }

    fn new(file: &Printer<'_>, name: &Name, ty: &Ty, taken: &Taken) -> Self {
        let name = ident(name);
        let (form, conversion) = match taken {
            Taken::Value => (file.ty(ty), None),
            Taken::Text => (quote!(impl Into<String>), Some(quote!(#name.into()))),
            Taken::Texts => (
                quote!(impl IntoIterator<Item = impl Into<String>>),
                Some(quote!(#name.into_iter().map(Into::into).collect())),
            ),
            Taken::Elements(element) => {
                let element = file.ty(element);
                (quote!(impl IntoIterator<Item = #element>), Some(quote!(#name.into_iter().collect())))
            }
        };
        Self { parameter: quote!(#name: #form), name, conversion }
    }

    /// Prints the value.
    pub(super) fn value(&self) -> TokenStream {
        self.conversion.clone().unwrap_or_else(|| self.name.to_token_stream())
    }

    /// Prints the field of a struct literal that takes the value.
    pub(super) fn initialiser(&self) -> TokenStream {
        let name = &self.name;
        self.conversion.as_ref().map_or_else(|| quote!(#name), |value| quote!(#name: #value))
    }
}
