//! `src/client.rs`: the methods of the client and of its builder that this API needs.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Api, SecurityKind, SecurityScheme};
use crate::passes::markdown::is_absolute;
use crate::render::docs::{Comment, brief, code};
use crate::render::imports::{chosen, foreign, import};
use crate::render::method::methods;
use crate::render::token::{ident, mentioned};
use crate::render::{Context, docs};

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
    let methods = methods(context, None, &quote!(operations::));
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
            #methods
        }
    };
    let builder = credentials(api);
    let security = security(api);
    let used = mentioned(&quote!(#items #builder));
    let names = chosen(&used, &["Api", "Client", "ClientBuilder", "Secret", "TokenProvider", "Upload"]);
    let runtime = import(&quote!(crate::runtime), &names);
    let operations = import(&quote!(crate), &chosen(&used, &["operations"]));
    let types = import(&quote!(crate), &chosen(&used, &["types"]));
    let foreign = foreign(&used, &["BTreeMap", "DateTime", "FixedOffset", "NaiveDate", "Value"]);
    quote! {
        #module_docs
        #foreign
        #operations
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
    let provider = scheme.provider.as_ref().map(|provider| {
        let provider = ident(provider);
        let docs = format!("What gives the tokens of {}, if they do not last.", code(&scheme.name));
        let docs = Comment::new(docs).outer();
        quote! {
            #docs
            pub fn #provider(self, provider: impl TokenProvider) -> Self {
                self.token_provider(&security::#constant, provider)
            }
        }
    });
    quote! {
        #docs
        pub fn #setter(self, secret: impl Into<Secret>) -> Self {
            self.credential(&security::#constant, secret)
        }
        #provider
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
