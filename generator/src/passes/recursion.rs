//! Puts a `Box` around each field through which a type contains itself. A list or a map in between is
//! indirection enough.

use std::collections::BTreeMap;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::ir::{Api, Schema, TypeId, TypeKind};

pub(super) fn box_cycles(api: &mut Api) {
    let circles = circles(api);
    for (id, def) in &mut api.types {
        let TypeKind::Object(object) = &mut def.kind else { continue };
        for property in &mut object.properties {
            property.boxed =
                property.schema.type_id().is_some_and(|field| circles.get(field) == circles.get(id));
        }
    }
}

/// The number of the circle that each type is in. A type that does not contain itself is alone in its own, which
/// no field leads back to.
fn circles(api: &Api) -> BTreeMap<TypeId, usize> {
    let mut graph = DiGraph::<(), ()>::new();
    let nodes: BTreeMap<&TypeId, NodeIndex> = api.types.keys().map(|id| (id, graph.add_node(()))).collect();
    for (id, def) in &api.types {
        let schemas: Vec<_> = match &def.kind {
            TypeKind::Object(object) => object.properties.iter().map(|property| &property.schema).collect(),
            TypeKind::Union(union) => union.variants.iter().collect(),
            TypeKind::Enum(_) => Vec::new(),
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
    nodes.into_iter().map(|(id, node)| (id.clone(), number[&node])).collect()
}
