//! The imports of a file, collected while its code is printed.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// A module that generated code takes names from; imports stand in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Module {
    Collections,
    Ops,
    Time,
    Chrono,
    Http,
    Serde,
    Json,
    Client,
    Error,
    Dialect,
    Operations,
    Runtime,
    Types,
    WebhookTypes,
    Super,
}

impl Module {
    fn path(self) -> &'static str {
        match self {
            Self::Collections => "std::collections",
            Self::Ops => "std::ops",
            Self::Time => "std::time",
            Self::Chrono => "chrono",
            Self::Http => "http",
            Self::Serde => "serde",
            Self::Json => "serde_json",
            Self::Client => "crate::client",
            Self::Error => "crate::error",
            Self::Dialect => "crate::dialect",
            Self::Operations => "crate::operations",
            Self::Runtime => "crate::runtime",
            Self::Types => "crate::types",
            Self::WebhookTypes => "crate::webhooks::types",
            Self::Super => "super",
        }
    }

    /// Returns the last segment of the path.
    fn name(self) -> &'static str {
        self.path().rsplit("::").next().unwrap_or(self.path())
    }
}

/// Imports of a file.
pub(super) struct Imports {
    /// Names that the file declares itself, which it cannot import too.
    declared: BTreeSet<String>,
    /// Names by module; `None` stands for the module itself.
    used: RefCell<BTreeMap<Module, BTreeSet<Option<String>>>>,
}

impl Imports {
    pub(super) fn new(declared: BTreeSet<String>) -> Self {
        Self { declared, used: RefCell::default() }
    }

    /// Returns `true` if the file declares a name itself.
    pub(super) fn declares(&self, name: &str) -> bool {
        self.declared.contains(name)
    }

    /// Prints a name of a module and records its import; a name that the file declares itself gets its full path.
    pub(super) fn name(&self, module: Module, name: &str) -> TokenStream {
        let ident = format_ident!("{name}");
        if self.declares(name) {
            let path = self.path(module);
            return quote!(#path::#ident);
        }
        self.record(module, Some(name));
        quote!(#ident)
    }

    /// Prints a module and records its import; a module whose name the file declares itself gets its full path.
    pub(super) fn module(&self, module: Module) -> TokenStream {
        if self.declares(module.name()) {
            return self.path(module);
        }
        self.record(module, None);
        let ident = format_ident!("{}", module.name());
        quote!(#ident)
    }

    /// Records an import.
    pub(super) fn record(&self, module: Module, name: Option<&str>) {
        self.used.borrow_mut().entry(module).or_default().insert(name.map(str::to_owned));
    }

    /// Prints the imports.
    pub(super) fn declarations(&self) -> TokenStream {
        let used = self.used.borrow();
        let import = |(module, names): (&Module, &BTreeSet<Option<String>>)| {
            let path = self.path(*module);
            let ident = |name: &Option<String>| format_ident!("{}", name.as_deref().unwrap_or("self"));
            let idents: Vec<_> = names.iter().map(ident).collect();
            match (idents.as_slice(), names.contains(&None)) {
                ([_], true) => quote!(use #path;),
                ([name], false) => quote!(use #path::#name;),
                (names, _) => quote!(use #path::{#(#names),*};),
            }
        };
        used.iter().map(import).collect()
    }

    /// Prints the imports of an example, which is outside the crate: its own names first, each on a line.
    pub(super) fn example(&self, krate: &Ident) -> TokenStream {
        let order = [Module::Types, Module::Runtime, Module::Chrono, Module::Json, Module::Collections];
        let used = self.used.borrow();
        let imports = order.into_iter().map(|module| {
            let is_own = matches!(module, Module::Types | Module::Runtime);
            let path = if is_own { quote!(#krate) } else { self.path(module) };
            let names = used.get(&module).into_iter().flatten();
            let names = names.map(|name| format_ident!("{}", name.as_deref().unwrap_or(module.name())));
            quote!(#(use #path::#names;)*)
        });
        imports.collect()
    }

    /// Prints the path of a module; a crate is told from a module of its name in the file.
    fn path(&self, module: Module) -> TokenStream {
        let segments: Vec<_> = module.path().split("::").map(|segment| format_ident!("{segment}")).collect();
        let is_hidden = segments.first().is_some_and(|root| self.declares(&root.to_string()));
        let root = is_hidden.then(|| quote!(::));
        quote!(#root #(#segments)::*)
    }
}

#[cfg(test)]
mod tests {
    use super::{Imports, Module};

    fn imports(declared: &[&str]) -> Imports {
        Imports::new(declared.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn imports_are_grouped_by_module_and_sorted() {
        let imports = imports(&[]);
        for name in ["error_body", "StatusCode"] {
            assert_eq!(imports.name(Module::Runtime, name).to_string(), name);
        }
        assert_eq!(imports.module(Module::Runtime).to_string(), "runtime");
        assert_eq!(imports.module(Module::Types).to_string(), "types");
        imports.name(Module::Json, "Value");
        assert_eq!(
            imports.declarations().to_string(),
            "use serde_json :: Value ; use crate :: runtime :: { self , StatusCode , error_body } ; use crate :: types ;"
        );
    }

    #[test]
    fn declared_names_are_not_imported() {
        let imports = imports(&["Value", "types", "chrono"]);
        assert_eq!(imports.name(Module::Json, "Value").to_string(), "serde_json :: Value");
        assert_eq!(imports.module(Module::Types).to_string(), "crate :: types");
        imports.name(Module::Chrono, "NaiveDate");
        assert_eq!(imports.declarations().to_string(), "use :: chrono :: NaiveDate ;");
    }
}
