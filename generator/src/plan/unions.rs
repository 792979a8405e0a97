//! Unions: enums of one of several types, and what tells the types apart.

use std::collections::BTreeSet;

use serde_json::Value;

use super::errors::is_simple;
use super::names::Names;
use super::values::Use;
use super::{Field, ItemId, ItemKind, ObjectShape, Planner, Shape, Ty, Union, UnionVariant, Usage};
use crate::diagnostic::Diagnostic;
use crate::ir::{self, Additional, Api, Enum, Object, Schema, Type, TypeDef, TypeId, TypeKind};

/// Depth of nested unions up to which a parameter can have such values.
const MAX_DEPTH: usize = 4;

impl<'a> Planner<'a, '_> {
    /// Plans a union.
    pub(super) fn union(&mut self, id: &'a TypeId, union: &'a ir::Union) -> Option<ItemKind> {
        let usage = self.facts.usages.get(id).copied().unwrap_or_default();
        let variants = self.union_variants(id, union, usage)?;
        let problem = match &union.discriminator {
            Some(tag) => self.unclear_tags(tag, union, &variants),
            None => equal_shapes(&variants.iter().collect::<Vec<_>>()),
        };
        if let Some(problem) = problem {
            self.diagnostics.push(problem);
        }
        let is_parameter = self.is_parameter_union(union);
        Some(ItemKind::Union(Union {
            variants,
            tag: union.discriminator.clone(),
            shared: Vec::new(),
            is_parameter,
            is_sent: usage.request,
            is_checked: false,
            default: None,
        }))
    }

    fn union_variants(
        &mut self,
        id: &'a TypeId,
        union: &'a ir::Union,
        usage: Usage,
    ) -> Option<Vec<UnionVariant>> {
        let of = if usage.request { Use::Sent } else { Use::Received };
        let shapes = self.shapes(union);
        let mut scope = Names::Variants.scope();
        let mut variants: Vec<UnionVariant> = Vec::new();
        for (variant, shape) in union.variants.iter().zip(shapes) {
            let schema = &variant.schema;
            let value = self.typed(schema, of)?;
            let is_equal = |other: &&mut UnionVariant| other.value.ty == value.ty && other.tags.is_empty();
            if let Some(known) = variants.iter_mut().find(is_equal).filter(|_| variant.tags.is_empty()) {
                known.value.keep_common_rules(&value);
                continue;
            }
            let has_tag = |tag: &String| self.has_property(schema, tag);
            variants.push(UnionVariant {
                name: scope.camel(&self.variant_name(variant, &value.ty)),
                is_boxed: self.facts.circles.is_within_union(id, schema),
                writes_tag: !variant.tags.is_empty() && !union.discriminator.as_ref().is_none_or(has_tag),
                tags: variant.tags.clone(),
                shape,
                is_only: true,
                docs: self.variant_docs(schema),
                source: schema.source.clone(),
                value,
            });
        }
        let types: Vec<_> = variants.iter().map(|variant| variant.value.ty.clone()).collect();
        for variant in &mut variants {
            variant.is_only = types.iter().filter(|ty| **ty == variant.value.ty).count() == 1;
        }
        Some(variants)
    }

    /// Returns the name of a component, the title of a schema in place or, without both, its JSON type.
    fn variant_name(&self, ir::UnionVariant { name, schema, .. }: &ir::UnionVariant, ty: &Ty) -> String {
        let def = schema.type_id().and_then(|id| self.api.types.get(id));
        if let (Some(TypeDef { is_component: true, .. }), Ty::Named(id)) = (def, ty) {
            return self.facts.types[id.0].1.plain().to_owned();
        }
        let constant = def.and_then(|def| constant(self.api, &def.kind));
        name.clone().or(constant).unwrap_or_else(|| self.json_type(&schema.ty))
    }

    fn json_type(&self, ty: &Type) -> String {
        let kind = |id: &TypeId| {
            self.api.types.get(id).map(|def| (&def.kind, def.is_component.then_some(&def.name)))
        };
        match ty {
            Type::Any => "Any".to_owned(),
            Type::Null => "Null".to_owned(),
            Type::Boolean => "Boolean".to_owned(),
            Type::Integer(_) => "Integer".to_owned(),
            Type::Number(_) => "Number".to_owned(),
            Type::String | Type::Binary => "String".to_owned(),
            Type::DateTime => "DateTime".to_owned(),
            Type::Date => "Date".to_owned(),
            Type::Array(items) => format!("{}Array", self.json_type(&items.ty)),
            Type::Map(values) => format!("{}Map", self.json_type(&values.ty)),
            Type::Custom { choice, json } => {
                self.choices.name(*choice).map_or_else(|| self.json_type(json), str::to_owned)
            }
            Type::Named(id) => match kind(id) {
                Some((_, Some(name))) => name.clone(),
                Some((TypeKind::Enum(Enum { base, .. }), _)) => self.json_type(base),
                Some((TypeKind::Alias(schema), _)) => match schema.ty {
                    Type::Array(_) => "Array".to_owned(),
                    _ => "Map".to_owned(),
                },
                Some((TypeKind::Union(_), _)) => "Union".to_owned(),
                _ => "Object".to_owned(),
            },
        }
    }

    /// Returns the prose of a schema in place: a component is described where it is declared.
    fn variant_docs(&self, schema: &Schema) -> ir::Docs {
        let def = schema.type_id().and_then(|id| self.api.types.get(id));
        def.map_or_else(|| schema.docs.clone(), |def| def.docs.clone())
    }

    fn object(&self, schema: &Schema) -> Option<&'a Object> {
        self.api.types.get(schema.type_id()?)?.kind.as_object()
    }

    /// Returns `true` if all values of a type have a property for the tag, or cannot have one.
    fn has_property(&self, schema: &Schema, tag: &str) -> bool {
        self.has_property_unseen(schema, tag, &mut BTreeSet::new())
    }

    /// Looks at each type once: a union may contain itself.
    fn has_property_unseen<'s>(
        &'s self,
        schema: &'s Schema,
        tag: &str,
        seen: &mut BTreeSet<&'s TypeId>,
    ) -> bool {
        let Some(id) = schema.type_id() else { return !matches!(schema.ty, Type::Map(_)) };
        if !seen.insert(id) {
            return true;
        }
        match self.api.types.get(id).map(|def| &def.kind) {
            Some(TypeKind::Object(object)) => object.property(tag).is_some(),
            Some(TypeKind::Union(union)) => {
                union.variants.iter().all(|variant| self.has_property_unseen(&variant.schema, tag, seen))
            }
            Some(TypeKind::Alias(schema)) => self.has_property_unseen(schema, tag, seen),
            _ => !matches!(schema.ty, Type::Map(_)),
        }
    }

    /// Returns the shapes of the variants. If each variant has a tag that is always there, nothing else tells them.
    fn shapes(&self, union: &ir::Union) -> Vec<Option<Shape>> {
        let requires_tag = |tag: &String| {
            let is_always_there = |property: &ir::Property| property.required && !property.schema.write_only;
            let requires = |variant: &ir::UnionVariant| {
                let property = self.object(&variant.schema).and_then(|object| object.property(tag));
                !variant.tags.is_empty() && property.is_some_and(is_always_there)
            };
            union.variants.iter().all(requires)
        };
        if union.discriminator.as_ref().is_some_and(requires_tag) {
            return vec![None; union.variants.len()];
        }
        let shape = |variant: &ir::UnionVariant| Some(self.shape(&variant.schema.ty, union));
        union.variants.iter().map(shape).collect()
    }

    fn shape(&self, ty: &Type, union: &ir::Union) -> Shape {
        match ty {
            Type::Any | Type::Null => Shape::Any,
            Type::Boolean => Shape::Bool,
            Type::Integer(_) => Shape::Integer(Vec::new()),
            Type::Number(_) => Shape::Number,
            Type::String => Shape::Text(Vec::new()),
            Type::DateTime | Type::Date | Type::Binary => Shape::Formatted,
            Type::Array(_) => Shape::Array,
            Type::Map(_) => Shape::Map,
            Type::Custom { json, .. } => match self.shape(json, union) {
                Shape::Text(_) => Shape::Formatted,
                shape => shape,
            },
            Type::Named(id) => match self.api.types.get(id).map(|def| &def.kind) {
                Some(TypeKind::Object(object)) => Shape::Object(self.object_shape(object, union)),
                Some(TypeKind::Enum(values)) => shape_of_enum(values),
                Some(TypeKind::Alias(schema)) => self.shape(&schema.ty, union),
                Some(TypeKind::Union(_)) => self.facts.ids.get(id).map_or(Shape::Any, |id| Shape::Union(*id)),
                _ => Shape::Any,
            },
        }
    }

    fn object_shape(&self, object: &Object, union: &ir::Union) -> ObjectShape {
        let is_required = |property: &&ir::Property| {
            property.required && !property.schema.read_only && !property.schema.write_only
        };
        let (required, optional): (Vec<_>, Vec<_>) = object.properties.iter().partition(is_required);
        let names = |properties: Vec<&ir::Property>| {
            properties.iter().map(|property| property.name.clone()).collect()
        };
        let constants = object.properties.iter().filter_map(|property| {
            let values = self.constants(&property.schema)?;
            let tells =
                union.variants.iter().filter_map(|variant| self.object(&variant.schema)).any(|other| {
                    let others =
                        other.property(&property.name).and_then(|other| self.constants(&other.schema));
                    others.is_some_and(|others| others.iter().all(|value| !values.contains(value)))
                });
            tells.then(|| (property.name.clone(), values))
        });
        ObjectShape {
            constants: constants.collect(),
            required: names(required),
            optional: names(optional),
            is_open: !matches!(object.additional, Additional::Unspecified | Additional::Forbidden),
        }
    }

    /// Returns the texts that a property can have, if they are listed.
    fn constants(&self, schema: &Schema) -> Option<Vec<String>> {
        match &self.api.types.get(schema.type_id()?)?.kind {
            TypeKind::Enum(values) if matches!(values.base, Type::String | Type::Integer(_)) => {
                Some(texts(values))
            }
            _ => None,
        }
    }

    /// Reports the first member that the discriminator does not tell.
    fn unclear_tags(&self, tag: &str, union: &ir::Union, variants: &[UnionVariant]) -> Option<Diagnostic> {
        let (untagged, tagged): (Vec<_>, Vec<_>) =
            variants.iter().partition(|variant| variant.tags.is_empty());
        equal_tags(tag, &tagged)
            .or_else(|| variants.iter().find_map(|variant| self.unlisted_tags(tag, union, variant)))
            .or_else(|| equal_shapes(&untagged))
    }

    /// Reports a member whose values of the discriminator are others than the discriminator expects.
    fn unlisted_tags(&self, tag: &str, union: &ir::Union, variant: &UnionVariant) -> Option<Diagnostic> {
        let member = union.variants.iter().find(|member| member.schema.source == variant.source)?;
        let property = self.object(&member.schema)?.property(tag)?;
        let values = self.constants(&property.schema);
        let reason = match (variant.tags.as_slice(), values) {
            ([], _) if property.required => "expected a `mapping`".to_owned(),
            ([], _) | (_, None) => return None,
            (tags, Some(values)) if tags.iter().any(|tag| values.contains(tag)) => return None,
            (tags, Some(values)) => format!("expected {}, found {}", listed(tags), listed(&values)),
        };
        let message = format!("no value of `{tag}` means `{}`: {reason}", variant.name);
        let help = format!(
            "the property is {}; a `mapping` from its values would tell the member",
            property.schema.source
        );
        Some(Diagnostic::warning(&variant.source, message).help(help))
    }

    /// Returns `true` if a parameter can have all values of a union.
    pub(super) fn is_parameter_union(&self, union: &ir::Union) -> bool {
        union.variants.iter().all(|variant| self.is_parameter(&variant.schema.ty, 0))
    }

    /// Returns `true` if a parameter can have values of a type: text, or several texts.
    fn is_parameter(&self, ty: &Type, depth: usize) -> bool {
        match ty {
            Type::Any | Type::Null | Type::Map(_) | Type::Binary => false,
            Type::Array(items) => !matches!(items.ty, Type::Array(_)) && self.is_parameter(&items.ty, depth),
            Type::Custom { json, .. } => self.is_parameter(json, depth),
            Type::Named(id) => match self.api.types.get(id).map(|def| &def.kind) {
                Some(TypeKind::Enum(_)) => true,
                Some(TypeKind::Union(union)) => {
                    let mut types = union.variants.iter().map(|variant| &variant.schema.ty);
                    depth < MAX_DEPTH && types.all(|ty| self.is_parameter(ty, depth + 1))
                }
                _ => false,
            },
            _ => true,
        }
    }

    /// Completes the unions when all structs are planned: finds the fields that all variants share.
    pub(super) fn share_fields(&mut self) {
        for index in 0..self.items.len() {
            let shared = self.shared_fields(ItemId(index));
            if let Some(ItemKind::Union(union)) = self.items[index].as_mut().map(|item| &mut item.kind) {
                union.shared = shared;
            }
        }
    }

    fn shared_fields(&self, id: ItemId) -> Vec<Field> {
        let Some(ItemKind::Union(union)) = self.items[id.0].as_ref().map(|item| &item.kind) else {
            return Vec::new();
        };
        let fields: Option<Vec<_>> =
            union.variants.iter().map(|variant| self.fields(&variant.value.ty)).collect();
        let Some((first, others)) = fields.as_deref().and_then(<[_]>::split_first) else { return Vec::new() };
        let is_same = |a: &Field, b: &Field| {
            (&a.wire, &a.name, a.presence, &a.ty) == (&b.wire, &b.name, b.presence, &b.ty)
        };
        let is_shared = |field: &&Field| {
            is_simple(field) && others.iter().all(|fields| fields.iter().any(|other| is_same(field, other)))
        };
        first.iter().filter(is_shared).cloned().collect()
    }
}

/// Reports the first two members that one value of the discriminator means.
fn equal_tags(tag: &str, variants: &[&UnionVariant]) -> Option<Diagnostic> {
    let shared = |earlier: &UnionVariant, later: &UnionVariant| {
        later.tags.iter().find(|tag| earlier.tags.contains(tag)).cloned()
    };
    variants.iter().enumerate().find_map(|(index, later)| {
        let mut pairs = variants[..index].iter().map(|earlier| (earlier, shared(earlier, later)));
        let (earlier, value) = pairs.find_map(|(earlier, value)| Some((earlier, value?)))?;
        let message = format!(
            "the value `{value}` of `{tag}` means `{}` and `{}`: JSON is read as `{0}`, which comes first",
            earlier.name, later.name
        );
        let help =
            format!("the other one is {}; a `mapping` of other values would tell them apart", earlier.source);
        Some(Diagnostic::warning(&later.source, message).help(help))
    })
}

/// Reports the first two members that nothing tells apart.
fn equal_shapes(variants: &[&UnionVariant]) -> Option<Diagnostic> {
    let objects = variants.iter().filter_map(|variant| match &variant.shape {
        Some(Shape::Object(shape)) => Some((variant, shape)),
        _ => None,
    });
    let objects: Vec<_> = objects.collect();
    objects.iter().enumerate().find_map(|(index, (later, shape))| {
        let (earlier, _) = objects[..index].iter().find(|(_, earlier)| hides(earlier, shape))?;
        let message = format!(
            "nothing tells `{}` from `{}`: JSON of both is read as `{1}`, which comes first",
            later.name, earlier.name
        );
        let help = format!(
            "the other one is {}; a `discriminator`, or required properties that differ, would tell them apart",
            earlier.source
        );
        Some(Diagnostic::warning(&later.source, message).help(help))
    })
}

/// Writes values as a list.
fn listed(values: &[String]) -> String {
    values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
}

/// Returns `true` if JSON of the later object can always be read as the earlier one.
fn hides(earlier: &ObjectShape, later: &ObjectShape) -> bool {
    let is_required = |name: &String| later.required.contains(name);
    let is_declared = |name: &String| earlier.is_open || earlier.properties().any(|other| other == name);
    let differs = |(name, values): &(String, Vec<String>)| {
        let of_later = later.constants.iter().find(|(other, _)| other == name);
        of_later.is_some_and(|(_, others)| others.iter().all(|value| !values.contains(value)))
    };
    earlier.required.len() == later.required.len()
        && earlier.required.iter().all(is_required)
        && later.properties().all(is_declared)
        && !earlier.constants.iter().any(differs)
}

fn shape_of_enum(values: &Enum) -> Shape {
    match values.base {
        Type::String => Shape::Text(texts(values)),
        Type::Integer(_) => {
            Shape::Integer(values.values.iter().filter_map(|value| value.value.as_i64()).collect())
        }
        Type::Number(_) => Shape::Number,
        Type::Boolean => Shape::Bool,
        _ => Shape::Any,
    }
}

fn texts(values: &Enum) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    values.values.iter().map(|value| text(&value.value)).collect()
}

/// Returns the only value of a required property.
fn constant(api: &Api, kind: &TypeKind) -> Option<String> {
    let required = kind.as_object()?.properties.iter().filter(|property| property.required);
    required.into_iter().find_map(|property| match &api.types.get(property.schema.type_id()?)?.kind {
        TypeKind::Enum(values) => match values.values.as_slice() {
            [only] => only.value.as_str().map(str::to_owned),
            _ => None,
        },
        _ => None,
    })
}
