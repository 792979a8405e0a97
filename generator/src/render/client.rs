//! `src/client.rs`: the methods of the client and of its builder that this API needs.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{BaseUrl, Carrier, Credential, code, paragraphs};
use crate::render::docs::{Comment, brief};
use crate::render::method::methods;
use crate::render::printer::{Printer, Source};
use crate::render::token::ident;
use crate::render::{Context, mock, server};

/// Prints the client:
///
/// ```text
/// impl Client { pub fn builder() -> ClientBuilder, pub fn get_things(&self, required…) -> GetThings }
/// impl ClientBuilder { pub fn api_key(self, …) -> Self }
/// pub(crate) mod security { pub(crate) const API_KEY: SecurityScheme = …; }
/// pub(crate) mod servers { pub(crate) const UPLOAD_URL: Server = …; }
/// ```
pub(super) fn render(context: Context<'_>) -> Source {
    let file = Printer::new(context);
    let krate = context.krate;
    let [api, client, builder] = file.runtime(["Api", "Client", "ClientBuilder"]);
    let dialect = file.dialect();
    let base_url = krate.base_url.absolute().unwrap_or("");
    let docs = file.doc(&builder_docs(&krate.base_url));
    // Those of a client in parts are in the modules of the parts.
    let methods = methods(&file, None);
    let mock = mock(&file, &client, &builder);
    let with_servers = server::addition(krate);
    let (server_setters, servers) = (server::setters(&file, &builder), server::module(&file));
    let has_credentials = !krate.credentials.is_empty();
    let setters = has_credentials.then(|| setters(&file, &builder));
    let security = has_credentials.then(|| security(&file));
    let items = quote! {
        const API: #api = #api {
            base_url: #base_url,
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
            dialect: &#dialect,
        };
        impl #client {
            #docs
            pub fn builder() -> #builder {
                #builder::new(&API)#with_servers
            }
            #methods
        }
        #setters
        #server_setters
        #mock
        #security
        #servers
    };
    file.finish(&Comment::new("Methods of the client and of its builder for this API."), items)
}

fn builder_docs(base_url: &BaseUrl) -> Comment {
    let mut comment = Comment::new("Returns a client builder.");
    comment.push(match base_url {
        BaseUrl::Absolute(url) => format!("The default base URL is <{url}>."),
        BaseUrl::Relative(url) => {
            format!("The description names only {}, so set the base URL.", code(url))
        }
        BaseUrl::Unknown => "The description names no server, so set the base URL.".to_owned(),
    });
    comment
}

/// Prints the methods of the mock that return clients.
fn mock(file: &Printer<'_>, client: &TokenStream, builder: &TokenStream) -> TokenStream {
    let docs = file.doc(&mock::client_docs(file));
    let with_servers = server::addition(file.krate);
    quote! {
        #[cfg(feature = "mock")]
        impl crate::runtime::Mock {
            #docs
            pub fn client(&self) -> #client {
                Self::default_client(self.client_builder())
            }

            /// Returns a builder for clients of the mock, for tests that change settings. Credentials are optional.
            pub fn client_builder(&self) -> #builder {
                self.builder(&API)#with_servers
            }
        }
    }
}

fn setters(file: &Printer<'_>, builder: &TokenStream) -> TokenStream {
    let setters = file.krate.credentials.iter().map(|credential| setter(file, credential));
    quote!(impl #builder { #(#setters)* })
}

fn setter(file: &Printer<'_>, credential: &Credential) -> TokenStream {
    let Credential { scheme, setter, constant, carrier, docs: about, .. } = credential;
    let (setter, constant) = (ident(setter), ident(constant));
    let [secret] = file.runtime(["Secret"]);
    let mut docs = Comment::new(format!("Sets the credential of {}.", code(scheme)));
    for text in paragraphs(about) {
        docs.push(text);
    }
    docs.push(format!("It is sent {}.", carrier.phrase()));
    let docs = file.doc(&docs);
    if credential.has_user() {
        return quote! {
            #docs
            pub fn #setter(self, username: impl Into<String>, password: impl Into<#secret>) -> Self {
                self.basic_credential(&security::#constant, username, password)
            }
        };
    }
    let provider = provider_setter(file, credential);
    quote! {
        #docs
        pub fn #setter(self, secret: impl Into<#secret>) -> Self {
            self.credential(&security::#constant, secret)
        }
        #provider
    }
}

fn provider_setter(file: &Printer<'_>, credential: &Credential) -> Option<TokenStream> {
    let (provider, constant) = (ident(credential.provider.as_ref()?), ident(&credential.constant));
    let [token_provider] = file.runtime(["TokenProvider"]);
    let docs = format!("Sets a provider of short-lived tokens of {}.", code(&credential.scheme));
    let docs = file.doc(&Comment::new(docs));
    Some(quote! {
        #docs
        pub fn #provider(self, provider: impl #token_provider) -> Self {
            self.token_provider(&security::#constant, provider)
        }
    })
}

fn security(file: &Printer<'_>) -> TokenStream {
    let schemes = file.krate.credentials.iter().map(|credential| {
        let constant = ident(&credential.constant);
        let (name, setter) = (&credential.scheme, credential.setter.as_str());
        let kind = match &credential.carrier {
            Carrier::Bearer => quote!(Bearer),
            Carrier::Basic => quote!(Basic),
            Carrier::Scheme(scheme) => quote!(Scheme(#scheme)),
            Carrier::Header(name) => quote!(ApiKeyHeader(#name)),
            Carrier::Query(name) => quote!(ApiKeyQuery(#name)),
            Carrier::Cookie(name) => quote!(ApiKeyCookie(#name)),
        };
        let about = || Comment::about(&credential.docs, "A security scheme.");
        let docs = file.doc(&brief(&credential.docs).map_or_else(about, Comment::new));
        quote! {
            #docs
            pub(crate) const #constant: SecurityScheme =
                SecurityScheme { name: #name, setter: #setter, kind: SecurityKind::#kind };
        }
    });
    quote! {
        /// Security schemes of the API.
        pub(crate) mod security {
            use crate::runtime::{SecurityKind, SecurityScheme};
            #(#schemes)*
        }
    }
}
