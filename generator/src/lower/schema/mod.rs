//! Schemas.
//!
//! A schema that gets a name in Rust (an object, an enum, a union) is only noted where it is met and lowered
//! later, from a list: a description whose types refer to each other in a circle, or in a very long row,
//! needs no recursion. Lists, maps and scalars are lowered in place.

mod keywords;
mod name;
mod object;
mod union;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{AdditionalProperties, ReferenceOr, Schema as Description};
use serde_yaml::Value as Node;

use self::keywords::Keywords;
pub(super) use self::name::Name;
use self::name::Names;
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
}

impl Types {
    pub(super) fn new(places: Places) -> Self {
        Self {
            lowered: BTreeMap::new(),
            met: BTreeSet::new(),
            pending: Vec::new(),
            within: Vec::new(),
            names: Names::new(places),
        }
    }

    /// Returns the types with their names, which are known as soon as all types are.
    pub(super) fn into_defs(self) -> BTreeMap<TypeId, TypeDef> {
        let names = &self.names;
        let def = |(id, lowered): (TypeId, Lowered)| {
            let Lowered { alias, docs, deprecated, example, kind } = lowered;
            let (name, home) = (names.text(&id.0), names.home(&id.0));
            let is_component = names.is_component(&id.0);
            (id, TypeDef { name, home, is_component, alias, docs, deprecated, example, kind })
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
            let message = "expected a type that ends, found a list, map or `allOf` that contains itself";
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
        if self.kind(target) == Kind::Unnamed {
            let description: Description = self.read(target, &Shape::SCHEMA)?;
            let name = self.types.names.referenced(target);
            return self.schema_here(target, &description, &name);
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
                self.error(&at.child(statement), "expected an object with properties beside this extension");
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
            ty,
            nullable: flag("nullable")
                || fields.list("enum").iter().any(Node::is_null)
                || self.has_null_member(at),
            format: fields.text("format"),
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
        }
    }

    /// Returns the kind of the schema at a place. The kind follows from the tree, since the typed view hides some fields.
    fn kind(&self, at: &Location) -> Kind {
        self.kind_as(at, self.types.names.is_component(at), 0)
    }

    fn kind_as(&self, at: &Location, is_component: bool, depth: usize) -> Kind {
        let fields = self.fields(at);
        match self.form(at) {
            Some(Form::Several) => return Kind::Union,
            Some(Form::Texts) => return Kind::Enum,
            Some(Form::One(_) | Form::Scalar(_)) => return Kind::Unnamed,
            Some(Form::Validation) | None => {}
        }
        if !self.children(at).is_empty() {
            return Kind::Union;
        }
        if fields.has("enum") {
            return Kind::Enum;
        }
        if let Some(only) = self.only_member(at) {
            let target = self.sources.follow(&only).unwrap_or(only);
            if self.children(&target).contains(at) {
                return Kind::Object;
            }
            return match self.kind_below(&target, depth) {
                Kind::Object if is_component => Kind::Object,
                _ => Kind::Unnamed,
            };
        }
        if fields.has("allOf") || fields.get("properties").is_some_and(|properties| !is_empty(properties)) {
            return Kind::Object;
        }
        let is_object = fields.text("type").as_deref() == Some("object");
        // One that may have no property at all is no map.
        let is_closed = fields.flag("additionalProperties") == Some(false);
        if is_object && is_closed { Kind::Object } else { Kind::Unnamed }
    }

    fn kind_below(&self, target: &Location, depth: usize) -> Kind {
        if depth == MAX_DEPTH { Kind::Unnamed } else { self.kind_as(target, true, depth + 1) }
    }

    /// Returns the only member of an `allOf` that states a type, if the schema adds no property and all other
    /// members only annotate.
    fn only_member(&self, at: &Location) -> Option<Location> {
        let fields = self.fields(at);
        let list = at.child("allOf");
        let says_type = |member: &Node| TYPED.iter().any(|keyword| Fields(Some(member)).has(keyword));
        let members = fields.list("allOf");
        let typed: Vec<_> = (0..members.len()).filter(|index| says_type(&members[*index])).collect();
        match (typed.as_slice(), members.len()) {
            _ if ADDS.iter().any(|keyword| fields.has(keyword)) => None,
            ([only], _) => Some(list.child(only)),
            (_, 1) => Some(list.child(0)),
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
        if let Some(index) = self.only_member(at).and_then(|only| only.last_token()?.parse::<usize>().ok()) {
            return self.alias(at, index, keywords.all_of, name);
        }
        let format = self.fields(at).text("format");
        let ty = match keywords.ty {
            Some("string") => string(format.as_deref()),
            Some("integer") => Type::Integer(extent(self.fields(at))),
            Some("number") => Type::Number(extent(self.fields(at))),
            Some("boolean") => Type::Boolean,
            Some("array") => self.array(at, &keywords, name)?,
            Some("object") => self.map(at, &keywords, name)?,
            _ if keywords.items.is_some() => self.array(at, &keywords, name)?,
            _ if keywords.additional.is_some() => self.map(at, &keywords, name)?,
            _ => Type::Any,
        };
        Some(self.annotated(at, ty))
    }

    /// Returns the type of the only typed member of an `allOf`, with the annotations of the other members.
    fn alias(
        &mut self,
        at: &Location,
        only: usize,
        members: &[ReferenceOr<Description>],
        name: &Name,
    ) -> Option<Schema> {
        let list = at.child("allOf");
        let mut schema = self.schema(&list.child(only), members.get(only)?, name)?;
        let others = (0..members.len()).filter(|index| *index != only).map(|index| list.child(index));
        for place in others.chain([at.clone()]) {
            let own = self.annotated(&place, schema.ty.clone());
            schema.refine(own);
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
            let at = id.0.clone();
            let is_component = self.types.names.is_component(&at);
            let Some(description) = self.read::<Description>(&at, &Shape::SCHEMA) else { continue };
            let name = Name::of(&at);
            let kind = self.kind(&at);
            if matches!(kind, Kind::Enum | Kind::Union) {
                self.check_statements(&at);
            }
            let kind = match kind {
                Kind::Enum if matches!(self.form(&at), Some(Form::Texts)) => Some(self.texts(&at)),
                Kind::Enum => self.enumeration(&at, &description),
                Kind::Union => self.union(&at, &name),
                Kind::Object | Kind::Unnamed => self.object(&at, &description, &name),
            };
            let Some(mut kind) = kind else { continue };
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
}

fn is_empty(mapping: &Node) -> bool {
    mapping.as_mapping().is_some_and(serde_yaml::Mapping::is_empty)
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
