//! Changes types as the client chooses: other types in place of components and formats, and objects that keep the
//! properties which they do not declare.

use std::collections::{BTreeMap, BTreeSet};

use crate::choices::{Change, Scalar, Target, TypeChoices};
use crate::ir::{Additional, Api, Schema, Type, TypeDef, TypeId, TypeKind};

pub(super) fn apply(api: &mut Api, choices: &TypeChoices) {
    let mut used = BTreeSet::new();
    for (index, choice) in choices.list.iter().enumerate() {
        let is_used = match &choice.change {
            Change::KeepUnknown => keep_unknown(api, &choice.target),
            Change::Derive(_) => api.types.values().any(|def| is_about(&choice.target, def)),
            Change::Replace(_) => false,
        };
        used.extend(is_used.then_some(index));
    }
    let named = api.types.iter().filter(|(_, def)| def.is_component);
    let named = named.map(|(id, def)| (id.clone(), def.name.clone())).collect();
    let mut replacing = Replacing { choices, named, used };
    replacing.everywhere(api);
    api.choices_used = replacing.used;
}

fn is_about(target: &Target, def: &TypeDef) -> bool {
    target.is_about(def.component.as_deref())
}

/// Lets objects keep the properties which they do not declare. Returns `true` if there is one.
fn keep_unknown(api: &mut Api, target: &Target) -> bool {
    let mut is_used = false;
    for def in api.types.values_mut().filter(|def| is_about(target, def)) {
        if let TypeKind::Object(object) = &mut def.kind {
            is_used = true;
            if matches!(object.additional, Additional::Unspecified | Additional::Forbidden) {
                object.additional = Additional::Any;
            }
        }
    }
    is_used
}

/// Puts other types in place of components and formats.
struct Replacing<'a> {
    choices: &'a TypeChoices,
    /// Names of the components that are types with names.
    named: BTreeMap<TypeId, String>,
    used: BTreeSet<usize>,
}

impl Replacing<'_> {
    fn everywhere(&mut self, api: &mut Api) {
        for operation in &mut api.operations {
            operation.parameters.iter_mut().for_each(|parameter| self.replace(&mut parameter.schema));
            let of_body = operation.body.iter_mut().flat_map(|body| &mut body.contents);
            let of_responses = operation.responses.iter_mut().flat_map(|response| &mut response.contents);
            let contents = of_body.chain(of_responses).filter(|content| content.is_json());
            contents.filter_map(|content| content.schema.as_mut()).for_each(|schema| self.replace(schema));
        }
        api.components.iter_mut().for_each(|component| self.replace(&mut component.schema));
        api.types.values_mut().for_each(|def| self.replace_in(&mut def.kind));
    }

    fn replace_in(&mut self, kind: &mut TypeKind) {
        match kind {
            TypeKind::Object(object) => {
                object.properties.iter_mut().for_each(|property| self.replace(&mut property.schema));
                if let Additional::Typed(schema) = &mut object.additional {
                    self.replace(schema);
                }
            }
            TypeKind::Union(union) => {
                union.variants.iter_mut().for_each(|variant| self.replace(&mut variant.schema));
            }
            TypeKind::Alias(schema) => self.replace(schema),
            TypeKind::Enum(_) | TypeKind::Intersection(_) => {}
        }
    }

    fn replace(&mut self, schema: &mut Schema) {
        if let Some(choice) = self.choice(schema) {
            self.used.insert(choice);
            let json = Box::new(std::mem::replace(&mut schema.ty, Type::Any));
            schema.ty = Type::Custom { choice, json };
        } else if let Type::Array(inner) | Type::Map(inner) = &mut schema.ty {
            self.replace(inner);
        }
    }

    /// Returns the choice of a type in place of that of a schema. A choice about the component wins.
    fn choice(&self, schema: &Schema) -> Option<usize> {
        let component = schema.type_id().and_then(|id| self.named.get(id)).or(schema.component.as_ref());
        let format = scalar(&schema.ty).zip(schema.format.as_ref());
        let replacements = || {
            let choices = self.choices.list.iter().enumerate();
            choices.filter(|(_, choice)| matches!(choice.change, Change::Replace(_)))
        };
        let of_component = replacements().find(|(_, choice)| {
            component.is_some_and(|name| choice.target == Target::Component(name.clone()))
        });
        let of_format = || {
            replacements().find(|(_, choice)| {
                format.is_some_and(|(scalar, format)| choice.target == Target::Format(scalar, format.clone()))
            })
        };
        of_component.or_else(of_format).map(|(index, _)| index)
    }
}

fn scalar(ty: &Type) -> Option<Scalar> {
    match ty {
        Type::String | Type::DateTime | Type::Date => Some(Scalar::String),
        Type::Integer(_) => Some(Scalar::Integer),
        Type::Number(_) => Some(Scalar::Number),
        _ => None,
    }
}
