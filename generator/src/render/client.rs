//! `src/client.rs`: the methods of the client and of its builder that this API needs.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Api, Deprecation, Input, Operation, SecurityKind, SecurityScheme};
use crate::render::argument::many_arguments;
use crate::render::docs::{Comment, brief, code, rate_limit};
use crate::render::format::formatted;
use crate::render::imports::{chosen, foreign, import};
use crate::render::markdown::is_absolute;
use crate::render::operation::Call;
use crate::render::token::{ident, mentioned};
use crate::render::types::deprecated;
use crate::render::{Context, Package, docs};

/// ```text
/// impl Client { pub fn builder() -> ClientBuilder, pub fn get_things(&self, required…) -> GetThings }
/// impl ClientBuilder { pub fn api_key(self, …) -> Self }
/// pub(crate) mod security { pub(crate) const API_KEY: SecurityScheme = …; }
/// ```
pub(super) fn render(context: &Context<'_>) -> TokenStream {
    let api = context.api;
    let module_docs = Comment::new("What the client of this API has beside what every client has.").inner();
    let server = api.servers.first().map(crate::ir::Server::default_url).unwrap_or_default();
    let base_url = if is_absolute(&server) { server.as_str() } else { "" };
    let methods = api.operations.iter().map(|operation| method(context, operation));
    let builder = builder_docs(&server).outer();
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
    let used = mentioned(&quote!(#items #builder));
    let names = chosen(&used, &["Api", "Client", "ClientBuilder", "Secret", "Upload"]);
    let runtime = import(&quote!(crate::runtime), &names);
    let types = import(&quote!(crate), &chosen(&used, &["types"]));
    let foreign = foreign(&used, &["BTreeMap", "DateTime", "FixedOffset", "NaiveDate", "Value"]);
    quote! {
        #module_docs
        #foreign
        use crate::operations;
        #runtime
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
        url if is_absolute(url) => format!("Unless told otherwise, it calls <{url}>."),
        url => format!("The description names only {}: the base URL has to be set.", code(url)),
    });
    comment
}

fn method(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let name = ident(&operation.method_name);
    let call = ident(&operation.type_name);
    let called = Call::new(context, operation);
    let docs = method_docs(&called, operation, context).outer();
    let deprecated = deprecated(operation.deprecated);
    let arguments = called.arguments();
    let parameters = arguments.iter().map(|argument| &argument.parameter);
    let names = called.required().map(|input| ident(&input.rust_name));
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

fn method_docs(called: &Call<'_>, operation: &Operation, context: &Context<'_>) -> Comment {
    let (operations, package) = (&context.api.operations, context.package);
    let mut comment = Comment::about(&operation.docs, &format!("The operation {}.", code(&operation.id)));
    let item = |input: &Input| {
        let text = called.brief(input)?.replace('\n', "\n  ");
        Some(format!("* `{}`: {text}", input.rust_name))
    };
    let items: Vec<_> = called.required().filter_map(item).collect();
    comment.push(items.join("\n"));
    if operation.inputs.iter().any(|input| !input.required) {
        let call = &operation.type_name;
        comment.push(format!("What is optional is set on the [call](operations::{call})."));
    }
    comment.maybe(operation.deprecation.as_ref().map(|deprecation| going_away(deprecation, operations)));
    let request = code(&format!("{} {}", operation.method, operation.path));
    let mut facts = vec![format!("{}: {request}", code(&operation.id))];
    facts.extend(operation.rate_limit.map(|limit| format!("at most {}", rate_limit(limit))));
    if !operation.scopes.is_empty() {
        let scopes: Vec<_> = operation.scopes.iter().map(|scope| code(scope)).collect();
        facts.push(format!("needs one of the scopes {}", scopes.join(", ")));
    }
    comment.push(format!("{}.", facts.join("; ")));
    comment.push(format!("# Example\n\n{}", example(called, operation, package)));
    comment
}

/// When an operation goes away, and what takes its place.
fn going_away(deprecation: &Deprecation, operations: &[Operation]) -> String {
    let mut facts = Vec::new();
    facts.extend(deprecation.degradation.as_ref().map(|date| format!("it is served with less from {date}")));
    facts.extend(deprecation.shutdown.as_ref().map(|date| format!("it is shut down on {date}")));
    facts.extend(deprecation.replacement.as_ref().map(|id| {
        let replacement = operations.iter().find(|operation| operation.id == *id);
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
