//! `src/operations/`: a file for each operation, with what is known of it and the type of a call.

use std::iter;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};

use crate::ir::Safety;
use crate::plan::{
    Body, Call, CredentialId, Envelope, Input, InputKind, Limit, Name, Paging, Quantity, Retirement, Ty,
    ValueBody, code, paragraphs,
};
use crate::render::argument::{Argument, many_arguments};
use crate::render::docs::{Comment, wire_note};
use crate::render::imports::Module;
use crate::render::printer::{Printer, Source};
use crate::render::token::{deprecated, deprecated_setter, grouped, ident, optional};
use crate::render::{Context, choice, paging, send};

/// Prints the file of a call:
///
/// ```text
/// pub struct GetThings { client, options, business_id: i64, limit: Option<i32>, body: … }
///
/// impl GetThings {
///     pub const OPERATION: Operation = …;
///     pub const MAX_LIMIT: i32 = 20;
///     pub(crate) fn new(client, required…) -> Self
///     pub fn limit(mut self, limit: i32) -> Self
///     pub fn options(mut self, options: CallOptions) -> Self
///     pub async fn send(self) -> Result<Response<GetThingsResponse>, Error>
/// }
/// ```
pub(super) fn render(context: Context<'_>, call: &Call) -> Source {
    let file = Printer::declaring(context, call.declared());
    let name = ident(&call.name);
    let docs = file.doc(&struct_docs(&file, call));
    let clone = call.is_cloneable().then(|| quote!(Clone,));
    let [client, options] = file.runtime(["Client", "CallOptions"]);
    let fields = fields(&file, call);
    let metadata = metadata(&file, call);
    let limits: TokenStream = call.limits.iter().map(|limit| constant(&file, limit)).collect();
    let constructor = constructor(&file, call);
    let setters = call.setters().map(|input| setter(&file, call, input));
    let setters: TokenStream = setters.collect();
    let send = send::methods(&file, call);
    let pages = call.paging.as_ref().map(|paging| paging::methods(&file, paging));
    let implementation = call.paging.as_ref().map(|paging| paging::implementation(&file, &name, paging));
    let future = send::future(&file, call);
    let choice = choice::render(&file, call);
    let items = quote! {
        #docs
        #[derive(#clone Debug)]
        #[must_use = "a call does nothing until it is sent"]
        pub struct #name {
            client: #client,
            options: #options,
            #fields
        }
        impl #name {
            #metadata
            #limits
            #constructor
            #setters
            /// Sets options of this call: time limits, retries, headers, checks.
            pub fn options(mut self, options: #options) -> Self {
                self.options = options;
                self
            }
            #send
            #pages
        }
        #implementation
        #future
        #choice
    };
    file.finish(&Comment::new(format!("The operation {}.", code(&call.id))), items)
}

fn struct_docs(file: &Printer<'_>, call: &Call) -> Comment {
    let mut comment = Comment::new(format!("A call of {}.", code(&call.id)));
    let method = format!("{}::{}", file.client_link(), call.method.plain());
    let sent =
        if call.paging.is_some() { "[`send`](Self::send)" } else { "[`send`](Self::send) or `.await`" };
    comment.push(format!("Created by [`{method}`]; sent by {sent}."));
    if call.paging.is_some() {
        comment.push(
            "The call does not implement [`IntoFuture`]: `.await` would return only one page. Use \
             [`send`](Self::send) for one page, [`pages`](Self::pages) for all pages, or \
             [`stream`](Self::stream) for all items.",
        );
        comment.maybe(paging::docs(call));
    }
    if call.follows_redirects {
        comment.push("A redirect to the same server is followed.");
    }
    if let Some(header) = &call.idempotency_key {
        let [options] = file.runtime(["CallOptions"]);
        let header = code(header);
        comment.push(format!(
            "Each call has an idempotency key of its own in the header {header}, so retries are safe. \
             [`{options}::idempotency_key`] sets another one."
        ));
    }
    comment
}

fn fields(file: &Printer<'_>, call: &Call) -> TokenStream {
    let field = |name, ty: &_, is_required| {
        let ty = file.ty(ty);
        if is_required { quote!(#name: #ty,) } else { quote!(#name: Option<#ty>,) }
    };
    let inputs = call.fields().map(|input| field(ident(&input.name), &input.value.ty, input.is_required));
    let body = call.body.value();
    let body = body.map(|body| field(format_ident!("body"), &body.value.nullable_ty(), body.is_required));
    let others = call.other_bodies.iter().map(|other| field(ident(&other.name), &other.body.value.ty, false));
    let position = has_position(call).then(|| {
        let [position] = file.runtime(["Position"]);
        quote!(page_position: #position,)
    });
    inputs.chain(body).chain(others).chain(position).collect()
}

fn has_position(call: &Call) -> bool {
    call.paging.as_ref().is_some_and(Paging::has_position)
}

/// Prints the constant with what the description says of the operation.
fn metadata(file: &Printer<'_>, call: &Call) -> TokenStream {
    let Call { id, path, scopes, .. } = call;
    let [operation, method, safety] = file.runtime(["Operation", "Method", "Safety"]);
    let http_method = format_ident!("{}", call.http_method);
    let security = call.security.iter().map(|schemes| alternative(file, schemes));
    let level = match call.safety {
        Safety::ReadOnly => quote!(ReadOnly),
        Safety::Idempotent => quote!(Idempotent),
        Safety::Unsafe => quote!(Unsafe),
    };
    let rate_limit = optional(call.rate_limit.map(|limit| {
        let ([rate_limit], duration) =
            (file.runtime(["RateLimit"]), file.imports.name(Module::Time, "Duration"));
        let [requests, seconds] = [limit.requests, limit.seconds].map(|number| grouped(number.into()));
        quote!(#rate_limit { requests: #requests, period: #duration::from_secs(#seconds) })
    }));
    let idempotency_key = optional(call.idempotency_key.as_ref().map(ToTokens::to_token_stream));
    let envelope = optional(call.envelope.as_ref().map(|envelope| self::envelope(file, envelope)));
    let retirement = optional(call.retirement.as_ref().map(|retirement| deprecation(file, retirement)));
    quote! {
        /// Facts about the operation, from the description.
        pub const OPERATION: #operation = #operation {
            id: #id,
            method: #method::#http_method,
            path: #path,
            security: &[#(#security),*],
            safety: #safety::#level,
            idempotency_key: #idempotency_key,
            rate_limit: #rate_limit,
            scopes: &[#(#scopes),*],
            deprecation: #retirement,
            envelope: #envelope,
        };
    }
}

/// Prints a constant with the limit of an input.
fn constant(file: &Printer<'_>, limit: &Limit) -> TokenStream {
    let (name, value) = (ident(&limit.name), grouped(limit.value));
    let ty = match &limit.quantity {
        Quantity::Characters | Quantity::Items => quote!(usize),
        Quantity::Bytes => quote!(u64),
        Quantity::Value(ty) => file.ty(ty),
    };
    let docs = file.doc(&Comment::new(limit.phrase()));
    quote! {
        #docs
        pub const #name: #ty = #value;
    }
}

fn alternative(file: &Printer<'_>, credentials: &[CredentialId]) -> TokenStream {
    let schemes = credentials.iter().map(|id| {
        let security = file.imports.name(Module::Client, "security");
        let constant = ident(&file.krate.credentials[*id].constant);
        quote!(#security::#constant)
    });
    quote!(&[#(#schemes),*])
}

fn envelope(file: &Printer<'_>, Envelope { result, failure }: &Envelope) -> TokenStream {
    let [envelope] = file.runtime(["Envelope"]);
    let result = optional(result.as_ref().map(ToTokens::to_token_stream));
    let failure = optional(failure.as_ref().map(|(property, text)| quote!((#property, #text))));
    quote!(#envelope { result: #result, failure: #failure })
}

fn deprecation(file: &Printer<'_>, retirement: &Retirement) -> TokenStream {
    let [deprecation] = file.runtime(["Deprecation"]);
    let Retirement { degradation, shutdown, replacement } = retirement;
    let replacement = replacement.as_ref().map(|replacement| &replacement.id);
    let [degradation, shutdown, replacement] = [degradation.as_ref(), shutdown.as_ref(), replacement]
        .map(|text| optional(text.map(ToTokens::to_token_stream)));
    quote!(#deprecation { degradation: #degradation, shutdown: #shutdown, replacement: #replacement })
}

fn constructor(file: &Printer<'_>, call: &Call) -> TokenStream {
    let arguments: Vec<_> = call.arguments().map(|input| Argument::of_input(file, input)).collect();
    let parameters = arguments.iter().map(|argument| &argument.parameter);
    let fields = call.fields().map(|input| match (ident(&input.name), input.is_required) {
        (_, true) => Argument::of_input(file, input).initialiser(),
        (name, false) => quote!(#name: None),
    });
    let body = call.body.value().map(|body| initial_body(file, call, body));
    let others = call.other_bodies.iter().map(|other| {
        let name = ident(&other.name);
        quote!(#name: None)
    });
    let position = has_position(call).then(|| {
        let [position] = file.runtime(["Position"]);
        quote!(page_position: #position::default())
    });
    let fields = fields.chain(body).chain(others).chain(position);
    let are_bools = call.arguments().map(|input| input.ty == Ty::Bool);
    let many = many_arguments(iter::once(false).chain(are_bools));
    let [client, options] = file.runtime(["Client", "CallOptions"]);
    quote! {
        #many
        pub(crate) fn new(client: #client, #(#parameters),*) -> Self {
            Self { client, options: #options::new(), #(#fields),* }
        }
    }
}

/// Prints the body before any setter: it is absent, or made from arguments.
fn initial_body(file: &Printer<'_>, call: &Call, body: &ValueBody) -> TokenStream {
    if !body.is_required {
        return quote!(body: None);
    }
    if let Some(whole) = call.arguments().find(|input| input.kind == InputKind::Body) {
        return Argument::of_input(file, whole).initialiser();
    }
    let ty = file.ty(&body.value.ty);
    let fields = call.arguments().filter(|input| matches!(input.kind, InputKind::BodyField(_)));
    let fields = fields.map(|input| ident(&input.name));
    quote!(body: #ty::new(#(#fields),*))
}

fn setter(file: &Printer<'_>, call: &Call, input: &Input) -> TokenStream {
    let name = ident(&input.name);
    let argument = Argument::of_input(file, input);
    let (parameter, value) = (&argument.parameter, argument.value());
    let docs = file.doc(&input_docs(input));
    let replacement = input.replacement.as_ref().map(Name::plain);
    let deprecated = match input.kind {
        InputKind::BodyField(_) => deprecated_setter(input.deprecated, replacement),
        _ => deprecated(input.deprecated, replacement),
    };
    let set = match (&input.kind, &call.body) {
        (InputKind::BodyField(index), Body::Value(body)) => {
            let setter = ident(&file.krate.fields(body)[*index].name);
            if body.is_required {
                quote!(self.body = self.body.#setter(#name);)
            } else {
                quote!(self.body = Some(self.body.unwrap_or_default().#setter(#name));)
            }
        }
        (InputKind::Body, Body::Value(ValueBody { is_required: true, .. })) => quote!(self.body = #value;),
        _ => quote!(self.#name = Some(#value);),
    };
    quote! {
        #docs
        #deprecated
        pub fn #name(mut self, #parameter) -> Self { #set self }
    }
}

fn input_docs(input: &Input) -> Comment {
    let wire = code(&input.wire);
    let subject = match &input.kind {
        InputKind::Body => return Comment::new("Replaces the request body."),
        InputKind::OtherBody(_) => return Comment::new(format!("Sends a body of type {wire} instead.")),
        InputKind::Parameter { .. } => format!("parameter {wire}"),
        InputKind::BodyField(_) | InputKind::FormPart(_) => format!("property {wire}"),
        InputKind::PartHeader(part) => format!("header {wire} of the part {}", code(part)),
    };
    let mut comment = Comment::new(format!("Sets the {subject}."));
    for text in paragraphs(&input.docs) {
        comment.push(text);
    }
    comment.maybe(wire_note(&input.wire, &input.name, &input.value));
    if input.value.nullable && !matches!(input.kind, InputKind::Parameter { .. }) {
        comment.push("`None` is sent as `null`.");
    }
    comment
}
