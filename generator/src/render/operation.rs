//! `src/operations/`: a file for each operation, with what is known of it and the type of a call.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};

use crate::ir::{
    Api, Deprecation, Input, InputKind, Object, Operation, Parameter, ParameterPlace, Property, Safety,
    Schema, Type,
};
use crate::render::Context;
use crate::render::argument::{Argument, argument, many_arguments, plain_argument, ty};
use crate::render::check::{Found, check_place, is_checked};
use crate::render::docs::{Comment, brief, code, wire_note};
use crate::render::error::decoder_name;
use crate::render::imports::{chosen, foreign, import};
use crate::render::paging;
use crate::render::token::{grouped, ident, mentioned, mentions};
use crate::render::types::{deprecated, deprecated_setter, failure_property};

/// ```text
/// pub struct GetThings { client, options, business_id: i64, limit: Option<i32>, body: … }
///
/// impl GetThings {
///     pub const OPERATION: Operation = …;
///     pub(crate) fn new(client, required…) -> Self
///     pub fn limit(mut self, limit: i32) -> Self
///     pub fn options(mut self, options: CallOptions) -> Self
///     pub async fn send(self) -> Result<Response<GetThingsResponse>, Error>
/// }
/// ```
pub(super) fn render(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let call = Call::new(context, operation);
    let name = ident(&operation.type_name);
    let module_docs = Comment::new(format!("The operation {}.", code(&operation.id))).inner();
    let docs = struct_docs(operation).outer();
    let fields = call.fields();
    let metadata = call.metadata();
    let constructor = call.constructor();
    let setters = call.setters();
    let send = call.send();
    let pages = paging::methods(operation);
    let walk = paging::implementation(context.api, operation);
    // A stream can be sent only once.
    let clone = (!mentions(&fields, "Upload")).then(|| quote!(Clone,));
    let items = quote! {
        #docs
        #[derive(#clone Debug)]
        #[must_use = "a call does nothing until it is sent"]
        pub struct #name {
            client: Client,
            options: CallOptions,
            #fields
        }
        impl #name {
            #metadata
            #constructor
            #setters
            /// Settings for this call alone: limits, retries, headers, checks.
            pub fn options(mut self, options: CallOptions) -> Self {
                self.options = options;
                self
            }
            #send
            #pages
        }
        #walk
    };
    let imports = imports(&items, operation);
    quote!(#module_docs #imports #items)
}

fn imports(items: &TokenStream, operation: &Operation) -> TokenStream {
    const RUNTIME: [&str; 16] = [
        "BoxFuture",
        "CallOptions",
        "Check",
        "Client",
        "Deprecation",
        "Form",
        "Items",
        "Method",
        "Operation",
        "Paged",
        "Pages",
        "RateLimit",
        "Request",
        "Response",
        "Safety",
        "Upload",
    ];
    let used = mentioned(items);
    let meant = ["BTreeMap", "Bound", "DateTime", "Duration", "FixedOffset", "NaiveDate", "Value"];
    let foreign = foreign(&used, &meant);
    let runtime = import(&quote!(crate::runtime), &chosen(&used, &RUNTIME));
    let types = import(&quote!(crate), &chosen(&used, &["types"]));
    let download = used.contains("Download").then(|| quote!(Download,));
    let error_body = used.contains("ErrorBody").then(|| quote!(, ErrorBody));
    let uses_schemes = operation.security.iter().any(|requirement| !requirement.schemes.is_empty());
    let security =
        if uses_schemes { import(&quote!(crate::client), &[ident("security")]) } else { TokenStream::new() };
    quote! {
        #foreign
        #security
        use crate::error::{self, #download Error #error_body};
        #runtime
        #types
    }
}

fn struct_docs(operation: &Operation) -> Comment {
    let path = operation.method_name.trim_start_matches("r#");
    let mut comment = Comment::new(format!("A call of {}.", code(&operation.id)));
    comment.push(format!("Made by [`Client::{path}`]; sent by [`send`](Self::send)."));
    comment
}

/// One operation on its way to code.
pub(super) struct Call<'a> {
    context: &'a Context<'a>,
    operation: &'a Operation,
    body: Body<'a>,
}

/// What the call has for a body.
enum Body<'a> {
    None,
    Json { schema: &'a Schema, object: Option<&'a Object>, required: bool },
    Form(&'a Object),
}

impl<'a> Call<'a> {
    pub(super) fn new(context: &'a Context<'a>, operation: &'a Operation) -> Self {
        Self { context, operation, body: Body::of(context.api, operation) }
    }

    /// The required inputs as arguments, in the order in which they are taken.
    pub(super) fn arguments(&self) -> Vec<Argument> {
        self.required().filter_map(|input| Some(self.argument(input, self.schema(input.kind)?))).collect()
    }

    /// The inputs that a call needs.
    pub(super) fn required(&self) -> impl Iterator<Item = &'a Input> {
        self.operation.inputs.iter().filter(|input| input.required)
    }

    /// What an input is, in a few words.
    pub(super) fn brief(&self, input: &Input) -> Option<String> {
        match input.kind {
            InputKind::Parameter(index) => brief(&self.operation.parameters.get(index)?.docs),
            InputKind::Property(_) | InputKind::Body => brief(&self.schema(input.kind)?.docs),
        }
    }

    /// A property of a JSON body is taken as its type takes it, anything else as a plain value.
    fn argument(&self, input: &Input, schema: &Schema) -> Argument {
        let module = quote!(types::);
        match (input.kind, &self.body) {
            (InputKind::Property(index), Body::Json { object: Some(object), .. }) => {
                let property = &object.properties[index];
                let renamed = Property { rust_name: input.rust_name.clone(), ..property.clone() };
                argument(self.context.api, &renamed, &module)
            }
            _ => plain_argument(self.context.api, &input.rust_name, schema, &module),
        }
    }

    fn parameters(&self, place: ParameterPlace) -> impl Iterator<Item = &'a Parameter> {
        self.operation.parameters.iter().filter(move |parameter| parameter.place == place)
    }

    fn ty(&self, schema: &Schema) -> TokenStream {
        ty(self.context.api, schema, &quote!(types::))
    }

    /// The schema of an input.
    fn schema(&self, kind: InputKind) -> Option<&'a Schema> {
        match (kind, &self.body) {
            (InputKind::Parameter(index), _) => {
                self.operation.parameters.get(index).map(|parameter| &parameter.schema)
            }
            (InputKind::Property(index), Body::Json { object: Some(object), .. } | Body::Form(object)) => {
                object.properties.get(index).map(|property| &property.schema)
            }
            (InputKind::Body, Body::Json { schema, .. }) => Some(schema),
            _ => None,
        }
    }

    /// The inputs that are fields: all but the properties of a JSON body, which are in the body.
    fn field_inputs(&self) -> impl Iterator<Item = (&'a Input, &'a Schema)> {
        let in_body = matches!(self.body, Body::Json { .. });
        self.operation
            .inputs
            .iter()
            .filter(move |input| match input.kind {
                InputKind::Parameter(_) => true,
                InputKind::Property(_) => !in_body,
                InputKind::Body => false,
            })
            .filter_map(|input| Some((input, self.schema(input.kind)?)))
    }

    fn fields(&self) -> TokenStream {
        let inputs = self.field_inputs().map(|(input, schema)| {
            let name = ident(&input.rust_name);
            let ty = self.ty(schema);
            if input.required { quote!(#name: #ty,) } else { quote!(#name: Option<#ty>,) }
        });
        let body = match &self.body {
            Body::Json { schema, required, .. } => {
                let ty = self.ty(schema);
                Some(if *required { quote!(body: #ty,) } else { quote!(body: Option<#ty>,) })
            }
            _ => None,
        };
        quote!(#(#inputs)* #body)
    }

    fn metadata(&self) -> TokenStream {
        let Operation { id, method, path, safety, rate_limit, scopes, deprecation, .. } = self.operation;
        let method = ident(method);
        let security = self.security();
        let safety = match safety {
            Safety::ReadOnly => quote!(Safety::ReadOnly),
            Safety::Idempotent => quote!(Safety::Idempotent),
            Safety::Unsafe => quote!(Safety::Unsafe),
        };
        let rate_limit = optional(rate_limit.map(|limit| {
            let (requests, seconds) = (grouped(limit.requests), grouped(limit.seconds));
            quote!(RateLimit { requests: #requests, period: Duration::from_secs(#seconds) })
        }));
        let deprecation = optional(deprecation.as_ref().map(|deprecation| {
            let Deprecation { degradation, shutdown, replacement } = deprecation;
            let [degradation, shutdown, replacement] = [degradation, shutdown, replacement]
                .map(|text| optional(text.as_ref().map(ToTokens::to_token_stream)));
            quote!(Deprecation { degradation: #degradation, shutdown: #shutdown, replacement: #replacement })
        }));
        quote! {
            /// What the description says of the operation.
            pub const OPERATION: Operation = Operation {
                id: #id,
                method: Method::#method,
                path: #path,
                security: #security,
                safety: #safety,
                rate_limit: #rate_limit,
                scopes: &[#(#scopes),*],
                deprecation: #deprecation,
            };
        }
    }

    fn security(&self) -> TokenStream {
        let alternatives = self.operation.security.iter().map(|requirement| {
            let schemes = requirement
                .schemes
                .iter()
                .filter_map(|(name, _)| self.context.api.security_schemes.get(name));
            let schemes = schemes.map(|scheme| ident(&scheme.constant));
            quote!(&[#(security::#schemes),*])
        });
        quote!(&[#(#alternatives),*])
    }

    fn constructor(&self) -> TokenStream {
        let arguments = self.arguments();
        let parameters = arguments.iter().map(|argument| &argument.parameter);
        let fields = self.field_inputs().map(|(input, schema)| {
            let name = ident(&input.rust_name);
            if !input.required {
                return quote!(#name: None);
            }
            self.argument(input, schema).initialises(&name)
        });
        let body = self.initial_body();
        let many = many_arguments(arguments.len() + 1);
        quote! {
            #many
            pub(crate) fn new(client: Client, #(#parameters),*) -> Self {
                Self { client, options: CallOptions::new(), #(#fields,)* #body }
            }
        }
    }

    /// The body before any setter.
    fn initial_body(&self) -> Option<TokenStream> {
        let Body::Json { schema, object, required } = &self.body else { return None };
        if !required {
            return Some(quote!(body: None));
        }
        if object.is_none() {
            let body = plain_argument(self.context.api, "body", schema, &quote!(types::));
            return Some(body.initialises(&format_ident!("body")));
        }
        let ty = self.ty(schema);
        let required = self.required();
        let arguments = required
            .filter(|input| matches!(input.kind, InputKind::Property(_)))
            .map(|input| ident(&input.rust_name));
        Some(quote!(body: #ty::new(#(#arguments),*)))
    }

    fn setters(&self) -> TokenStream {
        self.operation.inputs.iter().filter(|input| !input.required).map(|input| self.setter(input)).collect()
    }

    fn setter(&self, input: &Input) -> TokenStream {
        let Some(schema) = self.schema(input.kind) else { return TokenStream::new() };
        let name = ident(&input.rust_name);
        let Argument { parameter, value } = self.argument(input, schema);
        let docs = self.input_docs(input, schema).outer();
        let deprecated = match (input.kind, &self.body) {
            (InputKind::Parameter(index), _) => {
                deprecated(self.operation.parameters[index].deprecated || schema.deprecated)
            }
            (InputKind::Property(_), Body::Json { .. }) => deprecated_setter(schema.deprecated),
            _ => deprecated(schema.deprecated),
        };
        let set = match (input.kind, &self.body) {
            (InputKind::Property(index), Body::Json { object: Some(object), required, .. }) => {
                let setter = ident(&object.properties[index].rust_name);
                let argument = &name;
                if *required {
                    quote!(self.body = self.body.#setter(#argument);)
                } else {
                    quote!(self.body = Some(self.body.unwrap_or_default().#setter(#argument));)
                }
            }
            (InputKind::Body, Body::Json { required: true, .. }) => quote!(self.body = #value;),
            _ => quote!(self.#name = Some(#value);),
        };
        quote! {
            #docs
            #deprecated
            pub fn #name(mut self, #parameter) -> Self { #set self }
        }
    }

    fn input_docs(&self, input: &Input, schema: &Schema) -> Comment {
        match (input.kind, &self.body) {
            (InputKind::Parameter(index), _) => {
                parameter_docs(&self.operation.parameters[index], &input.rust_name)
            }
            (InputKind::Property(index), Body::Json { object: Some(object), .. } | Body::Form(object)) => {
                let name = &object.properties[index].name;
                let mut comment = Comment::about(&schema.docs, &format!("The property {}.", code(name)));
                comment.maybe(wire_note(name, &input.rust_name, schema));
                if schema.nullable {
                    comment.push("`None` is sent as `null`.");
                }
                comment
            }
            _ => Comment::new("The whole body, in place of what was set of it before."),
        }
    }

    fn send(&self) -> TokenStream {
        let places = [
            (ParameterPlace::Path, "path"),
            (ParameterPlace::Query, "query"),
            (ParameterPlace::Header, "header"),
            (ParameterPlace::Cookie, "cookie"),
        ];
        let parameters = places.into_iter().flat_map(|(place, method)| {
            self.parameters(place).map(move |parameter| parameter_line(parameter, method))
        });
        let checks = self.field_inputs().filter_map(|(input, schema)| self.check(input, schema));
        let body = self.body_lines();
        let lines: TokenStream = parameters.chain(checks).chain([body]).collect();
        let (output, send) = self.output();
        let is_file = self.operation.answers_with_file();
        let mutable = (is_file || !lines.is_empty()).then(|| quote!(mut));
        quote! {
            /// Sends the call.
            ///
            /// # Errors
            /// See [`Error`]: nothing was sent, nothing came back, the server refused, or its reply cannot be read.
            pub async fn send(self) -> Result<Response<#output>, Error> {
                let #mutable request = Request::new(&self.client, &Self::OPERATION, self.options);
                #lines
                #send
            }

            /// Sends the call and waits for the reply, in code that is not async.
            ///
            /// # Errors
            /// Those of [`send`](Self::send).
            #[cfg(feature = "blocking")]
            pub fn send_blocking(self) -> Result<Response<#output>, Error> {
                crate::runtime::block_on(self.send())
            }
        }
    }

    fn check(&self, input: &Input, schema: &Schema) -> Option<TokenStream> {
        if !is_checked(schema, &self.context.checked) {
            return None;
        }
        let field = ident(&input.rust_name);
        let found = if input.required { Found::Always } else { Found::Perhaps(quote!(Some(value))) };
        let name = match input.kind {
            InputKind::Parameter(_) => self.wire_name(input.kind).to_owned(),
            InputKind::Property(_) | InputKind::Body => format!("body.{}", self.wire_name(input.kind)),
        };
        let place = quote!(request.check(#name));
        Some(check_place(schema, &quote!(self.#field), &found, &place, &self.context.checked))
    }

    fn wire_name(&self, kind: InputKind) -> &'a str {
        match (kind, &self.body) {
            (InputKind::Parameter(index), _) => &self.operation.parameters[index].name,
            (InputKind::Property(index), Body::Json { object: Some(object), .. } | Body::Form(object)) => {
                &object.properties[index].name
            }
            _ => "body",
        }
    }

    fn body_lines(&self) -> TokenStream {
        match &self.body {
            Body::None => TokenStream::new(),
            Body::Form(object) => {
                let parts = self.operation.inputs.iter().filter_map(|input| match input.kind {
                    InputKind::Property(index) => {
                        Some(part(input, &object.properties[index].name, &object.properties[index].schema))
                    }
                    _ => None,
                });
                quote! {
                    let mut form = Form::new();
                    #(#parts)*
                    request.multipart(form);
                }
            }
            Body::Json { schema, required, .. } => {
                let is_checked = is_checked(schema, &self.context.checked);
                let check = is_checked.then(|| self.check_body(schema, *required));
                if *required {
                    quote!(#check request.json(&self.body);)
                } else {
                    quote!(if let Some(body) = &self.body { #check request.json(body); })
                }
            }
        }
    }

    /// The checks of a body; one that may be left out is there, as `body`.
    fn check_body(&self, schema: &Schema, required: bool) -> TokenStream {
        match &schema.ty {
            Type::Named(_) if required => quote!(request.check_body(&self.body);),
            Type::Named(_) => quote!(request.check_body(body);),
            _ => {
                let place = quote!(request.check("body"));
                let found = if required { Found::Always } else { Found::Bound(format_ident!("body")) };
                check_place(schema, &quote!(self.body), &found, &place, &self.context.checked)
            }
        }
    }

    /// The media types that are asked for, of a success and of errors.
    fn accepted(&self) -> String {
        let mut accepted: Vec<&str> = Vec::new();
        for content in self.operation.responses.iter().flat_map(|response| &response.contents) {
            if !accepted.contains(&content.media_type.as_str()) {
                accepted.push(&content.media_type);
            }
        }
        accepted.join(", ")
    }

    /// The type of the reply, as other modules name it.
    pub(super) fn reply(&self) -> TokenStream {
        if self.operation.answers_with_file() { quote!(crate::Download) } else { self.output().0 }
    }

    /// The type of the reply, and the call that sends the request and reads it.
    fn output(&self) -> (TokenStream, TokenStream) {
        let decoder = decoder_name(self.context.api, self.operation);
        // The answer to HEAD never has content.
        if self.operation.method == "HEAD" {
            return (quote!(()), quote!(request.send_empty(error::#decoder).await));
        }
        if self.operation.answers_with_file() {
            let accept = self.accepted();
            return (
                quote!(Download),
                quote!(request.accept(#accept); request.send_download(error::#decoder).await),
            );
        }
        let Some(schema) = self.operation.reply() else {
            return (quote!(()), quote!(request.send_empty(error::#decoder).await));
        };
        let output = self.ty(schema);
        let output = if schema.nullable { quote!(Option<#output>) } else { output };
        let marker = match &schema.ty {
            Type::Named(id) if !schema.nullable => failure_property(self.context.api, id),
            _ => None,
        };
        let Some((property, marker)) = marker else {
            return (output, quote!(request.send(error::#decoder).await));
        };
        let (name, value) = (&property.name, &marker.value);
        let send = quote!(request.send_checked(error::#decoder, #output::is_success, (#name, #value)).await);
        (output, send)
    }
}

impl<'a> Body<'a> {
    fn of(api: &'a Api, operation: &'a Operation) -> Self {
        let Some(body) = &operation.body else { return Self::None };
        let object = api.body_object(body);
        let Some(content) = body.contents.first() else { return Self::None };
        match (content.is_multipart(), object, &content.schema) {
            (true, Some(object), _) => Self::Form(object),
            (false, object, Some(schema)) => Self::Json { schema, object, required: body.required },
            _ => Self::None,
        }
    }
}

fn optional(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}

fn parameter_line(parameter: &Parameter, method: &str) -> TokenStream {
    let method = format_ident!("{method}");
    let wire = &parameter.name;
    let field = ident(&parameter.rust_name);
    quote!(request.#method(#wire, &self.#field);)
}

fn part(input: &Input, wire: &str, schema: &Schema) -> TokenStream {
    let field = ident(&input.rust_name);
    match (&schema.ty, input.required) {
        (Type::Binary, true) => quote!(form.file(#wire, self.#field);),
        (Type::Binary, false) => quote!(form.files(#wire, self.#field);),
        _ => quote!(form.text(#wire, &self.#field);),
    }
}

/// What a parameter means, with its name on the wire and its rules.
pub(super) fn parameter_docs(parameter: &Parameter, rust_name: &str) -> Comment {
    let mut comment = Comment::about(&parameter.docs, &format!("The parameter {}.", code(&parameter.name)));
    comment.maybe(wire_note(&parameter.name, rust_name, &parameter.schema));
    comment
}
