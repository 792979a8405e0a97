//! Items: the structs and enums that types become.

use super::ident::Scope;
use super::names::{Names, report_number};
use super::values::Use;
use super::{
    Count, Extra, Field, Given, Item, ItemId, ItemKind, Name, Newtype, OpenEnum, Planner, Presence, Read,
    Serde, Struct, Taken, Ty, Typed, Usage, Variant, Write,
};
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Location};
use crate::ir::{
    Additional, Enum, EnumValue, Intersection, Object, Property, Schema, TypeDef, TypeId, TypeKind,
};

impl<'a> Planner<'a, '_> {
    /// Plans the items, in the order of their names; `None` stands for each that was refused.
    pub(super) fn items(&mut self) -> Vec<Option<Item>> {
        let types = self.facts.types.clone();
        let mut items: Vec<_> = types.into_iter().map(|(id, name)| self.item(id, name)).collect();
        mark_checked(&mut items);
        items
    }

    fn item(&mut self, id: &'a TypeId, name: Name) -> Option<Item> {
        let def = self.api.types.get(id)?;
        let kind = match &def.kind {
            TypeKind::Object(object) => ItemKind::Struct(self.structure_of(id, object)?),
            TypeKind::Enum(values) => self.enumeration(id, values),
            TypeKind::Union(union) => self.union(id, union)?,
            TypeKind::Alias(schema) => self.newtype(id, schema)?,
            TypeKind::Intersection(intersection) => return self.intersection(intersection),
        };
        let TypeDef { name: schema, is_component, docs, deprecated, .. } = def.clone();
        let derives = self.choices.derives(def.component.as_deref());
        let part = self.facts.parts.of_type(id);
        let usage = self.facts.usages.get(id).copied().unwrap_or_default();
        let source = id.0.clone();
        Some(Item {
            name,
            schema,
            is_component,
            docs,
            deprecated,
            derives,
            is_received: usage.response,
            is_sent: usage.request,
            has_default: true,
            sample: None,
            part,
            kind,
            source,
        })
    }

    fn structure_of(&mut self, id: &'a TypeId, object: &Object) -> Option<Struct> {
        let usage = self.facts.usages.get(id).copied().unwrap_or_default();
        if usage.request {
            self.excluded(object.not.as_ref());
        }
        let mut scope = Names::Fields.scope();
        let names = self.field_names(object, &mut scope);
        let additional = self.extra(id, object, usage, &mut scope);
        let is_camel_case = prefers_camel_case(object, &names);
        let fields: Vec<_> = object
            .properties
            .iter()
            .zip(names)
            .map(|(property, name)| {
                let rename = rename(&property.name, &name, is_camel_case);
                self.field(id, property, usage, name, rename)
            })
            .collect();
        let mut fields = fields.into_iter().collect::<Option<Vec<_>>>()?;
        self.replace_fields(object, &mut fields);
        let properties = Count::new(object.min_properties, object.max_properties);
        if usage.request && properties.is_some_and(Count::is_empty) {
            return self.error(&id.0, "expected a `minProperties` up to `maxProperties`, found a larger one");
        }
        Some(Struct {
            fields,
            additional,
            properties,
            is_sent: usage.request,
            is_camel_case,
            is_checked: false,
        })
    }

    /// Plans the field with the properties that the others do not declare, if the description allows any. One that is
    /// refused has been reported.
    fn extra(&mut self, id: &TypeId, object: &Object, usage: Usage, scope: &mut Scope) -> Option<Extra> {
        let (values, source) = match &object.additional {
            Additional::Unspecified | Additional::Forbidden => return None,
            Additional::Any => (Typed::json(), id.0.child("additionalProperties")),
            Additional::Typed(schema) => {
                let values = self.typed(schema, if usage.request { Use::Sent } else { Use::Received })?;
                (values, schema.source.clone())
            }
        };
        let wanted = ["additional", "additional_properties"];
        let is_free = |name: &&str| !scope.has(&Names::Fields.scope().snake(name));
        let wanted = wanted.into_iter().find(is_free).unwrap_or("additional_properties");
        Some(Extra { name: scope.snake(wanted), value: Typed::map_of(values), source })
    }

    /// Refuses an `allOf` with a member that is not an object.
    fn intersection<T>(&mut self, intersection: &Intersection) -> Option<T> {
        let Intersection { member, schema, kind } = intersection;
        let message =
            format!("unsupported: {kind} in an `allOf` with other members that say what the type is");
        let error = Diagnostic::error(member, message);
        let is_here = member == schema;
        self.diagnostics.push(if is_here { error } else { error.help(format!("the member is {schema}")) });
        None
    }

    /// Reports what a description says of a form as a whole and a call does not check or send.
    pub(super) fn report_rest(&mut self, id: &TypeId, object: &Object) {
        if object.min_properties.is_some() || object.max_properties.is_some() {
            self.warn(&id.0, "the number of properties is not checked before a request is sent");
        }
        if matches!(object.additional, Additional::Any | Additional::Typed(_)) {
            let at = id.0.child("additionalProperties");
            self.warn(&at, "additional properties of a form are not sent");
        }
        self.excluded(object.not.as_ref());
    }

    fn field_names(&mut self, object: &Object, scope: &mut Scope) -> Vec<Name> {
        let name = |property: &Property| {
            let wanted = property.alias.as_ref().unwrap_or(&property.name);
            let name = scope.snake(wanted);
            let alone = || Names::Fields.scope().snake(wanted);
            report_number(&name, alone, wanted, &property.schema.source, self.diagnostics);
            name
        };
        object.properties.iter().map(name).collect()
    }

    fn field(
        &mut self,
        owner: &TypeId,
        property: &Property,
        usage: Usage,
        name: Name,
        rename: Option<String>,
    ) -> Option<Field> {
        let Property { name: wire, schema, .. } = property;
        let value = self.typed(schema, if usage.request { Use::Sent } else { Use::Received })?;
        let presence = presence(property, usage);
        let is_boxed = self.facts.circles.is_within(owner, schema);
        Some(Field {
            name,
            wire: wire.clone(),
            ty: field_ty(value.ty.clone(), is_boxed, presence),
            serde: Serde {
                rename,
                read: read(&value.ty, presence, usage),
                write: write(property, presence, usage),
            },
            given: given(property, presence, usage),
            taken: Taken::of(&value.nullable_ty()),
            value,
            presence,
            is_boxed,
            is_read_only: schema.read_only,
            docs: schema.docs.clone(),
            deprecated: schema.deprecated,
            replacement: None,
            source: schema.source.clone(),
        })
    }

    fn enumeration(&mut self, id: &TypeId, values: &Enum) -> ItemKind {
        let list = id.0.child("enum");
        let text = |value: &Value| value.as_str().map(str::to_owned);
        if let Some(texts) = values_of(values, text) {
            return ItemKind::StringEnum(self.variants(&list, values, texts));
        }
        if let Some(integers) = values_of(values, Value::as_i64) {
            return ItemKind::IntegerEnum(self.variants(&list, values, integers));
        }
        let all = values.values.iter().map(|value| value.value.clone()).collect();
        ItemKind::ValueEnum(self.variants(&list, values, all))
    }

    /// Names the values of an enum.
    fn variants<T>(&mut self, list: &Location, values: &Enum, of_type: Vec<T>) -> OpenEnum<T> {
        let mut scope = Names::Variants.scope();
        let mut variants = Vec::new();
        for (index, (value, EnumValue { value: json, alias, docs })) in
            of_type.into_iter().zip(&values.values).enumerate()
        {
            let wanted = alias.clone().unwrap_or_else(|| spoken(json));
            let name = scope.camel(&wanted);
            let alone = || Names::Variants.scope().camel(&wanted);
            report_number(&name, alone, &wanted, &list.child(index), self.diagnostics);
            variants.push(Variant { name, value, docs: docs.clone() });
        }
        OpenEnum { variants }
    }

    /// Plans a list or a map that contains itself.
    fn newtype(&mut self, id: &TypeId, schema: &Schema) -> Option<ItemKind> {
        let is_sent = self.facts.usages.get(id).is_some_and(|usage| usage.request);
        let value = self.typed(schema, if is_sent { Use::Sent } else { Use::Received })?;
        Some(ItemKind::Newtype(Newtype { value, is_sent, is_checked: false }))
    }
}

/// Returns the values of an enum as one type, if all of them have it.
fn values_of<T>(values: &Enum, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    values.values.iter().map(|value| read(&value.value)).collect()
}

/// Returns a value as a name can spell it.
fn spoken(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "empty".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => number.to_string().replace('.', " point "),
        value => value.to_string(),
    }
}

/// Marks the structs and unions that are sent and whose values have something to check, in themselves or below. Each round
/// reaches the types one step further from a rule.
fn mark_checked(items: &mut [Option<Item>]) {
    loop {
        let found: Vec<_> = (0..items.len()).filter(|index| becomes_checked(items, *index)).collect();
        if found.is_empty() {
            return;
        }
        for index in found {
            match items[index].as_mut().map(|item| &mut item.kind) {
                Some(ItemKind::Struct(structure)) => structure.is_checked = true,
                Some(ItemKind::Union(union)) => union.is_checked = true,
                Some(ItemKind::Newtype(newtype)) => newtype.is_checked = true,
                _ => {}
            }
        }
    }
}

/// Returns `true` for a struct or a union that has something to check and is not marked yet.
fn becomes_checked(items: &[Option<Item>], index: usize) -> bool {
    let is_marked = |id: ItemId| items[id.0].as_ref().is_some_and(Item::is_checked);
    // A field that only responses have is never sent.
    let is_checked = |field: &Field| !field.is_read_only && field.value.is_checked(&is_marked);
    items[index].as_ref().filter(|item| !item.is_checked()).is_some_and(|item| match &item.kind {
        ItemKind::Struct(structure) => {
            let of_rest = structure.additional.as_ref().map(|extra| &extra.value);
            let has_rules = || {
                structure.number_check().is_some()
                    || structure.fields.iter().any(is_checked)
                    || of_rest.is_some_and(|value| value.is_checked(&is_marked))
            };
            structure.is_sent && has_rules()
        }
        ItemKind::Newtype(newtype) => newtype.is_sent && newtype.value.is_checked(&is_marked),
        ItemKind::Union(union) => {
            union.is_sent && union.variants.iter().any(|variant| variant.value.is_checked(&is_marked))
        }
        ItemKind::StringEnum(_) | ItemKind::IntegerEnum(_) | ItemKind::ValueEnum(_) => false,
    })
}

/// Tells whether a field is always there and always has a value: from what the description says, and from the
/// directions in which its type is sent.
fn presence(property: &Property, usage: Usage) -> Presence {
    let schema = &property.schema;
    // A property of one direction is absent in the other.
    let is_one_way = (schema.read_only && usage.request) || (schema.write_only && usage.response);
    match (property.required && !is_one_way, schema.nullable) {
        (true, false) => Presence::Required,
        (true, true) => Presence::Nullable,
        (false, true) if usage.request && !schema.read_only => Presence::OptionalNullable,
        (false, _) => Presence::Optional,
    }
}

fn field_ty(ty: Ty, is_boxed: bool, presence: Presence) -> Ty {
    let ty = if is_boxed { Ty::Box(Box::new(ty)) } else { ty };
    match presence {
        Presence::Required => ty,
        Presence::Nullable | Presence::Optional => ty.optional(),
        Presence::OptionalNullable => ty.optional().optional(),
    }
}

fn given(property: &Property, presence: Presence, usage: Usage) -> Given {
    match presence {
        Presence::Required | Presence::Nullable => Given::Argument,
        // Responses do not have it, so it is an `Option`, but requests need it.
        _ if property.required && property.schema.write_only && usage.request => Given::Argument,
        _ if property.schema.read_only => Given::Never,
        _ => Given::Setter,
    }
}

fn read(ty: &Ty, presence: Presence, usage: Usage) -> Read {
    match (presence, ty) {
        (Presence::Required, Ty::Vec(_)) if usage.response => Read::NullAsEmpty,
        (Presence::OptionalNullable, _) | (Presence::Optional, Ty::Unit) => Read::Nullable,
        _ => Read::Plain,
    }
}

fn write(property: &Property, presence: Presence, usage: Usage) -> Write {
    match presence {
        _ if property.schema.read_only && usage.request => Write::Never,
        Presence::Required | Presence::Nullable => Write::Always,
        Presence::Optional | Presence::OptionalNullable => Write::IfSome,
    }
}

/// Returns `true` if most fields are called as serde's camel case has them.
fn prefers_camel_case(object: &Object, names: &[Name]) -> bool {
    let fields = || object.properties.iter().map(|property| property.name.as_str()).zip(names);
    let as_is = fields().filter(|(wire, name)| *wire == name.plain()).count();
    let camel = fields().filter(|(wire, name)| *wire == camel_case_of(name.plain())).count();
    camel > as_is
}

fn rename(wire: &str, name: &Name, is_camel_case: bool) -> Option<String> {
    let plain = name.plain();
    let derived = if is_camel_case { camel_case_of(plain) } else { plain.to_owned() };
    (derived != wire).then(|| wire.to_owned())
}

/// Writes a name in snake case as serde's camel case has it.
fn camel_case_of(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut capital = false;
    for letter in name.chars() {
        match (letter, capital) {
            ('_', _) => capital = true,
            (letter, true) => {
                camel.push(if camel.is_empty() { letter } else { letter.to_ascii_uppercase() });
                capital = false;
            }
            (letter, false) => camel.push(letter),
        }
    }
    camel
}
