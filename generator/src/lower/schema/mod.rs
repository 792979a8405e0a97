//! Schemas.
//!
//! A schema that gets a name in Rust (an object, an enum, a union) is only noted where it is met and lowered
//! later, from a list: a description whose types refer to each other in a circle, or in a very long row,
//! needs no recursion. Lists, maps and scalars are lowered in place.

mod keywords;
mod name;
mod narrow;
mod object;
mod union;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{AdditionalProperties, ReferenceOr, Schema as Description};
use serde_yaml::Value as Node;

use self::keywords::Keywords;
pub(super) use self::name::Name;
use self::name::Names;
use self::narrow::{Composed, Meeting};
use self::union::Form;
use self::values::distribute_docs;
use super::{Fields, Lowering};
use crate::diagnostic::{Diagnostic, Location};
use crate::ir::{Bound, Constraints, Docs, Example, Extent, Schema, Type, TypeDef, TypeId, TypeKind};
use crate::load::{ARRAY_WITHOUT_ITEMS, Shape, number};
use crate::places::Places;

/// Keywords that say what the type of a member of an `allOf` is. A member without them only says something about it.
const TYPED: [&str; 9] =
    ["$ref", "type", "enum", "oneOf", "anyOf", "allOf", "properties", "additionalProperties", "items"];
/// Keywords that add properties to the members of an `allOf`.
const ADDS: [&str; 3] = ["properties", "required", "additionalProperties"];
/// Extensions that say something of an object as a response.
const STATEMENTS: [&str; 2] = ["x-failure-when", "x-result"];
/// The maximum depth of nested lists, maps and `allOf`s.
const MAX_DEPTH: usize = 64;

/// A named type before its name is known.
struct Lowered {
    alias: Option<String>,
    docs: Docs,
    deprecated: bool,
    example: Option<Example>,
    kind: TypeKind,
}

/// The named types met so far.
pub(super) struct Types {
    lowered: BTreeMap<TypeId, Lowered>,
    met: BTreeSet<TypeId>,
    pending: Vec<TypeId>,
    /// The schemas that are being lowered in place, outermost first.
    within: Vec<Location>,
    names: Names,
    composed: Composed,
}

impl Types {
    pub(super) fn new(places: Places) -> Self {
        Self {
            lowered: BTreeMap::new(),
            met: BTreeSet::new(),
            pending: Vec::new(),
            within: Vec::new(),
            names: Names::new(places),
            composed: Composed::default(),
        }
    }

    /// Returns the name of a parameter among the components.
    pub(super) fn name_of_parameter(&self, at: &Location) -> Option<String> {
        self.names.parameter(at)
    }

    /// Returns the types with their names, which are known as soon as all types are.
    pub(super) fn into_defs(self) -> BTreeMap<TypeId, TypeDef> {
        let names = &self.names;
        let def = |(id, lowered): (TypeId, Lowered)| {
            let Lowered { alias, docs, deprecated, example, kind } = lowered;
            let (name, home) = (names.text(&id.0), names.home(&id.0));
            let is_component = names.is_component(&id.0);
            let component = names.around(&id.0);
            (id, TypeDef { name, home, is_component, component, alias, docs, deprecated, example, kind })
        };
        self.lowered.into_iter().map(def).collect()
    }
}

/// The kind of type that a schema becomes.
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
        name: &Name,
    ) -> Option<Schema> {
        match schema {
            ReferenceOr::Item(schema) => self.in_place(at, schema, name),
            ReferenceOr::Reference { .. } => self.referenced(at),
        }
    }

    /// Lowers a schema among the components.
    pub(super) fn component_schema(&mut self, at: &Location) -> Option<Schema> {
        let target = self.follow(at)?;
        self.target(&target)
    }

    fn boxed_schema(
        &mut self,
        at: &Location,
        schema: &ReferenceOr<Box<Description>>,
        name: &Name,
    ) -> Option<Schema> {
        match schema {
            ReferenceOr::Item(schema) => self.in_place(at, schema, name),
            ReferenceOr::Reference { .. } => self.referenced(at),
        }
    }

    /// Lowers a schema where it stands.
    fn in_place(&mut self, at: &Location, schema: &Description, name: &Name) -> Option<Schema> {
        self.types.names.put(at, name);
        self.schema_here(at, schema, name)
    }

    /// Returns the target of a `$ref`, with the siblings of each `$ref` on the way.
    fn referenced(&mut self, at: &Location) -> Option<Schema> {
        let (links, target) = self.diagnostics.keep(self.sources.links(at))?;
        if self.types.within.contains(&target) {
            let message = "expected a type that ends, found an `allOf` that contains itself";
            let help = format!("it leads back to {target}");
            self.diagnostics.push(Diagnostic::error(at, message).help(help));
            return None;
        }
        let mut schema = self.target(&target)?;
        // A type with a name is described where it is declared.
        let is_named = matches!(schema.ty, Type::Named(_));
        let description = if is_named { None } else { schema.docs.description.take() };
        schema.docs = Docs { description, ..Docs::default() };
        schema.deprecated &= !is_named;
        schema.replacement = schema.replacement.filter(|_| !is_named);
        for link in links.iter().rev() {
            self.check_siblings(link);
            self.add_siblings(link, &mut schema);
        }
        schema.source = at.clone();
        Some(schema)
    }

    /// Adds what stands beside a `$ref` to the schema that the `$ref` leads to.
    fn add_siblings(&self, at: &Location, schema: &mut Schema) {
        let beside = self.fields(at);
        let flag = |name: &str| beside.flag(name).unwrap_or_default();
        let Docs { summary, description, .. } = &mut schema.docs;
        *summary = beside.text("title").or(summary.take());
        *description = beside.text("description").or(description.take());
        schema.default = beside.get("default").and_then(json).or(schema.default.take());
        schema.example = beside.get("example").and_then(json).or(schema.example.take());
        schema.nullable |= flag("nullable");
        schema.deprecated |= flag("deprecated");
        schema.replacement = beside.text("x-replacement").or(schema.replacement.take());
        schema.read_only |= flag("readOnly");
        schema.write_only |= flag("writeOnly");
    }

    /// Returns the target of a `$ref`. Of a named schema, only its name is needed here.
    fn target(&mut self, target: &Location) -> Option<Schema> {
        if self.kind(target) == Kind::Unnamed && !self.contains_itself(target) {
            let description: Description = self.read(target, &Shape::SCHEMA)?;
            let name = self.types.names.referenced(target);
            let schema = self.schema_here(target, &description, &name)?;
            return Some(Schema { component: self.types.names.component(target), ..schema });
        }
        Some(self.noted(target))
    }

    /// Checks the siblings of a `$ref`. The specification ignores them, but authors give them a meaning.
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
            let is_other = key.starts_with("x-") && !STATEMENTS.contains(&key.as_str());
            if !READ.contains(&key.as_str()) && !is_other {
                self.warning(&at.child(&key), format!("`{key}` beside a `$ref` is not read"));
            }
        }
    }

    /// Reports statements about a response in a schema without properties.
    fn check_statements(&mut self, at: &Location) {
        for statement in STATEMENTS {
            if self.fields(at).has(statement) {
                self.error(
                    &at.child(statement),
                    "expected an object with properties beside this extension, found another schema",
                );
            }
        }
    }

    fn schema_here(&mut self, at: &Location, description: &Description, name: &Name) -> Option<Schema> {
        if self.types.within.len() == MAX_DEPTH {
            self.error(
                at,
                format!("expected at most {MAX_DEPTH} lists, maps and `allOf`s inside each other"),
            );
            return None;
        }
        self.types.within.push(at.clone());
        let schema = if self.kind(at) == Kind::Unnamed {
            self.unnamed(at, description, name)
        } else {
            Some(self.noted(at))
        };
        self.types.within.pop();
        schema
    }

    /// Returns a reference to a schema with a name in Rust, which is lowered later.
    fn noted(&mut self, at: &Location) -> Schema {
        self.note(at);
        self.annotated(at, Type::Named(TypeId(at.clone())))
    }

    fn note(&mut self, at: &Location) {
        let id = TypeId(at.clone());
        if self.types.met.insert(id.clone()) {
            self.types.pending.push(id);
        }
    }

    /// Returns a type with its annotations from the tree: the typed view lacks some of them.
    fn annotated(&self, at: &Location, ty: Type) -> Schema {
        let fields = self.fields(at);
        let flag = |name: &str| fields.flag(name).unwrap_or_default();
        Schema {
            nullable: is_nullable(fields, &ty) || self.has_null_member(at),
            format: fields.text("format"),
            component: None,
            constraints: constraints(fields),
            default: fields.get("default").and_then(json),
            example: fields.get("example").and_then(json),
            docs: Docs {
                summary: fields.text("title"),
                description: fields.text("description"),
                link: Fields(fields.get("externalDocs")).text("url"),
            },
            deprecated: flag("deprecated"),
            replacement: fields.text("x-replacement"),
            read_only: flag("readOnly"),
            write_only: flag("writeOnly"),
            not: fields.has("not").then(|| at.child("not")),
            source: at.clone(),
            constrained: at.clone(),
            ty,
        }
    }

    /// Returns the kind of the schema at a place. The kind follows from the tree, since the typed view hides some fields.
    fn kind(&self, at: &Location) -> Kind {
        self.kind_as(at, self.types.names.is_component(at), &mut BTreeSet::new())
    }

    fn kind_as(&self, at: &Location, is_component: bool, seen: &mut BTreeSet<Location>) -> Kind {
        let fields = self.fields(at);
        match self.form(at) {
            Some(Form::Several) => return Kind::Union,
            Some(Form::Values) => return Kind::Enum,
            Some(Form::One(_)) if self.adds_to_alternatives(at) => return Kind::Object,
            Some(Form::One(_) | Form::Scalar(_)) => return Kind::Unnamed,
            Some(Form::Validation) | None => {}
        }
        if !self.children(at).is_empty() {
            return Kind::Union;
        }
        if is_null(fields) {
            return Kind::Unnamed;
        }
        if !fields.list("enum").is_empty() {
            return Kind::Enum;
        }
        if let Some(only) = self.only_member(at) {
            let target = self.sources.follow(&only).unwrap_or(only);
            if self.children(&target).contains(at) {
                return Kind::Object;
            }
            return match self.kind_below(&target, seen) {
                Kind::Object if is_component => Kind::Object,
                _ => Kind::Unnamed,
            };
        }
        if has_names(fields) || self.members(at).iter().any(|member| self.gives_names(member, seen)) {
            return Kind::Object;
        }
        let is_object = fields.text("type").as_deref() == Some("object");
        // One that may have no property at all is no map.
        let is_closed = fields.flag("additionalProperties") == Some(false);
        if is_object && is_closed { Kind::Object } else { Kind::Unnamed }
    }

    fn kind_below(&self, target: &Location, seen: &mut BTreeSet<Location>) -> Kind {
        if seen.insert(target.clone()) { self.kind_as(target, true, seen) } else { Kind::Unnamed }
    }

    /// Returns the only member of an `allOf` that states a type, if the schema adds no property and all other
    /// members only annotate. A member of a union that builds on the union is not the union itself.
    fn only_member(&self, at: &Location) -> Option<Location> {
        let only = self.only_typed_member(at)?;
        let target = self.sources.follow(&only).unwrap_or_else(|_| only.clone());
        (!self.lists(&target, at)).then_some(only)
    }

    fn only_typed_member(&self, at: &Location) -> Option<Location> {
        let fields = self.fields(at);
        let list = at.child("allOf");
        let members = fields.list("allOf");
        let typed: Vec<_> = (0..members.len()).filter(|index| says_type(&members[*index])).collect();
        match (typed.as_slice(), members.len()) {
            _ if ADDS.iter().any(|keyword| fields.has(keyword)) => None,
            ([only], _) => Some(list.child(only)),
            (_, 1) => Some(list.child(0)),
            _ => None,
        }
    }

    /// Returns the places of the members of an `allOf`, behind their `$ref`s.
    fn members(&self, at: &Location) -> Vec<Location> {
        let list = at.child("allOf");
        let members = (0..self.fields(at).list("allOf").len()).map(|index| list.child(index));
        members.map(|member| self.sources.follow(&member).unwrap_or(member)).collect()
    }

    /// Returns `true` for a member that makes an `allOf` an object with properties, or a union.
    fn gives_names(&self, member: &Location, seen: &mut BTreeSet<Location>) -> bool {
        has_names(self.fields(member)) || matches!(self.kind_below(member, seen), Kind::Object | Kind::Union)
    }

    /// Returns `true` for a list or a map that contains itself without ever having a name.
    fn contains_itself(&self, start: &Location) -> bool {
        let mut seen = BTreeSet::new();
        let mut inside = self.inside(start, false);
        while let Some((at, is_element)) = inside.pop() {
            if is_element && at == *start {
                return true;
            }
            if seen.insert((at.clone(), is_element)) && self.kind(&at) == Kind::Unnamed {
                inside.extend(self.inside(&at, is_element));
            }
        }
        false
    }

    /// Returns the elements of a list or a map, the members of an `allOf`, and the alternative that gives the type; each with
    /// `true` if an element is on the way.
    fn inside(&self, at: &Location, is_element: bool) -> Vec<(Location, bool)> {
        let elements = ["items", "additionalProperties"].map(|keyword| at.child(keyword));
        let elements = elements.into_iter().filter(|at| self.fields(at).0.is_some_and(Node::is_mapping));
        let elements = elements.map(|at| (self.sources.follow(&at).unwrap_or(at), true));
        let members = self.members(at).into_iter().chain(self.only_typed_alternative(at));
        elements.chain(members.map(|member| (member, is_element))).collect()
    }

    /// Returns the place of the alternative that gives a schema its type, behind its `$ref`s.
    fn only_typed_alternative(&self, at: &Location) -> Option<Location> {
        match self.form(at) {
            Some(Form::One(member)) => Some(self.sources.follow(&member).unwrap_or(member)),
            _ => None,
        }
    }

    fn unnamed(&mut self, at: &Location, description: &Description, name: &Name) -> Option<Schema> {
        self.check_statements(at);
        match self.form(at) {
            Some(Form::One(member)) => return self.only_alternative(at, &member, name),
            Some(Form::Scalar(member)) => return Some(self.scalar(at, &member)),
            _ => {}
        }
        let keywords = Keywords::of(&description.schema_kind);
        if keywords.all_of.is_empty() {
            return self.plain(at, &keywords, name);
        }
        self.narrowed(at, &keywords, name)
    }

    /// Lowers a scalar, a list or a map.
    fn plain(&mut self, at: &Location, keywords: &Keywords<'_>, name: &Name) -> Option<Schema> {
        let format = self.fields(at).text("format");
        let ty = match keywords.ty {
            _ if is_null(self.fields(at)) => Type::Null,
            Some("string") => string(format.as_deref()),
            Some("integer") => Type::Integer(extent(self.fields(at))),
            Some("number") => Type::Number(extent(self.fields(at))),
            Some("boolean") => Type::Boolean,
            Some("array") => self.array(at, keywords, name)?,
            Some("object") => self.map(at, keywords, name)?,
            _ if keywords.items.is_some() => self.array(at, keywords, name)?,
            _ if keywords.additional.is_some() => self.map(at, keywords, name)?,
            _ => Type::Any,
        };
        Some(self.annotated(at, ty))
    }

    /// Returns the type that all members of an `allOf` have, with the annotations of those that only annotate.
    fn narrowed(&mut self, at: &Location, keywords: &Keywords<'_>, name: &Name) -> Option<Schema> {
        let list = at.child("allOf");
        let (mut typed, mut others) = (Vec::new(), Vec::new());
        for (index, member) in self.fields(at).list("allOf").iter().enumerate() {
            if says_type(member) { typed.push(index) } else { others.push(list.child(index)) }
        }
        let mut narrowed = None;
        for index in typed {
            let member = self.schema(&list.child(index), keywords.all_of.get(index)?, name)?;
            self.add_member(&mut narrowed, member, &Meeting { at, name })?;
        }
        let says_more = keywords.ty != Some("array") || keywords.items.is_some();
        if narrowed.is_none() || keywords.ty.is_some() && says_more {
            let own = self.plain(at, keywords, name)?;
            self.add_member(&mut narrowed, own, &Meeting { at, name })?;
        }
        let mut schema = narrowed?;
        for place in others.iter().chain([at]) {
            let annotations = self.annotated(place, schema.ty.clone());
            schema.refine(annotations);
        }
        schema.source = at.clone();
        Some(schema)
    }

    /// Returns the type of the only alternative that states one, with the annotations around it.
    fn only_alternative(&mut self, at: &Location, member: &Location, name: &Name) -> Option<Schema> {
        let mut schema = self.member(member, name)?;
        let own = self.annotated(at, schema.ty.clone());
        schema.refine(own);
        schema.source = at.clone();
        Some(schema)
    }

    fn add_member(&mut self, all: &mut Option<Schema>, member: Schema, meeting: &Meeting<'_>) -> Option<()> {
        match all {
            None => *all = Some(member),
            Some(all) => {
                self.narrow(
                    all,
                    member,
                    meeting,
                    "expected one type in all members of the `allOf`, found two",
                )?;
            }
        }
        Some(())
    }

    fn array(&mut self, at: &Location, keywords: &Keywords<'_>, name: &Name) -> Option<Type> {
        let Some(items) = keywords.items else {
            self.error(at, ARRAY_WITHOUT_ITEMS);
            return None;
        };
        let items = self.boxed_schema(&at.child("items"), items, &name.with("Item"))?;
        Some(Type::Array(Box::new(items)))
    }

    fn map(&mut self, at: &Location, keywords: &Keywords<'_>, name: &Name) -> Option<Type> {
        let values = match keywords.additional {
            Some(AdditionalProperties::Schema(schema)) => {
                self.schema(&at.child("additionalProperties"), schema, &name.with("Value"))?
            }
            _ => anything(at),
        };
        Some(Type::Map(Box::new(values)))
    }

    /// Lowers the named types that were met, and those they lead to.
    pub(super) fn pending_types(&mut self) {
        while let Some(id) = self.types.pending.pop() {
            let members = self.types.composed.members(&id);
            let is_component = self.types.names.is_component(&id.0);
            let kind = match members.as_slice() {
                [at] => self.named_type(at),
                members => self.composed_object(&id.0, members),
            };
            let Some(mut kind) = kind else { continue };
            // Of several schemas, the last one is the narrowest.
            let at = members.last().unwrap_or(&id.0).clone();
            let own = self.annotated(&at, Type::Any);
            let source = at.child("example");
            let example = own.example.map(|value| Example { value, source });
            let mut docs = own.docs;
            if let TypeKind::Enum(values) = &mut kind {
                for name in distribute_docs(values, &mut docs) {
                    let message = format!("the description explains `{name}`, which is not a value");
                    self.warning(&at.child("description"), message);
                }
            }
            let lowered = Lowered {
                // Of a schema in place, it is the property's.
                alias: if is_component { self.name_in_rust(&at) } else { None },
                docs,
                deprecated: own.deprecated,
                example,
                kind,
            };
            self.types.lowered.insert(id, lowered);
        }
    }

    /// Lowers a schema that gets a name in Rust.
    fn named_type(&mut self, at: &Location) -> Option<TypeKind> {
        let description: Description = self.read(at, &Shape::SCHEMA)?;
        let name = Name::of(at);
        let kind = self.kind(at);
        if matches!(kind, Kind::Enum | Kind::Union) {
            self.check_statements(at);
        }
        match kind {
            Kind::Enum if matches!(self.form(at), Some(Form::Values)) => Some(self.values(at)),
            Kind::Enum => self.enumeration(at, &description),
            Kind::Union => self.union(at, &name),
            Kind::Unnamed if self.contains_itself(at) => {
                let schema = self.unnamed(at, &description, &name)?;
                Some(TypeKind::Alias(Box::new(schema)))
            }
            Kind::Object | Kind::Unnamed => self.object(at, &description, &name),
        }
    }
}

/// Returns `true` if a schema names properties.
fn has_names(schema: Fields<'_>) -> bool {
    let has_names = |properties: &Node| properties.as_mapping().is_some_and(|names| !names.is_empty());
    schema.get("properties").is_some_and(has_names)
}

/// Returns `true` if a member of an `allOf` says what the type is.
fn says_type(member: &Node) -> bool {
    TYPED.iter().any(|keyword| Fields(Some(member)).has(keyword))
}

/// Returns `true` if `null` is the only value that a schema lists.
fn is_null(schema: Fields<'_>) -> bool {
    let values = schema.list("enum");
    !values.is_empty() && values.iter().all(Node::is_null)
}

/// Returns `true` if a type may be `null`; the type that is only `null` needs no more to say so.
fn is_nullable(schema: Fields<'_>, ty: &Type) -> bool {
    let is_stated = schema.flag("nullable").unwrap_or_default();
    !matches!(ty, Type::Null) && (is_stated || schema.list("enum").iter().any(Node::is_null))
}

/// Returns the constraints on values of a schema.
fn constraints(schema: Fields<'_>) -> Constraints {
    let exact = |name: &str| schema.get(name).and_then(number);
    let flag = |name: &str| schema.flag(name).unwrap_or_default();
    let bound = |name: &str, exclusive: &str| Some(Bound { value: exact(name)?, exclusive: flag(exclusive) });
    Constraints {
        min_length: schema.count("minLength"),
        max_length: schema.count("maxLength"),
        pattern: schema.text("pattern"),
        minimum: bound("minimum", "exclusiveMinimum"),
        maximum: bound("maximum", "exclusiveMaximum"),
        multiple_of: exact("multipleOf"),
        min_items: schema.count("minItems"),
        max_items: schema.count("maxItems"),
        unique_items: flag("uniqueItems"),
        min_properties: schema.count("minProperties"),
        max_properties: schema.count("maxProperties"),
        max_bytes: schema.count("x-max-bytes"),
    }
}

fn extent(schema: Fields<'_>) -> Extent {
    let Constraints { minimum, maximum, .. } = constraints(schema);
    Extent { format: schema.text("format"), minimum, maximum }
}

fn string(format: Option<&str>) -> Type {
    match format {
        Some("date-time") => Type::DateTime,
        Some("date") => Type::Date,
        Some("binary") => Type::Binary,
        _ => Type::String,
    }
}

/// Returns a schema that accepts any value.
pub(super) fn anything(at: &Location) -> Schema {
    Schema {
        ty: Type::Any,
        nullable: false,
        format: None,
        component: None,
        constraints: Constraints::default(),
        default: None,
        example: None,
        docs: Docs::default(),
        deprecated: false,
        replacement: None,
        read_only: false,
        write_only: false,
        not: None,
        source: at.clone(),
        constrained: at.clone(),
    }
}

pub(super) fn json(node: &Node) -> Option<serde_json::Value> {
    serde_json::to_value(node).ok()
}
