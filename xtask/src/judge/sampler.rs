//! Samples of a schema: instances, each with one property varied, and values that miss the schema nearly.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use generator::diagnostic::Location;
use generator::plan::{Crate, ItemKind};
use serde_json::{Map, Value, json};

use super::document::Documents;
use super::instance::{Instance, Keep, Member};
use super::pattern;
use super::scalars::Keywords;
use super::schema::{Direction, enum_values, tag_values};
use super::shape::{Shape, shapes};

/// The greatest number of values of a property, by the number of objects and lists around it.
const MOST_VALUES: [usize; 4] = [usize::MAX, 16, 5, 2];
/// The depth below which objects have required properties only, and lists and nullable values are empty if they may be.
const FULL_DEPTH: usize = 2;
/// The greatest depth of an instance.
const MOST_DEPTH: usize = 12;

/// Instances of a schema: those that should be valid, best first, and those that should not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Instances {
    pub(crate) good: Vec<Instance>,
    pub(crate) bad: Vec<Instance>,
}

impl Instances {
    fn extend(&mut self, other: Self) {
        self.good.extend(other.good);
        self.bad.extend(other.bad);
    }

    fn good(values: impl IntoIterator<Item = Value>) -> Self {
        Self { good: values.into_iter().map(Instance::Value).collect(), bad: Vec::new() }
    }

    fn or_bad(mut self, values: impl IntoIterator<Item = Value>) -> Self {
        self.bad.extend(values.into_iter().map(Instance::Value));
        self
    }

    /// Takes the first of each shape before the second of any.
    fn interleaved(lists: Vec<Self>) -> Self {
        let mut all = Self::default();
        let most = lists.iter().map(|list| list.good.len()).max().unwrap_or_default();
        for index in 0..most {
            all.good.extend(lists.iter().filter_map(|list| list.good.get(index)).cloned());
        }
        for list in lists {
            all.bad.extend(list.bad.into_iter().filter(|value| !all.bad.contains(value)).collect::<Vec<_>>());
        }
        all
    }

    fn limited(mut self, most: usize) -> Self {
        self.good.truncate(most);
        self.bad.truncate(most);
        self
    }
}

/// Structs of a crate by the place of their schema, each with `true` if requests contain the struct.
pub(crate) type Structs = BTreeMap<Location, bool>;

/// Returns the structs of a crate.
pub(crate) fn structs(krate: &Crate) -> Structs {
    let mut structs = Structs::new();
    for item in krate.items.iter().filter(|item| matches!(item.kind, ItemKind::Struct(_))) {
        *structs.entry(item.source.clone()).or_default() |= item.is_sent;
    }
    structs
}

type Known = BTreeMap<(Vec<Location>, usize), Rc<Instances>>;

/// Makes instances for one direction.
pub(crate) struct Sampler<'d> {
    documents: &'d Documents,
    direction: Direction,
    /// Structs of the crate: those that requests contain never write what only responses have.
    structs: &'d Structs,
    known: RefCell<Known>,
}

impl<'d> Sampler<'d> {
    pub(crate) fn new(documents: &'d Documents, direction: Direction, structs: &'d Structs) -> Self {
        Self { documents, direction, structs, known: RefCell::default() }
    }

    /// Returns the instances of the schema at a place.
    pub(crate) fn instances(&self, at: &Location) -> Rc<Instances> {
        self.of(std::slice::from_ref(at), 0)
    }

    /// Returns the instances of schemas that hold at the same time, with a number of objects and lists around them.
    fn of(&self, places: &[Location], depth: usize) -> Rc<Instances> {
        if depth == MOST_DEPTH {
            return Rc::default();
        }
        let key = (places.to_vec(), depth);
        if let Some(known) = self.known.borrow().get(&key) {
            return Rc::clone(known);
        }
        let lists = shapes(self.documents, places).iter().map(|shape| self.of_shape(shape, depth)).collect();
        let most = MOST_VALUES[depth.min(MOST_VALUES.len() - 1)];
        let instances = Rc::new(Instances::interleaved(lists).limited(most));
        self.known.borrow_mut().insert(key, Rc::clone(&instances));
        instances
    }

    fn of_shape(&self, shape: &Shape, depth: usize) -> Instances {
        let keywords = self.keywords(shape);
        let mut all = match constants(&keywords) {
            Some(values) => of_constants(values),
            None => self.of_types(shape, &keywords, depth),
        };
        if keywords.has_flag("nullable") && self.documents.is_3_0() {
            let place = if depth > FULL_DEPTH { 0 } else { all.good.len().min(1) };
            all.good.insert(place, Instance::Value(Value::Null));
        } else {
            all.bad.push(Instance::Value(Value::Null));
        }
        all
    }

    fn keywords(&self, shape: &Shape) -> Keywords<'d> {
        Keywords(shape.parts.iter().filter_map(|part| self.documents.object(part)).collect())
    }

    fn of_types(&self, shape: &Shape, keywords: &Keywords<'_>, depth: usize) -> Instances {
        let types = types(keywords);
        let mut all = Instances::default();
        if types.is_empty() {
            let any =
                [json!("any"), json!(1), json!(-0.5), json!(true), json!([1, "a"]), json!({ "a": [null] })];
            return Instances::good(any);
        }
        for ty in types {
            all.extend(match ty {
                "object" => self.objects(shape, keywords, depth),
                "array" => self.arrays(shape, keywords, depth),
                "integer" => Instances::good(keywords.integers()).or_bad([
                    json!(1.5),
                    json!("1"),
                    json!(u64::MAX),
                    json!(1e300),
                    json!(true),
                ]),
                "number" => Instances::good(keywords.numbers()).or_bad([json!("0.5"), json!([0.5])]),
                "boolean" => Instances::good([json!(true), json!(false)]).or_bad([json!("true"), json!(0)]),
                "null" => Instances::good([Value::Null]),
                _ => Instances::good(keywords.texts().into_iter().map(Value::String)).or_bad([
                    json!(1),
                    json!(true),
                    json!(["text"]),
                ]),
            });
        }
        all
    }

    fn arrays(&self, shape: &Shape, keywords: &Keywords<'_>, depth: usize) -> Instances {
        let items = self.places(shape, "items");
        let elements = if items.is_empty() {
            Rc::new(Instances::good([json!("any"), json!(1), Value::Null]))
        } else {
            self.of(&items, depth + 1)
        };
        let least = keywords.count("minItems").unwrap_or_default();
        let first = self.first_elements(shape, depth);
        let array = |rest: Vec<Instance>| {
            let mut all: Vec<_> = first.iter().cloned().chain(rest).collect();
            let missing = least.saturating_sub(all.len());
            // Elements may have to be unique, so those that the list lacks go first.
            let new: Vec<_> = elements.good.iter().filter(|element| !all.contains(element)).collect();
            all.extend(new.into_iter().chain(elements.good.iter().cycle()).take(missing).cloned());
            Instance::Array(all)
        };
        let mut good: Vec<_> = elements.good.iter().map(|element| array(vec![element.clone()])).collect();
        let mut several: Vec<_> = elements.good.iter().take(5).cloned().collect();
        if keywords.has_flag("uniqueItems") {
            // Elements that differ only in what their type leaves out are equal.
            let mut kept = Vec::new();
            several.retain(|element| {
                let is_new = !kept.contains(&element.kept());
                kept.extend(is_new.then(|| element.kept()));
                is_new
            });
        }
        good.push(array(several));
        let place = if depth > FULL_DEPTH { 0 } else { good.len().min(1) };
        good.insert(place, array(Vec::new()));
        let bad = elements.bad.iter().map(|element| array(vec![element.clone()]));
        Instances { good, bad: bad.collect() }.or_bad([json!("text"), json!({})])
    }

    /// Returns the elements that have schemas of their own (`prefixItems`).
    fn first_elements(&self, shape: &Shape, depth: usize) -> Vec<Instance> {
        let lists = shape.parts.iter().map(|part| part.child("prefixItems"));
        let list = lists.into_iter().find(|list| self.documents.get(list).is_some());
        let length = list.as_ref().and_then(|list| self.documents.get(list)?.as_array()).map_or(0, Vec::len);
        let element = |index| self.of(&[list.as_ref()?.child(index)], depth + 1).good.first().cloned();
        (0..length).map_while(element).collect()
    }

    /// Returns the places of a keyword with a schema, in all parts of a shape.
    fn places(&self, shape: &Shape, keyword: &str) -> Vec<Location> {
        let places = shape.parts.iter().map(|part| part.child(keyword));
        places.filter(|place| self.documents.object(place).is_some()).collect()
    }

    fn objects(&self, shape: &Shape, keywords: &Keywords<'_>, depth: usize) -> Instances {
        let object = Object::of(self, shape, keywords, depth);
        let Some(minimal) = object.minimal() else { return Instances::default() };
        let mut all = Instances { good: vec![minimal.clone()], bad: Vec::new() };
        if depth < FULL_DEPTH {
            let pick = |pick: fn(&Instances) -> Option<&Instance>| object.with_all(&minimal, pick);
            all.good.push(pick(|values| values.good.first()));
            all.good
                .push(pick(|values| values.good.iter().max_by_key(|value| value.json().to_string().len())));
        }
        for (name, property) in &object.properties {
            if depth == 0 || !property.is_required {
                let with = |value: &Instance| minimal.with(object.member(name, value.clone()));
                let without_null = |value: &Instance| {
                    // A null that is not allowed is read as an absent value.
                    let member = object.member(name, value.clone());
                    let keep = if member.keep == Keep::Never { Keep::Never } else { Keep::UnlessNull };
                    minimal.with(Member { keep, ..member })
                };
                let most = if depth == 0 { usize::MAX } else { 1 };
                all.good.extend(property.values.good.iter().take(most).map(with));
                all.bad.extend(property.values.bad.iter().take(most).map(without_null));
            }
            if property.is_required {
                all.bad.push(minimal.without(name));
            }
        }
        all.good.extend(object.with_unknown(&minimal));
        all.or_bad([json!("text"), json!([]), json!(1)])
    }
}

/// Returns the values that each `enum` and each `const` allows.
fn constants(keywords: &Keywords<'_>) -> Option<Vec<Value>> {
    let singles = keywords.all("const").map(|value| vec![value.clone()]);
    let lists = singles.chain(keywords.0.iter().filter_map(|schema| enum_values(schema)));
    lists.reduce(|allowed, list| allowed.into_iter().filter(|value| list.contains(value)).collect())
}

/// Returns constants and values of the same kind that are not among them.
fn of_constants(values: Vec<Value>) -> Instances {
    let mut unknown = Vec::new();
    if values.iter().any(Value::is_string) {
        unknown.extend([json!("not in the description"), json!("")]);
    }
    if values.iter().any(Value::is_number) {
        unknown.extend([json!(987_654), json!(-987_654)]);
    }
    unknown.retain(|value| !values.contains(value));
    Instances::good(values).or_bad(unknown).or_bad([json!({}), json!(0.25)])
}

/// Returns the types of a shape: those that are stated or, without any, those that its keywords are about.
fn types(keywords: &Keywords<'_>) -> Vec<&'static str> {
    const TYPES: [&str; 7] = ["object", "array", "string", "integer", "number", "boolean", "null"];
    const HINTS: [(&str, &[&str]); 4] = [
        ("object", &["properties", "required", "additionalProperties", "patternProperties", "minProperties"]),
        ("array", &["items", "prefixItems", "minItems", "maxItems", "uniqueItems"]),
        ("string", &["pattern", "minLength", "maxLength"]),
        ("number", &["minimum", "maximum", "multipleOf"]),
    ];
    let has = |value: &Value, ty: &str| match value {
        Value::String(stated) => stated == ty,
        Value::Array(stated) => stated.iter().any(|stated| stated == ty),
        _ => false,
    };
    let is_stated = |ty: &&str| keywords.all("type").all(|value| has(value, ty));
    if keywords.all("type").next().is_some() {
        let stated: Vec<_> = TYPES.into_iter().filter(is_stated).collect();
        // `integer` beside `number` is an integer.
        let is_mixed = stated.is_empty() && keywords.all("type").any(|value| has(value, "integer"));
        return if is_mixed { vec!["integer"] } else { stated };
    }
    let is_hinted = |hints: &[&str]| hints.iter().any(|hint| keywords.all(hint).next().is_some());
    HINTS.iter().filter(|(_, hints)| is_hinted(hints)).map(|(ty, _)| *ty).collect()
}

/// Property of an object.
struct Property {
    values: Rc<Instances>,
    is_required: bool,
}

/// The properties of an object, those of all its parts together.
struct Object {
    properties: BTreeMap<String, Property>,
    /// Names of required properties that are not described.
    undescribed: Vec<String>,
    /// Values of properties without a name in the description, by name.
    additional: Vec<(String, Instance)>,
    /// The least number of properties.
    least: usize,
    /// Obligation to keep properties that are not described.
    keep_unknown: Keep,
    /// Names of the properties that requests never have.
    read_only: BTreeSet<String>,
    /// `true` if requests contain the type of the object.
    is_sent: bool,
}

impl Object {
    fn of(sampler: &Sampler<'_>, shape: &Shape, keywords: &Keywords<'_>, depth: usize) -> Self {
        let documents = sampler.documents;
        let required: BTreeSet<&str> = keywords
            .all("required")
            .filter_map(Value::as_array)
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut places: BTreeMap<&String, Vec<Location>> = BTreeMap::new();
        for part in shape.parts.iter().map(|part| part.child("properties")) {
            for name in documents.object(&part).into_iter().flat_map(Map::keys) {
                places.entry(name).or_default().push(part.child(name));
            }
        }
        let is_absent =
            |places: &[Location]| places.iter().any(|place| documents.is_absent(place, sampler.direction));
        let read_only = places
            .iter()
            .filter(|(_, places)| places.iter().any(|place| documents.has_flag(place, "readOnly", 0)));
        let read_only = read_only.map(|(name, _)| (*name).clone()).collect();
        let mut properties: BTreeMap<String, Property> = BTreeMap::new();
        for (name, places) in places.iter().filter(|(_, places)| !is_absent(places)) {
            let is_required = required.contains(name.as_str());
            if depth > FULL_DEPTH && !is_required {
                continue;
            }
            properties
                .insert((*name).clone(), Property { values: sampler.of(places, depth + 1), is_required });
        }
        for (name, values) in &shape.tags {
            let known = Instances::good(tag_values(values));
            let values = Rc::new(known.or_bad([json!("not in the description")]));
            properties.insert(name.clone(), Property { values, is_required: true });
        }
        Self {
            undescribed: required
                .into_iter()
                .filter(|name| !places.contains_key(&(*name).to_owned()))
                .map(str::to_owned)
                .collect(),
            properties,
            additional: sampler.additional(shape, depth),
            least: keywords.count("minProperties").unwrap_or_default(),
            keep_unknown: keep_unknown(keywords),
            read_only,
            is_sent: shape
                .owners()
                .find_map(|part| sampler.structs.get(part))
                .is_some_and(|is_sent| *is_sent),
        }
    }

    fn member(&self, name: &str, value: Instance) -> Member {
        let keep = match () {
            () if !self.properties.contains_key(name) => self.keep_unknown,
            () if self.is_sent && self.read_only.contains(name) => Keep::Never,
            () if self.is_sent => Keep::Always,
            () => Keep::UnlessNull,
        };
        Member { name: name.to_owned(), value, keep }
    }

    /// Returns the object with what it must have.
    fn minimal(&self) -> Option<Instance> {
        let mut members = Vec::new();
        for (name, property) in self.properties.iter().filter(|(_, property)| property.is_required) {
            members.push(self.member(name, property.values.good.first()?.clone()));
        }
        let undescribed = self.undescribed.iter().filter(|name| !self.properties.contains_key(*name));
        members.extend(undescribed.map(|name| self.member(name, Instance::Value(json!("any")))));
        let others = self.properties.iter().filter(|(_, property)| !property.is_required);
        let others = others.filter_map(|(name, property)| Some((name, property.values.good.first()?)));
        let others =
            others.map(|(name, value)| self.member(name, value.clone())).chain(self.additional_members());
        let missing = self.least.saturating_sub(members.len());
        members.extend(others.take(missing));
        Some(Instance::Object(members))
    }

    fn additional_members(&self) -> impl Iterator<Item = Member> {
        let member = |(name, value): &(String, Instance)| Member {
            name: name.clone(),
            value: value.clone(),
            keep: self.keep_unknown,
        };
        self.additional.iter().map(member)
    }

    /// Returns the object with all described properties, each with a value of choice.
    fn with_all(&self, minimal: &Instance, pick: impl Fn(&Instances) -> Option<&Instance>) -> Instance {
        let all = self.properties.iter().filter_map(|(name, property)| Some((name, pick(&property.values)?)));
        all.fold(minimal.clone(), |object, (name, value)| object.with(self.member(name, value.clone())))
    }

    /// Returns the object with properties that are not described.
    fn with_unknown(&self, minimal: &Instance) -> Vec<Instance> {
        let mut all: Vec<_> = self.additional_members().map(|member| minimal.with(member)).collect();
        if all.len() > 1 {
            all.push(self.additional_members().fold(minimal.clone(), |object, member| object.with(member)));
        }
        all
    }
}

/// Returns the obligation to keep properties that are not described. An object without any described property is free in
/// form, so the properties are its content.
fn keep_unknown(keywords: &Keywords<'_>) -> Keep {
    let stated = || keywords.all("additionalProperties");
    let is_closed = stated().any(|value| *value == Value::Bool(false) || *value == json!({ "not": {} }));
    let is_open = stated().next().is_some() || keywords.all("patternProperties").next().is_some();
    let has_properties = keywords.all("properties").filter_map(Value::as_object).any(|all| !all.is_empty());
    if is_closed || (has_properties && !is_open) { Keep::Never } else { Keep::Always }
}

impl Sampler<'_> {
    /// Returns values for properties that are not described.
    fn additional(&self, shape: &Shape, depth: usize) -> Vec<(String, Instance)> {
        const NAMES: [&str; 3] = ["unknown-property", "", "ключ/~0 \"x\""];
        let places = self.places(shape, "additionalProperties");
        let values = if places.is_empty() {
            vec![Instance::Value(json!({ "a": [1, null] })), Instance::Value(json!("text"))]
        } else {
            self.of(&places, depth + 1).good.clone()
        };
        let names = NAMES.iter().map(ToString::to_string).chain((5..).map(|number| format!("key{number}")));
        let taken: BTreeSet<String> = shape
            .parts
            .iter()
            .filter_map(|part| self.documents.object(&part.child("properties")))
            .flat_map(|properties| properties.keys().cloned())
            .collect();
        let names = names.filter(move |name| !taken.contains(name));
        self.matching(shape, depth).into_iter().chain(names.zip(values)).collect()
    }

    /// Returns values for properties whose names match a pattern (`patternProperties`).
    fn matching(&self, shape: &Shape, depth: usize) -> Vec<(String, Instance)> {
        let lists = shape.parts.iter().map(|part| part.child("patternProperties"));
        let of = |list: Location| {
            let patterns = self.documents.object(&list).into_iter().flat_map(Map::keys);
            let member = |pattern: &String| {
                let name = pattern::texts(pattern).into_iter().next()?;
                Some((name, self.of(&[list.child(pattern)], depth + 1).good.first()?.clone()))
            };
            patterns.filter_map(member).collect::<Vec<_>>()
        };
        lists.flat_map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Instance, Keep, Sampler, Structs};
    use crate::judge::document::Documents;
    use crate::judge::schema::Direction;

    /// Returns the instances of the schema `A` in responses, with the structs of a crate.
    fn instances(schemas: &str, structs: &[(&str, bool)]) -> Vec<Instance> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        std::fs::write(&path, format!("openapi: 3.0.3\ncomponents: {{schemas: {{{schemas}}}}}")).unwrap();
        let documents = Documents::open(&path).unwrap();
        let structs = structs.iter().map(|(name, is_sent)| (documents.component(name), *is_sent));
        let structs: Structs = structs.collect();
        let sampler = Sampler::new(&documents, Direction::Response, &structs);
        sampler.instances(&documents.component("A")).good.clone()
    }

    fn values(schemas: &str) -> Vec<Value> {
        instances(schemas, &[]).iter().map(Instance::json).collect()
    }

    /// Returns the obligation to keep the null of the property `a`.
    fn keep_of_null(schemas: &str, structs: &[(&str, bool)]) -> Keep {
        let null = Instance::Value(Value::Null);
        let members = instances(schemas, structs).into_iter().filter_map(|instance| match instance {
            Instance::Object(members) => Some(members),
            _ => None,
        });
        let null = members.flatten().find(|member| member.name == "a" && member.value == null);
        null.unwrap().keep
    }

    #[test]
    fn null_is_kept_by_the_type_that_requests_contain() {
        let extended = "A: {allOf: [{$ref: '#/components/schemas/B'}]}, \
                        B: {type: object, properties: {a: {type: string, nullable: true}}}";
        assert_eq!(keep_of_null(extended, &[("A", false), ("B", true)]), Keep::UnlessNull);
        assert_eq!(keep_of_null(extended, &[("A", true), ("B", false)]), Keep::Always);
        let union = "A: {oneOf: [{$ref: '#/components/schemas/B'}], allOf: [{$ref: '#/components/schemas/C'}]}, \
                     B: {type: object, properties: {a: {type: string, nullable: true}}}, C: {type: object}";
        assert_eq!(keep_of_null(union, &[("B", true), ("C", false)]), Keep::Always);
        assert_eq!(keep_of_null(union, &[("B", false), ("C", true)]), Keep::UnlessNull);
    }

    #[test]
    fn constants_are_those_that_all_schemas_allow() {
        let schemas =
            "A: {type: integer, enum: [3, 2], allOf: [{oneOf: [{const: 1}, {const: 2}, {enum: [3, 4]}]}]}";
        assert_eq!(values(schemas), [json!(2), json!(3)]);
        assert_eq!(values("A: {enum: [a], allOf: [{const: b}]}"), [] as [Value; 0]);
    }

    #[test]
    fn unique_elements_differ_in_what_is_kept() {
        let items = "{type: object, required: [a], properties: {a: {type: string, enum: [x, y]}}}";
        let unique = values(&format!("A: {{type: array, uniqueItems: true, items: {items}}}"));
        let most = unique.iter().map(|list| list.as_array().unwrap().len()).max();
        assert_eq!(most, Some(2), "{unique:?}");
        let pairs = values("A: {type: array, minItems: 2, items: {type: string, enum: [x, y]}}");
        assert!(pairs.iter().all(|pair| pair[0] != pair[1]), "{pairs:?}");
        let any = values(&format!("A: {{type: array, items: {items}}}"));
        assert!(any.iter().any(|list| list.as_array().unwrap().len() == 5), "{any:?}");
    }
}
