//! `oneOf` and `anyOf`, with and without a discriminator, and objects whose discriminator tells the types that build on
//! them.

use std::collections::BTreeSet;

use heck::ToUpperCamelCase;
use openapiv3::Schema as Description;
use serde_yaml::Value as Node;

use super::narrow::Meeting;
use super::{Kind, MAX_DEPTH, Name, TYPED, json, string};
use crate::diagnostic::{Diagnostic, Location};
use crate::ir::{
    Constraints, Docs, Enum, EnumValue, Extent, Schema, Type, TypeId, TypeKind, Union, UnionVariant,
};
use crate::load::Shape;
use crate::lower::{Fields, Lowering};
use crate::places;

/// Length up to which a title is a name.
const MAX_NAME: usize = 40;
/// Keywords of prose, which say nothing about values.
const PROSE: [&str; 6] = ["description", "title", "example", "externalDocs", "deprecated", "nullable"];

/// A test of a listed value.
type IsValue = fn(&Node) -> bool;

/// The type that a `oneOf` or an `anyOf` makes.
pub(super) enum Form {
    /// The type of this member: the others are `null`, or narrower than it.
    One(Location),
    /// A scalar type that all members have, each with other constraints.
    Scalar(Location),
    /// Texts or integers, which several members list.
    Values,
    /// Nothing: members only say which properties are required.
    Validation,
    /// One of several types.
    Several,
}

/// Member of a union, before its type is known.
struct Member {
    /// Place in the list.
    place: Location,
    /// Place behind `$ref`s.
    target: Location,
}

impl Lowering<'_> {
    /// Returns the type that the `oneOf` or `anyOf` of a schema makes, if the schema has one.
    pub(super) fn form(&self, at: &Location) -> Option<Form> {
        self.form_unless_seen(at, &mut BTreeSet::new())
    }

    fn form_unless_seen(&self, at: &Location, seen: &mut BTreeSet<Location>) -> Option<Form> {
        if self.alternatives(at).is_none() {
            return self.member_with_alternatives(at, seen).map(|_| Form::Several);
        }
        let members: Vec<_> =
            self.members_of_union(at).into_iter().filter(|member| !self.is_null(&member.target)).collect();
        let is_typed = |member: &&Member| !self.is_validation(&member.target);
        let typed: Vec<_> = members.iter().filter(is_typed).collect();
        if typed.is_empty() {
            return Some(Form::Validation);
        }
        match typed.as_slice() {
            [only] if self.lacks_tag(at, only) => return Some(Form::Several),
            [only] => return Some(Form::One(only.place.clone())),
            _ => {}
        }
        let values = self
            .form_of_values(&typed, Node::is_string, "string")
            .or_else(|| self.form_of_values(&typed, is_integer, "integer"));
        Some(values.or_else(|| self.form_of_scalars(&typed)).unwrap_or(Form::Several))
    }

    /// Returns `true` for an object without the property of the discriminator: the union then has that property.
    fn lacks_tag(&self, union: &Location, member: &Member) -> bool {
        let tag = Fields(self.fields(union).get("discriminator")).text("propertyName");
        let fields = self.fields(&member.target);
        let is_object = ["properties", "allOf"].iter().any(|keyword| fields.has(keyword))
            && !["oneOf", "anyOf", "discriminator"].iter().any(|keyword| fields.has(keyword));
        tag.is_some_and(|tag| is_object && self.property(&member.target, &tag, 0).is_none())
    }

    /// Returns the member of an `allOf` that is a union, if the `allOf` adds something to the members of the union.
    fn member_with_alternatives(&self, at: &Location, seen: &mut BTreeSet<Location>) -> Option<Location> {
        if !seen.insert(at.clone()) || !self.fields(at).has("allOf") || self.only_member(at).is_some() {
            return None;
        }
        let mut is_union = |member: &Location| {
            matches!(self.form_unless_seen(member, seen), Some(Form::Several))
                && !self.lists_heirs(member)
                && self.members_of_union(member).iter().any(|member| self.may_be_object(&member.target))
        };
        // An `allOf` around only a union is the union.
        let members = self.members(at).into_iter().map(|member| self.innermost(member));
        let mut unions = members.filter(|member| is_union(member));
        unions.next().filter(|_| unions.next().is_none())
    }

    /// Follows the only members of `allOf`s that add nothing to them.
    fn innermost(&self, mut at: Location) -> Location {
        for _ in 0..MAX_DEPTH {
            let Some(only) = self.only_member(&at) else { break };
            at = self.sources.follow(&only).unwrap_or(only);
        }
        at
    }

    /// Returns `true` unless a schema says that its values are no objects.
    fn may_be_object(&self, at: &Location) -> bool {
        let fields = self.fields(at);
        fields.text("type").is_none_or(|ty| ty == "object") && !fields.has("enum")
    }

    /// Returns `true` for a union whose members build on it.
    pub(super) fn lists_heirs(&self, at: &Location) -> bool {
        self.members_of_union(at).iter().any(|member| self.builds_on(&member.target, at))
    }

    /// Returns `true` if a union lists a schema, which may build on the union.
    pub(super) fn lists(&self, union: &Location, schema: &Location) -> bool {
        self.members_of_union(union).iter().any(|member| member.target == *schema)
    }

    /// Lists the schemas around the alternatives of a union: the union and, if a member of its `allOf` has the
    /// alternatives, the members on the way to them.
    pub(super) fn around(&self, at: &Location) -> Vec<Location> {
        let mut around = vec![at.clone()];
        let mut seen = BTreeSet::new();
        let mut last = at.clone();
        while self.alternatives(&last).is_none() {
            let Some(member) = self.member_with_alternatives(&last, &mut seen) else { break };
            around.push(member.clone());
            seen.clear();
            last = member;
        }
        around
    }

    /// Returns `true` if a schema adds properties, or statements about them, to its alternatives. The property of the
    /// discriminator adds nothing: each alternative has a value of it.
    pub(super) fn adds_to_alternatives(&self, at: &Location) -> bool {
        let around = self.around(at);
        let tags: Vec<_> = around
            .iter()
            .filter_map(|at| Fields(self.fields(at).get("discriminator")).text("propertyName"))
            .collect();
        around.iter().any(|at| {
            let required =
                self.fields(at).list("required").iter().filter_map(Node::as_str).map(str::to_owned);
            let mut names = self.keys(&at.child("properties")).into_iter().chain(required);
            names.any(|name| !tags.contains(&name))
                || self.members(at).iter().any(|member| !around.contains(member))
        })
    }

    /// Returns the type of members that all are texts, or all integers, if some of them list values.
    fn form_of_values(&self, members: &[&Member], is_value: IsValue, base: &str) -> Option<Form> {
        if !members.iter().all(|member| self.has_values(&member.target, is_value, base)) {
            return None;
        }
        let mut listing = members.iter().filter(|member| self.fields(&member.target).has("enum"));
        match (listing.next(), listing.next()) {
            (None, _) if base == "string" => Some(Form::Scalar(members[0].target.clone())),
            (None, _) => None,
            (Some(only), None) => Some(Form::One(only.place.clone())),
            _ => Some(Form::Values),
        }
    }

    fn form_of_scalars(&self, members: &[&Member]) -> Option<Form> {
        let scalar = |member: &&Member| {
            let fields = self.fields(&member.target);
            let ty = fields.text("type").filter(|ty| ["integer", "number", "boolean"].contains(&ty.as_str()));
            let is_plain = !["enum", "allOf", "oneOf", "anyOf"].iter().any(|keyword| fields.has(keyword));
            ty.filter(|_| is_plain).map(|ty| (ty, fields.text("format")))
        };
        let first = scalar(&members[0])?;
        let is_same = members.iter().all(|member| scalar(member).as_ref() == Some(&first));
        is_same.then(|| Form::Scalar(members[0].target.clone()))
    }

    /// Returns `true` for values of a base type without a format that changes the type, listed or not.
    fn has_values(&self, at: &Location, is_value: IsValue, base: &str) -> bool {
        let fields = self.fields(at);
        let values = fields.list("enum");
        let is_alone = !["allOf", "oneOf", "anyOf"].iter().any(|keyword| fields.has(keyword));
        let is_plain = fields.text("type").as_deref() == Some(base)
            && (base != "string" || matches!(string(fields.text("format").as_deref()), Type::String));
        is_alone
            && if fields.has("enum") { !values.is_empty() && values.iter().all(is_value) } else { is_plain }
    }

    /// Returns the list of alternatives of a schema: that of `oneOf` or, if it only says what is required, `anyOf`.
    fn alternatives(&self, at: &Location) -> Option<Location> {
        let fields = self.fields(at);
        let lists = ["oneOf", "anyOf"].into_iter().filter(|keyword| !fields.list(keyword).is_empty());
        let lists: Vec<_> = lists.map(|keyword| at.child(keyword)).collect();
        let is_typed =
            |list: &&Location| self.listed(list).iter().any(|member| !self.is_validation(&member.target));
        lists.iter().find(is_typed).or(lists.first()).cloned()
    }

    fn listed(&self, list: &Location) -> Vec<Member> {
        let count = self.sources.find(list).and_then(Node::as_sequence).map_or(0, Vec::len);
        let member = |index| {
            let place = list.child(index);
            Member { target: self.sources.follow(&place).unwrap_or_else(|_| place.clone()), place }
        };
        (0..count).map(member).collect()
    }

    fn members_of_union(&self, at: &Location) -> Vec<Member> {
        self.alternatives(at).map(|list| self.listed(&list)).unwrap_or_default()
    }

    /// Returns `true` for a schema that allows only `null`.
    fn is_null(&self, at: &Location) -> bool {
        let fields = self.fields(at);
        let values = fields.list("enum");
        let is_listed = !values.is_empty() && values.iter().all(Node::is_null);
        is_listed || fields.text("type").as_deref() == Some("null")
    }

    /// Returns `true` for a schema that says something of values, and nothing of their type.
    fn is_validation(&self, at: &Location) -> bool {
        let keys = self.keys(at);
        let is_typed = keys.iter().any(|key| TYPED.contains(&key.as_str()));
        !is_typed && keys.iter().any(|key| !PROSE.contains(&key.as_str()) && !key.starts_with("x-"))
    }

    /// Returns `true` if a member of a `oneOf` or an `anyOf` says something of values, and nothing of their type.
    pub(super) fn has_validation(&self, at: &Location) -> bool {
        self.members_of_union(at).iter().any(|member| self.is_validation(&member.target))
    }

    /// Returns `true` if a member of a `oneOf` or an `anyOf`, at any depth, allows `null`.
    pub(super) fn has_null_member(&self, at: &Location) -> bool {
        self.has_null_below(at, 0)
    }

    fn has_null_below(&self, at: &Location, depth: usize) -> bool {
        let allows_null = |Member { place, target }: &Member| {
            let is_nullable = |at| self.fields(at).flag("nullable") == Some(true);
            let lists_null = self.fields(target).list("enum").iter().any(Node::is_null);
            let is_stated = is_nullable(place) || is_nullable(target) || lists_null || self.is_null(target);
            is_stated || self.has_null_below(target, depth + 1)
        };
        depth < MAX_DEPTH && self.members_of_union(at).iter().any(allows_null)
    }

    /// Returns the types that build on an object with a discriminator; other schemas have none.
    pub(super) fn children(&self, at: &Location) -> &[Location] {
        self.types.names.children(at)
    }

    /// Returns the values of an enum: its own, or those that the members of a `oneOf` or an `anyOf` list.
    pub(super) fn listed_values(&self, at: &Location) -> Vec<&Node> {
        let own = self.fields(at).list("enum");
        let members = if own.is_empty() { self.members_of_union(at) } else { Vec::new() };
        own.iter()
            .chain(members.into_iter().flat_map(|member| self.fields(&member.target).list("enum")))
            .collect()
    }

    /// Lowers an enum whose values several members list. A member of one value names and explains the value.
    pub(super) fn values(&mut self, at: &Location) -> TypeKind {
        let mut values: Vec<EnumValue> = Vec::new();
        for member in self.members_of_union(at) {
            let fields = self.fields(&member.target);
            let is_one = fields.list("enum").len() == 1;
            let stated = |keyword| fields.text(keyword).filter(|_| is_one);
            for value in fields.list("enum").iter().filter_map(json).filter(|value| !value.is_null()) {
                if !values.iter().any(|known| known.value == value) {
                    let docs = Docs { description: stated("description"), ..Docs::default() };
                    let alias = stated("title").filter(|title| is_name(title));
                    values.push(EnumValue { value, alias, docs });
                }
            }
        }
        let are_texts = values.iter().all(|value| value.value.is_string());
        let base = if are_texts { Type::String } else { Type::Integer(Extent::default()) };
        TypeKind::Enum(Enum { base, values })
    }

    /// Lowers a scalar that all members describe: together, they have no constraint.
    pub(super) fn scalar(&mut self, at: &Location, member: &Location) -> Schema {
        let format = self.fields(member).text("format");
        let extent = || Extent { format: format.clone(), ..Extent::default() };
        let ty = match self.fields(member).text("type").as_deref() {
            Some("integer") => Type::Integer(extent()),
            Some("number") => Type::Number(extent()),
            Some("boolean") => Type::Boolean,
            _ => Type::String,
        };
        Schema { constraints: Constraints::default(), ..self.annotated(at, ty) }
    }

    /// Lowers a union.
    pub(super) fn union(&mut self, at: &Location, name: &Name) -> Option<TypeKind> {
        let around = self.around(at);
        let owner = around.last().unwrap_or(at).clone();
        let tagged = around.iter().find(|at| self.fields(at).has("discriminator")).unwrap_or(at).clone();
        let tag = Fields(self.fields(&tagged).get("discriminator")).text("propertyName");
        let adds = self.alternatives(&owner).is_some() && self.adds_to_alternatives(at);
        let members = match self.alternatives(&owner) {
            Some(_) => self.flattened(&owner, tag.as_deref()),
            None => self
                .children(at)
                .iter()
                .map(|child| Member { place: child.clone(), target: child.clone() })
                .collect(),
        };
        let mut seen = BTreeSet::new();
        let members = members.into_iter().filter(|member| seen.insert(member.target.clone()));
        let members: Vec<_> = members.collect();
        let mapping = tag.as_ref().map(|_| self.mapping(&tagged)).unwrap_or_default();
        let mut suffixes = Suffixes::default();
        let mut variants = Vec::new();
        for member in &members {
            let values =
                |tag: &String| self.values_of(tag, member, &members, &mapping, &mut vec![at.clone()]);
            let tags = tag.as_ref().map(values).unwrap_or_default();
            let is_in_place = member.place == member.target;
            let suffix =
                if is_in_place { suffixes.next(self.suffix(&member.place, &tags)) } else { String::new() };
            let schema = if adds && self.is_extended(member, &around) {
                self.extended(at, member, name)
            } else {
                self.member(&member.place, &name.with(suffix))?
            };
            variants.push(UnionVariant { name: self.name_of_member(member), schema, tags });
        }
        self.add_mapped(at, &mapping, &members, &mut variants);
        Some(TypeKind::Union(Union { variants, discriminator: tag }))
    }

    /// Returns `true` for a member that is an object and does not yet have what is around the alternatives.
    fn is_extended(&self, member: &Member, around: &[Location]) -> bool {
        let fields = self.fields(&member.target);
        let is_object = self.kind(&member.target) == Kind::Object
            || self.kind(&member.target) == Kind::Unnamed && fields.text("type").as_deref() == Some("object");
        is_object && !around.iter().any(|at| self.builds_on(&member.target, at))
    }

    /// Returns the type that has what is around the alternatives, and what a member says.
    fn extended(&mut self, at: &Location, member: &Member, name: &Name) -> Schema {
        let index = member.place.last_token().unwrap_or_default();
        let is_own = self.alternatives(at).is_some();
        let place = if is_own { member.place.clone() } else { at.child("oneOf").child(index) };
        let suffix = self.name_of_member(member).unwrap_or_else(|| self.suffix(&member.place, &[]));
        let name = name.with(suffix.to_upper_camel_case());
        let meeting = Meeting { at: &place, name: &name };
        let id = self.composed(&TypeId(at.clone()), &TypeId(member.target.clone()), &meeting);
        Schema { source: member.place.clone(), ..self.annotated(&member.target, Type::Named(id)) }
    }

    /// Adds the types that only the mapping of a discriminator names.
    fn add_mapped(
        &mut self,
        at: &Location,
        mapping: &[(String, Location)],
        members: &[Member],
        variants: &mut Vec<UnionVariant>,
    ) {
        let listed = members.len();
        for (value, target) in mapping {
            if target == at || members.iter().any(|member| member.target == *target) {
                continue;
            }
            let added = variants.iter_mut().skip(listed);
            let known = added.into_iter().find(|variant| variant.schema.source == *target);
            match known {
                Some(variant) => variant.tags.push(value.clone()),
                None => {
                    let Some(schema) = self.target(target) else { continue };
                    let schema = Schema { source: target.clone(), ..schema };
                    let name = Some(self.types.names.text(target));
                    variants.push(UnionVariant { name, schema, tags: vec![value.clone()] });
                }
            }
        }
    }

    /// Lists the members of a union that are not only `null`. Unions in place, told apart by the same means, are taken apart.
    fn flattened(&self, at: &Location, tag: Option<&str>) -> Vec<Member> {
        let mut flat = Vec::new();
        for member in self.members_of_union(at) {
            let fields = self.fields(&member.place);
            let inner = Fields(fields.get("discriminator")).text("propertyName");
            let is_union =
                member.place == member.target && matches!(self.form(&member.place), Some(Form::Several));
            if is_union && (inner.is_none() || inner.as_deref() == tag) {
                flat.extend(self.flattened(&member.place, tag));
            } else if !self.is_null(&member.target) && !self.is_validation(&member.target) {
                flat.push(member);
            }
        }
        flat
    }

    /// Lowers a member of a union.
    pub(super) fn member(&mut self, at: &Location, name: &Name) -> Option<Schema> {
        if self.types.names.is_component(at) {
            return self.target(at);
        }
        if self.sources.reference_at(at).is_ok_and(|reference| reference.is_some()) {
            return self.referenced(at);
        }
        let description: Description = self.read(at, &Shape::SCHEMA)?;
        self.in_place(at, &description, name)
    }

    /// Returns the name of a component or, in place, the title.
    fn name_of_member(&self, member: &Member) -> Option<String> {
        let names = &self.types.names;
        if names.is_component(&member.target) {
            return Some(names.text(&member.target));
        }
        self.fields(&member.place).text("title").filter(|title| is_name(title))
    }

    /// Returns what the name of a member in place adds to that of the union.
    fn suffix(&self, at: &Location, tags: &[String]) -> String {
        let fields = self.fields(at);
        let constant = || {
            let constant =
                self.keys(&at.child("properties")).into_iter().find_map(|name| self.constant(at, &name));
            tags.first().cloned().or(constant)
        };
        let title = fields.text("title").filter(|title| is_name(title));
        let named = title.or_else(constant).map(|text| text.to_upper_camel_case());
        named.filter(|name| !name.is_empty()).unwrap_or_else(|| match fields.text("type").as_deref() {
            Some(ty) => ty.to_upper_camel_case(),
            None if fields.has("items") => "Array".to_owned(),
            None => "Object".to_owned(),
        })
    }

    /// Returns the only value of a required property.
    fn constant(&self, at: &Location, property: &str) -> Option<String> {
        let is_required = self.fields(at).list("required").iter().any(|name| name.as_str() == Some(property));
        let values = self.constants(at, property);
        match values.as_slice() {
            [only] if is_required => Some(only.clone()),
            _ => None,
        }
    }

    /// Returns the values that a schema, or the members of its `allOf`, list for a property.
    fn constants(&self, at: &Location, property: &str) -> Vec<String> {
        let Some(place) = self.property(at, property, 0) else { return Vec::new() };
        let values = self.fields(&place).list("enum").iter();
        let text = |value: &Node| match value {
            Node::String(text) => Some(text.clone()),
            Node::Number(number) => Some(number.to_string()),
            Node::Bool(value) => Some(value.to_string()),
            _ => None,
        };
        values.filter_map(text).collect()
    }

    /// Finds the declaration of a property in a schema or, else, in the members of its `allOf`.
    fn property(&self, at: &Location, name: &str, depth: usize) -> Option<Location> {
        let place = at.child("properties").child(name);
        if self.sources.find(&place).is_some() {
            return self.sources.follow(&place).ok();
        }
        let list = at.child("allOf");
        let members = (0..self.fields(at).list("allOf").len()).map(|index| list.child(index));
        let mut members = members.filter_map(|member| self.sources.follow(&member).ok());
        if depth == MAX_DEPTH {
            None
        } else {
            members.find_map(|member| self.property(&member, name, depth + 1))
        }
    }

    /// Returns the values of a discriminator that mean a member: those of the mapping, else the values that the member lists
    /// for the property, else its name.
    fn values_of(
        &self,
        tag: &str,
        member: &Member,
        members: &[Member],
        mapping: &[(String, Location)],
        within: &mut Vec<Location>,
    ) -> Vec<String> {
        let mapped = mapping.iter().filter(|(_, target)| *target == member.target);
        let mapped: Vec<_> = mapped.map(|(value, _)| value.clone()).collect();
        if !mapped.is_empty() {
            return mapped;
        }
        let nested = self.tags_below(tag, &member.target, within);
        if !nested.is_empty() {
            return nested;
        }
        let values = self.constants(&member.target, tag);
        let others = members.iter().filter(|other| other.target != member.target);
        let is_shared = others
            .into_iter()
            .any(|other| self.constants(&other.target, tag).iter().any(|value| values.contains(value)));
        if !values.is_empty() && !is_shared {
            let is_free = |value: &String| !mapping.iter().any(|(mapped, _)| mapped == value);
            return values.into_iter().filter(is_free).collect();
        }
        // A union that contains this one has no name of its own on the wire.
        let is_named = self.types.names.is_component(&member.target) && !within.contains(&member.target);
        if is_named { vec![self.types.names.text(&member.target)] } else { Vec::new() }
    }

    /// Returns the values of the same discriminator in a member that is itself a union, unless it is one of those that
    /// contain it.
    fn tags_below(&self, tag: &str, at: &Location, within: &mut Vec<Location>) -> Vec<String> {
        let fields = Fields(self.fields(at).get("discriminator"));
        let is_union = self.kind(at) == Kind::Union && fields.text("propertyName").as_deref() == Some(tag);
        if !is_union || within.contains(at) {
            return Vec::new();
        }
        within.push(at.clone());
        let members = match self.alternatives(at) {
            Some(list) => self.listed(&list),
            None => self
                .children(at)
                .iter()
                .map(|child| Member { place: child.clone(), target: child.clone() })
                .collect(),
        };
        let mapping = self.known_mapping(at);
        let tags: Vec<_> = members
            .iter()
            .flat_map(|member| self.values_of(tag, member, &members, &mapping, within))
            .collect();
        within.pop();
        let values = mapping.iter().map(|(value, _)| value.clone());
        let mut tags: Vec<_> = values.chain(tags).collect();
        let mut seen = BTreeSet::new();
        tags.retain(|value| seen.insert(value.clone()));
        tags
    }

    /// Returns the values of a discriminator with the schemas that they mean. Reports values without a schema.
    fn mapping(&mut self, at: &Location) -> Vec<(String, Location)> {
        let at = at.child("discriminator").child("mapping");
        let mut mapping = Vec::new();
        for (value, text) in self.mapped_texts(&at) {
            let place = at.child(&value);
            match places::mapped(self.sources, &place, &text) {
                Ok(target) => mapping.push((value, target)),
                Err(_) => {
                    let message = format!(
                        "expected a schema, found `{text}`: objects with this value are `Unrecognized`"
                    );
                    self.diagnostics.push(Diagnostic::warning(&place, message));
                }
            }
        }
        mapping
    }

    fn known_mapping(&self, at: &Location) -> Vec<(String, Location)> {
        let at = at.child("discriminator").child("mapping");
        let texts = self.mapped_texts(&at).into_iter();
        texts
            .filter_map(|(value, text)| {
                Some((value.clone(), places::mapped(self.sources, &at.child(&value), &text).ok()?))
            })
            .collect()
    }

    fn mapped_texts(&self, at: &Location) -> Vec<(String, String)> {
        let text = |value: String| Some((value.clone(), self.fields(at).text(&value)?));
        self.keys(at).into_iter().filter_map(text).collect()
    }
}

fn is_integer(value: &Node) -> bool {
    value.is_i64() || value.is_u64()
}

/// Returns `true` for a title that is short enough for a name.
fn is_name(title: &str) -> bool {
    title.len() <= MAX_NAME && title.contains(char::is_alphabetic)
}

/// Names of members in place, each of which occurs once.
#[derive(Default)]
struct Suffixes(Vec<String>);

impl Suffixes {
    fn next(&mut self, suffix: String) -> String {
        self.0.push(suffix);
        let suffix = &self.0[self.0.len() - 1];
        let count = self.0.iter().filter(|other| *other == suffix).count();
        if count == 1 { suffix.clone() } else { format!("{suffix}{count}") }
    }
}
