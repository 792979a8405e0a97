//! `src/lib.rs`: the front page and the modules.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Api, SecurityKind};
use crate::render::docs::{Comment, brief, code};
use crate::render::{Context, Package};

pub(super) fn render(context: &Context<'_>) -> TokenStream {
    let docs = front_page(context.api, context.package).inner();
    let download = context.api.has_files().then(|| quote!(Download,));
    quote! {
        #docs
        #[rustfmt::skip]
        pub mod operations;
        pub mod runtime;
        #[rustfmt::skip]
        pub mod types;
        #[rustfmt::skip]
        mod client;
        #[rustfmt::skip]
        mod error;
        pub use error::{ApiError, #download Error, ErrorBody};
        pub use runtime::{CallOptions, Client, ClientBuilder, Response, Upload};
    }
}

fn front_page(api: &Api, package: &Package) -> Comment {
    let mut comment = Comment::new(format!("{}.", package.description.trim_end_matches('.')));
    comment.push(format!(
        "Generated from the description *{}*, version {}.",
        escape(&api.title),
        code(&api.version)
    ));
    comment.maybe(api.docs.description.as_deref().map(super::docs::markdown));
    comment.push(format!("# Example\n\n{}", example(api, package)));
    comment.push(format!("# Operations\n\n{}", table(api)));
    comment.push(
        "# Errors\n\nEvery call ends in a [`Response`] or an [`Error`]. A refusal by the server is [`Error::Api`](runtime::Error::Api), whose \
         body is typed by status ([`ErrorBody`]). A request that breaks a rule of the description is refused before anything is sent.",
    );
    comment.push(
        "# Compatibility\n\nThe API grows without notice. Values and properties that this version does not know never fail a reply: \
         an enum keeps an unknown value as `Unrecognized`, and unknown properties are skipped.",
    );
    comment
}

fn escape(text: &str) -> String {
    text.replace(['*', '[', ']', '<', '>', '`'], "")
}

fn example(api: &Api, package: &Package) -> String {
    let krate = package.crate_name();
    let credential = api.security_schemes.values().next();
    let (setter, parameter) = match credential {
        Some(scheme) if scheme.kind == SecurityKind::Basic => {
            (format!(".{}(user, secret)", scheme.setter), "user: String, secret: String")
        }
        Some(scheme) => (format!(".{}(secret)", scheme.setter), "secret: String"),
        None => (String::new(), ""),
    };
    format!(
        "```\n# fn example({parameter}) -> Result<(), Box<dyn std::error::Error>> {{\nlet client = {krate}::Client::builder(){setter}.build()?;\n# let _ = client;\n# Ok(())\n# }}\n```"
    )
}

fn table(api: &Api) -> String {
    let rows = api.operations.iter().map(|operation| {
        let method = operation.method_name.as_str();
        let about = brief(&operation.docs).unwrap_or_default().replace('\n', " ").replace('|', "\\|");
        format!(
            "| [`{method}`](Client::{}) | {} | {about} |",
            method.trim_start_matches("r#"),
            code(&format!("{} {}", operation.method, operation.path)),
        )
    });
    let rows: Vec<_> = rows.collect();
    format!("| Method | Request | |\n|---|---|---|\n{}", rows.join("\n"))
}
