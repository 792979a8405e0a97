//! Inputs of a call: its parameters, the fields of its body, or the body as a whole.

use super::ident::Scope;
use super::names::{Names, report_number};
use super::replacements::{self, Stated};
use super::reserved::is_reserved;
use super::values::Use;
use super::{Body, Field, Given, Input, InputKind, JsonBody, Name, PLAIN_JSON, Planner, Taken, Ty, Typed};
use crate::diagnostic::Location;
use crate::ir::{
    Content, Object, Operation, Parameter, ParameterPlace, ParameterStyle, Property, RequestBody, Schema,
    TypeId, TypeKind,
};

impl<'a> Planner<'a, '_> {
    /// Plans the inputs of a call, and its body.
    pub(super) fn inputs(&mut self, operation: &Operation) -> Option<(Vec<Input>, Body)> {
        self.report_left_out(operation);
        let mut scope = Names::Inputs.scope();
        let inputs: Vec<_> = parameters(operation)
            .zip(parameter_names(operation))
            .map(|(parameter, name)| self.parameter(parameter, &name, &mut scope))
            .collect();
        let body = match &operation.body {
            Some(body) => self.body(body, &mut scope),
            None => Some((Vec::new(), Body::None)),
        };
        let mut inputs = inputs.into_iter().collect::<Option<Vec<_>>>()?;
        self.replace_parameters(operation, &mut inputs);
        let (of_body, body) = body?;
        inputs.extend(of_body);
        Some((inputs, body))
    }

    fn report_left_out(&mut self, operation: &Operation) {
        for Parameter { name, source, .. } in operation.parameters.iter().filter(|header| is_left_out(header))
        {
            self.warn(source, format!("the header `{name}` is set by the client, so it is no parameter"));
        }
    }

    fn parameter(&mut self, parameter: &Parameter, wanted: &str, scope: &mut Scope) -> Option<Input> {
        let Parameter { name: wire, place, source, schema, .. } = parameter;
        let name = self.input_name(wanted, source, scope);
        self.style(parameter)?;
        let value = self.parameter_value(parameter)?;
        Some(Input {
            name,
            wire: wire.clone(),
            kind: InputKind::Parameter(*place),
            taken: Taken::of(&value.ty),
            ty: value.ty.clone(),
            value,
            is_required: parameter.required,
            deprecated: parameter.deprecated || schema.deprecated,
            replacement: None,
            docs: parameter.docs.clone(),
            source: source.clone(),
        })
    }

    /// Names the parameters that replace deprecated ones.
    fn replace_parameters(&mut self, operation: &Operation, inputs: &mut [Input]) {
        for (index, parameter) in parameters(operation).enumerate() {
            let stated = Stated {
                replacement: parameter.replacement.as_deref(),
                is_deprecated: inputs[index].deprecated,
                noun: "parameter",
                at: &parameter.source,
            };
            let others = inputs.iter().enumerate().filter(|(other, _)| *other != index);
            let others = others.map(|(_, input)| (input.wire.as_str(), &input.name));
            let replacement = self.replacement(&stated, others);
            inputs[index].replacement = replacement;
        }
    }

    fn input_name(&mut self, wanted: &str, at: &Location, scope: &mut Scope) -> Name {
        let name = scope.snake(wanted);
        report_number(&name, || Names::Inputs.scope().snake(wanted), wanted, at, self.diagnostics);
        name
    }

    /// Names a property of the body. One that has the name of a parameter is named by its place.
    fn body_name(&mut self, wanted: &str, at: &Location, scope: &mut Scope) -> Name {
        let plain = Names::Inputs.scope().snake(wanted);
        if scope.has(&plain) {
            self.input_name(&format!("body_{wanted}"), at, scope)
        } else {
            self.input_name(wanted, at, scope)
        }
    }

    /// Refuses a way of writing values that calls do not have.
    fn style(&mut self, parameter: &Parameter) -> Option<()> {
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
        Some(())
    }

    fn parameter_value(&mut self, parameter: &Parameter) -> Option<Typed> {
        let schema = &parameter.schema;
        let value = self.typed(schema, Use::Sent)?;
        match &value.element {
            Some(element) if matches!(value.ty, Ty::Vec(_)) && parameter.place == ParameterPlace::Query => {
                if !parameter.explode {
                    return self.refuse(&parameter.source.child("explode"), "a list joined by commas");
                }
                let at = element_source(schema);
                self.scalar(&element.ty, at, "a list of lists, maps or objects in the query")?;
            }
            _ => self.scalar(&value.ty, &schema.source, "a parameter that is a list, a map or an object")?,
        }
        Some(value)
    }

    /// Refuses values that are not text of their own.
    fn scalar(&mut self, ty: &Ty, at: &Location, what: &str) -> Option<()> {
        let is_scalar = match ty {
            Ty::Vec(_) | Ty::Map(_) | Ty::Json => false,
            Ty::Named(id) => {
                let (id, _) = self.facts.types[id.0];
                match self.api.types.get(id).map(|def| &def.kind) {
                    Some(TypeKind::Union(union)) => self.is_parameter_union(union),
                    Some(TypeKind::Object(_) | TypeKind::Alias(_)) | None => false,
                    Some(_) => true,
                }
            }
            _ => true,
        };
        if is_scalar { Some(()) } else { self.refuse(at, what) }
    }

    fn body(&mut self, body: &RequestBody, scope: &mut Scope) -> Option<(Vec<Input>, Body)> {
        let [content] = body.contents.as_slice() else {
            return self.refuse(&body.source.child("content"), "a body in none or several media types");
        };
        if content.is_multipart() {
            return Some((self.form(body, content, scope)?, Body::Multipart));
        }
        if !content.is_json() {
            return self
                .refuse(&content.source, &format!("a body of the media type `{}`", content.media_type));
        }
        let Some(schema) = &content.schema else {
            return self.refuse(&content.source, "a body without a schema");
        };
        self.json_body(body, content, schema, scope)
    }

    fn json_body(
        &mut self,
        body: &RequestBody,
        content: &Content,
        schema: &Schema,
        scope: &mut Scope,
    ) -> Option<(Vec<Input>, Body)> {
        let value = self.typed(schema, Use::Sent)?;
        if schema.nullable {
            self.warn(&schema.source, "a body is never sent as `null`");
        }
        let structure = match schema.type_id().filter(|id| self.api.types[*id].kind.as_object().is_some()) {
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
        inputs.push(whole_body(body, schema, &value, structure.is_none()));
        let example = self.example_of_request(&value.ty, content);
        let body = JsonBody {
            value,
            example,
            structure: structure.map(|(_, item, _)| item),
            is_required: body.required,
            media_type: Some(content.json_media_type()).filter(|name| name != PLAIN_JSON),
        };
        Some((inputs, Body::Json(body)))
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

    fn form(&mut self, body: &RequestBody, content: &Content, scope: &mut Scope) -> Option<Vec<Input>> {
        for encoding in &content.encodings {
            self.refuse::<()>(&encoding.source, "an `encoding` of a form");
        }
        if !body.required {
            self.refuse::<()>(&body.source, "a form that may be left out");
        }
        let object = content.schema.as_ref().and_then(|schema| {
            let id = schema.type_id().filter(|_| !schema.nullable)?;
            Some((id, self.api.object(schema)?))
        });
        let Some((id, object)) = object else {
            return self.refuse(&content.source, "a form that is not an object");
        };
        self.report_rest(id, object);
        let parts = self.form_parts(object, scope)?;
        (content.encodings.is_empty() && body.required).then_some(parts)
    }

    fn form_parts(&mut self, object: &Object, scope: &mut Scope) -> Option<Vec<Input>> {
        // A property that only responses have is nothing to give.
        let properties = object.properties.iter().filter(|property| !property.schema.read_only);
        let properties: Vec<_> = properties.collect();
        let parts: Vec<_> = properties.iter().map(|property| self.form_part(property, scope)).collect();
        let mut parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
        for (index, property) in properties.into_iter().enumerate() {
            let others = parts.iter().filter(|part| part.wire != property.name);
            let others = others.map(|part| (part.wire.as_str(), &part.name));
            let replacement = self.replacement(&Stated::of_property(property), others);
            parts[index].replacement = replacement;
        }
        Some(parts)
    }

    fn form_part(&mut self, property: &Property, scope: &mut Scope) -> Option<Input> {
        let Property { name: wire, alias, schema, .. } = property;
        let name = self.input_name(alias.as_ref().unwrap_or(wire), &schema.source, scope);
        let value = self.typed(schema, Use::FormPart)?;
        self.scalar(&value.ty, &schema.source, "a list, a map or an object in a form")?;
        if value.nullable {
            return self.refuse(&schema.source, "`null` in a form");
        }
        Some(Input {
            name,
            wire: wire.clone(),
            kind: InputKind::FormPart,
            taken: Taken::of(&value.ty),
            ty: value.ty.clone(),
            value,
            is_required: property.required,
            deprecated: schema.deprecated,
            replacement: None,
            docs: schema.docs.clone(),
            source: schema.source.clone(),
        })
    }
}

/// Plans the input for the whole body: an argument if nothing else gives the body.
fn whole_body(body: &RequestBody, schema: &Schema, value: &Typed, is_only_way: bool) -> Input {
    Input {
        name: Name::new("body"),
        wire: "body".to_owned(),
        kind: InputKind::Body,
        ty: value.ty.clone(),
        taken: Taken::of(&value.ty),
        value: value.clone(),
        is_required: is_only_way && body.required,
        deprecated: false,
        replacement: None,
        docs: schema.docs.clone(),
        source: schema.source.clone(),
    }
}

fn element_source(schema: &Schema) -> &Location {
    match &schema.ty {
        crate::ir::Type::Array(items) => &items.source,
        _ => &schema.source,
    }
}

/// Returns the parameters that calls have.
pub(super) fn parameters(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    operation
        .parameters
        .iter()
        .filter(|parameter| !is_left_out(parameter) && !is_idempotency_key(operation, parameter))
}

/// Returns `true` for a header that belongs to HTTP or to the client. OpenAPI says to ignore most of these parameters.
fn is_left_out(parameter: &Parameter) -> bool {
    parameter.place == ParameterPlace::Header && is_reserved(&parameter.name)
}

/// Returns `true` for the header in which the client sends an idempotency key.
fn is_idempotency_key(operation: &Operation, parameter: &Parameter) -> bool {
    let is_it = |header: &String| header.eq_ignore_ascii_case(&parameter.name);
    parameter.place == ParameterPlace::Header && operation.idempotency_key.as_ref().is_some_and(is_it)
}

/// Returns the wanted names of the parameters. Those of one name in several places are named by their places.
fn parameter_names(operation: &Operation) -> Vec<String> {
    let wanted = |parameter: &Parameter| parameter.alias.as_ref().unwrap_or(&parameter.name).clone();
    let plain = |parameter: &Parameter| Names::Inputs.scope().snake(&wanted(parameter));
    let name = |parameter: &Parameter| {
        let name = plain(parameter);
        let is_twin = |other: &Parameter| other.place != parameter.place && plain(other) == name;
        if parameter.alias.is_none() && parameters(operation).any(is_twin) {
            format!("{}_{}", parameter.place.word(), wanted(parameter))
        } else {
            wanted(parameter)
        }
    };
    parameters(operation).map(name).collect()
}
