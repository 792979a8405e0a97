//! Refuses what the renderer cannot render, each with its place, and warns of what it renders with less
//! than the description says. Nothing is left out without a word.

use crate::diagnostic::{Diagnostic, Diagnostics, Location};
use crate::ir::{
    Additional, Api, Content, Object, Operation, Parameter, ParameterPlace, ParameterStyle, Presence,
    Response, Schema, SecurityKind, StatusPattern, Type, TypeDef, TypeId, TypeKind,
};

pub(super) fn check(api: &Api, diagnostics: &mut Diagnostics) {
    let mut support = Support { api, diagnostics };
    support.servers();
    support.security_schemes();
    for operation in &api.operations {
        support.operation(operation);
    }
    for (id, def) in &api.types {
        support.def(id, def);
    }
}

struct Support<'a> {
    api: &'a Api,
    diagnostics: &'a mut Diagnostics,
}

impl Support<'_> {
    fn refuse(&mut self, at: &Location, what: &str) {
        self.diagnostics.push(Diagnostic::error(at, format!("{what} cannot be generated yet")));
    }

    fn warn(&mut self, at: &Location, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::warning(at, message).at_key());
    }

    fn servers(&mut self) {
        let Some(server) = self.api.servers.first() else { return };
        let url = server.default_url();
        if url.contains(['{', '}']) {
            let message = format!("the server `{url}` has a variable that is not declared");
            self.diagnostics.push(Diagnostic::error(&server.source, message));
        }
        if !(url.starts_with("https://") || url.starts_with("http://")) {
            let message =
                format!("the server `{url}` is no complete address, so users have to give the base URL");
            self.warn(&server.source, message);
        }
    }

    fn security_schemes(&mut self) {
        for scheme in self.api.security_schemes.values() {
            if let SecurityKind::Http(name) = &scheme.kind {
                self.refuse(&scheme.source, &format!("the HTTP authentication scheme `{name}`"));
            }
        }
    }

    fn operation(&mut self, operation: &Operation) {
        if let Some(server) = operation.servers.first() {
            self.refuse(&server.source, "a server for single operations");
        }
        for callback in &operation.callbacks {
            let at = operation.source.child("callbacks").child(callback);
            self.warn(&at, "callbacks are requests to you, so the client does not have them");
        }
        for parameter in &operation.parameters {
            self.parameter(parameter);
        }
        self.body(operation);
        self.responses(operation);
    }

    fn parameter(&mut self, parameter: &Parameter) {
        let at = &parameter.source;
        if let Some(media_type) = &parameter.media_type {
            return self.refuse(&at.child("content"), &format!("a parameter as `{media_type}`"));
        }
        let style = match parameter.place {
            ParameterPlace::Path | ParameterPlace::Header => ParameterStyle::Simple,
            ParameterPlace::Query | ParameterPlace::Cookie => ParameterStyle::Form,
        };
        if parameter.style != style {
            return self.refuse(&at.child("style"), "a parameter of this style");
        }
        if parameter.allow_reserved {
            return self.refuse(&at.child("allowReserved"), "a parameter with unescaped reserved characters");
        }
        match &parameter.schema.ty {
            Type::Array(items) if parameter.place == ParameterPlace::Query => {
                if !parameter.explode {
                    self.refuse(&at.child("explode"), "a list joined by commas");
                }
                self.scalar(items, "a list of lists, maps or objects in the query");
            }
            _ => self.scalar(&parameter.schema, "a parameter that is a list, a map or an object"),
        }
        self.constraints(&parameter.schema);
    }

    /// Refuses a schema whose values are not text of their own.
    fn scalar(&mut self, schema: &Schema, what: &str) {
        let is_scalar = match &schema.ty {
            Type::Array(_) | Type::Map(_) | Type::Any | Type::Binary => false,
            Type::Named(id) => matches!(self.api.types.get(id).map(|def| &def.kind), Some(TypeKind::Enum(_))),
            _ => true,
        };
        if !is_scalar {
            self.refuse(&schema.source, what);
        }
    }

    fn constraints(&mut self, schema: &Schema) {
        if let Some(contradiction) = schema.constraints.contradiction(&schema.ty) {
            self.diagnostics.push(Diagnostic::error(&schema.source, contradiction).at_key());
        }
        if let Type::Array(inner) | Type::Map(inner) = &schema.ty {
            self.constraints(inner);
        }
        if schema.constraints.pattern.is_some() {
            self.warn(
                &schema.source.child("pattern"),
                "this `pattern` is documented, but not checked before a request is sent",
            );
        }
    }

    fn body(&mut self, operation: &Operation) {
        let Some(body) = &operation.body else { return };
        let [content] = body.contents.as_slice() else {
            return self.refuse(&body.source.child("content"), "a body in none or several media types");
        };
        if content.is_multipart() {
            self.form(operation, content);
        } else if content.is_json() {
            match &content.schema {
                Some(schema) => self.json(schema),
                None => self.refuse(&content.source, "a body without a schema"),
            }
        } else {
            self.refuse(&content.source, &format!("a body of the media type `{}`", content.media_type));
        }
    }

    fn form(&mut self, operation: &Operation, content: &Content) {
        let Some(body) = &operation.body else { return };
        for encoding in &content.encodings {
            self.refuse(&encoding.source, "an `encoding` of a form");
        }
        if !body.required {
            self.refuse(&body.source, "a form that may be left out");
        }
        let Some(object) = self.api.body_object(body) else {
            return self.refuse(&content.source, "a form that is not an object");
        };
        for property in &object.properties {
            if !matches!(property.schema.ty, Type::Binary) {
                self.scalar(&property.schema, "a list, a map or an object in a form");
            }
            if property.schema.nullable {
                self.refuse(&property.schema.source, "`null` in a form");
            }
        }
    }

    fn responses(&mut self, operation: &Operation) {
        let successes: Vec<_> =
            operation.responses.iter().filter(|response| response.status.is_success()).collect();
        let at = operation.source.child("responses");
        match successes.as_slice() {
            [_] => {}
            [] => self.refuse(&at, "an operation without a declared success"),
            _ => self.refuse(&at, "an operation with several kinds of success"),
        }
        for response in &operation.responses {
            if matches!(response.status, StatusPattern::Code(100..=199) | StatusPattern::Range(1)) {
                self.refuse(&response.source, "an informational response");
            }
            for link in &response.links {
                self.warn(&response.source.child("links").child(link), "links are not generated");
            }
            self.response(response);
        }
    }

    fn response(&mut self, response: &Response) {
        let at = response.source.child("content");
        match response.json() {
            Some(Content { schema: Some(schema), .. }) => self.json(schema),
            Some(content) => self.refuse(&content.source, "a response without a schema"),
            None if response.is_file() && !response.status.is_success() => {
                self.warn(&at, "this error response is not JSON, so its body is given as text only");
            }
            None => {}
        }
        if response.json().is_some() && response.contents.len() > 1 {
            self.warn(&at, "of these media types, only JSON is asked for");
        }
    }

    /// Refuses what cannot be part of JSON.
    fn json(&mut self, schema: &Schema) {
        match &schema.ty {
            Type::Binary => self.refuse(&schema.source, "the content of a file in JSON"),
            Type::Array(inner) | Type::Map(inner) => self.json(inner),
            _ => {}
        }
    }

    /// The marker of a failure has to name a property whose text can be told.
    fn failure_marker(&mut self, id: &TypeId, object: &Object) {
        let Some(marker) = &object.failure else { return };
        let property = object.property(&marker.property);
        let is_text = property.is_some_and(|property| match &property.schema.ty {
            Type::String => property.presence != Presence::OptionalNullable,
            Type::Named(id) => {
                let kind = self.api.types.get(id).map(|def| &def.kind);
                matches!(kind, Some(TypeKind::Enum(_))) && property.presence != Presence::OptionalNullable
            }
            _ => false,
        });
        if !is_text {
            let at = id.0.child("x-failure-when");
            let message = format!("`{}` is no property of this type that holds a text", marker.property);
            self.diagnostics.push(Diagnostic::error(&at, message));
        }
    }

    fn def(&mut self, id: &TypeId, def: &TypeDef) {
        // What no request and no response has is not rendered: the fields of a form are checked with it.
        if !(def.usage.request || def.usage.response) {
            return;
        }
        match &def.kind {
            TypeKind::Union(_) => self.refuse(&id.0, "`oneOf` or `anyOf`"),
            TypeKind::Enum(values) if !matches!(values.base, Type::String) => {
                self.refuse(&id.0.child("enum"), "an `enum` of anything but strings");
            }
            TypeKind::Enum(_) => {}
            TypeKind::Object(object) => {
                let at = id.0.child("additionalProperties");
                match (&object.additional, object.properties.is_empty()) {
                    (Additional::Typed(_), false) => {
                        self.refuse(&at, "`additionalProperties` of a type beside `properties`");
                    }
                    (Additional::Any, false) => self.warn(&at, "additional properties are not kept"),
                    _ => {}
                }
                if object.min_properties.is_some() || object.max_properties.is_some() {
                    self.warn(&id.0, "the number of properties is not checked before a request is sent");
                }
                self.failure_marker(id, object);
                for property in &object.properties {
                    self.json(&property.schema);
                    if def.usage.request {
                        self.constraints(&property.schema);
                    }
                }
            }
        }
    }
}
