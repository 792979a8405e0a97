//! Inputs of a call: its parameters, and what gives its body.

use super::ident::Scope;
use super::names::{Names, report_number};
use super::replacements::Stated;
use super::reserved::is_reserved;
use super::values::Use;
use super::{Body, Input, InputKind, Name, OtherBody, Planner, Taken};
use crate::diagnostic::Location;
use crate::ir::{Operation, Parameter, ParameterPlace};

impl<'a> Planner<'a, '_> {
    /// Plans the inputs of a call, and its body.
    pub(super) fn inputs(&mut self, operation: &'a Operation) -> Option<(Vec<Input>, Body, Vec<OtherBody>)> {
        self.report_left_out(operation);
        let mut scope = Names::Inputs.scope();
        let inputs: Vec<_> = parameters(operation)
            .zip(parameter_names(operation))
            .map(|(parameter, name)| self.parameter(parameter, &name, &mut scope))
            .collect();
        let body = match &operation.body {
            Some(body) => self.body(body, &mut scope),
            None => Some((Vec::new(), Body::None, Vec::new())),
        };
        let mut inputs = inputs.into_iter().collect::<Option<Vec<_>>>()?;
        self.replace_parameters(operation, &mut inputs);
        let (of_body, body, other_bodies) = body?;
        inputs.extend(of_body);
        Some((inputs, body, other_bodies))
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
        let value = self.typed(schema, Use::Sent)?;
        let style = self.style(parameter, &value.ty).ok()?;
        Some(Input {
            name,
            wire: wire.clone(),
            kind: InputKind::Parameter { place: *place, style },
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

    pub(super) fn input_name(&mut self, wanted: &str, at: &Location, scope: &mut Scope) -> Name {
        let name = scope.snake(wanted);
        report_number(&name, || Names::Inputs.scope().snake(wanted), wanted, at, self.diagnostics);
        name
    }

    /// Names a property of the body. One that has the name of a parameter is named by its place.
    pub(super) fn body_name(&mut self, wanted: &str, at: &Location, scope: &mut Scope) -> Name {
        let plain = Names::Inputs.scope().snake(wanted);
        if scope.has(&plain) {
            self.input_name(&format!("body_{wanted}"), at, scope)
        } else {
            self.input_name(wanted, at, scope)
        }
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
