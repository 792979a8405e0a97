//! Objects, with the members of an `allOf` merged into one.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase;
use openapiv3::{AdditionalProperties, ReferenceOr, Schema as Description};
use serde_yaml::Value;

use super::keywords::Keywords;
use super::narrow::Meeting;
use super::union::Form;
use super::{Kind, MAX_DEPTH, Name, anything};
use crate::diagnostic::Location;
use crate::ir::{
    Additional, FailureMarker, Intersection, Object, Property, ResultMarker, Schema, Type, TypeKind,
};
use crate::load::Shape;
use crate::lower::Lowering;

/// The properties of an object under construction.
struct Merged {
    /// Place and name of the object.
    object: (Location, Name),
    properties: Vec<Declared>,
    rest: Rest,
    /// Names of the required properties, each with the place that says so.
    required: BTreeMap<String, Location>,
    /// Names of the declared properties, whether or not they could be lowered.
    declared: BTreeSet<String>,
    /// The schemas that are being merged, outermost first.
    within: Vec<Location>,
    /// The schemas that were merged.
    done: BTreeSet<Location>,
    /// Unions whose alternatives are told by other types: each alternative is a type that has what is around it.
    unions: Vec<Location>,
    /// The first member that is not an object.
    intersection: Option<Intersection>,
}

/// A property before all members of the `allOf` have said which properties are required.
struct Declared {
    name: String,
    alias: Option<String>,
    schema: Schema,
}

/// The facts about an object beside its properties.
#[derive(Clone, Default)]
struct Rest {
    additional: Additional,
    min_properties: Option<u64>,
    max_properties: Option<u64>,
    failure: Option<FailureMarker>,
    result: Option<ResultMarker>,
    not: Option<Location>,
}

impl Merged {
    fn new(at: &Location) -> Self {
        Self {
            object: (at.clone(), Name::of(at)),
            properties: Vec::new(),
            rest: Rest::default(),
            required: BTreeMap::new(),
            declared: BTreeSet::new(),
            within: Vec::new(),
            done: BTreeSet::new(),
            unions: Vec::new(),
            intersection: None,
        }
    }

    /// Returns the object that the members of the `allOf` describe together.
    fn into_object(self) -> Object {
        let required = self.required;
        let property = |Declared { name, alias, schema }| Property {
            required: required.contains_key(&name),
            name,
            alias,
            schema,
        };
        let Rest { additional, min_properties, max_properties, failure, result, not } = self.rest;
        Object {
            properties: self.properties.into_iter().map(property).collect(),
            additional,
            min_properties,
            max_properties,
            failure,
            result,
            not,
        }
    }
}

impl Lowering<'_> {
    pub(super) fn object(
        &mut self,
        at: &Location,
        description: &Description,
        name: &Name,
    ) -> Option<TypeKind> {
        let mut merged = Merged::new(at);
        let done = self.merge((at, at), description, name, &mut merged);
        self.merged_kind(merged, done)
    }

    /// Lowers the object that several schemas describe together.
    pub(super) fn composed_object(&mut self, at: &Location, members: &[Location]) -> Option<TypeKind> {
        let mut merged = Merged::new(at);
        let unions = members.iter().filter(|member| self.kind(member) == Kind::Union);
        merged.unions = unions.flat_map(|union| self.around(union)).collect();
        let done = self.merge_all(members, &mut merged);
        self.merged_kind(merged, done)
    }

    fn merge_all(&mut self, members: &[Location], merged: &mut Merged) -> Option<()> {
        for member in members {
            let description: Description = self.read(member, &Shape::SCHEMA)?;
            self.merge((member, member), &description, &Name::of(member), merged)?;
        }
        Some(())
    }

    /// Returns the object or, with a member that is not an object, the intersection, which the plan refuses.
    fn merged_kind(&mut self, merged: Merged, done: Option<()>) -> Option<TypeKind> {
        if let Some(intersection) = merged.intersection {
            return Some(TypeKind::Intersection(intersection));
        }
        done.map(|()| self.merged_object(merged))
    }

    fn merged_object(&mut self, mut merged: Merged) -> TypeKind {
        let undeclared = merged.required.iter().filter(|(name, _)| !merged.declared.contains(*name));
        let undeclared: Vec<_> = undeclared.map(|(name, at)| (name.clone(), at.clone())).collect();
        for (name, at) in undeclared {
            let schema = match &merged.rest.additional {
                Additional::Typed(schema) => Schema { source: at.clone(), ..(**schema).clone() },
                _ => {
                    let message = "expected a declaration of the required property";
                    self.warning(&at, format!("{message} `{name}`; its type is any JSON"));
                    anything(&at)
                }
            };
            merged.properties.push(Declared { name, alias: None, schema });
        }
        TypeKind::Object(merged.into_object())
    }

    /// Adds the properties of a schema, and of the members of its `allOf`, to `merged`. The schema stands at the second
    /// place and is a member at the first one.
    fn merge(
        &mut self,
        (member, at): (&Location, &Location),
        description: &Description,
        name: &Name,
        merged: &mut Merged,
    ) -> Option<()> {
        if merged.within.contains(at) || merged.within.len() == MAX_DEPTH {
            self.error(at, "unsupported: an `allOf` that contains itself, or is nested too deeply");
            return None;
        }
        // What two members have in common is merged once.
        if !merged.done.insert(at.clone()) {
            return Some(());
        }
        let keywords = Keywords::of(&description.schema_kind);
        let is_around = merged.unions.contains(at);
        if let Some(kind) = self.unmergeable(at, &keywords, is_around) {
            merged.intersection.get_or_insert(Intersection {
                member: member.clone(),
                schema: at.clone(),
                kind,
            });
            return None;
        }
        if keywords.not {
            merged.rest.not.get_or_insert_with(|| at.child("not"));
        }
        merged.within.push(at.clone());
        for (index, member) in keywords.all_of.iter().enumerate() {
            self.merge_member(&at.child("allOf").child(index), member, name, merged)?;
        }
        if let Some(Form::One(only)) = self.form(at).filter(|_| !is_around) {
            self.merge_alternative(at, &only, name, merged)?;
        }
        for (property, schema) in keywords.properties.into_iter().flatten() {
            merged.declared.insert(property.clone());
            let at = at.child("properties").child(property);
            let name = name.with(property.to_upper_camel_case());
            let Some(schema) = self.boxed_schema(&at, schema, &name) else { continue };
            self.add_property(property, schema, merged);
        }
        for (index, required) in keywords.required.iter().enumerate() {
            merged.required.insert(required.clone(), at.child("required").child(index));
        }
        self.add_rest(at, &keywords, name, &mut merged.rest)?;
        merged.within.pop();
        Some(())
    }

    fn merge_member(
        &mut self,
        at: &Location,
        member: &ReferenceOr<Description>,
        name: &Name,
        merged: &mut Merged,
    ) -> Option<()> {
        match member {
            ReferenceOr::Item(description) => self.merge((at, at), description, name, merged),
            ReferenceOr::Reference { .. } => {
                let target = self.follow(at)?;
                let description: Description = self.read(&target, &Shape::SCHEMA)?;
                self.merge((at, &target), &description, &Name::of(&target), merged)
            }
        }
    }

    /// Merges the only alternative that has a type. If others only say what is required, a value need not keep the rules of
    /// this one, such as which of its properties are required.
    fn merge_alternative(
        &mut self,
        at: &Location,
        only: &Location,
        name: &Name,
        merged: &mut Merged,
    ) -> Option<()> {
        let target = self.follow(only)?;
        let description: Description = self.read(&target, &Shape::SCHEMA)?;
        let name = if target == *only { name.clone() } else { Name::of(&target) };
        let required = merged.required.clone();
        let Rest { additional, min_properties, max_properties, not, .. } = merged.rest.clone();
        self.merge((only, &target), &description, &name, merged)?;
        if self.has_validation(at) {
            merged.required = required;
            if matches!(merged.rest.additional, Additional::Forbidden) {
                merged.rest.additional = additional;
            }
            merged.rest = Rest { min_properties, max_properties, not, ..std::mem::take(&mut merged.rest) };
        }
        Some(())
    }

    /// Says what a member is that cannot be merged into an object.
    fn unmergeable(&self, at: &Location, keywords: &Keywords<'_>, is_around: bool) -> Option<String> {
        let is_union = match self.form(at) {
            None | Some(Form::Validation | Form::One(_)) => false,
            Some(Form::Several) => !is_around && !self.lists_heirs(at),
            Some(Form::Scalar(_) | Form::Values) => true,
        };
        let keywords_of_values = if is_union { &["oneOf", "anyOf", "allOf", "enum"][..] } else { &["enum"] };
        let union = keywords_of_values.iter().find(|keyword| self.fields(at).has(keyword));
        let ty = keywords.ty.filter(|ty| *ty != "object").map(|ty| format!("`type: {ty}`"));
        union.map(|keyword| format!("`{keyword}`")).or(ty)
    }

    fn add_property(&mut self, name: &str, schema: Schema, merged: &mut Merged) {
        let property = Declared { name: name.to_owned(), alias: self.name_in_rust(&schema.source), schema };
        let Some(other) = merged.properties.iter_mut().find(|other| other.name == name) else {
            merged.properties.push(property);
            return;
        };
        let (object, name_of_object) = &merged.object;
        let at = object.child("properties").child(name);
        let name_of_type = name_of_object.with(name.to_upper_camel_case());
        let meeting = Meeting { at: &at, name: &name_of_type };
        let contradiction =
            format!("expected one type of the property `{name}` in all members of the `allOf`, found two");
        other.alias = property.alias.or(other.alias.take());
        self.narrow(&mut other.schema, property.schema, &meeting, &contradiction);
    }

    /// Adds the statements of a schema about all of its properties.
    fn add_rest(
        &mut self,
        at: &Location,
        keywords: &Keywords<'_>,
        name: &Name,
        rest: &mut Rest,
    ) -> Option<()> {
        let fields = self.fields(at);
        rest.min_properties = rest.min_properties.max(fields.count("minProperties"));
        let maximums = [rest.max_properties, fields.count("maxProperties")];
        rest.max_properties = maximums.into_iter().flatten().min();
        match keywords.additional {
            None => {}
            Some(AdditionalProperties::Any(true)) => rest.additional = Additional::Any,
            Some(AdditionalProperties::Any(false)) => rest.additional = Additional::Forbidden,
            Some(AdditionalProperties::Schema(schema)) => {
                let values = self.schema(&at.child("additionalProperties"), schema, &name.with("Value"))?;
                rest.additional = match values.ty {
                    Type::Any if self.excludes_all(&values) => Additional::Forbidden,
                    Type::Any => Additional::Any,
                    _ => Additional::Typed(Box::new(values)),
                };
            }
        }
        if let Some(marker) = self.failure_marker(at) {
            rest.failure = Some(marker);
        }
        if let Some(marker) = self.result_marker(at) {
            rest.result = Some(marker);
        }
        Some(())
    }

    /// Returns `true` for a schema that no value has: `not: {}`.
    fn excludes_all(&self, schema: &Schema) -> bool {
        let not = schema.not.as_ref().and_then(|not| self.sources.find(not));
        not.and_then(Value::as_mapping).is_some_and(serde_yaml::Mapping::is_empty)
    }

    /// Returns `x-result`: the property with the result of a call, or `false` if the whole object is the result.
    fn result_marker(&mut self, owner: &Location) -> Option<ResultMarker> {
        let at = owner.child("x-result");
        let marker = match self.sources.find(&at)? {
            Value::String(property) => Some(ResultMarker::Property(property.clone())),
            Value::Bool(false) => Some(ResultMarker::Whole),
            _ => None,
        };
        if marker.is_none() {
            self.error(&at, "expected the name of a property or `false`, found another value");
        }
        marker
    }

    /// Returns `x-failure-when`, the property and its value that make a response a failure, and `x-failure-schema`, a
    /// `$ref` to the schema of such a response.
    fn failure_marker(&mut self, owner: &Location) -> Option<FailureMarker> {
        let at = owner.child("x-failure-when");
        let marker = self.sources.find(&at)?;
        let members = marker.as_mapping().filter(|members| members.len() == 1);
        let marker = members
            .and_then(|members| members.iter().next())
            .and_then(|(property, value)| Some((property.as_str()?.to_owned(), value.as_str()?.to_owned())));
        let Some((property, value)) = marker else {
            self.error(
                &at,
                "expected one property with the text that makes a response a failure, found another value",
            );
            return None;
        };
        let at = owner.child("x-failure-schema");
        let schema = match self.sources.find(&at) {
            Some(_) => Some(Box::new(self.referenced(&at)?)),
            None => None,
        };
        Some(FailureMarker { property, value, schema })
    }
}
