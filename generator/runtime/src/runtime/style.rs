//! Parameters and forms in the styles of OpenAPI, for values that are more than a text or a list of texts.
//!
//! Serde gives a value its names and its form. The result is read as a tree, which a style then writes.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use percent_encoding::{AsciiSet, utf8_percent_encode};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::runtime::check::Violation;
use crate::runtime::param::RESERVED;
use crate::runtime::request::Request;
use crate::runtime::source::Payload;

/// Media type of a form of names and values.
const FORM: &str = "application/x-www-form-urlencoded";

/// Bytes that are encoded although a parameter allows reserved characters: they would change the meaning of a query.
const NEVER_ALLOWED: &AsciiSet = &RESERVED
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b'/')
    .remove(b':')
    .remove(b';')
    .remove(b'=')
    .remove(b'?')
    .remove(b'@');

/// Bytes that are encoded in an element of a list with commas.
const NEVER_ALLOWED_IN_ELEMENTS: &AsciiSet = &NEVER_ALLOWED.add(b',');

/// Serialization of a parameter, or of a property of a form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    kind: Kind,
    explode: bool,
    allow_reserved: bool,
    allow_empty: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    Json,
    /// A property of a form without an `encoding`: lists are exploded, and objects are JSON.
    Property,
}

impl Style {
    pub(crate) const SIMPLE: Self = Self::new(Kind::Simple);
    pub(crate) const LABEL: Self = Self::new(Kind::Label);
    pub(crate) const MATRIX: Self = Self::new(Kind::Matrix);
    pub(crate) const FORM: Self = Self::new(Kind::Form);
    pub(crate) const SPACE_DELIMITED: Self = Self::new(Kind::SpaceDelimited);
    pub(crate) const PIPE_DELIMITED: Self = Self::new(Kind::PipeDelimited);
    pub(crate) const DEEP_OBJECT: Self = Self::new(Kind::DeepObject);
    /// The text of the value's JSON.
    pub(crate) const JSON: Self = Self::new(Kind::Json);
    const PROPERTY: Self = Self::new(Kind::Property);

    const fn new(kind: Kind) -> Self {
        Self { kind, explode: false, allow_reserved: false, allow_empty: false }
    }

    /// Sends each element of a list or an object separately.
    pub(crate) const fn exploded(self) -> Self {
        Self { explode: true, ..self }
    }

    /// Leaves reserved characters of values as they are, unless they would change the meaning of the query.
    pub(crate) const fn allow_reserved(self) -> Self {
        Self { allow_reserved: true, ..self }
    }

    /// Sends the name alone for an empty list or object.
    pub(crate) const fn allow_empty(self) -> Self {
        Self { allow_empty: true, ..self }
    }

    fn encode(self, text: &str) -> String {
        let set = match (self.allow_reserved, self.explode) {
            (false, _) => RESERVED,
            (true, true) => NEVER_ALLOWED,
            (true, false) => NEVER_ALLOWED_IN_ELEMENTS,
        };
        utf8_percent_encode(text, set).to_string()
    }

    /// Returns what stands between elements, and the same as text.
    fn delimiter(self) -> (&'static str, char) {
        match self.kind {
            Kind::SpaceDelimited => ("%20", ' '),
            Kind::PipeDelimited => ("%7C", '|'),
            Kind::Label if self.explode => (".", '.'),
            _ => (",", ','),
        }
    }

    /// Writes a value as a segment of a path.
    fn segment(self, name: &str, tree: &Tree) -> String {
        let encode = |text: &str| self.encode(text);
        let prefix = encode(name);
        match self.kind {
            Kind::Json => encode(&tree.json()),
            Kind::Label => {
                // A dot is never encoded by itself, and would delimit.
                let encode = |text: &str| self.encode(text).replace('.', "%2E");
                format!(".{}", self.elements(tree, &encode).join(self.delimiter().0))
            }
            Kind::Matrix if self.explode && !tree.is_scalar() => {
                let prefix = if tree.is_list() { prefix + "=" } else { String::new() };
                let elements = self.elements(tree, &encode);
                elements.into_iter().flat_map(|element| [";".to_owned(), prefix.clone(), element]).collect()
            }
            Kind::Matrix => match self.elements(tree, &encode).join(",") {
                value if value.is_empty() => format!(";{prefix}"),
                value => format!(";{prefix}={value}"),
            },
            _ => self.elements(tree, &encode).join(","),
        }
    }

    /// Writes a value as pairs, percent-encoded.
    ///
    /// # Errors
    /// An element contains the delimiter of its list, which has no other form.
    fn pairs(self, name: &str, tree: &Tree, pairs: &mut Pairs) -> Result<(), char> {
        let before = pairs.0.len();
        match (self.kind, tree) {
            (_, Tree::Scalar(_)) => pairs.add(self, name, tree),
            (Kind::Json, _) | (Kind::Property, Tree::Object(_)) => {
                pairs.push(name, self.encode(&tree.json()));
            }
            (Kind::DeepObject, _) => pairs.nest(self, name, tree, true),
            (_, Tree::List(elements)) if self.explode || self.kind == Kind::Property => {
                for element in elements {
                    pairs.add(self, name, element);
                }
            }
            (_, Tree::Object(members)) if self.explode => {
                for (key, value) in members {
                    pairs.add_all(self, key, value);
                }
            }
            _ => pairs.join(self, name, tree)?,
        }
        if self.allow_empty && before == pairs.0.len() && !tree.is_null() {
            pairs.push(name, String::new());
        }
        Ok(())
    }

    /// Lists the elements of a value, as they are joined: of an object, names and values in turn or, exploded, as one.
    fn elements(self, tree: &Tree, encode: &dyn Fn(&str) -> String) -> Vec<String> {
        let text = |tree: &Tree| tree.text().map(|text| encode(&text));
        match tree {
            Tree::Scalar(_) => text(tree).into_iter().collect(),
            Tree::List(elements) => elements.iter().filter_map(text).collect(),
            Tree::Object(members) => {
                let members = members.iter().filter_map(|(name, value)| Some((encode(name), text(value)?)));
                if self.explode {
                    members.map(|(name, value)| format!("{name}={value}")).collect()
                } else {
                    members.flat_map(|(name, value)| [name, value]).collect()
                }
            }
        }
    }
}

/// Names and values of a query, a form or cookies, percent-encoded.
#[derive(Default)]
struct Pairs(Vec<(String, String)>);

impl Pairs {
    fn push(&mut self, name: &str, value: String) {
        self.0.push((utf8_percent_encode(name, RESERVED).to_string(), value));
    }

    /// Adds a value as one text, unless it is `null`.
    fn add(&mut self, style: Style, name: &str, tree: &Tree) {
        if let Some(text) = tree.text() {
            self.push(name, style.encode(&text));
        }
    }

    /// Adds a value: each element of a list, or one text.
    fn add_all(&mut self, style: Style, name: &str, tree: &Tree) {
        match tree {
            Tree::List(elements) => elements.iter().for_each(|element| self.add(style, name, element)),
            tree => self.add(style, name, tree),
        }
    }

    /// Adds a value below a name: `name[key]=value`. A list of texts repeats its name; other elements have their indices
    /// as keys.
    fn nest(&mut self, style: Style, name: &str, tree: &Tree, is_outermost: bool) {
        match tree {
            Tree::Scalar(_) => self.add(style, name, tree),
            Tree::Object(members) => {
                for (key, value) in members {
                    self.nest(style, &format!("{name}[{key}]"), value, false);
                }
            }
            Tree::List(elements) if !is_outermost && elements.iter().all(Tree::is_scalar) => {
                for element in elements {
                    self.add(style, name, element);
                }
            }
            Tree::List(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    self.nest(style, &format!("{name}[{index}]"), element, false);
                }
            }
        }
    }

    /// Adds a list or an object as one value with delimiters, unless it is empty.
    fn join(&mut self, style: Style, name: &str, tree: &Tree) -> Result<(), char> {
        let (delimiter, character) = style.delimiter();
        // A comma is encoded in an element; the other delimiters are the same, encoded or not.
        if character != ','
            && style.elements(tree, &str::to_owned).iter().any(|text| text.contains(character))
        {
            return Err(character);
        }
        let elements = style.elements(tree, &|text| style.encode(text));
        if !elements.is_empty() {
            self.push(name, elements.join(delimiter));
        }
        Ok(())
    }

    fn joined(&self, between: &str) -> String {
        let pairs: Vec<_> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join(between)
    }
}

/// Value as serde writes it, with the members of objects in order.
pub(crate) enum Tree {
    Scalar(Value),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Tree {
    /// Reads the JSON of a value: its text has the shortest form of each number.
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Self> {
        serde_json::from_slice(&serde_json::to_vec(value)?)
    }

    /// Returns the value as one text: that of a scalar, else JSON; `null` has no text.
    pub(crate) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Scalar(Value::Null) => None,
            Self::Scalar(Value::String(text)) => Some(Cow::Borrowed(text)),
            Self::Scalar(Value::Number(number)) if number.is_f64() => {
                Some(Cow::Owned(number.as_f64().unwrap_or_default().to_string()))
            }
            tree => Some(Cow::Owned(tree.json())),
        }
    }

    /// Returns the text of the JSON.
    pub(crate) fn json(&self) -> String {
        // What was JSON can be written as JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(crate) fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    fn is_list(&self) -> bool {
        matches!(self, Self::List(_))
    }

    fn is_scalar(&self) -> bool {
        matches!(self, Self::Scalar(_))
    }

    fn is_null(&self) -> bool {
        matches!(self, Self::Scalar(Value::Null))
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Scalar(value) => value.serialize(serializer),
            Self::List(elements) => serializer.collect_seq(elements),
            Self::Object(members) => {
                serializer.collect_map(members.iter().map(|(name, value)| (name, value)))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Scalar(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = seq.next_element()? {
            elements.push(element);
        }
        Ok(Tree::List(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Tree::Object(members))
    }
}

/// Escapes what a header cannot carry in JSON.
fn ascii(json: &str) -> String {
    let mut units = [0; 2];
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter.is_ascii() && !letter.is_ascii_control() {
            text.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut units) {
            // Writing to a text cannot fail.
            let _ = write!(text, "\\u{unit:04x}");
        }
    }
    text
}

impl Request<'_> {
    /// Fills in a parameter of the path in a style.
    pub(crate) fn path_as<T: Serialize + ?Sized>(&mut self, name: &'static str, style: Style, value: &T) {
        if let Some(tree) = self.tree(name, Tree::of(value)) {
            self.push_path(name, style.segment(name, &tree));
        }
    }

    /// Adds a parameter to the query in a style.
    pub(crate) fn query_as<T: Serialize + ?Sized>(&mut self, name: &str, style: Style, value: &T) {
        if let Some(pairs) = self.pairs(name, style, Tree::of(value)) {
            self.push_query(&pairs.joined("&"));
        }
    }

    /// Adds a header in the style `simple`, or as JSON. Nothing is percent-encoded.
    pub(crate) fn header_as<T: Serialize + ?Sized>(&mut self, name: &'static str, style: Style, value: &T) {
        if let Some(tree) = self.tree(name, Tree::of(value)) {
            self.header_tree(name, style, &tree);
        }
    }

    /// Adds a cookie in a style; exploded elements are cookies of their own.
    pub(crate) fn cookie_as<T: Serialize + ?Sized>(&mut self, name: &str, style: Style, value: &T) {
        if let Some(pairs) = self.pairs(name, style, Tree::of(value)) {
            self.push_cookie(&pairs.joined("; "));
        }
    }

    /// Sets a body of names and values. Properties without a style are sent as their names suggest: one pair for a text,
    /// one per element of a list, JSON for an object.
    pub(crate) fn form<T: Serialize + ?Sized>(&mut self, body: &T, styles: &[(&str, Style)]) {
        if let Some(tree) = self.tree("body", Tree::of(body)) {
            self.form_tree(&tree, styles);
        }
    }

    fn form_tree(&mut self, tree: &Tree, styles: &[(&str, Style)]) {
        let Tree::Object(members) = tree else {
            return self.violation(Violation::form(
                "body",
                "an object, as a form has names",
                "another value",
            ));
        };
        let mut pairs = Pairs::default();
        for (name, value) in members {
            let style = styles.iter().find(|(styled, _)| styled == name);
            let style = style.map_or(Style::PROPERTY, |(_, style)| *style);
            if let Err(delimiter) = style.pairs(name, value, &mut pairs) {
                self.delimited(&format!("body.{name}"), delimiter);
            }
        }
        self.set_payload(Payload::of_bytes(pairs.joined("&")), FORM);
    }

    fn header_tree(&mut self, name: &'static str, style: Style, tree: &Tree) {
        if tree.is_null() {
            return;
        }
        if style.kind == Kind::Json {
            return self.push_header(name, &ascii(&tree.json()));
        }
        let elements = style.elements(tree, &str::to_owned);
        if !tree.is_scalar() && elements.iter().any(|element| element.contains(',')) {
            return self.delimited(name, ',');
        }
        if !elements.is_empty() {
            self.push_header(name, &elements.join(","));
        }
    }

    fn pairs(&mut self, name: &str, style: Style, tree: serde_json::Result<Tree>) -> Option<Pairs> {
        let tree = self.tree(name, tree)?;
        let mut pairs = Pairs::default();
        if let Err(delimiter) = style.pairs(name, &tree, &mut pairs) {
            self.delimited(name, delimiter);
        }
        Some(pairs).filter(|pairs| !pairs.0.is_empty())
    }

    fn tree(&mut self, name: &str, tree: serde_json::Result<Tree>) -> Option<Tree> {
        tree.map_err(|error| self.violation(Violation::unserializable(name, &error))).ok()
    }

    /// Reports an element that contains the delimiter of its list.
    fn delimited(&mut self, name: &str, delimiter: char) {
        let expected = format!("elements without `{delimiter}`, which delimits them");
        self.violation(Violation::form(name, expected, "an element with it"));
    }
}
