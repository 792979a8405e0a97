//! Serialization of parameters, and of the properties of forms.

use super::{ItemId, ItemKind, Planner, Style, StyleKind, Ty, Union};
use crate::ir::{Encoding, Parameter, ParameterPlace, ParameterStyle, essence};

/// ValueShape of a value, as a style sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueShape {
    /// One text.
    Text,
    /// Elements.
    List,
    /// Names and values.
    Object,
    /// Any of the others.
    Any,
}

/// Refusal, which has been reported.
pub(super) struct Refused;

impl Planner<'_, '_> {
    /// Plans the serialization of a parameter; `None` stands for texts, each sent by itself.
    ///
    /// # Errors
    /// The parameter was refused.
    pub(super) fn style(&mut self, parameter: &Parameter, ty: &Ty) -> Result<Option<Style>, Refused> {
        let shape = self.value_shape(ty);
        if let Some(media_type) = &parameter.media_type {
            return self.content(parameter, media_type, shape);
        }
        let style = stated(parameter, shape);
        self.warn_undefined(parameter, ty, style);
        let is_text =
            shape == ValueShape::Text && !style.allow_reserved && style.kind == default_kind(parameter.place);
        let is_query = parameter.place == ParameterPlace::Query;
        let is_exploded = is_query && style == Style { explode: true, ..Style::of(StyleKind::Form) };
        let is_list_of_texts = is_exploded && self.is_list_of_texts(ty);
        let is_union_of_texts =
            (is_exploded || style.kind == StyleKind::Simple) && self.is_union_of_texts(ty);
        Ok(if is_text || is_list_of_texts || is_union_of_texts { None } else { Some(style) })
    }

    /// Plans a parameter with a media type: JSON, or a text as it is.
    fn content(
        &mut self,
        parameter: &Parameter,
        media_type: &str,
        shape: ValueShape,
    ) -> Result<Option<Style>, Refused> {
        if is_json(media_type) {
            return Ok(Some(Style::of(StyleKind::Json)));
        }
        if shape == ValueShape::Text {
            return Ok(None);
        }
        let at = parameter.source.child("content");
        self.refuse(&at, &format!("a list or an object as `{media_type}` in a parameter")).ok_or(Refused)
    }

    /// Warns about a serialization that the specification leaves open.
    fn warn_undefined(&mut self, parameter: &Parameter, ty: &Ty, style: Style) {
        let shape = self.value_shape(ty);
        let inner: Vec<_> = self.inner(ty).into_iter().map(|ty| self.value_shape(&ty)).collect();
        let has_lists = inner.contains(&ValueShape::List);
        let has_objects = inner.contains(&ValueShape::Object);
        let name = &parameter.name;
        let choice = match (style.kind, shape) {
            (StyleKind::DeepObject, ValueShape::List) => {
                format!("elements have their indices as keys, as in `{name}[0]`")
            }
            (StyleKind::Form, ValueShape::List | ValueShape::Object)
                if parameter.place == ParameterPlace::Cookie && style.explode =>
            {
                "each element is a cookie of its own".to_owned()
            }
            (StyleKind::Json | StyleKind::DeepObject, _) => return,
            (_, ValueShape::List) if has_lists || has_objects => "each element is sent as JSON".to_owned(),
            (StyleKind::Form, ValueShape::Object) if style.explode && has_objects => {
                "objects inside are sent as JSON".to_owned()
            }
            (_, ValueShape::Object) if !style.explode && (has_lists || has_objects) => {
                "lists and objects inside are sent as JSON".to_owned()
            }
            _ => return,
        };
        self.warn(
            &parameter.source,
            format!("OpenAPI does not define how the parameter `{name}` is sent: {choice}"),
        );
    }

    /// Returns the serialization that an encoding states for a property of a form of names and values.
    pub(super) fn encoding(&self, encoding: &Encoding, ty: &Ty) -> Option<Style> {
        let shape = self.value_shape(ty);
        let is_stated =
            encoding.style.is_some() || encoding.explode.is_some() || encoding.allow_reserved == Some(true);
        if !is_stated {
            let is_json = encoding.media_type.as_deref().is_some_and(is_json);
            return (is_json && shape != ValueShape::Object).then(|| Style::of(StyleKind::Json));
        }
        let kind = kind(encoding.style.unwrap_or(ParameterStyle::Form));
        let explode = encoding.explode.unwrap_or(kind == StyleKind::Form);
        let allow_reserved = encoding.allow_reserved.unwrap_or_default();
        let style = match (kind, shape) {
            (_, ValueShape::Text) => Style::of(StyleKind::Form),
            (StyleKind::DeepObject, _) => Style::of(kind),
            (_, _) if explode => Style { explode, ..Style::of(StyleKind::Form) },
            (kind, _) => Style::of(kind),
        };
        let is_default = !allow_reserved
            && match shape {
                ValueShape::Text => true,
                ValueShape::List => style == Style { explode: true, ..Style::of(StyleKind::Form) },
                ValueShape::Object | ValueShape::Any => false,
            };
        (!is_default).then_some(Style { allow_reserved, ..style })
    }

    /// Returns `true` for a list whose elements are texts.
    pub(super) fn is_list_of_texts(&self, ty: &Ty) -> bool {
        matches!(ty, Ty::Vec(element) if self.value_shape(element) == ValueShape::Text)
    }

    /// Returns `true` for a union whose values are texts or lists of texts.
    fn is_union_of_texts(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Option(inner) | Ty::Box(inner) => self.is_union_of_texts(inner),
            Ty::Named(id) => matches!(self.kind(*id), Some(ItemKind::Union(union)) if union.is_parameter),
            _ => false,
        }
    }

    /// Returns the kind of an item. An item that was refused has been reported.
    fn kind(&self, id: ItemId) -> Option<&ItemKind> {
        self.items.get(id.0)?.as_ref().map(|item| &item.kind)
    }

    /// Returns the shape of a type.
    pub(super) fn value_shape(&self, ty: &Ty) -> ValueShape {
        match ty {
            Ty::Vec(_) => ValueShape::List,
            Ty::Map(_) => ValueShape::Object,
            Ty::Json | Ty::Unit | Ty::Upload | Ty::FormData | Ty::Download | Ty::EventStream(_) => {
                ValueShape::Any
            }
            Ty::Option(inner) | Ty::Box(inner) => self.value_shape(inner),
            Ty::Named(id) => match self.kind(*id) {
                Some(ItemKind::Struct(_)) => ValueShape::Object,
                Some(ItemKind::StringEnum(_) | ItemKind::IntegerEnum(_) | ItemKind::ValueEnum(_)) => {
                    ValueShape::Text
                }
                Some(ItemKind::Newtype(newtype)) => self.value_shape(&newtype.value.ty),
                Some(ItemKind::Union(union)) if self.has_only_texts(union) => ValueShape::Text,
                Some(ItemKind::Union(_)) | None => ValueShape::Any,
            },
            _ => ValueShape::Text,
        }
    }

    /// Returns `true` if each value of a union is one text. Members that are unions may be recursive.
    fn has_only_texts(&self, union: &Union) -> bool {
        let is_scalar = |ty: &Ty| match ty {
            Ty::Named(id) => {
                matches!(self.kind(*id), Some(ItemKind::StringEnum(_) | ItemKind::IntegerEnum(_)))
            }
            ty => self.value_shape(ty) == ValueShape::Text,
        };
        union.is_parameter && union.variants.iter().all(|variant| is_scalar(&variant.value.ty))
    }

    /// Returns the types of the values inside.
    fn inner(&self, ty: &Ty) -> Vec<Ty> {
        match ty {
            Ty::Vec(element) | Ty::Map(element) => vec![(**element).clone()],
            Ty::Option(inner) | Ty::Box(inner) => self.inner(inner),
            Ty::Named(id) => match self.kind(*id) {
                Some(ItemKind::Struct(structure)) => {
                    structure.fields.iter().map(|field| field.value.ty.clone()).collect()
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}

/// Returns the style that the description states, without what makes no difference.
fn stated(parameter: &Parameter, shape: ValueShape) -> Style {
    let mut style = Style {
        kind: kind(parameter.style),
        explode: parameter.explode && shape != ValueShape::Text,
        allow_reserved: parameter.allow_reserved,
        allow_empty: parameter.allow_empty && shape != ValueShape::Text,
    };
    match style.kind {
        StyleKind::DeepObject if shape != ValueShape::Text => style.explode = false,
        StyleKind::DeepObject | StyleKind::SpaceDelimited | StyleKind::PipeDelimited
            if shape == ValueShape::Text || style.explode =>
        {
            style.kind = StyleKind::Form;
        }
        _ => {}
    }
    style
}

/// Returns `true` for the media types of JSON.
pub(super) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence.ends_with("/json") || essence.ends_with("+json")
}

fn default_kind(place: ParameterPlace) -> StyleKind {
    match place {
        ParameterPlace::Path | ParameterPlace::Header => StyleKind::Simple,
        ParameterPlace::Query | ParameterPlace::Cookie => StyleKind::Form,
    }
}

fn kind(style: ParameterStyle) -> StyleKind {
    match style {
        ParameterStyle::Matrix => StyleKind::Matrix,
        ParameterStyle::Label => StyleKind::Label,
        ParameterStyle::Form => StyleKind::Form,
        ParameterStyle::Simple => StyleKind::Simple,
        ParameterStyle::SpaceDelimited => StyleKind::SpaceDelimited,
        ParameterStyle::PipeDelimited => StyleKind::PipeDelimited,
        ParameterStyle::DeepObject => StyleKind::DeepObject,
    }
}
