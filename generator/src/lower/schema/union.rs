//! `oneOf` and `anyOf`, with and without a discriminator.

use openapiv3::Schema as Description;

use super::Name;
use crate::diagnostic::Location;
use crate::ir::{Discriminator, TypeId, TypeKind, Union, UnionKind};
use crate::load::Shape;
use crate::lower::Lowering;
use crate::places;

impl Lowering<'_> {
    pub(super) fn union(
        &mut self,
        at: &Location,
        description: &Description,
        name: &Name,
    ) -> Option<TypeKind> {
        let field = if self.sources.find(&at.child("oneOf")).is_some() { "oneOf" } else { "anyOf" };
        let at_variants = at.child(field);
        let count = self.sources.find(&at_variants)?.as_sequence()?.len();
        let mut variants = Vec::new();
        for index in 0..count {
            let at = at_variants.child(index);
            let name = name.with(format_args!("Option{}", index + 1));
            let variant = if self.sources.reference_at(&at).is_ok_and(|reference| reference.is_some()) {
                self.referenced(&at)
            } else {
                self.read::<Description>(&at, &Shape::SCHEMA).and_then(|d| self.in_place(&at, &d, &name))
            };
            variants.extend(variant);
        }
        let discriminator = description.schema_data.discriminator.as_ref();
        let discriminator = discriminator.map(|discriminator| self.discriminator(at, discriminator));
        let kind = if field == "oneOf" { UnionKind::One } else { UnionKind::Any };
        Some(TypeKind::Union(Union { kind, variants, discriminator }))
    }

    fn discriminator(&mut self, at: &Location, discriminator: &openapiv3::Discriminator) -> Discriminator {
        let at = at.child("discriminator").child("mapping");
        let mut mapping = Vec::new();
        for (value, target) in &discriminator.mapping {
            let resolved = places::mapped(self.sources, &at.child(value), target);
            if let Some(target) = self.diagnostics.keep(resolved) {
                self.note(&target);
                mapping.push((value.clone(), TypeId(target)));
            }
        }
        Discriminator { property: discriminator.property_name.clone(), mapping }
    }
}
