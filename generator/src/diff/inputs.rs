//! What calls take: parameters, bodies and what they are made of.

use super::operations::{call_path, method};
use super::rust::{has_form, input, input_schema, plain};
use super::{About, Comparison, Kind, Renames, Severity, Subject, constraints, matched};
use crate::diagnostic::Location;
use crate::ir::{Api, Docs, Input, InputKind, Operation, Parameter, ParameterPlace, Schema};

/// An input with all that is known of it.
struct Known<'a> {
    /// Its place among the others.
    position: usize,
    name: &'a str,
    required: bool,
    /// Name and place on the wire.
    wire: (Wire, &'a str),
    /// What it is taken as.
    ty: String,
    schema: Option<&'a Schema>,
    parameter: Option<&'a Parameter>,
    /// Whether a type says the same of it.
    is_of_type: bool,
    source: &'a Location,
}

/// Where an input goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wire {
    Parameter(ParameterPlace),
    Property,
    Body,
}

impl Comparison<'_> {
    pub(super) fn inputs(&mut self, old: &Operation, new: &Operation) {
        let before = known(self.old, old, &self.renames);
        let now = known(self.new, new, &Renames::default());
        let wire = |input: &Known<'_>| (Some(input.wire.0), input.wire.1.to_owned());
        let name = |input: &Known<'_>| (None, input.name.to_owned());
        let (mut pairs, gone, come) = matched(&before, &now, &[&wire, &name]);
        let (gone, come) = same_segments(old, new, gone, come, &mut pairs);
        let (method, call) = (method(new), call_path(self.new, new));
        for input in gone {
            let about = About::both(input.wire.0.subject(), &method, input.source, &new.source);
            let text = if input.required {
                format!("no longer takes `{}`", input.name)
            } else {
                format!("no longer has the setter `{}`", input.name)
            };
            self.push(about, Kind::Removed, Severity::Major, text);
        }
        for input in come {
            self.added(&method, &call, input);
        }
        for (was, is) in &pairs {
            self.input(&method, &call, was, is);
        }
        self.order(&method, new, &pairs);
        self.media_type(&method, old, new);
    }

    fn added(&mut self, method: &str, call: &str, input: &Known<'_>) {
        if input.required {
            let about = About::new(input.wire.0.subject(), method, input.source);
            let text = format!("takes `{}: {}`", input.name, input.ty);
            self.push(about, Kind::Added, Severity::Major, text);
        } else {
            let setter = format!("{call}::{}", input.name);
            let about = About::new(input.wire.0.subject(), &setter, input.source);
            self.push(about, Kind::Added, Severity::Minor, "added");
        }
    }

    fn input(&mut self, method: &str, call: &str, was: &Known<'_>, is: &Known<'_>) {
        let subject = is.wire.0.subject();
        let setter = format!("{call}::{}", is.name);
        let item = if is.required { method } else { setter.as_str() };
        let about = About::both(subject, item, was.source, is.source);
        match (was.required, is.required) {
            (true, false) => {
                let about = About { item: method, ..about };
                let text = format!("no longer takes `{}`, which can be left out: it has a setter", was.name);
                self.push(about, Kind::Optional, Severity::Major, text);
            }
            (false, true) => {
                let text = format!("takes `{}: {}`, which had a setter and has to be given", is.name, is.ty);
                self.push(about, Kind::Required, Severity::Major, text);
            }
            (false, false) if was.name != is.name => {
                self.push(about, Kind::Renamed, Severity::Major, format!("renamed, was `{}`", was.name));
            }
            _ => {}
        }
        if was.ty != is.ty && was.required == is.required {
            let text = if is.required {
                format!("takes `{}: {}` now, was `{}`", is.name, is.ty, was.ty)
            } else {
                format!("takes `{}` now, took `{}`", is.ty, was.ty)
            };
            self.push(about, Kind::Retyped, Severity::Major, text);
        }
        self.wire(about, was, is);
        // What a type says of its properties is said once.
        if !is.is_of_type {
            self.rules(about, was, is);
        }
    }

    fn wire(&mut self, about: About<'_>, was: &Known<'_>, is: &Known<'_>) {
        let subject = |text: String| {
            if about.item.starts_with("Client::") { format!("`{}` {text}", is.name) } else { text }
        };
        if was.wire != is.wire && is.wire.0 != Wire::Parameter(ParameterPlace::Path) {
            let text = match (was.wire.0 == is.wire.0, is.wire.0) {
                (true, _) => format!("is sent as `{}` now, was `{}`", is.wire.1, was.wire.1),
                (false, Wire::Parameter(place)) => {
                    format!("is sent {} now, as `{}`", in_place(place), is.wire.1)
                }
                (false, _) => format!("is sent in the body now, as `{}`", is.wire.1),
            };
            self.push(about, Kind::Moved, Severity::Patch, subject(text));
        }
        let way = |parameter: &Parameter| (parameter.style, parameter.explode, parameter.allow_reserved);
        if let (Some(was), Some(is)) = (was.parameter, is.parameter)
            && way(was) != way(is)
        {
            self.push(
                about,
                Kind::Behaviour,
                Severity::Patch,
                subject("is written in another way".to_owned()),
            );
        }
    }

    fn rules(&mut self, about: About<'_>, was: &Known<'_>, is: &Known<'_>) {
        let (Some(old), Some(new)) = (was.schema, is.schema) else { return };
        let subject = |text: String| {
            if about.item.starts_with("Client::") { format!("`{}` {text}", is.name) } else { text }
        };
        for (kind, text) in constraints::compare(old, new) {
            self.push(about, kind, Severity::Minor, subject(text));
        }
        if old.default != new.default {
            let text = match &new.default {
                Some(default) => format!("stands for `{default}` if it is left out"),
                None => "no longer says what it stands for if it is left out".to_owned(),
            };
            self.push(about, Kind::Behaviour, Severity::Patch, subject(text));
        }
        if !is.required {
            self.deprecation(about, is_deprecated(was), is_deprecated(is));
        }
        let words =
            |input: &Known<'_>, schema: &Schema| (docs(input).cloned(), schema.constraints.pattern.clone());
        let has_other_format = was.ty == is.ty && old.format != new.format;
        if words(was, old) != words(is, new) || has_other_format {
            self.push(
                about,
                Kind::Reworded,
                Severity::Docs,
                subject("is described in other words".to_owned()),
            );
        }
    }

    /// Whether those arguments that both have come in the same order: the compiler cannot always tell.
    fn order(&mut self, method: &str, new: &Operation, pairs: &[(&Known<'_>, &Known<'_>)]) {
        let mut both: Vec<_> = pairs.iter().filter(|(was, is)| was.required && is.required).collect();
        both.sort_by_key(|(was, _)| was.position);
        if both.is_sorted_by_key(|(_, is)| is.position) {
            return;
        }
        let arguments = new.inputs.iter().filter(|input| input.required);
        let names: Vec<_> = arguments.map(|input| format!("`{}`", plain(&input.rust_name))).collect();
        let about = About::new(Subject::Operation, method, &new.source);
        let text = format!("takes its arguments in another order: {}", names.join(", "));
        self.push(about, Kind::Reordered, Severity::Major, text);
    }

    fn media_type(&mut self, method: &str, old: &Operation, new: &Operation) {
        let media_type =
            |operation: &Operation| Some(operation.body.as_ref()?.contents.first()?.media_type.clone());
        let about = About::both(Subject::Body, method, &old.source, &new.source);
        let required = |operation: &Operation| Some(operation.body.as_ref()?.required);
        match (required(old), required(new)) {
            (Some(true), Some(false)) => {
                let text = "sends no body if nothing of it is set";
                self.push(about, Kind::Behaviour, Severity::Patch, text);
            }
            (Some(false), Some(true)) => {
                let text = "always sends a body";
                self.push(about, Kind::Behaviour, Severity::Patch, text);
            }
            _ => {}
        }
        if let (Some(was), Some(is)) = (media_type(old), media_type(new))
            && was != is
        {
            let text = format!("sends its body as `{is}` now, was `{was}`");
            self.push(about, Kind::Moved, Severity::Patch, text);
        }
    }
}

impl Wire {
    fn subject(self) -> Subject {
        match self {
            Self::Parameter(_) => Subject::Parameter,
            Self::Property => Subject::Property,
            Self::Body => Subject::Body,
        }
    }
}

fn known<'a>(api: &'a Api, operation: &'a Operation, renames: &Renames) -> Vec<Known<'a>> {
    let is_form = has_form(operation);
    let known = |(position, given): (usize, &'a Input)| {
        let schema = input_schema(api, operation, given);
        let parameter = match given.kind {
            InputKind::Parameter(index) => operation.parameters.get(index),
            _ => None,
        };
        let wire = match (given.kind, parameter) {
            (_, Some(parameter)) => (Wire::Parameter(parameter.place), parameter.name.as_str()),
            (InputKind::Property(index), _) => {
                let object = api.body_object(operation.body.as_ref()?)?;
                (Wire::Property, object.properties.get(index)?.name.as_str())
            }
            _ => (Wire::Body, "body"),
        };
        Some(Known {
            position,
            name: plain(&given.rust_name),
            required: given.required,
            wire,
            ty: input(api, operation, given, renames),
            schema,
            parameter,
            is_of_type: match wire.0 {
                Wire::Body => schema.is_some_and(|schema| schema.type_id().is_some()),
                Wire::Property => !is_form,
                Wire::Parameter(_) => false,
            },
            source: parameter.map_or_else(
                || schema.map_or(&operation.source, |schema| &schema.source),
                |parameter| &parameter.source,
            ),
        })
    };
    operation.inputs.iter().enumerate().filter_map(known).collect()
}

/// A parameter of the path is the same one if it is the same segment, whatever it is called.
fn same_segments<'k, 'a>(
    old: &Operation,
    new: &Operation,
    mut gone: Vec<&'k Known<'a>>,
    mut come: Vec<&'k Known<'a>>,
    pairs: &mut Vec<(&'k Known<'a>, &'k Known<'a>)>,
) -> (Vec<&'k Known<'a>>, Vec<&'k Known<'a>>) {
    // From the end, so that a prefix does not matter.
    let segment = |path: &str, input: &Known<'_>| {
        let is_path = input.wire.0 == Wire::Parameter(ParameterPlace::Path);
        let names = path.rsplit('{').filter_map(|text| text.split_once('}'));
        names.into_iter().position(|(name, _)| is_path && name == input.wire.1)
    };
    gone.retain(|was| {
        let at = segment(&old.path, was);
        let found =
            come.iter().position(|is| at.is_some() && segment(&new.path, is) == at && is.ty == was.ty);
        found.inspect(|index| pairs.push((was, come.remove(*index)))).is_none()
    });
    (gone, come)
}

fn is_deprecated(input: &Known<'_>) -> bool {
    input.parameter.is_some_and(|parameter| parameter.deprecated)
        || input.schema.is_some_and(|schema| schema.deprecated)
}

fn docs<'a>(input: &Known<'a>) -> Option<&'a Docs> {
    input.parameter.map(|parameter| &parameter.docs).or(input.schema.map(|schema| &schema.docs))
}

fn in_place(place: ParameterPlace) -> &'static str {
    match place {
        ParameterPlace::Path => "in the path",
        ParameterPlace::Query => "in the query",
        ParameterPlace::Header => "as a header",
        ParameterPlace::Cookie => "as a cookie",
    }
}
