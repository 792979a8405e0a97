//! Bodies of requests.
//!
//! Of several media types, a call sends the first of JSON, names and values, parts, text and bytes. Each other one has a
//! setter of its own.

use super::ident::Scope;
use super::replacements::{self, Stated};
use super::styles::{ValueShape, is_json};
use super::values::Use;
use super::{
    Body, BodyFormat, FORM_DATA, Field, FormPart, Given, Input, InputKind, Multipart, Name, OtherBody,
    PLAIN_JSON, PartKind, Planner, Taken, Ty, Typed, ValueBody,
};
use crate::ir::{
    Api, Content, Encoding, Header, Object, Property, RequestBody, Schema, Type, TypeId, essence,
};

/// Class of a content, in the order of preference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Json,
    Form,
    Multipart,
    Text,
    Bytes,
}

/// Content that calls can send.
pub(super) struct Choice<'a> {
    pub(super) content: &'a Content,
    pub(super) class: Class,
    /// Media type to send.
    media_type: String,
}

/// Lists the contents that calls can send, the preferred one first. JSON of one type is one content, by whatever names.
pub(super) fn choices<'a>(api: &Api, body: &'a RequestBody) -> Vec<Choice<'a>> {
    let mut sorted: Vec<_> = body.contents.iter().map(|content| (class(api, content), content)).collect();
    sorted.sort_by_key(|(class, _)| *class);
    let mut choices: Vec<Choice<'_>> = Vec::new();
    for (class, content) in sorted {
        let media_type = sent(content, class);
        let is_twin = |other: &&mut Choice<'_>| {
            class == Class::Json && other.class == class && has_type_of(other.content, content)
        };
        match choices.iter_mut().find(is_twin) {
            Some(twin) if media_type == PLAIN_JSON => twin.media_type = media_type,
            Some(_) => {}
            None => choices.push(Choice { content, class, media_type }),
        }
    }
    choices
}

fn has_type_of(one: &Content, other: &Content) -> bool {
    match (&one.schema, &other.schema) {
        (Some(one), Some(other)) => one.ty.is_same(&other.ty),
        (one, other) => one.is_none() && other.is_none(),
    }
}

fn class(api: &Api, content: &Content) -> Class {
    let essence = content.essence();
    let ty = content.schema.as_ref().map(|schema| &schema.ty);
    let is_text = matches!(ty, Some(Type::String));
    let is_xml = essence.ends_with("/xml") || essence.ends_with("+xml");
    match essence.as_str() {
        "application/x-www-form-urlencoded" => {
            if is_text {
                Class::Text
            } else {
                Class::Form
            }
        }
        multipart if multipart.starts_with("multipart/") => Class::Multipart,
        _ if matches!(ty, Some(Type::Binary)) => Class::Bytes,
        _ if content.is_json() => Class::Json,
        text if text.starts_with("text/") && !is_xml && ty.is_some_and(|ty| is_structured(api, ty)) => {
            Class::Json
        }
        text if is_xml || text.starts_with("text/") => Class::Text,
        other if is_text && !is_opaque(other) => Class::Text,
        _ => Class::Bytes,
    }
}

/// Returns `true` for lists, maps and objects.
fn is_structured(api: &Api, ty: &Type) -> bool {
    match ty {
        Type::Array(_) | Type::Map(_) => true,
        Type::Named(id) => api.types.get(id).is_some_and(|def| def.kind.as_object().is_some()),
        _ => false,
    }
}

/// Returns `true` for media types, and ranges, whose content is never text.
fn is_opaque(essence: &str) -> bool {
    let prefixes = ["audio/", "font/", "image/", "video/"];
    let is_archive = ["/octet-stream", "/pdf", "/zip", "/gzip"].iter().any(|end| essence.ends_with(end));
    is_archive || essence.contains('*') || prefixes.iter().any(|prefix| essence.starts_with(prefix))
}

/// Returns the media type to send: JSON is UTF-8 without saying so, and its plain name stands for a range.
fn sent(content: &Content, class: Class) -> String {
    let essence = content.essence();
    if class != Class::Json {
        return content.media_type.trim().to_owned();
    }
    if essence.contains('*') {
        return PLAIN_JSON.to_owned();
    }
    let parameters = content.media_type.split(';').skip(1).map(str::trim);
    let parameters =
        parameters.filter(|text| !text.is_empty() && !text.to_ascii_lowercase().starts_with("charset"));
    parameters.fold(essence, |media_type, parameter| media_type + "; " + parameter)
}

/// Returns `true` for a media type that a header can carry.
fn is_media_type(text: &str) -> bool {
    let is_token = |token: &str| {
        !token.is_empty()
            && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+*".contains(&byte))
    };
    let has_names = essence(text).split_once('/').is_some_and(|(name, sub)| is_token(name) && is_token(sub));
    has_names && http::HeaderValue::from_str(text).is_ok()
}

impl<'a> Planner<'a, '_> {
    /// Plans the body of a request, with the inputs that give it, and the bodies of other media types.
    pub(super) fn body(
        &mut self,
        body: &'a RequestBody,
        scope: &mut Scope,
    ) -> Option<(Vec<Input>, Body, Vec<OtherBody>)> {
        let api = self.api;
        let choices = choices(api, body);
        for Choice { content, media_type, .. } in &choices {
            if !is_media_type(media_type) {
                let found = media_type.escape_debug();
                return self.error(&content.source, format!("expected a media type, found `{found}`"));
            }
        }
        let Some((first, others)) = choices.split_first() else {
            let at = body.source.child("content");
            self.warn(&at, "expected a media type, found none: calls send no body");
            return Some((Vec::new(), Body::None, Vec::new()));
        };
        let form = first.content.schema.as_ref().and_then(|schema| api.object(schema));
        let (mut inputs, planned) = match (first.class, form) {
            (Class::Multipart, Some(form)) => self.multipart(body, first.content, form, scope)?,
            _ => self.value_body(body, first, scope)?,
        };
        let mut other_bodies = Vec::new();
        for choice in others {
            let (input, other) = self.other_body(choice, other_bodies.len(), scope)?;
            inputs.push(input);
            other_bodies.push(other);
        }
        Some((inputs, planned, other_bodies))
    }

    fn other_body(
        &mut self,
        choice: &Choice<'_>,
        index: usize,
        scope: &mut Scope,
    ) -> Option<(Input, OtherBody)> {
        let body = self.whole(choice, true)?;
        let wanted = format!("body_{}", word(choice));
        let input = Input {
            name: self.input_name(&wanted, &choice.content.source, scope),
            kind: InputKind::OtherBody(index),
            wire: body.media_type.clone(),
            ..whole_body(choice.content, &body.value, false)
        };
        let name = input.name.clone();
        Some((input, OtherBody { name, body }))
    }

    /// Plans a body that is given as one value.
    fn whole(&mut self, choice: &Choice<'_>, is_required: bool) -> Option<ValueBody> {
        let Choice { content, class, media_type } = choice;
        let schema = content.schema.as_ref();
        let (value, format) = match class {
            Class::Json => (self.value(schema)?, BodyFormat::Json),
            Class::Form => {
                let value = self.value(schema)?;
                let styles = self.form_styles(content, &value);
                (value, BodyFormat::Form(styles))
            }
            Class::Multipart => (Typed::plain(Ty::FormData), BodyFormat::Parts),
            Class::Text => (self.text(schema)?, BodyFormat::Text),
            Class::Bytes => (self.bytes(schema)?, BodyFormat::Bytes),
        };
        let media_type = if media_type == "multipart/*" { FORM_DATA.to_owned() } else { media_type.clone() };
        Some(ValueBody { value, structure: None, is_required, media_type, format, example: None })
    }

    fn value(&mut self, schema: Option<&Schema>) -> Option<Typed> {
        schema.map_or_else(|| Some(Typed::plain(Ty::Json)), |schema| self.typed(schema, Use::Sent))
    }

    /// Plans a text. What is no text in the description is a text that the caller makes.
    fn text(&mut self, schema: Option<&Schema>) -> Option<Typed> {
        let is_text =
            |schema: &&Schema| !matches!(schema.ty, Type::Any | Type::Binary | Type::Array(_) | Type::Map(_));
        let value = schema.filter(is_text).map(|schema| self.typed(schema, Use::Sent));
        let value = value.unwrap_or_else(|| Some(Typed::plain(Ty::String)))?;
        Some(if self.value_shape(&value.ty) == ValueShape::Text { value } else { Typed::plain(Ty::String) })
    }

    /// Plans bytes, which the description calls a file or does not describe.
    fn bytes(&mut self, schema: Option<&Schema>) -> Option<Typed> {
        let file = schema.filter(|schema| matches!(schema.ty, Type::Binary));
        let value = file.map(|schema| self.typed(schema, Use::FormPart));
        let value = value.unwrap_or_else(|| Some(Typed::plain(Ty::Upload)))?;
        Some(Typed { nullable: false, ..value })
    }

    /// Lists the properties of a form with a serialization of their own.
    fn form_styles(&self, content: &Content, value: &Typed) -> Vec<(String, super::Style)> {
        let structure = match value.ty {
            Ty::Named(id) => self.structure_by_id(id),
            _ => None,
        };
        let style = |encoding: &Encoding| {
            let field = structure.and_then(|structure| structure.field(&encoding.property));
            let ty = field.map_or(&Ty::Json, |field| &field.value.ty);
            Some((encoding.property.clone(), self.encoding(encoding, ty)?))
        };
        content.encodings.iter().filter_map(style).collect()
    }

    fn value_body(
        &mut self,
        body: &RequestBody,
        choice: &Choice<'_>,
        scope: &mut Scope,
    ) -> Option<(Vec<Input>, Body)> {
        let content = choice.content;
        let mut planned = self.whole(choice, body.required)?;
        let schema = content.schema.as_ref();
        let id = schema.and_then(|schema| schema.type_id());
        let id = id.filter(|id| self.api.types.get(id).is_some_and(|def| def.kind.as_object().is_some()));
        // A required `null` is the other value of the whole body; an optional body is omitted instead.
        let is_null_sent = planned.value.nullable && body.required && planned.format == BodyFormat::Json;
        if planned.value.nullable && !is_null_sent {
            planned.value.nullable = false;
            self.warn(&content.source.child("schema"), "a body is never sent as `null`");
        }
        let is_in_fields = matches!(choice.class, Class::Json | Class::Form) && !is_null_sent;
        let structure = match id.filter(|_| is_in_fields) {
            // A struct that was refused has been reported.
            Some(id) => Some(self.structure(id).map(|(item, structure)| (id, item, structure.clone()))?),
            None => None,
        };
        let mut inputs = Vec::new();
        if let Some((id, _, structure)) = &structure {
            let given = structure.fields.iter().enumerate().filter(|(_, field)| field.given != Given::Never);
            // A body that may be left out, but not without its required fields, is given whole or not at all.
            if body.required || structure.has_default() {
                let wanted = self.wanted_names(id);
                inputs
                    .extend(given.map(|(index, field)| self.body_field(index, field, wanted[index], scope)));
                replacements::name_inputs(&mut inputs, &structure.fields);
            }
        }
        inputs.push(whole_body(content, &planned.value, structure.is_none() && body.required));
        planned.structure = structure.map(|(_, item, _)| item);
        planned.example = self.example_of_request(&planned.value.ty, content);
        Some((inputs, Body::Value(planned)))
    }

    fn body_field(&mut self, index: usize, field: &Field, wanted: &str, scope: &mut Scope) -> Input {
        Input {
            name: self.body_name(wanted, &field.source, scope),
            wire: field.wire.clone(),
            kind: InputKind::BodyField(index),
            value: field.value.clone(),
            ty: field.value.nullable_ty(),
            taken: field.taken.clone(),
            is_required: field.given == Given::Argument,
            deprecated: field.deprecated,
            replacement: field.replacement.clone(),
            docs: field.docs.clone(),
            source: field.source.clone(),
        }
    }

    /// Returns the names that the description wants for the properties of an object.
    fn wanted_names(&self, id: &TypeId) -> Vec<&'a str> {
        let object = self.api.types.get(id).and_then(|def| def.kind.as_object());
        let properties = object.map(|object| object.properties.as_slice()).unwrap_or_default();
        properties.iter().map(|property| property.alias.as_ref().unwrap_or(&property.name).as_str()).collect()
    }

    /// Plans a form of parts. One that may be left out is sent as soon as a part is given.
    fn multipart(
        &mut self,
        body: &RequestBody,
        content: &Content,
        object: &Object,
        scope: &mut Scope,
    ) -> Option<(Vec<Input>, Body)> {
        let id = content.schema.as_ref().and_then(Schema::type_id)?;
        self.report_rest(id, object);
        let mut inputs = self.form_parts(content, object, scope)?;
        let mut form =
            Multipart { media_type: content.essence(), is_optional: !body.required, needed: Vec::new() };
        if form.media_type == "multipart/*" {
            FORM_DATA.clone_into(&mut form.media_type);
        }
        if form.is_optional {
            for input in inputs.iter_mut().filter(|input| input.is_required) {
                input.is_required = false;
                if matches!(input.kind, InputKind::FormPart(_)) {
                    form.needed.push(input.wire.clone());
                }
            }
        }
        Some((inputs, Body::Multipart(form)))
    }

    fn form_parts(&mut self, content: &Content, object: &Object, scope: &mut Scope) -> Option<Vec<Input>> {
        // A property that only responses have is nothing to give.
        let properties = object.properties.iter().filter(|property| !property.schema.read_only);
        let properties: Vec<_> = properties.collect();
        let encoding = |property: &Property| {
            content.encodings.iter().find(|encoding| encoding.property == property.name)
        };
        let parts: Vec<_> =
            properties.iter().map(|property| self.form_part(property, encoding(property), scope)).collect();
        let mut parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
        for (index, property) in properties.iter().enumerate() {
            let others = parts.iter().filter(|part| part.wire != property.name);
            let others = others.map(|part| (part.wire.as_str(), &part.name));
            let replacement = self.replacement(&Stated::of_property(property), others);
            parts[index].replacement = replacement;
        }
        let headers: Vec<_> = properties
            .iter()
            .filter_map(|property| Some((*property, encoding(property)?)))
            .flat_map(|(property, encoding)| self.part_headers(property, encoding, scope))
            .collect();
        parts.extend(headers);
        Some(parts)
    }

    fn form_part(
        &mut self,
        property: &Property,
        encoding: Option<&Encoding>,
        scope: &mut Scope,
    ) -> Option<Input> {
        let Property { name: wire, alias, schema, .. } = property;
        let name = self.input_name(alias.as_ref().unwrap_or(wire), &schema.source, scope);
        let media_type = encoding.and_then(one_media_type);
        // A text of a media type whose content is never text is a file.
        let is_file = matches!(schema.ty, Type::String)
            && encoding.and_then(|encoding| encoding.media_type.as_deref()).is_some_and(is_never_text);
        let value = if is_file { Typed::plain(Ty::Upload) } else { self.typed(schema, Use::FormPart)? };
        let kind = match &value.ty {
            Ty::Upload => PartKind::File,
            Ty::Vec(element) if **element == Ty::Upload => PartKind::Files,
            ty if ty.holds_upload() => {
                return self.refuse(&schema.source, "files inside of lists or maps in a form");
            }
            ty if self.value_shape(ty) == ValueShape::Text || self.is_list_of_texts(ty) => PartKind::Text,
            _ => PartKind::Value,
        };
        Some(Input {
            name,
            wire: wire.clone(),
            kind: InputKind::FormPart(FormPart { kind, media_type }),
            taken: Taken::of(&value.ty),
            ty: value.ty.clone(),
            // A part that is `null` is omitted.
            is_required: property.required && !value.nullable,
            value: Typed { nullable: false, ..value },
            deprecated: schema.deprecated,
            replacement: None,
            docs: schema.docs.clone(),
            source: schema.source.clone(),
        })
    }

    /// Plans the headers of a part, which are texts or numbers.
    fn part_headers(&mut self, property: &Property, encoding: &Encoding, scope: &mut Scope) -> Vec<Input> {
        let headers = encoding.headers.iter().filter(|header| {
            !header.name.eq_ignore_ascii_case("content-type")
                && !header.name.eq_ignore_ascii_case("content-disposition")
        });
        let at = encoding.source.child("headers");
        let input = |header: &Header| {
            let source = at.child(&header.name);
            let scalar = header.schema.as_ref().filter(|schema| {
                matches!(schema.ty, Type::Boolean | Type::Integer(_) | Type::Number(_) | Type::String)
            });
            let value = scalar.and_then(|schema| self.typed(schema, Use::Sent));
            let value = value.unwrap_or_else(|| Typed::plain(Ty::String));
            Input {
                name: self.input_name(&format!("{}_{}", property.name, header.name), &source, scope),
                wire: header.name.clone(),
                kind: InputKind::PartHeader(property.name.clone()),
                taken: Taken::of(&value.ty),
                ty: value.ty.clone(),
                value: Typed { nullable: false, ..value },
                is_required: header.required && property.required,
                deprecated: false,
                replacement: None,
                docs: header.docs.clone(),
                source,
            }
        };
        headers.map(input).collect()
    }
}

/// Plans the input for the whole body.
fn whole_body(content: &Content, value: &Typed, is_required: bool) -> Input {
    let schema = content.schema.as_ref();
    Input {
        name: Name::new("body"),
        wire: "body".to_owned(),
        kind: InputKind::Body,
        ty: value.nullable_ty(),
        taken: if value.nullable { Taken::Value } else { Taken::of(&value.ty) },
        value: value.clone(),
        is_required,
        deprecated: false,
        replacement: None,
        docs: schema.map(|schema| schema.docs.clone()).unwrap_or_default(),
        source: schema.map_or(&content.source, |schema| &schema.source).clone(),
    }
}

/// Returns a word for a body of another media type.
fn word(choice: &Choice<'_>) -> String {
    let essence = choice.content.essence();
    let sub = essence.split_once('/').map_or(essence.as_str(), |(_, sub)| sub);
    match (choice.class, sub) {
        (Class::Form, _) => "form".to_owned(),
        (Class::Multipart, "form-data" | "*") => "multipart".to_owned(),
        (Class::Text, "plain") => "text".to_owned(),
        (Class::Bytes, "octet-stream" | "*") => "bytes".to_owned(),
        _ => sub.trim_start_matches("x-").replace('*', "any"),
    }
}

/// Returns the media type of an encoding, if the encoding states exactly one.
fn one_media_type(encoding: &Encoding) -> Option<String> {
    let media_type = encoding.media_type.as_ref()?;
    let is_one = !media_type.contains([',', '*']) && is_media_type(media_type);
    is_one.then(|| media_type.clone())
}

/// Returns `true` if no listed media type is that of a text.
fn is_never_text(media_types: &str) -> bool {
    media_types.split(',').all(|media_type| is_opaque(&essence(media_type)) && !is_json(media_type))
}
