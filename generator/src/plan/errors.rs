//! Error responses of all operations: one enum for the whole client, in which a kind of response that many operations
//! declare stands once, and for each operation the set of those it declares.

use std::cmp::Reverse;

use super::ident::{Reserved, Scope};
use super::names::{Names, status_name};
use super::values::Use;
use super::{
    Accessor, Decoder, Details, ErrorText, ErrorVariant, Errors, Field, Having, ItemKind, Name, Planner,
    Presence, Ty,
};
use crate::ir::{Api, Content, Docs, Operation, Response, Schema, StatusPattern, Type};

/// The error responses of all operations.
pub(super) struct Responses<'a> {
    /// The kinds of error responses, sorted by status.
    pub(super) list: Vec<ErrorResponse<'a>>,
    /// The different sets of them that operations declare, as indices into `list`.
    sets: Vec<Vec<usize>>,
    /// The set of each operation.
    of_operations: Vec<usize>,
}

/// An error response, as all operations that declare it see it.
pub(super) struct ErrorResponse<'a> {
    status: StatusPattern,
    docs: Docs,
    body: ErrorContent<'a>,
}

/// The body of an error response.
#[derive(Clone, Copy)]
enum ErrorContent<'a> {
    /// Nothing that can be read.
    None,
    /// Text.
    Text,
    /// JSON without a schema.
    AnyJson,
    /// JSON.
    Json(&'a Schema),
}

impl<'a> ErrorContent<'a> {
    fn of(response: &'a Response) -> Self {
        let contents = &response.contents;
        match Content::json(contents) {
            Some(Content { schema: Some(schema), .. }) => Self::Json(schema),
            Some(_) => Self::AnyJson,
            None if !contents.is_empty() && contents.iter().all(Content::is_text) => Self::Text,
            None => Self::None,
        }
    }
}

impl<'a> ErrorResponse<'a> {
    /// Returns the schema of a body that is JSON.
    pub(super) fn schema(&self) -> Option<&'a Schema> {
        match self.body {
            ErrorContent::Json(schema) => Some(schema),
            ErrorContent::None | ErrorContent::Text | ErrorContent::AnyJson => None,
        }
    }
}

impl<'a> Responses<'a> {
    pub(super) fn of(api: &'a Api) -> Self {
        let (mut list, mut sets, mut of_operations) = (Vec::new(), Vec::new(), Vec::new());
        for operation in &api.operations {
            let declared = operation.failures().map(|response| ErrorResponse {
                status: response.status,
                docs: response.docs.clone(),
                body: ErrorContent::of(response),
            });
            let failure = failure(operation);
            let mut set: Vec<usize> =
                declared.chain(failure).map(|error| position(&mut list, error, is_same)).collect();
            set.sort_unstable();
            of_operations.push(position(&mut sets, set, PartialEq::eq));
        }
        Self { list, sets, of_operations }.sorted(api)
    }

    /// Sorts by status: the order must not depend on which operation comes first, nor on where a type is declared.
    fn sorted(mut self, api: &Api) -> Self {
        let mut order: Vec<usize> = (0..self.list.len()).collect();
        order.sort_by_key(|index| (self.list[*index].status, body_name(api, &self.list[*index])));
        let rank = |old: &usize| order.iter().position(|index| index == old).unwrap_or_default();
        for set in &mut self.sets {
            *set = set.iter().map(rank).collect();
            set.sort_unstable();
        }
        let mut list: Vec<_> = self.list.into_iter().map(Some).collect();
        self.list = order.iter().filter_map(|index| list[*index].take()).collect();
        self
    }

    pub(super) fn of_operation(&self, index: usize) -> usize {
        self.of_operations[index]
    }

    /// Counts the operations that declare an error response.
    fn uses(&self, error: usize) -> usize {
        self.of_operations.iter().filter(|set| self.sets[**set].contains(&error)).count()
    }
}

/// Returns the failure that a response with the status of a success may report, if its body is described.
fn failure(operation: &Operation) -> Option<ErrorResponse<'_>> {
    let schema = operation.envelope.as_ref()?.failure.as_ref()?.schema.as_deref()?;
    let description = "a failure that is reported with the status of a success.".to_owned();
    let docs = Docs { description: Some(description), ..Docs::default() };
    Some(ErrorResponse { status: StatusPattern::Range(2), docs, body: ErrorContent::Json(schema) })
}

fn is_same(a: &ErrorResponse<'_>, b: &ErrorResponse<'_>) -> bool {
    let is_same_body = match (a.body, b.body) {
        (ErrorContent::Json(a), ErrorContent::Json(b)) => a.ty.is_equal(&b.ty),
        (a, b) => std::mem::discriminant(&a) == std::mem::discriminant(&b),
    };
    a.status == b.status && is_same_body
}

/// Returns where an element is in a list, to which it is added if it is not there yet.
fn position<T>(list: &mut Vec<T>, element: T, is_same: impl Fn(&T, &T) -> bool) -> usize {
    list.iter().position(|other| is_same(other, &element)).unwrap_or_else(|| {
        list.push(element);
        list.len() - 1
    })
}

fn body_name<'a>(api: &'a Api, error: &ErrorResponse<'_>) -> Option<&'a str> {
    match &error.schema()?.ty {
        Type::Named(id) => api.types.get(id).map(|def| def.name.as_str()),
        _ => None,
    }
}

impl Planner<'_, '_> {
    /// Plans the error responses.
    pub(super) fn errors(&mut self) -> Option<Errors> {
        let contents: Vec<_> = self.facts.errors.list.iter().map(|error| error.body).collect();
        let bodies = contents.into_iter().map(|content| match content {
            ErrorContent::Json(schema) => self.typed(schema, Use::Received).map(|body| Some(body.ty)),
            ErrorContent::AnyJson => Some(Some(Ty::Json)),
            ErrorContent::Text => Some(Some(Ty::String)),
            ErrorContent::None => Some(None),
        });
        let bodies: Vec<_> = bodies.collect();
        let bodies = bodies.into_iter().collect::<Option<Vec<_>>>()?;
        let names = self.variant_names(&bodies);
        let responses = &self.facts.errors;
        let variants: Vec<_> = responses
            .list
            .iter()
            .zip(bodies.into_iter().zip(names))
            .map(|(error, (body, name))| ErrorVariant {
                name,
                status: error.status,
                docs: error.docs.clone(),
                body,
                is_text: matches!(error.body, ErrorContent::Text),
                source: error
                    .schema()
                    .map_or_else(|| self.api.source.clone(), |schema| schema.source.clone()),
            })
            .collect();
        let accessors = self.accessors(&variants);
        Some(Errors {
            details: details(&variants, &accessors),
            messages: self.error_text(&accessors, &MESSAGES),
            code: self.error_text(&accessors, &CODES),
            accessors,
            decoders: self.decoders(&variants),
            variants,
        })
    }

    /// Names the variants. A status has the plain name; where operations disagree about its body, the body of most of
    /// them does, and the others are told from it by their types.
    fn variant_names(&self, bodies: &[Option<Ty>]) -> Vec<Name> {
        let mut scope = Names::Errors.scope();
        let errors = &self.facts.errors;
        let declared: Vec<_> = errors.list.iter().map(|error| error.status).collect();
        let is_plain = |index: usize| {
            let rivals = (0..errors.list.len())
                .filter(|other| errors.list[*other].status == errors.list[index].status);
            // The first of those with the most uses.
            rivals.max_by_key(|other| (errors.uses(*other), Reverse(*other))) == Some(index)
        };
        let name = |(index, (error, body)): (usize, (&ErrorResponse<'_>, &Option<Ty>))| {
            let status = status_name(error.status, &declared, self.dialect);
            match body {
                Some(Ty::Named(id)) if !is_plain(index) => {
                    scope.camel(&format!("{status}{}", self.facts.types[id.0].1))
                }
                _ => scope.camel(&status),
            }
        };
        errors.list.iter().zip(bodies).enumerate().map(name).collect()
    }

    /// Plans accessors for the fields that are the same in all bodies that have them. A further response without them
    /// does not take them away.
    fn accessors(&self, variants: &[ErrorVariant]) -> Vec<Accessor> {
        let bodies = || variants.iter().filter_map(|variant| self.fields(variant.body.as_ref()?));
        let fields: Vec<&Field> = bodies().flatten().collect();
        let mut accessors: Vec<Accessor> = Vec::new();
        for field in &fields {
            let is_met = accessors.iter().any(|accessor| accessor.field.name == field.name);
            let mut namesakes = fields.iter().filter(|other| other.name == field.name);
            if !is_met && is_simple(field) && namesakes.all(|other| is_same_field(field, other)) {
                accessors.push(self.accessor(field, variants));
            }
        }
        accessors
    }

    fn accessor(&self, field: &Field, variants: &[ErrorVariant]) -> Accessor {
        let has_it = |variant: &ErrorVariant| {
            let mut fields = variant.body.as_ref().and_then(|body| self.fields(body)).into_iter().flatten();
            fields.any(|other| other.name == field.name)
        };
        let mut having: Vec<usize> = (0..variants.len()).filter(|index| has_it(&variants[*index])).collect();
        let is_everywhere = having.len() == variants.len();
        // Bodies of one type stand together, in the order of the names of their types.
        let item = |index: &usize| variants[*index].body.as_ref().and_then(Ty::item);
        having.sort_by_key(item);
        let presence = |index: usize| {
            let mut fields =
                variants[index].body.as_ref().and_then(|body| self.fields(body)).into_iter().flatten();
            fields.find(|other| other.name == field.name).map_or(field.presence, |other| other.presence)
        };
        let groups = having.chunk_by(|a, b| item(a) == item(b));
        let groups = groups.map(|group| Having { variants: group.to_vec(), presence: presence(group[0]) });
        let groups = groups.collect();
        let namesakes = variants.iter().filter_map(|variant| self.fields(variant.body.as_ref()?)).flatten();
        let deprecated = namesakes.into_iter().any(|other| other.name == field.name && other.deprecated);
        let field = Field { deprecated, ..field.clone() };
        Accessor { field, having: groups, is_everywhere }
    }

    /// Returns the first text with one of the names that is a field of the bodies, or of the items of a list in them.
    fn error_text(&self, accessors: &[Accessor], names: &[&str]) -> Option<ErrorText> {
        let of_body = |name: &&str| {
            let is_it = |accessor: &Accessor| accessor.field.wire == *name && is_text(&accessor.field);
            Some(ErrorText { accessor: accessors.iter().position(is_it)?, of_items: None })
        };
        let of_items = |name: &&str| {
            accessors.iter().enumerate().find_map(|(accessor, list)| {
                let Ty::Vec(items) = &list.field.value.ty else { return None };
                let mut fields = self.fields(items)?.iter();
                let field = fields.find(|field| field.wire == *name && is_text(field))?;
                Some(ErrorText { accessor, of_items: Some(field.clone()) })
            })
        };
        names.iter().find_map(of_body).or_else(|| names.iter().find_map(of_items))
    }

    pub(super) fn fields(&self, ty: &Ty) -> Option<&[Field]> {
        let Ty::Named(id) = ty else { return None };
        match &self.items.get(id.0)?.as_ref()?.kind {
            ItemKind::Struct(structure) => Some(&structure.fields),
            _ => None,
        }
    }

    fn decoders(&self, variants: &[ErrorVariant]) -> Vec<Decoder> {
        let errors = &self.facts.errors;
        let users = |set: usize| {
            let users = self.api.operations.iter().zip(&errors.of_operations);
            users.filter(|(_, of)| **of == set).map(|(operation, _)| operation.id.clone()).collect()
        };
        let names = decoder_names(errors, variants);
        let decoder = |(set, name): (usize, Name)| {
            let mut indices = errors.sets[set].clone();
            indices.sort_by_key(|index| variants[*index].status);
            Decoder { name, variants: indices, users: users(set) }
        };
        names.into_iter().enumerate().map(decoder).collect()
    }
}

/// Plans the accessor of the whole body, if all bodies are of one type.
fn details(variants: &[ErrorVariant], accessors: &[Accessor]) -> Option<Details> {
    let has_body = |index: &usize| variants[*index].body.is_some() && !variants[*index].is_text;
    let of: Vec<usize> = (0..variants.len()).filter(has_body).collect();
    let mut bodies = of.iter().filter_map(|index| variants[*index].body.as_ref());
    let ty = bodies.next()?;
    if bodies.any(|other| other != ty) {
        return None;
    }
    let mut scope = Scope::new(Reserved::NONE);
    for accessor in accessors {
        scope.snake(accessor.field.name.plain());
    }
    Some(Details { name: scope.snake("details"), ty: ty.clone(), variants: of })
}

/// Names of properties with a message for people, the usual ones first; `detail` and `title` are those of RFC 9457.
const MESSAGES: [&str; 6] =
    ["message", "detail", "error_description", "description", "error_message", "title"];

/// Names of properties with a code for programs, the usual ones first; `type` is that of RFC 9457.
const CODES: [&str; 5] = ["code", "error_code", "errorCode", "error", "type"];

/// Returns `true` if the value of a field is text.
fn is_text(field: &Field) -> bool {
    is_simple(field) && field.value.ty == Ty::String
}

/// Tells whether an accessor can give a field: neither a box nor two kinds of absence is worth one of its own, and
/// derived traits have methods too.
pub(super) fn is_simple(field: &Field) -> bool {
    const DERIVED: [&str; 5] = ["clone", "eq", "ne", "fmt", "default"];
    !field.is_boxed && field.presence != Presence::OptionalNullable && !DERIVED.contains(&field.name.as_str())
}

fn is_same_field(a: &Field, b: &Field) -> bool {
    is_simple(b) && (&a.wire, &a.value.ty) == (&b.wire, &b.value.ty)
}

/// Names decoders for their statuses, so that a new operation does not rename one.
fn decoder_names(errors: &Responses<'_>, variants: &[ErrorVariant]) -> Vec<Name> {
    if errors.sets.len() == 1 {
        return vec![Name::new("decode")];
    }
    let name = |set: &Vec<usize>| {
        let statuses = set.iter().map(|index| match variants[*index].status {
            StatusPattern::Code(code) => code.to_string(),
            StatusPattern::Range(class) => format!("{class}xx"),
            StatusPattern::Default => "default".to_owned(),
        });
        statuses.fold("decode".to_owned(), |name, status| format!("{name}_{status}"))
    };
    let names: Vec<_> = errors.sets.iter().map(name).collect();
    let number = |(index, own): (usize, &String)| {
        let before = names[..index].iter().filter(|other| *other == own).count();
        Name::new(if before == 0 { own.clone() } else { format!("{own}_{}", before + 1) })
    };
    names.iter().enumerate().map(number).collect()
}
