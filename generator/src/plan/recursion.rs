//! Types that contain themselves. On the way, each variant of a union needs a `Box` or, where no union is on the way, each
//! field. A list or a map in between is indirection enough.

use std::collections::BTreeMap;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::ir::{Api, Schema, TypeId, TypeKind};

/// The circles in which types contain each other.
pub(super) struct Circles<'a> {
    /// Circles of fields alone.
    fields: BTreeMap<&'a TypeId, usize>,
    /// Circles of fields and variants.
    all: BTreeMap<&'a TypeId, usize>,
}

impl<'a> Circles<'a> {
    pub(super) fn of(api: &'a Api) -> Self {
        Self { fields: circles(api, false), all: circles(api, true) }
    }

    /// Returns `true` if a field of a type leads back to the type, over fields alone.
    pub(super) fn is_within(&self, owner: &TypeId, field: &Schema) -> bool {
        field.type_id().is_some_and(|field| self.fields.get(field) == self.fields.get(owner))
    }

    /// Returns `true` if a variant of a union leads back to the union.
    pub(super) fn is_within_union(&self, owner: &TypeId, variant: &Schema) -> bool {
        variant.type_id().is_some_and(|variant| self.all.get(variant) == self.all.get(owner))
    }
}

/// Numbers the circles that types are in; a type in no circle has a number of its own.
fn circles(api: &Api, has_variants: bool) -> BTreeMap<&TypeId, usize> {
    let mut graph = DiGraph::<(), ()>::new();
    let nodes: BTreeMap<&TypeId, NodeIndex> = api.types.keys().map(|id| (id, graph.add_node(()))).collect();
    for (id, def) in &api.types {
        let schemas: Vec<_> = match &def.kind {
            TypeKind::Object(object) => object.properties.iter().map(|property| &property.schema).collect(),
            TypeKind::Union(union) if has_variants => {
                union.variants.iter().map(|variant| &variant.schema).collect()
            }
            // A list or a map in between is indirection enough.
            TypeKind::Alias(_) | TypeKind::Union(_) | TypeKind::Enum(_) | TypeKind::Intersection(_) => {
                Vec::new()
            }
        };
        // A type that could not be lowered is in no circle.
        for field in schemas.into_iter().filter_map(Schema::type_id).filter_map(|field| nodes.get(field)) {
            graph.add_edge(nodes[id], *field, ());
        }
    }
    let components = kosaraju_scc(&graph);
    let number: BTreeMap<NodeIndex, usize> = components
        .iter()
        .enumerate()
        .flat_map(|(number, nodes)| nodes.iter().map(move |node| (*node, number)))
        .collect();
    nodes.into_iter().map(|(id, node)| (id, number[&node])).collect()
}
