//! Schemas.
//!
//! A schema that gets a name in Rust (an object, an enum, a union) is only noted where it is met and lowered
//! later, from a list: a description whose types refer to each other in a circle, or in a very long row,
//! needs no recursion. Lists, maps and scalars are lowered in place.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase;
use openapiv3::{AdditionalProperties, AnySchema, ReferenceOr, Schema as Description, SchemaKind};
use serde_json::Number;
use serde_yaml::Value as Node;

use super::Lowering;
use crate::diagnostic::{Diagnostic, Location};
use crate::ir::{
    Additional, Bound, Constraints, Discriminator, Docs, Enum, EnumValue, FailureMarker, Object, Presence,
    Property, Schema, Type, TypeDef, TypeId, TypeKind, Union, UnionKind, Usage,
};
use crate::load::{Shape, component_name, mapped_reference};

/// How deep lists, maps and `allOf`s may be nested.
const MAX_DEPTH: usize = 64;

/// The named types met so far.
#[derive(Default)]
pub(super) struct Types {
    defs: BTreeMap<TypeId, TypeDef>,
    met: BTreeSet<TypeId>,
    pending: Vec<Pending>,
    depth: usize,
    /// Names of components that are not called by their places.
    names: BTreeMap<Location, String>,
}

struct Pending {
    id: TypeId,
    name: String,
    is_component: bool,
}

impl Types {
    /// Types of which some components are called something else than their places say.
    pub(super) fn named(names: BTreeMap<Location, String>) -> Self {
        Self { names, ..Self::default() }
    }

    fn name_of(&self, target: &Location) -> String {
        self.names.get(target).cloned().unwrap_or_else(|| component_name(target))
    }

    pub(super) fn into_defs(self) -> BTreeMap<TypeId, TypeDef> {
        self.defs
    }
}

/// What a schema becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Object,
    Enum,
    Union,
    /// Nothing with a name: a scalar, a list, a map, or another name for one type.
    Unnamed,
}

impl Lowering<'_> {
    /// Lowers a schema in use. `name` is what an unnamed one is called if it needs a name.
    pub(super) fn schema(
        &mut self,
        at: &Location,
        schema: &ReferenceOr<Description>,
        name: &str,
    ) -> Option<Schema> {
        match schema {
            ReferenceOr::Item(schema) => self.schema_here(at, schema, name, false),
            ReferenceOr::Reference { .. } => self.referenced(at),
        }
    }

    fn boxed_schema(
        &mut self,
        at: &Location,
        schema: &ReferenceOr<Box<Description>>,
        name: &str,
    ) -> Option<Schema> {
        match schema {
            ReferenceOr::Item(schema) => self.schema_here(at, schema, name, false),
            ReferenceOr::Reference { .. } => self.referenced(at),
        }
    }

    /// The schema that a `$ref` leads to, with what stands beside the `$ref`.
    fn referenced(&mut self, at: &Location) -> Option<Schema> {
        let target = self.follow(at)?;
        let description: Description = self.read(&target, &Shape::SCHEMA)?;
        let mut schema = self.schema_here(&target, &description, &self.types.name_of(&target), true)?;
        self.check_siblings(at);
        schema.docs = Docs {
            summary: self.text_beside(at, "title"),
            description: self.text_beside(at, "description"),
            link: None,
        };
        let value = |field: &str| {
            self.sources.find(&at.child(field)).and_then(|node| serde_json::to_value(node).ok())
        };
        schema.default = value("default").or(schema.default);
        schema.example = value("example").or(schema.example);
        if matches!(schema.ty, Type::Named(_)) {
            schema.deprecated = false;
        } else if schema.docs.description.is_none() {
            schema.docs.description = description.schema_data.description;
        }
        schema.nullable |= self.flag_beside(at, "nullable").unwrap_or_default();
        schema.deprecated |= self.flag_beside(at, "deprecated").unwrap_or_default();
        schema.read_only |= self.flag_beside(at, "readOnly").unwrap_or_default();
        schema.write_only |= self.flag_beside(at, "writeOnly").unwrap_or_default();
        schema.source = at.clone();
        Some(schema)
    }

    /// What stands beside a `$ref` and is read; the specification gives none of it a meaning, people do.
    fn check_siblings(&mut self, at: &Location) {
        const READ: [&str; 9] = [
            "$ref",
            "default",
            "deprecated",
            "description",
            "example",
            "nullable",
            "readOnly",
            "title",
            "writeOnly",
        ];
        for key in self.keys(at) {
            if !READ.contains(&key.as_str()) && !key.starts_with("x-") {
                self.warning(&at.child(&key), format!("`{key}` beside a `$ref` is not read"));
            }
        }
    }

    fn schema_here(
        &mut self,
        at: &Location,
        description: &Description,
        name: &str,
        is_component: bool,
    ) -> Option<Schema> {
        if self.types.depth == MAX_DEPTH {
            self.error(
                at,
                "this type is nested too deeply, or it contains itself without ever having a name",
            );
            return None;
        }
        self.types.depth += 1;
        let kind = self.kind(at, is_component, 0);
        let schema = if kind == Kind::Unnamed {
            self.unnamed(at, description, name)
        } else {
            self.note(at, name, is_component);
            Some(self.annotated(at, description, Type::Named(TypeId(at.clone()))))
        };
        self.types.depth -= 1;
        schema
    }

    fn note(&mut self, at: &Location, name: &str, is_component: bool) {
        let id = TypeId(at.clone());
        if self.types.met.insert(id.clone()) {
            self.types.pending.push(Pending { id, name: name.to_owned(), is_component });
        }
    }

    /// A type together with what the schema says beside it.
    fn annotated(&mut self, at: &Location, description: &Description, ty: Type) -> Schema {
        let data = &description.schema_data;
        Schema {
            ty,
            nullable: data.nullable || self.lists_null(at),
            format: self.text_beside(at, "format"),
            constraints: self.constraints(at),
            default: data.default.clone(),
            example: data.example.clone(),
            docs: Docs {
                summary: data.title.clone(),
                description: data.description.clone(),
                link: data.external_docs.as_ref().map(|docs| docs.url.clone()),
            },
            deprecated: data.deprecated,
            read_only: data.read_only,
            write_only: data.write_only,
            source: at.clone(),
        }
    }

    fn lists_null(&self, at: &Location) -> bool {
        let values = self.member(at, "enum").and_then(Node::as_sequence);
        values.is_some_and(|values| values.iter().any(Node::is_null))
    }

    /// What the schema at a place becomes; it is told from the tree, for the typed view hides some of it.
    fn kind(&self, at: &Location, is_component: bool, depth: usize) -> Kind {
        let node = self.sources.find(at);
        let has = |field: &str| node.is_some_and(|node| node.get(field).is_some());
        if has("oneOf") || has("anyOf") {
            return Kind::Union;
        }
        if has("enum") {
            return Kind::Enum;
        }
        if let Some(only) = self.only_member(at) {
            let target = self.sources.follow(&only).unwrap_or(only);
            return match self.kind_below(&target, depth) {
                Kind::Object if is_component => Kind::Object,
                _ => Kind::Unnamed,
            };
        }
        if has("allOf") || has("properties") {
            return Kind::Object;
        }
        let is_object = self.text_beside(at, "type").as_deref() == Some("object");
        // One that may have no property at all is no map.
        let is_closed = self.flag_beside(at, "additionalProperties") == Some(false);
        let is_named = is_component && !has("additionalProperties");
        if is_object && (is_named || is_closed) { Kind::Object } else { Kind::Unnamed }
    }

    fn kind_below(&self, target: &Location, depth: usize) -> Kind {
        if depth == MAX_DEPTH { Kind::Unnamed } else { self.kind(target, true, depth + 1) }
    }

    /// The member of an `allOf` that has only one, in a schema that adds no property to it.
    fn only_member(&self, at: &Location) -> Option<Location> {
        let all_of = at.child("allOf");
        let members = self.sources.find(&all_of)?.as_sequence()?;
        let adds = ["properties", "required", "additionalProperties"];
        let plain = adds.iter().all(|field| self.sources.find(&at.child(field)).is_none());
        (members.len() == 1 && plain).then(|| all_of.child(0))
    }

    fn unnamed(&mut self, at: &Location, description: &Description, name: &str) -> Option<Schema> {
        let keywords = Keywords::of(&description.schema_kind);
        if keywords.not {
            self.error(&at.child("not"), "`not` is not supported");
            return None;
        }
        if let [member] = keywords.all_of {
            return self.alias(at, description, member, name);
        }
        let ty = match keywords.ty {
            Some("string") => string(self.text_beside(at, "format").as_deref()),
            Some("integer") => integer(self.text_beside(at, "format").as_deref()),
            Some("number") if self.text_beside(at, "format").as_deref() == Some("float") => Type::Float,
            Some("number") => Type::Double,
            Some("boolean") => Type::Boolean,
            Some("array") => self.array(at, &keywords, name)?,
            Some("object") => self.map(at, &keywords, name)?,
            _ if keywords.items.is_some() => self.array(at, &keywords, name)?,
            _ if keywords.additional.is_some() => self.map(at, &keywords, name)?,
            _ => Type::Any,
        };
        Some(self.annotated(at, description, ty))
    }

    /// An `allOf` with one member is the member, with other words about it.
    fn alias(
        &mut self,
        at: &Location,
        description: &Description,
        member: &ReferenceOr<Description>,
        name: &str,
    ) -> Option<Schema> {
        let aliased = self.schema(&at.child("allOf").child(0), member, name)?;
        let own = self.annotated(at, description, aliased.ty.clone());
        let mut schema = aliased;
        schema.refine(own);
        schema.source = at.clone();
        Some(schema)
    }

    fn array(&mut self, at: &Location, keywords: &Keywords<'_>, name: &str) -> Option<Type> {
        let Some(items) = keywords.items else {
            self.error(at, "an array needs `items`");
            return None;
        };
        let items = self.boxed_schema(&at.child("items"), items, &format!("{name}Item"))?;
        Some(Type::Array(Box::new(items)))
    }

    fn map(&mut self, at: &Location, keywords: &Keywords<'_>, name: &str) -> Option<Type> {
        let values = match keywords.additional {
            Some(AdditionalProperties::Schema(schema)) => {
                self.schema(&at.child("additionalProperties"), schema, &format!("{name}Value"))?
            }
            _ => anything(at),
        };
        Some(Type::Map(Box::new(values)))
    }

    /// Lowers the named types that were met, and those they lead to.
    pub(super) fn pending_types(&mut self) {
        while let Some(Pending { id, name, is_component }) = self.types.pending.pop() {
            let at = id.0.clone();
            let Some(description) = self.read::<Description>(&at, &Shape::SCHEMA) else { continue };
            let name_in_camel = name.to_upper_camel_case();
            let kind = match self.kind(&at, is_component, 0) {
                Kind::Enum => {
                    self.refuse_beside(
                        &at,
                        "enum",
                        &["allOf", "oneOf", "anyOf", "not", "properties", "items"],
                    );
                    self.enumeration(&at, &description)
                }
                Kind::Union => self.union(&at, &description, &name_in_camel),
                Kind::Object | Kind::Unnamed => self.object(&at, &description, &name_in_camel),
            };
            let Some(kind) = kind else { continue };
            let own = self.annotated(&at, &description, Type::Any);
            let mut docs = own.docs;
            let kind = match kind {
                TypeKind::Enum(values) => TypeKind::Enum(distribute_docs(values, &mut docs)),
                other => other,
            };
            let def = TypeDef {
                name,
                is_component,
                rust_name: String::new(),
                docs,
                deprecated: own.deprecated,
                usage: Usage::default(),
                kind,
            };
            self.types.defs.insert(id, def);
        }
    }

    /// Refuses keywords that would be passed over beside another.
    fn refuse_beside(&mut self, at: &Location, keyword: &str, others: &[&str]) {
        for other in others {
            let at = at.child(other);
            if self.sources.find(&at).is_some() {
                let message = format!("`{other}` beside `{keyword}` is not supported");
                self.diagnostics.push(Diagnostic::error(&at, message).at_key());
            }
        }
    }

    fn object(&mut self, at: &Location, description: &Description, name: &str) -> Option<TypeKind> {
        let mut merged = Merged::default();
        self.merge(at, description, name, &mut merged)?;
        let Merged { mut object, required, declared, .. } = merged;
        for property in &mut object.properties {
            property.required = required.contains_key(&property.name);
        }
        if description.schema_data.discriminator.is_some() {
            self.warning(&at.child("discriminator"), "types that build on this one are not told apart by it");
        }
        for (name, at) in required {
            if !declared.contains(&name) {
                self.warning(
                    &at,
                    format!("the required property `{name}` is not declared, so it is not read"),
                );
            }
        }
        Some(TypeKind::Object(object))
    }

    /// Adds the properties of a schema, and of the members of its `allOf`, to `merged`.
    fn merge(
        &mut self,
        at: &Location,
        description: &Description,
        name: &str,
        merged: &mut Merged,
    ) -> Option<()> {
        if merged.within.contains(at) || merged.within.len() == MAX_DEPTH {
            self.error(at, "this `allOf` contains itself, or is nested too deeply");
            return None;
        }
        // What two members have in common is merged once.
        if !merged.done.insert(at.clone()) {
            return Some(());
        }
        let keywords = Keywords::of(&description.schema_kind);
        self.check_mergeable(at, &keywords)?;
        merged.within.push(at.clone());
        for (index, member) in keywords.all_of.iter().enumerate() {
            self.merge_member(&at.child("allOf").child(index), member, name, merged)?;
        }
        for (property, schema) in keywords.properties.into_iter().flatten() {
            merged.declared.insert(property.clone());
            let at = at.child("properties").child(property);
            let name = format!("{name}{}", property.to_upper_camel_case());
            let Some(schema) = self.boxed_schema(&at, schema, &name) else { continue };
            self.add_property(property, schema, merged);
        }
        for (index, required) in keywords.required.iter().enumerate() {
            merged.required.insert(required.clone(), at.child("required").child(index));
        }
        self.add_rest(at, &keywords, name, &mut merged.object)?;
        merged.within.pop();
        Some(())
    }

    fn merge_member(
        &mut self,
        at: &Location,
        member: &ReferenceOr<Description>,
        name: &str,
        merged: &mut Merged,
    ) -> Option<()> {
        match member {
            ReferenceOr::Item(description) => self.merge(at, description, name, merged),
            ReferenceOr::Reference { .. } => {
                let target = self.follow(at)?;
                let description: Description = self.read(&target, &Shape::SCHEMA)?;
                self.merge(&target, &description, &self.types.name_of(&target).to_upper_camel_case(), merged)
            }
        }
    }

    fn check_mergeable(&mut self, at: &Location, keywords: &Keywords<'_>) -> Option<()> {
        let unmergeable = match keywords {
            Keywords { not: true, .. } => Some("`not` is not supported".to_owned()),
            Keywords { union: true, .. } => {
                Some("`oneOf` and `anyOf` beside or inside `allOf` are not supported".to_owned())
            }
            Keywords { ty: Some(ty), .. } if *ty != "object" => {
                Some(format!("only objects can be merged by `allOf`, and this is of type `{ty}`"))
            }
            _ => None,
        };
        match unmergeable {
            Some(message) => {
                self.error(at, message);
                None
            }
            None => Some(()),
        }
    }

    fn add_property(&mut self, name: &str, schema: Schema, merged: &mut Merged) {
        let property = Property {
            name: name.to_owned(),
            rust_name: String::new(),
            required: false,
            presence: Presence::default(),
            boxed: false,
            schema,
        };
        let Some(other) = merged.object.properties.iter_mut().find(|other| other.name == name) else {
            merged.object.properties.push(property);
            return;
        };
        if other.schema.ty.is_same(&property.schema.ty) {
            other.schema.refine(property.schema);
        } else {
            let message = format!("the property `{name}` has another type in another member of the `allOf`");
            let help = format!("the other one is at {}", other.schema.source);
            self.diagnostics.push(Diagnostic::error(&property.schema.source, message).at_key().help(help));
        }
    }

    /// What a schema says of its properties as a whole.
    fn add_rest(
        &mut self,
        at: &Location,
        keywords: &Keywords<'_>,
        name: &str,
        object: &mut Object,
    ) -> Option<()> {
        let constraints = self.constraints(at);
        object.min_properties = constraints.min_properties.or(object.min_properties);
        object.max_properties = constraints.max_properties.or(object.max_properties);
        match keywords.additional {
            None => {}
            Some(AdditionalProperties::Any(true)) => object.additional = Additional::Any,
            Some(AdditionalProperties::Any(false)) => object.additional = Additional::Forbidden,
            Some(AdditionalProperties::Schema(schema)) => {
                let values =
                    self.schema(&at.child("additionalProperties"), schema, &format!("{name}Value"))?;
                object.additional = Additional::Typed(Box::new(values));
            }
        }
        if let Some(marker) = self.failure_marker(at) {
            object.failure = Some(marker);
        }
        Some(())
    }

    /// `x-failure-when`: one property and the value of it that makes a reply a failure; `x-failure-schema`: a
    /// `$ref` to what the reply is then.
    fn failure_marker(&mut self, owner: &Location) -> Option<FailureMarker> {
        let at = owner.child("x-failure-when");
        let marker = self.sources.find(&at)?;
        let members = marker.as_mapping().filter(|members| members.len() == 1);
        let marker = members
            .and_then(|members| members.iter().next())
            .and_then(|(property, value)| Some((property.as_str()?.to_owned(), value.as_str()?.to_owned())));
        let Some((property, value)) = marker else {
            self.error(&at, "expected one property with the text that makes a reply a failure");
            return None;
        };
        let at = owner.child("x-failure-schema");
        let schema = match self.sources.find(&at) {
            Some(_) => Some(Box::new(self.referenced(&at)?)),
            None => None,
        };
        Some(FailureMarker { property, value, schema })
    }

    fn enumeration(&mut self, at: &Location, description: &Description) -> Option<TypeKind> {
        let list = at.child("enum");
        let mut values: Vec<EnumValue> = Vec::new();
        for (index, node) in self.sources.find(&list)?.as_sequence()?.iter().enumerate() {
            let value = serde_json::to_value(node).unwrap_or_default();
            if values.iter().any(|other| other.value == value) {
                self.warning(&list.child(index), format!("the value {value} is listed twice"));
            } else if !value.is_null() {
                values.push(EnumValue { value, rust_name: String::new(), docs: Docs::default() });
            }
        }
        if values.is_empty() {
            self.error(&list, "an `enum` needs a value");
            return None;
        }
        let base = match Keywords::of(&description.schema_kind).ty {
            Some("string") => Type::String,
            Some("integer") => Type::Int64,
            Some("number") => Type::Double,
            Some("boolean") => Type::Boolean,
            None if values.iter().all(|value| value.value.is_string()) => Type::String,
            _ => Type::Any,
        };
        for (index, value) in values.iter().enumerate() {
            if matches!(base, Type::String) && !value.value.is_string() {
                let message = format!("{} is not a string, as the type says: put it in quotes", value.value);
                self.error(&list.child(index), message);
            }
        }
        Some(TypeKind::Enum(Enum { base, values }))
    }

    fn union(&mut self, at: &Location, description: &Description, name: &str) -> Option<TypeKind> {
        let field = if self.sources.find(&at.child("oneOf")).is_some() { "oneOf" } else { "anyOf" };
        let at_variants = at.child(field);
        let count = self.sources.find(&at_variants)?.as_sequence()?.len();
        let mut variants = Vec::new();
        for index in 0..count {
            let at = at_variants.child(index);
            let name = format!("{name}Option{}", index + 1);
            let variant = if self.sources.reference_at(&at).is_ok_and(|reference| reference.is_some()) {
                self.referenced(&at)
            } else {
                self.read::<Description>(&at, &Shape::SCHEMA)
                    .and_then(|d| self.schema_here(&at, &d, &name, false))
            };
            variants.extend(variant);
        }
        let discriminator = description.schema_data.discriminator.as_ref();
        let discriminator = discriminator.map(|discriminator| self.discriminator(at, discriminator));
        let kind = if field == "oneOf" { UnionKind::One } else { UnionKind::Any };
        Some(TypeKind::Union(Union { kind, variants, discriminator }))
    }

    fn discriminator(&mut self, at: &Location, discriminator: &openapiv3::Discriminator) -> Discriminator {
        let at = at.child("discriminator").child("mapping");
        let mut mapping = Vec::new();
        for (value, target) in &discriminator.mapping {
            let reference = mapped_reference(self.sources, target);
            let resolved = self.sources.resolve(&at.child(value), &reference);
            if let Some(target) = self.diagnostics.keep(resolved) {
                self.note(&target, &self.types.name_of(&target), true);
                mapping.push((value.clone(), TypeId(target)));
            }
        }
        Discriminator { property: discriminator.property_name.clone(), mapping }
    }

    /// The constraints of a schema, from the tree: the typed view makes some numbers inexact.
    fn constraints(&self, at: &Location) -> Constraints {
        let schema = self.sources.find(at);
        let node = |name: &str| schema.and_then(|schema| schema.get(name));
        let count = |name: &str| node(name).and_then(Node::as_u64);
        let number = |name: &str| node(name).and_then(exact);
        let bound = |name: &str, exclusive: &str| {
            Some(Bound {
                value: number(name)?,
                exclusive: self.flag_beside(at, exclusive).unwrap_or_default(),
            })
        };
        Constraints {
            min_length: count("minLength"),
            max_length: count("maxLength"),
            pattern: self.text_beside(at, "pattern"),
            minimum: bound("minimum", "exclusiveMinimum"),
            maximum: bound("maximum", "exclusiveMaximum"),
            multiple_of: number("multipleOf"),
            min_items: count("minItems"),
            max_items: count("maxItems"),
            unique_items: self.flag_beside(at, "uniqueItems").unwrap_or_default(),
            min_properties: count("minProperties"),
            max_properties: count("maxProperties"),
            max_bytes: count("x-max-bytes"),
        }
    }
}

/// The properties of an object under construction.
#[derive(Default)]
struct Merged {
    object: Object,
    /// Names of the required properties, each with the place that says so.
    required: BTreeMap<String, Location>,
    /// Names of the declared properties, whether or not they could be lowered.
    declared: BTreeSet<String>,
    /// The schemas that are being merged, outermost first.
    within: Vec<Location>,
    /// The schemas that were merged.
    done: BTreeSet<Location>,
}

/// The parts of a schema that tell its kind, whichever variant the typed view chose for it. A `type: object`
/// with an `allOf`, and `properties` without a `type`, both come as its catch-all variant.
#[derive(Default)]
struct Keywords<'a> {
    ty: Option<&'a str>,
    properties: Option<&'a indexmap::IndexMap<String, ReferenceOr<Box<Description>>>>,
    required: &'a [String],
    additional: Option<&'a AdditionalProperties>,
    items: Option<&'a ReferenceOr<Box<Description>>>,
    all_of: &'a [ReferenceOr<Description>],
    union: bool,
    not: bool,
}

impl<'a> Keywords<'a> {
    fn of(kind: &'a SchemaKind) -> Self {
        use openapiv3::Type as Of;
        let of_type = |ty| Self { ty: Some(ty), ..Self::default() };
        match kind {
            SchemaKind::Type(Of::String(_)) => of_type("string"),
            SchemaKind::Type(Of::Number(_)) => of_type("number"),
            SchemaKind::Type(Of::Integer(_)) => of_type("integer"),
            SchemaKind::Type(Of::Boolean(_)) => of_type("boolean"),
            SchemaKind::Type(Of::Array(array)) => Self { items: array.items.as_ref(), ..of_type("array") },
            SchemaKind::Type(Of::Object(object)) => Self {
                properties: Some(&object.properties),
                required: &object.required,
                additional: object.additional_properties.as_ref(),
                ..of_type("object")
            },
            SchemaKind::OneOf { .. } | SchemaKind::AnyOf { .. } => Self { union: true, ..Self::default() },
            SchemaKind::AllOf { all_of } => Self { all_of, ..Self::default() },
            SchemaKind::Not { .. } => Self { not: true, ..Self::default() },
            SchemaKind::Any(any) => Self::of_any(any),
        }
    }

    fn of_any(any: &'a AnySchema) -> Self {
        Self {
            ty: any.typ.as_deref(),
            properties: Some(&any.properties),
            required: &any.required,
            additional: any.additional_properties.as_ref(),
            items: any.items.as_ref(),
            all_of: &any.all_of,
            union: !(any.one_of.is_empty() && any.any_of.is_empty()),
            not: any.not.is_some(),
        }
    }
}

fn integer(format: Option<&str>) -> Type {
    match format {
        Some("int32") => Type::Int32,
        Some("uint64") => Type::Uint64,
        _ => Type::Int64,
    }
}

fn string(format: Option<&str>) -> Type {
    match format {
        Some("date-time") => Type::DateTime,
        Some("date") => Type::Date,
        Some("binary") => Type::Binary,
        _ => Type::String,
    }
}

/// A schema of which nothing is known.
pub(super) fn anything(at: &Location) -> Schema {
    Schema {
        ty: Type::Any,
        nullable: false,
        format: None,
        constraints: Constraints::default(),
        default: None,
        example: None,
        docs: Docs::default(),
        deprecated: false,
        read_only: false,
        write_only: false,
        source: at.clone(),
    }
}

fn exact(node: &Node) -> Option<Number> {
    match node {
        Node::Number(number) => number
            .as_i64()
            .map(Number::from)
            .or_else(|| number.as_u64().map(Number::from))
            .or_else(|| number.as_f64().and_then(Number::from_f64)),
        _ => None,
    }
}

/// Moves the bullets of a description that explain one value each (`` * `NEW`: the chat is new ``) to their
/// values, if there is one for every value.
fn distribute_docs(mut values: Enum, docs: &mut Docs) -> Enum {
    let Some(description) = &docs.description else { return values };
    let mut rest = Vec::new();
    let mut found = BTreeMap::new();
    for line in description.lines() {
        match bullet(line) {
            Some((value, text)) => {
                found.insert(value.to_owned(), text.to_owned());
            }
            None => rest.push(line),
        }
    }
    let explained = |value: &EnumValue| value.value.as_str().is_some_and(|value| found.contains_key(value));
    if !values.values.iter().all(explained) || found.len() != values.values.len() {
        return values;
    }
    for value in &mut values.values {
        let text = value.value.as_str().and_then(|value| found.get(value)).cloned();
        value.docs.description = text;
    }
    let rest = rest.join("\n").trim().trim_end_matches(':').to_owned();
    docs.description =
        (!rest.is_empty()).then(|| format!("{rest}{}", if rest.ends_with('.') { "" } else { "." }));
    values
}

fn bullet(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let rest = line.strip_prefix("* ").or_else(|| line.strip_prefix("- "))?.trim_start().strip_prefix('`')?;
    let (value, text) = rest.split_once('`')?;
    let text = text.trim_start().trim_start_matches([':', '—', '–', '-']).trim();
    (!text.is_empty()).then_some((value, text))
}

impl Schema {
    /// Adds what another schema of the same type says; its words win, and both constraints hold.
    fn refine(&mut self, other: Self) {
        self.nullable |= other.nullable;
        self.deprecated |= other.deprecated;
        self.read_only |= other.read_only;
        self.write_only |= other.write_only;
        self.constraints = std::mem::take(&mut self.constraints).and(other.constraints);
        self.format = other.format.or(self.format.take());
        self.default = other.default.or(self.default.take());
        self.example = other.example.or(self.example.take());
        self.source = other.source;
        if other.docs != Docs::default() {
            self.docs = other.docs;
        }
    }
}

impl Type {
    /// Whether two types are the same, whatever is said about them.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Array(a), Self::Array(b)) | (Self::Map(a), Self::Map(b)) => {
                a.nullable == b.nullable && a.ty.is_same(&b.ty)
            }
            (Self::Named(a), Self::Named(b)) => a == b,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}
