//! `src/lib.rs`: the modules, and the public names of the crate.

use quote::quote;

use crate::plan::Support;
use crate::render::Context;
use crate::render::printer::{Printer, Source};

/// Prints the modules and exports. Everything else of the runtime is private.
pub(super) fn render(context: Context<'_>) -> Source {
    let mock = context.krate.parts.is_empty().then(|| {
        quote! {
            #[cfg(feature = "mock")]
            #[rustfmt::skip]
            mod mock;
        }
    });
    let dialect = context.krate.dialect.runtime().map(|_| {
        quote!(
            mod dialect;
        )
    });
    let webhooks = context.krate.incoming.as_ref().map(|_| {
        quote! {
            #[cfg(feature = "webhooks")]
            #[rustfmt::skip]
            pub mod webhooks;
        }
    });
    let outcomes = context.krate.support.contains(&Support::Outcomes).then(|| {
        quote!(
            pub use runtime::{Redirect, UnknownResponse};
        )
    });
    let has_headers = context.krate.support.contains(&Support::Headers);
    let headers = has_headers.then(|| {
        quote! {
            #[rustfmt::skip]
            mod headers;
        }
    });
    let header_types = has_headers.then(|| {
        quote!(
            pub use headers::ResponseHeaders;
        )
    });
    let form_data = context.krate.support.contains(&Support::Parts).then(|| {
        quote!(
            pub use runtime::FormData;
        )
    });
    let streams = context.krate.support.contains(&Support::Streams).then(|| {
        quote!(
            pub use runtime::{EventStream, StreamEvent};
        )
    });
    let stream_mocks = context.krate.support.contains(&Support::Streams).then(|| {
        quote!(
            #[cfg(feature = "mock")]
            pub use runtime::OnStream;
        )
    });
    let items = quote! {
        #[rustfmt::skip]
        pub mod operations;
        #[rustfmt::skip]
        pub mod types;
        #webhooks
        #[rustfmt::skip]
        mod client;
        #dialect
        #[rustfmt::skip]
        mod error;
        #headers
        #mock
        #[allow(dead_code, unused_imports, reason = "each client uses a part of it")]
        mod runtime;
        /// Transports: the seam between a client and the library that speaks HTTP.
        #[rustfmt::skip]
        pub mod transport {
            pub use crate::runtime::{
                Attempt, Body, BoxFuture, Transport, TransportError, TransportErrorKind,
            };
            #[cfg(target_family = "wasm")]
            pub use crate::runtime::FetchTransport;
            #[cfg(not(target_family = "wasm"))]
            pub use crate::runtime::{ReqwestTransport, reqwest};
        }
        // In the order of rustfmt, which formats this file too.
        pub use bytes;
        pub use chrono;
        pub use error::ErrorBody;
        #header_types
        pub use http;
        pub use runtime::{BuildError, CallOptions, Client, ClientBuilder, RetryConfig};
        pub use runtime::{Deprecation, Operation, RateLimit, Safety};
        pub use runtime::{Download, DownloadRequest, Items, Paged, Pages, Response, Upload};
        pub use runtime::{Error, ErrorKind, Rule, TimeoutKind, Violation};
        pub use runtime::{Excess, RateLimitState};
        #outcomes
        #form_data
        #streams
        pub use runtime::{Secret, TokenProvider, UnknownInteger, UnknownValue};
        #[cfg(feature = "mock")]
        pub use runtime::{Mock, On, RecordedRequest};
        #stream_mocks
    };
    Printer::new(context).finish_including("../README.md", items)
}
