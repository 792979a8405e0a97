//! Shapes of a schema: what is left when references and `allOf` are followed and one member of each union is chosen.

use generator::diagnostic::Location;
use serde_json::Value;

use super::document::Documents;

/// The greatest number of shapes of one schema.
const MOST_SHAPES: usize = 128;
/// The greatest depth of references, unions and `allOf`s inside each other.
const MOST_NESTED: usize = 24;

/// Schemas that hold at the same time, without their references, `allOf`s and unions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    /// Places of the schemas.
    pub(crate) parts: Vec<Location>,
    /// Discriminators, each with the values that mean the chosen member.
    pub(crate) tags: Vec<(String, Vec<String>)>,
    /// The chosen member of the innermost union.
    member: Option<Location>,
}

impl Shape {
    fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.parts.extend(other.parts.iter().filter(|part| !self.parts.contains(part)).cloned());
        both.tags.extend(other.tags.iter().cloned());
        both.member = other.member.clone().or(both.member);
        both
    }

    /// Lists the parts in the order in which they decide on the type of the whole: those of the chosen member of a union go
    /// first, and a schema goes before the schemas that it extends.
    pub(crate) fn owners(&self) -> impl Iterator<Item = &Location> {
        let member = self.member.as_ref();
        let first = member.and_then(|member| self.parts.iter().position(|part| part == member));
        let (around, member) = self.parts.split_at(first.unwrap_or_default());
        member.iter().chain(around)
    }
}

/// Returns the shapes of schemas that hold at the same time. Schemas that contain themselves without end have no shape.
pub(crate) fn shapes(documents: &Documents, places: &[Location]) -> Vec<Shape> {
    let start = vec![Shape::default()];
    places.iter().fold(start, |shapes, at| each_with_each(&shapes, &of(documents, at, false, 0)))
}

fn each_with_each(a: &[Shape], b: &[Shape]) -> Vec<Shape> {
    // The order takes the first of each before the second of any.
    let pairs = b.iter().flat_map(|b| a.iter().map(move |a| a.and(b)));
    pairs.take(MOST_SHAPES).collect()
}

/// Returns the shapes of one schema. What is extended by a schema around it stands for itself, not for all that extends it.
fn of(documents: &Documents, at: &Location, is_extended: bool, depth: usize) -> Vec<Shape> {
    if depth == MOST_NESTED {
        return Vec::new();
    }
    let mut shapes = vec![Shape { parts: vec![at.clone()], ..Shape::default() }];
    let Some(schema) = documents.object(at) else { return shapes };
    if let Some(target) = documents.reference(at) {
        shapes = each_with_each(&shapes, &of(documents, &target, is_extended, depth + 1));
        if documents.is_3_0() {
            return shapes;
        }
    }
    let members = |keyword: &str| {
        let list = at.child(keyword);
        let length = schema.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
        (0..length).map(move |index| list.child(index))
    };
    for member in members("allOf") {
        shapes = each_with_each(&shapes, &of(documents, &member, true, depth + 1));
    }
    let mut is_union = false;
    for keyword in ["oneOf", "anyOf"].into_iter().filter(|keyword| schema.contains_key(*keyword)) {
        is_union = true;
        // A member that builds on the union is not the whole union.
        if is_extended && documents.lists_heirs(at, &at.child(keyword)) {
            continue;
        }
        let choices: Vec<_> = members(keyword)
            .flat_map(|member| {
                let target = documents.follow(&member);
                let mut shapes = of(documents, &member, false, depth + 1);
                for shape in &mut shapes {
                    shape.member.get_or_insert_with(|| member.clone());
                }
                tagged(shapes, documents, at, &target)
            })
            .collect();
        shapes = each_with_each(&shapes, &choices);
    }
    if !is_union && !is_extended && schema.contains_key("discriminator") {
        shapes = tagged(shapes, documents, at, at);
        for child in documents.children(at) {
            shapes.extend(tagged(of(documents, child, true, depth + 1), documents, at, child));
        }
        shapes.truncate(MOST_SHAPES);
    }
    shapes
}

/// Adds the values of a discriminator that mean a member.
fn tagged(mut shapes: Vec<Shape>, documents: &Documents, union: &Location, member: &Location) -> Vec<Shape> {
    let tag = documents.tag(union, member);
    for shape in &mut shapes {
        shape.tags.extend(tag.clone());
    }
    shapes
}
