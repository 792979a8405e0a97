//! The standards, and conventions that many vendors share.
//!
//! Lists come in pages if parameters and responses say so by their usual names. What could mean something else is not
//! read: then `x-pagination` can say it.

use super::Dialect;
use crate::ir::{
    Api, Content, Object, Operation, PageTurn, PagingHint, ParameterPlace, Property, Response, Safety,
    Schema, Type,
};

/// The standards, and nothing else.
#[derive(Debug)]
pub struct Standard;

impl Dialect for Standard {
    fn name(&self) -> &'static str {
        "standard"
    }

    /// Finds a list in the response, and the usual ways to its next page: first a URL of the server's, then a token, then
    /// a number.
    fn paging(&self, api: &Api, operation: &Operation) -> Option<PagingHint> {
        let mut successes = operation.successes();
        let (Some(success), None) = (successes.next(), successes.next()) else { return None };
        let only_reads = operation.safety == Safety::ReadOnly;
        if !(only_reads || operation.method == "POST") || !success.status.is_success() {
            return None;
        }
        let schema = success.json().filter(|schema| !schema.nullable)?;
        let object = api.object(schema);
        let items = match object {
            Some(object) => only_list(object)?.to_owned(),
            None => matches!(schema.ty, Type::Array(_)).then(String::new)?,
        };
        let of_reading = || {
            by_link(success)
                .or_else(|| by_url(api, object?))
                .or_else(|| by_token(api, operation, object?))
                .or_else(|| by_number(operation))
        };
        let turn = if only_reads { of_reading() } else { None };
        let turn = turn.or_else(|| by_token_in_body(api, operation, object?))?;
        Some(PagingHint { turn, items, is_stated: false })
    }
}

/// Names of objects beside a list that say where the next page is.
const CONTAINERS: [&str; 7] = ["links", "link", "paging", "pagination", "meta", "metadata", "page"];

/// Names of properties with a URL, as [`plain`] writes them.
const URLS: [&str; 8] = [
    "nexturl",
    "nexturi",
    "nextlink",
    "nextpageurl",
    "nextpageuri",
    "nextpagelink",
    "nexthref",
    "odatanextlink",
];

/// Names of parameters with a token.
const TOKENS: [&str; 8] = [
    "pagetoken",
    "nextpagetoken",
    "nexttoken",
    "cursor",
    "nextcursor",
    "marker",
    "continuationtoken",
    "pagecursor",
];

/// Names of parameters with the size of a page.
const SIZES: [&str; 6] = ["perpage", "pagesize", "limit", "size", "maxresults", "take"];

/// Returns the name of the only property that is a list.
fn only_list(object: &Object) -> Option<&str> {
    let mut lists = object.properties.iter().filter(|property| matches!(property.schema.ty, Type::Array(_)));
    match (lists.next(), lists.next()) {
        (Some(list), None) => Some(&list.name),
        _ => None,
    }
}

fn by_link(success: &Response) -> Option<PageTurn> {
    let has_link = success.headers.iter().any(|header| header.name.eq_ignore_ascii_case("link"));
    has_link.then_some(PageTurn::Link)
}

fn by_url(api: &Api, object: &Object) -> Option<PageTurn> {
    let is_url = |property: &Property| {
        let is_uri = property.schema.format.as_deref().is_some_and(|format| format.starts_with("uri"));
        let name = plain(&property.name);
        URLS.contains(&name.as_str()) || (name == "next" && is_uri)
    };
    property_of(api, object, is_url).map(PageTurn::Url)
}

fn by_token(api: &Api, operation: &Operation, object: &Object) -> Option<PageTurn> {
    let parameter = optional_parameter(operation, &TOKENS, |ty| matches!(ty, Type::String))?;
    let next = next_token(api, parameter, object)?;
    Some(PageTurn::Token { parameter: parameter.to_owned(), next })
}

/// Finds a token in the body of a search. A list in the response has one that continues it.
fn by_token_in_body(api: &Api, operation: &Operation, object: &Object) -> Option<PageTurn> {
    let body = Content::json(&operation.body.as_ref()?.contents)?.schema.as_ref()?;
    let is_token = |property: &Property| {
        let name = plain(&property.name);
        TOKENS.contains(&name.as_str()) || name == "startcursor"
    };
    let parameter = property_of(api, api.object(body)?, is_token)?;
    let next = next_token(api, &parameter, object)?;
    Some(PageTurn::Token { parameter, next })
}

/// Returns the way to the token of the page after the one that a parameter names.
fn next_token(api: &Api, parameter: &str, object: &Object) -> Option<String> {
    let name = plain(parameter.rsplit('.').next().unwrap_or(parameter));
    let known = name.strip_prefix("next").or_else(|| name.strip_prefix("start")).unwrap_or(&name);
    let next = format!("next{known}");
    property_of(api, object, |property| {
        let property = plain(&property.name);
        property == next || (name == "pagetoken" && property == "nextpage")
    })
}

/// Finds the number of a page, which is one only beside the size of a page.
fn by_number(operation: &Operation) -> Option<PageTurn> {
    let is_integer = |ty: &Type| matches!(ty, Type::Integer(_));
    optional_parameter(operation, &SIZES, is_integer)?;
    let of = |name: &str| optional_parameter(operation, &[name], is_integer).map(str::to_owned);
    let page = of("page").or_else(|| of("pagenumber")).map(PageTurn::Page);
    page.or_else(|| of("offset").map(PageTurn::Offset))
}

/// Returns the name of an optional query parameter with one of the names.
fn optional_parameter<'o>(
    operation: &'o Operation,
    names: &[&str],
    is_fit: impl Fn(&Type) -> bool,
) -> Option<&'o str> {
    let mut parameters = operation.parameters.iter();
    let parameter = parameters.find(|parameter| {
        parameter.place == ParameterPlace::Query
            && !parameter.required
            && names.contains(&plain(&parameter.name).as_str())
            && is_fit(&parameter.schema.ty)
    });
    parameter.map(|parameter| parameter.name.as_str())
}

/// Returns the way to a text property of a response, or of one of the usual objects inside.
fn property_of(api: &Api, object: &Object, is_it: impl Fn(&Property) -> bool) -> Option<String> {
    let is_text = |schema: &Schema| matches!(schema.ty, Type::String);
    let find = |object: &Object| {
        let mut properties = object.properties.iter();
        properties
            .find(|property| is_text(&property.schema) && is_it(property))
            .map(|found| found.name.clone())
    };
    let within = || {
        let containers =
            object.properties.iter().filter(|inner| CONTAINERS.contains(&plain(&inner.name).as_str()));
        containers.filter_map(|inner| {
            let name = find(api.object(&inner.schema)?)?;
            Some(format!("{}.{name}", inner.name))
        })
    };
    let is_plain = |way: &String| way.matches('.').count() < 2;
    find(object).or_else(|| within().next()).filter(is_plain)
}

/// Returns a name without signs, in lower case.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
