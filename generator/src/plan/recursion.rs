//! Types that contain themselves: each field on the way needs a `Box`. A list or a map in between is indirection
//! enough.

use std::collections::BTreeMap;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::ir::{Api, Schema, TypeId, TypeKind};

/// The circles in which types contain each other.
pub(super) struct Circles<'a>(BTreeMap<&'a TypeId, usize>);

impl<'a> Circles<'a> {
    pub(super) fn of(api: &'a Api) -> Self {
        let mut graph = DiGraph::<(), ()>::new();
        let nodes: BTreeMap<&TypeId, NodeIndex> =
            api.types.keys().map(|id| (id, graph.add_node(()))).collect();
        for (id, def) in &api.types {
            let schemas: Vec<_> = match &def.kind {
                TypeKind::Object(object) => {
                    object.properties.iter().map(|property| &property.schema).collect()
                }
                TypeKind::Union(union) => union.variants.iter().collect(),
                TypeKind::Enum(_) | TypeKind::Intersection(_) => Vec::new(),
            };
            // A type that could not be lowered is in no circle.
            for field in schemas.into_iter().filter_map(Schema::type_id).filter_map(|field| nodes.get(field))
            {
                graph.add_edge(nodes[id], *field, ());
            }
        }
        let components = kosaraju_scc(&graph);
        let number: BTreeMap<NodeIndex, usize> = components
            .iter()
            .enumerate()
            .flat_map(|(number, nodes)| nodes.iter().map(move |node| (*node, number)))
            .collect();
        Self(nodes.into_iter().map(|(id, node)| (id, number[&node])).collect())
    }

    /// Returns `true` if a field of a type leads back to the type.
    pub(super) fn is_within(&self, owner: &TypeId, field: &Schema) -> bool {
        field.type_id().is_some_and(|field| self.0.get(field) == self.0.get(owner))
    }
}
