//! Servers in `src/client.rs`, and their choice in calls.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{Crate, Name, Server, ServerId, ServerVariable, code, paragraphs};
use crate::render::docs::Comment;
use crate::render::imports::Module;
use crate::render::printer::Printer;
use crate::render::token::ident;

/// Prints the call that adds the servers to a builder, for a client that has more than a base URL.
pub(super) fn addition(krate: &Crate) -> Option<TokenStream> {
    has_servers(krate).then(|| quote!(.with_servers(&servers::ALL)))
}

/// Prints the choice of a server for a request.
pub(super) fn choice(file: &Printer<'_>, server: ServerId) -> TokenStream {
    let servers = file.imports.name(Module::Client, "servers");
    let constant = ident(&file.krate.servers.list[server].constant);
    quote!(request.server(&#servers::#constant);)
}

/// Prints the setters of the builder:
///
/// ```text
/// pub fn upload_url(self, url: impl Into<String>) -> Self
/// pub fn region(self, value: impl Into<String>) -> Self
/// ```
pub(super) fn setters(file: &Printer<'_>, builder: &TokenStream) -> Option<TokenStream> {
    let servers = &file.krate.servers;
    let urls =
        servers.list.iter().filter_map(|server| Some(url_setter(file, server, server.setter.as_ref()?)));
    let variables = servers.variables.iter().enumerate();
    let variables = variables.map(|(id, variable)| variable_setter(file, variable, &servers.defaults(id)));
    has_servers(file.krate).then(|| quote!(impl #builder { #(#urls)* #(#variables)* }))
}

fn url_setter(file: &Printer<'_>, server: &Server, setter: &Name) -> TokenStream {
    let (method, name) = (ident(setter), setter.plain());
    let url = code(&server.default_url);
    let mut docs =
        Comment::new(format!("Sets the URL of the server {url}, to which some operations are sent."));
    for text in paragraphs(&server.docs) {
        docs.push(text);
    }
    docs.push("Without it, these operations are sent to the base URL if that is set.");
    let docs = file.doc(&docs);
    quote! {
        #docs
        pub fn #method(self, url: impl Into<String>) -> Self {
            self.server_setting(#name, url)
        }
    }
}

fn variable_setter(file: &Printer<'_>, variable: &ServerVariable, defaults: &[&str]) -> TokenStream {
    let (method, name) = (ident(&variable.setter), variable.setter.plain());
    let wire = code(&variable.wire);
    let mut docs = Comment::new(format!("Sets the variable {wire} in the URLs of servers."));
    for text in paragraphs(&variable.docs) {
        docs.push(text);
    }
    docs.push(values(variable, defaults));
    let docs = file.doc(&docs);
    quote! {
        #docs
        pub fn #method(self, value: impl Into<String>) -> Self {
            self.server_setting(#name, value)
        }
    }
}

/// Writes which values a variable has by default, and which it can have.
fn values(variable: &ServerVariable, defaults: &[&str]) -> String {
    let list = |values: Vec<String>| values.join(", ");
    let default = match defaults {
        [""] => "By default, it is empty.".to_owned(),
        [one] => format!("The default is {}.", code(one)),
        several => format!(
            "The defaults of the servers are {}.",
            list(several.iter().map(|value| code(value)).collect())
        ),
    };
    if variable.values.is_empty() {
        return default;
    }
    let values = variable.values.iter().map(|value| code(value)).collect();
    format!("{default} The values are {}.", list(values))
}

/// Prints the constants of the servers.
pub(super) fn module(file: &Printer<'_>) -> Option<TokenStream> {
    let servers = &file.krate.servers;
    let constants = servers.list.iter().map(|server| constant(file, server));
    let all = servers.list.iter().map(|server| ident(&server.constant));
    let variable = (!servers.variables.is_empty()).then(|| quote!(ServerVariable));
    has_servers(file.krate).then(|| {
        quote! {
            /// Servers of the API.
            pub(crate) mod servers {
                use crate::runtime::{Server, ServerList, #variable};
                #(#constants)*
                /// All servers.
                pub(crate) const ALL: ServerList = ServerList(&[#(#all),*]);
            }
        }
    })
}

fn constant(file: &Printer<'_>, server: &Server) -> TokenStream {
    let Server { constant, url, setter, .. } = server;
    let setter = setter.as_ref().map_or("base_url", Name::plain);
    let (constant, docs) = (ident(constant), file.doc(&Comment::about(&server.docs, "A server.")));
    let variables = server.variables.iter().map(|(id, default)| {
        let ServerVariable { wire, setter, values, .. } = &file.krate.servers.variables[*id];
        let setter = setter.plain();
        quote!(ServerVariable { name: #wire, setter: #setter, default: #default, values: &[#(#values),*] })
    });
    quote! {
        #docs
        pub(crate) const #constant: Server =
            Server { setter: #setter, url: #url, variables: &[#(#variables),*] };
    }
}

fn has_servers(krate: &Crate) -> bool {
    !krate.servers.list.is_empty()
}
