//! The keywords of a schema, whichever way the typed view has sorted them.

use indexmap::IndexMap;
use openapiv3::{AdditionalProperties, AnySchema, ReferenceOr, Schema as Description, SchemaKind};

/// The parts of a schema that tell its kind, whichever variant the typed view chose for it. A `type: object`
/// with an `allOf`, and `properties` without a `type`, both come as its catch-all variant.
#[derive(Default)]
pub(super) struct Keywords<'a> {
    pub(super) ty: Option<&'a str>,
    pub(super) properties: Option<&'a IndexMap<String, ReferenceOr<Box<Description>>>>,
    pub(super) required: &'a [String],
    pub(super) additional: Option<&'a AdditionalProperties>,
    pub(super) items: Option<&'a ReferenceOr<Box<Description>>>,
    pub(super) all_of: &'a [ReferenceOr<Description>],
    pub(super) not: bool,
}

impl<'a> Keywords<'a> {
    pub(super) fn of(kind: &'a SchemaKind) -> Self {
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
            SchemaKind::OneOf { .. } | SchemaKind::AnyOf { .. } => Self::default(),
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
            not: any.not.is_some(),
        }
    }
}
