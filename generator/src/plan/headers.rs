//! Headers of responses.

use std::collections::BTreeMap;

use super::names::{Names, report_number};
use super::values::Use;
use super::{Planner, ResponseHeader, Ty};
use crate::ir::{Header, Schema, Type};

/// A header as the responses declare it: its first declaration, and the type that all of them agree on.
struct Declared<'a> {
    header: &'a Header,
    ty: Ty,
}

impl Planner<'_, '_> {
    /// Plans the headers that responses declare. A header of one name is one header: in responses that give it different
    /// types, it is a text.
    pub(super) fn headers(&mut self) -> Vec<ResponseHeader> {
        let api = self.api;
        let responses = api.operations.iter().flat_map(|operation| &operation.responses);
        let mut declared: BTreeMap<String, Declared<'_>> = BTreeMap::new();
        for header in responses.flat_map(|response| &response.headers) {
            let name = header.name.to_ascii_lowercase();
            // The media type is described by the content.
            if name == "content-type" || http::HeaderName::try_from(&name).is_err() {
                continue;
            }
            let ty = self.header_ty(header);
            let known = declared.entry(name).or_insert_with(|| Declared { header, ty: ty.clone() });
            if known.ty != ty {
                known.ty = Ty::String;
            }
        }
        let mut scope = Names::Headers.scope();
        let mut planned = Vec::new();
        for (wire, Declared { header, ty }) in declared {
            let name = scope.snake(&wire);
            let wanted = || Names::Headers.scope().snake(&wire);
            report_number(&name, wanted, &wire, &header.source, self.diagnostics);
            let (docs, source) = (header.docs.clone(), header.source.clone());
            planned.push(ResponseHeader { name, wire, ty, docs, source });
        }
        planned
    }

    /// Returns the type of a header: a text unless the schema is that of another value of one word, or of a list of such
    /// values.
    fn header_ty(&mut self, header: &Header) -> Ty {
        let ty = header.schema.as_ref().filter(|schema| is_simple(schema)).map(|schema| {
            // The schema of one word is never refused.
            self.typed(schema, Use::Received).map(|value| value.ty)
        });
        ty.flatten().unwrap_or(Ty::String)
    }
}

fn is_simple(schema: &Schema) -> bool {
    match &schema.ty {
        Type::Array(items) => is_word(items),
        _ => is_word(schema),
    }
}

fn is_word(schema: &Schema) -> bool {
    matches!(
        schema.ty,
        Type::Boolean | Type::Integer(_) | Type::Number(_) | Type::String | Type::DateTime | Type::Date
    )
}
