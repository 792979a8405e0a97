//! Parameters, those of the path item included.

use openapiv3::{
    CookieStyle, HeaderStyle, Parameter as Description, ParameterSchemaOrContent, PathStyle, QueryStyle,
};

use super::Lowering;
use super::schema::{Name, anything};
use crate::diagnostic::Location;
use crate::ir::{Docs, Parameter, ParameterPlace, ParameterStyle};
use crate::load::Shape;
use crate::select::Candidate;

impl Lowering<'_> {
    /// Returns the parameters of an operation; its own replace those of the path item with the same name and
    /// place. The second value is `true` if all path parameters were read.
    pub(super) fn parameters(&mut self, candidate: &Candidate) -> (Vec<Parameter>, bool) {
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut are_all_read = true;
        for owner in candidate.shared().chain([&candidate.location]) {
            let (list, is_read) = self.parameter_list(owner, &candidate.id);
            are_all_read &= is_read;
            for parameter in list {
                match parameters.iter_mut().find(|other| other.is_same(&parameter)) {
                    Some(inherited) => *inherited = parameter,
                    None => parameters.push(parameter),
                }
            }
        }
        (parameters, are_all_read)
    }

    fn parameter_list(&mut self, owner: &Location, operation: &str) -> (Vec<Parameter>, bool) {
        let list = owner.child("parameters");
        let Some(elements) = self.sources.find(&list) else { return (Vec::new(), true) };
        let Some(elements) = elements.as_sequence() else {
            self.error(&list, "expected a list, found another value");
            return (Vec::new(), false);
        };
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut are_all_read = true;
        for index in 0..elements.len() {
            let at = list.child(index);
            let Some(parameter) = self.parameter(&at, operation) else {
                let source = self.sources.follow(&at).unwrap_or(at);
                are_all_read &= self.fields(&source).text("in").as_deref() == Some("header");
                continue;
            };
            let twin = parameters.iter().find(|other| other.is_same(&parameter));
            match twin.map(|twin| twin.schema.ty.is_same(&parameter.schema.ty)) {
                None => parameters.push(parameter),
                Some(true) => self.warning(&list.child(index), declared_twice(&parameter)),
                Some(false) => {
                    let message = format!("{}, as another type", declared_twice(&parameter));
                    self.error(&list.child(index), message);
                }
            }
        }
        (parameters, are_all_read)
    }

    fn parameter(&mut self, at: &Location, operation: &str) -> Option<Parameter> {
        let source = self.follow(at)?;
        let description: Description = self.read(&source, &Shape::PARAMETER)?;
        let (place, style, allow_reserved, allow_empty) = traits(&description);
        let data = description.parameter_data_ref();
        if place == ParameterPlace::Header && self.check_header_name(&data.name, &source).is_none() {
            return None;
        }
        if self.sources.find(&source.child("schema")).is_some()
            && self.sources.find(&source.child("content")).is_some()
        {
            self.error(&source, "expected either `schema` or `content`, found both");
        }
        let is_required = data.required || place == ParameterPlace::Path;
        // A shared parameter has the name of its component, another that of its operation too.
        let shared = self.types.name_of_parameter(&source).unwrap_or_else(|| data.name.clone());
        let name = if source == *at { format!("{}-{}", operation, data.name) } else { shared };
        let name = Name::given(name);
        let (schema, media_type) = match &data.format {
            ParameterSchemaOrContent::Schema(schema) => {
                (self.schema(&source.child("schema"), schema, &name)?, None)
            }
            ParameterSchemaOrContent::Content(content) => {
                let at = source.child("content");
                let [(media_type, content)] = content.iter().collect::<Vec<_>>()[..] else {
                    self.error(
                        &at,
                        "expected one media type in the content of a parameter, found none or several",
                    );
                    return None;
                };
                let at = at.child(media_type);
                let schema = match &content.schema {
                    Some(schema) => self.schema(&at.child("schema"), schema, &name)?,
                    None => anything(&at),
                };
                (schema, Some(media_type.clone()))
            }
        };
        Some(Parameter {
            name: data.name.clone(),
            alias: self.name_in_rust(at).or_else(|| self.name_in_rust(&source)),
            place,
            required: is_required,
            deprecated: data.deprecated.unwrap_or_default()
                || self.fields(at).flag("deprecated").unwrap_or_default(),
            replacement: self
                .fields(at)
                .text("x-replacement")
                .or_else(|| self.fields(&source).text("x-replacement")),
            docs: Docs {
                description: self.fields(at).text("description").or_else(|| data.description.clone()),
                ..Docs::default()
            },
            schema,
            style,
            // Form explodes unless told otherwise, the others do not.
            explode: data.explode.unwrap_or(style == ParameterStyle::Form),
            allow_reserved,
            allow_empty,
            media_type,
            source,
        })
    }
}

impl Lowering<'_> {
    /// Reports a name that no header can have.
    fn check_header_name(&mut self, name: &str, at: &Location) -> Option<()> {
        if http::HeaderName::from_bytes(name.as_bytes()).is_err() {
            self.error(at, format!("expected the name of a header, found `{name}`"));
            return None;
        }
        Some(())
    }
}

fn traits(parameter: &Description) -> (ParameterPlace, ParameterStyle, bool, bool) {
    match parameter {
        Description::Path { style, .. } => {
            let style = match style {
                PathStyle::Matrix => ParameterStyle::Matrix,
                PathStyle::Label => ParameterStyle::Label,
                PathStyle::Simple => ParameterStyle::Simple,
            };
            (ParameterPlace::Path, style, false, false)
        }
        Description::Query { style, allow_reserved, allow_empty_value, .. } => (
            ParameterPlace::Query,
            query_style(style),
            *allow_reserved,
            allow_empty_value.unwrap_or_default(),
        ),
        Description::Header { style: HeaderStyle::Simple, .. } => {
            (ParameterPlace::Header, ParameterStyle::Simple, false, false)
        }
        Description::Cookie { style: CookieStyle::Form, .. } => {
            (ParameterPlace::Cookie, ParameterStyle::Form, false, false)
        }
    }
}

fn declared_twice(parameter: &Parameter) -> String {
    format!("expected one declaration of the parameter `{}`, found two", parameter.name)
}

pub(super) fn query_style(style: &QueryStyle) -> ParameterStyle {
    match style {
        QueryStyle::Form => ParameterStyle::Form,
        QueryStyle::SpaceDelimited => ParameterStyle::SpaceDelimited,
        QueryStyle::PipeDelimited => ParameterStyle::PipeDelimited,
        QueryStyle::DeepObject => ParameterStyle::DeepObject,
    }
}
