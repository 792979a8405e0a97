//! `src/client.rs`: the methods of the client and of its builder that this API needs.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Api, Operation, SecurityKind, SecurityScheme};
use crate::render::docs::{Comment, brief, code, rate_limit};
use crate::render::operation::{argument_briefs, arguments};
use crate::render::types::{deprecated, ident, many_arguments, mentions};
use crate::render::{Package, docs};

/// ```text
/// impl Client { pub fn builder() -> ClientBuilder, pub fn get_things(&self, required…) -> GetThings }
/// impl ClientBuilder { pub fn api_key(self, …) -> Self }
/// pub(crate) mod security { pub(crate) const API_KEY: SecurityScheme = …; }
/// ```
pub(super) fn render(api: &Api, package: &Package) -> TokenStream {
    let module_docs = Comment::new("What the client of this API has beside what every client has.").inner();
    let base_url = api.servers.first().map(crate::ir::Server::default_url).unwrap_or_default();
    let methods = api.operations.iter().map(|operation| method(api, operation, package));
    let builder = builder_docs(&base_url).outer();
    let items = quote! {
        const API: Api = Api {
            base_url: #base_url,
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
        };
        impl Client {
            #builder
            pub fn builder() -> ClientBuilder {
                ClientBuilder::new(&API)
            }
            #(#methods)*
        }
    };
    let builder = credentials(api);
    let security = security(api);
    let names = ["Api", "Client", "ClientBuilder", "Secret", "Upload"];
    let all = quote!(#items #builder);
    let runtime = names.into_iter().filter(|name| mentions(&all, name)).map(ident);
    let types = mentions(&all, "types").then(|| {
        quote!(
            use crate::types;
        )
    });
    let chrono: Vec<_> = ["DateTime", "FixedOffset", "NaiveDate"]
        .into_iter()
        .filter(|name| mentions(&all, name))
        .map(ident)
        .collect();
    let chrono = (!chrono.is_empty()).then(|| quote!(use chrono::{#(#chrono),*};));
    let map = mentions(&all, "BTreeMap").then(|| {
        quote!(
            use std::collections::BTreeMap;
        )
    });
    let value = mentions(&all, "Value").then(|| {
        quote!(
            use serde_json::Value;
        )
    });
    quote! {
        #module_docs
        #map
        #chrono
        #value
        use crate::operations;
        use crate::runtime::{#(#runtime),*};
        #types
        #items
        #builder
        #security
    }
}

fn builder_docs(base_url: &str) -> Comment {
    let mut comment = Comment::new("Begins a client.");
    comment.push(match base_url {
        "" => "The description names no server: the base URL has to be set.".to_owned(),
        url => format!("Unless told otherwise, it calls <{url}>."),
    });
    comment
}

fn method(api: &Api, operation: &Operation, package: &Package) -> TokenStream {
    let name = ident(&operation.method_name);
    let call = ident(&operation.type_name);
    let docs = method_docs(api, operation, package).outer();
    let deprecated = deprecated(operation.deprecated);
    let arguments = arguments(api, operation);
    let parameters = arguments.iter().map(|argument| &argument.parameter);
    let names = operation.inputs.iter().filter(|input| input.required).map(|input| ident(&input.rust_name));
    let many = many_arguments(arguments.len() + 1);
    quote! {
        #docs
        #deprecated
        #many
        pub fn #name(&self, #(#parameters),*) -> operations::#call {
            operations::#call::new(self.clone(), #(#names),*)
        }
    }
}

fn method_docs(api: &Api, operation: &Operation, package: &Package) -> Comment {
    let mut comment = Comment::about(&operation.docs, &format!("The operation {}.", code(&operation.id)));
    let briefs: Vec<_> = argument_briefs(api, operation)
        .into_iter()
        .map(|(text, name)| format!("* `{name}`: {}", text.replace('\n', "\n  ")))
        .collect();
    if !briefs.is_empty() {
        comment.push(briefs.join("\n"));
    }
    let mut facts = vec![format!(
        "{}: {}",
        code(&operation.id),
        code(&format!("{} {}", operation.method, operation.path))
    )];
    facts.extend(operation.rate_limit.map(|limit| format!("at most {}", rate_limit(limit))));
    if !operation.scopes.is_empty() {
        let scopes: Vec<_> = operation.scopes.iter().map(|scope| code(scope)).collect();
        facts.push(format!("needs one of the scopes {}", scopes.join(", ")));
    }
    comment.push(format!("{}.", facts.join("; ")));
    comment.push(format!("# Example\n\n{}", example(api, operation, package)));
    comment
}

fn example(api: &Api, operation: &Operation, package: &Package) -> String {
    let krate = package.crate_name();
    let arguments = arguments(api, operation);
    let parameters: String =
        arguments.iter().map(|argument| format!(", {}", in_example(&argument.parameter, &krate))).collect();
    let names: Vec<_> = operation
        .inputs
        .iter()
        .filter(|input| input.required)
        .map(|input| input.rust_name.as_str())
        .collect();
    let method = &operation.method_name;
    let allow = if operation.deprecated { "# #[allow(deprecated)]\n" } else { "" };
    format!(
        "```\n{allow}# async fn example(client: {krate}::Client{parameters}) -> Result<(), {krate}::Error> {{\nlet reply = client.{method}({}).send().await?;\nprintln!(\"{{reply:?}}\");\n# Ok(())\n# }}\n```",
        names.join(", ")
    )
}

/// The declaration of an argument with the paths that it needs outside the crate.
fn in_example(parameter: &TokenStream, krate: &str) -> String {
    let text = parameter.to_string();
    let text = text.replace("types ::", &format!("{krate}::types::"));
    let text = text.replace("Upload", &format!("{krate}::Upload"));
    let text = text.replace("DateTime < FixedOffset >", "chrono::DateTime<chrono::FixedOffset>");
    let text = text.replace("NaiveDate", "chrono::NaiveDate").replace("Value", "serde_json::Value");
    let text = text.replace("BTreeMap", "std::collections::BTreeMap");
    text.replace(" :", ":").replace(" < ", "<").replace(" >", ">").replace(" = ", " = ")
}

fn credentials(api: &Api) -> Option<TokenStream> {
    if api.security_schemes.is_empty() {
        return None;
    }
    let setters = api.security_schemes.values().map(credential);
    Some(quote!(impl ClientBuilder { #(#setters)* }))
}

fn credential(scheme: &SecurityScheme) -> TokenStream {
    let setter = ident(&scheme.setter);
    let constant = ident(&scheme.constant);
    let mut docs = Comment::about(
        &scheme.docs,
        &format!("The credential for the security scheme {}.", code(&scheme.name)),
    );
    docs.push(format!("It is sent {}.", carrier(&scheme.kind)));
    let docs = docs.outer();
    if scheme.kind == SecurityKind::Basic {
        return quote! {
            #docs
            pub fn #setter(self, username: impl Into<String>, password: impl Into<Secret>) -> Self {
                self.basic_credential(&security::#constant, username, password)
            }
        };
    }
    quote! {
        #docs
        pub fn #setter(self, secret: impl Into<Secret>) -> Self {
            self.credential(&security::#constant, secret)
        }
    }
}

fn carrier(kind: &SecurityKind) -> String {
    match kind {
        SecurityKind::Bearer => "as `Authorization: Bearer`".to_owned(),
        SecurityKind::Basic => "as `Authorization: Basic`".to_owned(),
        SecurityKind::Http(scheme) => format!("as `Authorization: {scheme}`"),
        SecurityKind::Header(name) => format!("in the header {}", docs::code(name)),
        SecurityKind::Query(name) => format!("in the query, as {}", docs::code(name)),
        SecurityKind::Cookie(name) => format!("in the cookie {}", docs::code(name)),
    }
}

fn security(api: &Api) -> Option<TokenStream> {
    if api.security_schemes.is_empty() {
        return None;
    }
    let schemes = api.security_schemes.values().map(|scheme| {
        let constant = ident(&scheme.constant);
        let (name, setter) = (&scheme.name, &scheme.setter);
        let kind = match &scheme.kind {
            SecurityKind::Bearer | SecurityKind::Http(_) => quote!(Bearer),
            SecurityKind::Basic => quote!(Basic),
            SecurityKind::Header(name) => quote!(ApiKeyHeader(#name)),
            SecurityKind::Query(name) => quote!(ApiKeyQuery(#name)),
            SecurityKind::Cookie(name) => quote!(ApiKeyCookie(#name)),
        };
        let docs = Comment::about(&scheme.docs, "A security scheme.");
        let docs = brief(&scheme.docs).map_or(docs, Comment::new).outer();
        quote! {
            #docs
            pub(crate) const #constant: SecurityScheme =
                SecurityScheme { name: #name, setter: #setter, kind: SecurityKind::#kind };
        }
    });
    Some(quote! {
        /// How the credentials are sent.
        pub(crate) mod security {
            use crate::runtime::{SecurityKind, SecurityScheme};
            #(#schemes)*
        }
    })
}
