//! The example of a call in the documentation of its method.

use quote::{format_ident, quote};
use serde_json::Value;

use crate::plan::{Body, Call, Crate, Field, Input, InputKind, ItemKind, Presence, Reply, Ty, ValueBody};
use crate::render::Context;
use crate::render::argument::Argument;
use crate::render::format::formatted;
use crate::render::printer::Printer;

/// Highest number of fields that an example reads.
const SHOWN_FIELDS: usize = 3;

/// Shows a call with its arguments and the setters of the description's example, and a use of its result. The function
/// around it is hidden.
pub(super) fn example(file: &Printer<'_>, call: &Call) -> String {
    let Printer { krate, package, .. } = *file;
    let example = Printer::new(Context { krate, package });
    let name = format_ident!("{}", package.crate_name());
    let arguments = call.arguments().map(|input| Argument::of_input(&example, input));
    let parameters: Vec<_> = arguments.map(|argument| argument.parameter).collect();
    let names: Vec<_> = call.arguments().map(|input| input.name.as_str()).collect();
    let expression = format!("client.{}({}){}", call.method, names.join(", "), setters(&example, call));
    let use_of_call = use_of_call(krate, call, &expression);
    let allow = call.deprecated.then(|| quote!(#[allow(deprecated)]));
    let imports = example.imports.example(&name);
    let setting = hidden(&formatted(quote! {
        #imports
        #allow
        async fn example(client: #name::Client, #(#parameters),*) -> Result<(), #name::Error> {}
    }));
    format!(
        "```\n\
         {setting}\
         {use_of_call}\
         # Ok(())\n\
         # }}\n\
         ```"
    )
}
/// Shows how a call is sent, and how its result is read.
fn use_of_call(krate: &Crate, call: &Call, expression: &str) -> String {
    if let Some(paging) = &call.paging {
        return items(krate, &paging.item, expression);
    }
    match &call.reply {
        Reply::Stream(item) => items(krate, item, expression),
        Reply::Empty => format!("{expression}.await?;\n"),
        Reply::Redirect => {
            format!("let response = {expression}.await?;\nprintln!(\"{{:?}}\", response.location());\n")
        }
        Reply::Optional { .. } | Reply::Text { .. } | Reply::Choice(_) => {
            format!("let response = {expression}.await?.into_inner();\nprintln!(\"{{response:?}}\");\n")
        }
        Reply::File { .. } => {
            format!("let file = {expression}.await?.into_inner().bytes().await?;\n# drop(file);\n")
        }
        Reply::Json { ty, .. } => {
            format!("let response = {expression}.await?;\n{}", shown(krate, ty, "response"))
        }
    }
}

/// Shows how the items of a stream are read.
fn items(krate: &Crate, item: &Ty, expression: &str) -> String {
    let shown = shown(krate, item, "item");
    format!(
        "let mut items = {expression}.stream();\n\
         while let Some(item) = items.try_next().await? {{\n    \
             {shown}\
         }}\n"
    )
}

/// Shows how a value is read: the first fields of a struct that always have a value of one word.
fn shown(krate: &Crate, ty: &Ty, name: &str) -> String {
    let structure = match ty {
        Ty::Named(id) => krate.structure(*id),
        _ => None,
    };
    let fields = structure.map(|structure| structure.fields.as_slice()).unwrap_or_default();
    let fields = fields.iter().filter(|field| is_shown(krate, field)).take(SHOWN_FIELDS);
    let fields: Vec<_> = fields.map(|field| format!("{name}.{}", field.name)).collect();
    if fields.is_empty() {
        return format!("println!(\"{{{name}:?}}\");\n");
    }
    format!("println!(\"{}\", {});\n", vec!["{}"; fields.len()].join(" "), fields.join(", "))
}

fn is_shown(krate: &Crate, field: &Field) -> bool {
    let is_word = match &field.value.ty {
        Ty::Bool | Ty::String => true,
        Ty::Named(id) => matches!(krate.item(*id).kind, ItemKind::StringEnum(_)),
        ty => ty.integer_limits().is_some(),
    };
    let is_plain = field.name.plain() == field.name.as_str();
    is_word && is_plain && field.presence == Presence::Required && !field.deprecated
}

/// Prints the setters of the properties that the description's example of the body has.
fn setters(file: &Printer<'_>, call: &Call) -> String {
    let Body::Value(ValueBody { example: Some(example), .. }) = &call.body else { return String::new() };
    let setter = |input: &Input| {
        let is_field = matches!(input.kind, InputKind::BodyField(_)) && !input.deprecated;
        let value = example.get(&input.wire).filter(|_| is_field)?;
        Some(format!(".{}({})", input.name, argument(file, &input.ty, value)?))
    };
    call.setters().filter_map(setter).collect()
}

/// Prints an argument; returns `None` for a value that takes more than a literal.
fn argument(file: &Printer<'_>, ty: &Ty, value: &Value) -> Option<String> {
    match (ty, value) {
        (Ty::Vec(items), Value::Array(values)) => {
            let values: Option<Vec<_>> = values.iter().map(|value| literal(file, items, value)).collect();
            Some(format!("[{}]", values?.join(", ")))
        }
        _ => literal(file, ty, value),
    }
}

fn literal(file: &Printer<'_>, ty: &Ty, value: &Value) -> Option<String> {
    match (ty, value) {
        (Ty::Bool | Ty::I32 | Ty::I64 | Ty::U64, value) => Some(value.to_string()),
        (Ty::String, Value::String(text)) => Some(format!("{text:?}")),
        (Ty::Named(id), value) => {
            let ItemKind::StringEnum(known) = &file.krate.item(*id).kind else { return None };
            let variant = known.variants.iter().find(|variant| *value == *variant.value.as_str())?;
            Some(format!("{}::{}", file.ty(ty).to_string().replace(' ', ""), variant.name))
        }
        _ => None,
    }
}

/// Returns the lines up to the body of a function, as an example hides them.
fn hidden(code: &str) -> String {
    let open = code.trim_end().trim_end_matches('}');
    open.lines().filter(|line| !line.is_empty()).fold(String::new(), |text, line| text + "# " + line + "\n")
}
