//! Items: the structs and enums that types become.

use super::names::{Names, report_number};
use super::values::Use;
use super::{
    Field, Given, Item, ItemId, ItemKind, Name, OpenEnum, Planner, Presence, Read, Serde, Struct, Taken, Ty,
    Usage, Variant, Write,
};
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Location};
use crate::ir::{
    Additional, Enum, EnumValue, Intersection, Object, Property, Type, TypeDef, TypeId, TypeKind,
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
            TypeKind::Enum(values) => self.enumeration(id, values)?,
            TypeKind::Union(union) => self.union(id, union)?,
            TypeKind::Intersection(intersection) => return self.intersection(intersection),
        };
        let TypeDef { name: schema, is_component, docs, deprecated, .. } = def.clone();
        let part = self.facts.parts.of_type(id);
        let usage = self.facts.usages.get(id).copied().unwrap_or_default();
        let source = id.0.clone();
        Some(Item {
            name,
            schema,
            is_component,
            docs,
            deprecated,
            is_received: usage.response,
            is_sent: usage.request,
            sample: None,
            part,
            kind,
            source,
        })
    }

    fn structure_of(&mut self, id: &'a TypeId, object: &Object) -> Option<Struct> {
        let usage = self.facts.usages.get(id).copied().unwrap_or_default();
        let rest = self.rest(id, object, usage.request);
        let names = self.field_names(object);
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
        rest?;
        self.replace_fields(object, &mut fields);
        Some(Struct { fields, is_sent: usage.request, is_camel_case, is_checked: false })
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

    /// Examines what a description says of the properties of an object as a whole.
    pub(super) fn rest(&mut self, id: &TypeId, object: &Object, is_sent: bool) -> Option<()> {
        if is_sent && (object.min_properties.is_some() || object.max_properties.is_some()) {
            self.warn(&id.0, "the number of properties is not checked before a request is sent");
        }
        let additional = self.additional(id, object);
        self.excluded(object.not.as_ref())?;
        additional
    }

    fn additional(&mut self, id: &TypeId, object: &Object) -> Option<()> {
        let at = id.0.child("additionalProperties");
        match &object.additional {
            Additional::Typed(_) => {
                return self.refuse(&at, "`additionalProperties` of a type beside `properties`");
            }
            Additional::Any => self.warn(&at, "additional properties are not kept"),
            Additional::Unspecified | Additional::Forbidden => {}
        }
        Some(())
    }

    fn field_names(&mut self, object: &Object) -> Vec<Name> {
        let mut scope = Names::Fields.scope();
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
            given: given(property, presence),
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

    fn enumeration(&mut self, id: &TypeId, values: &Enum) -> Option<ItemKind> {
        for keyword in &values.beside {
            let name = keyword.last_token().unwrap_or_default();
            self.refuse::<()>(keyword, &format!("`{name}` beside `enum`"));
        }
        let list = id.0.child("enum");
        if values.values.is_empty() {
            return self.refuse(&list, "an `enum` with no value but `null`");
        }
        let kind = match values.base {
            Type::String => {
                ItemKind::StringEnum(self.variants(&list, values, |value| value.as_str()?.to_owned().into())?)
            }
            Type::Integer(_) => ItemKind::IntegerEnum(self.variants(&list, values, Value::as_i64)?),
            _ => return self.refuse(&list, "an `enum` of anything but strings or integers"),
        };
        values.beside.is_empty().then_some(kind)
    }

    /// Plans the values of an enum, which have to be of its type.
    fn variants<T>(
        &mut self,
        list: &Location,
        values: &Enum,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Option<OpenEnum<T>> {
        let mut scope = Names::Variants.scope();
        let mut variants = Vec::new();
        for (index, EnumValue { value, docs }) in values.values.iter().enumerate() {
            let at = list.child(index);
            let wanted = match value.as_str() {
                Some("") => "empty".to_owned(),
                Some(text) => text.to_owned(),
                None => value.to_string(),
            };
            let name = scope.camel(&wanted);
            report_number(&name, || Names::Variants.scope().camel(&wanted), &wanted, &at, self.diagnostics);
            let Some(value) = read(value) else {
                self.refuse::<()>(&at, &format!("the value {value} of an `enum`, which `i64` does not hold"));
                continue;
            };
            variants.push(Variant { name, value, docs: docs.clone() });
        }
        (variants.len() == values.values.len()).then_some(OpenEnum { variants })
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
                _ => {}
            }
        }
    }
}

/// Returns `true` for a struct or a union that has something to check and is not marked yet.
fn becomes_checked(items: &[Option<Item>], index: usize) -> bool {
    let kind = |index: usize| items[index].as_ref().map(|item| &item.kind);
    let is_marked = |id: ItemId| kind(id.0).is_some_and(ItemKind::is_checked);
    // A field that only responses have is never sent.
    let is_checked = |field: &Field| !field.is_read_only && field.value.is_checked(&is_marked);
    match kind(index) {
        Some(ItemKind::Struct(structure)) => {
            structure.is_sent && !structure.is_checked && structure.fields.iter().any(is_checked)
        }
        Some(ItemKind::Union(union)) => {
            let mut values = union.variants.iter().map(|variant| &variant.value);
            union.is_sent && !union.is_checked && values.any(|value| value.is_checked(&is_marked))
        }
        _ => false,
    }
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

fn given(property: &Property, presence: Presence) -> Given {
    match presence {
        Presence::Required | Presence::Nullable => Given::Argument,
        _ if property.schema.read_only => Given::Never,
        _ => Given::Setter,
    }
}

fn read(ty: &Ty, presence: Presence, usage: Usage) -> Read {
    match (presence, ty) {
        (Presence::Required, Ty::Vec(_)) if usage.response => Read::NullAsEmpty,
        (Presence::OptionalNullable, _) => Read::Nullable,
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
