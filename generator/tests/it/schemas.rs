//! `docs/schemas.md` shows each kind of schema and the Rust that it becomes.
//!
//! Each section of the page is named after a test here. Its YAML has the components; the first of them is sent and
//! received. With `INSTA_UPDATE=always`, the tests write the Rust.

use std::fs;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use generator::load::Description;
use syn::{File, Item};

use crate::fixtures;

static PAGE: Mutex<()> = Mutex::new(());

fn page() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/schemas.md")
}

macro_rules! sections {
    ($($name:ident)*) => {
        const SECTIONS: &[&str] = &[$(stringify!($name)),*];

        $(#[test]
        fn $name() {
            assert_section(stringify!($name));
        })*
    };
}

sections! {
    object
    open_object
    typed_rest
    closed_object
    free_form_object
    map
    undeclared_required_property
    null_and_absent
    directions
    number_of_properties
    merged_members
    narrowed_members
    members_of_scalars
    prose_beside_a_reference
    discriminator
    base_with_discriminator
    shapes_of_objects
    json_types
    nested_unions
    properties_beside_alternatives
    alternatives_of_one_value
    null_member
    enum_and_string
    validation_members
    recursive_object
    recursive_map
    any_value
    string_enum
    named_values
    integer_enum
    number_enum
    mixed_enum
    constant
    boolean_enum
    only_null
    unquoted_texts
    integers
    numbers
    text_formats
    content_of_a_file
    list
    repeated_parts
    comparisons
}

/// Compares the Rust of a section with what the YAML of the section becomes.
fn assert_section(name: &str) {
    let _page = PAGE.lock().unwrap_or_else(PoisonError::into_inner);
    let page = fs::read_to_string(page()).unwrap();
    let start = page.find(&format!("<!-- {name} -->")).unwrap_or_else(|| panic!("no section `{name}`"));
    let yaml = &page[block(&page, start, "yaml")];
    let rust = block(&page, start, "rust");
    let expected = rust_of(yaml);
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        let updated = format!("{}{expected}{}", &page[..rust.start], &page[rust.end..]);
        fs::write(self::page(), updated).unwrap();
    } else {
        assert_eq!(&page[rust], expected);
    }
}

/// Finds the first block of code in a language, from a place on.
fn block(page: &str, from: usize, language: &str) -> Range<usize> {
    let fence = format!("```{language}\n");
    let start = from + page[from..].find(&fence).unwrap() + fence.len();
    start..start + page[start..].find("```").unwrap()
}

/// Returns the declarations of the types that components become, without prose and attributes.
fn rust_of(yaml: &str) -> String {
    let first = yaml.split(':').next().unwrap();
    let schemas = yaml.trim_end().replace('\n', "\n    ");
    let schema = format!("{{application/json: {{schema: {{$ref: '#/components/schemas/{first}'}}}}}}");
    let description = format!(
        "openapi: 3.0.3\ninfo: {{title: Schemas, version: '1'}}\nservers: [{{url: https://example.com}}]\n\
         paths:\n  /things:\n    post:\n      operationId: postThing\n\
         \x20     requestBody: {{required: true, content: {schema}}}\n\
         \x20     responses: {{'200': {{description: Done., content: {schema}}}}}\n\
         components:\n  schemas:\n    {schemas}\n"
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.yaml");
    fs::write(&path, description).unwrap();
    let generated =
        fixtures::generate(Description::from(path.as_path()), &fixtures::all(), &fixtures::package());
    let files = generated.unwrap_or_else(|error| panic!("{error:?}")).files;
    let types = files.iter().find(|file| file.path == "src/types.rs").unwrap();
    let mut parsed: File = syn::parse_str(&types.contents).unwrap();
    parsed.attrs.clear();
    parsed.items = parsed.items.into_iter().filter_map(declaration).collect();
    prettyplease::unparse(&parsed)
}

/// Returns a declaration of a type without prose and attributes.
fn declaration(item: Item) -> Option<Item> {
    match item {
        Item::Struct(mut item) => {
            item.attrs.clear();
            item.fields.iter_mut().for_each(|field| field.attrs.clear());
            Some(Item::Struct(item))
        }
        Item::Enum(mut item) => {
            item.attrs.clear();
            item.variants.iter_mut().for_each(|variant| variant.attrs.clear());
            Some(Item::Enum(item))
        }
        _ => None,
    }
}

#[test]
fn every_section_of_the_page_is_tested() {
    let page = fs::read_to_string(page()).unwrap();
    let marked = page.lines().filter_map(|line| line.strip_prefix("<!-- ")?.strip_suffix(" -->"));
    assert_eq!(marked.collect::<Vec<_>>(), SECTIONS);
}
