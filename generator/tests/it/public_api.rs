//! The public names of the client in `generated-client`, outside of `types` and `operations`: a change of the surface shows
//! in review.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use quote::ToTokens;
use syn::{Fields, ImplItem, Item, TraitItem, Type, UseTree, Visibility};

use crate::fixtures;

#[test]
fn public_api_matches_snapshot() {
    let api = Api::of(&fixtures::workspace().join("generated-client/src"));
    let names: BTreeSet<_> = api.exported.iter().collect();
    // One is there only with its feature, one only on wasm32, where two others are not.
    let always =
        names.iter().filter(|name| !["mod webhooks", "FetchTransport"].contains(&name.as_str())).count();
    assert!(always <= 45, "{always} public names: {names:?}");
    let mut text = String::new();
    for name in names {
        let members = api.members(name);
        let _ = writeln!(text, "{name}");
        for member in members {
            let _ = writeln!(text, "  {member}");
        }
    }
    insta::assert_snapshot!(text);
}

/// The public surface of a crate, read from its code.
struct Api {
    /// Names that the root exports, in itself and in its module `transport`.
    exported: Vec<String>,
    items: Vec<Item>,
}

impl Api {
    fn of(folder: &Path) -> Self {
        let mut exported = Vec::new();
        export(&parse(&folder.join("lib.rs")), &mut exported);
        let files = ["client.rs", "error.rs", "mock.rs"].map(|name| folder.join(name));
        let runtime = folder.join("runtime");
        let items = files.into_iter().chain(rust_files(&runtime)).flat_map(|path| parse(&path));
        Self { exported, items: items.collect() }
    }

    /// Lists fields, variants and methods of an exported item.
    fn members(&self, name: &str) -> BTreeSet<String> {
        self.items.iter().flat_map(|item| members_in(item, name)).collect()
    }
}

fn parse(path: &Path) -> Vec<Item> {
    syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap().items
}

fn rust_files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path())
}

fn export(items: &[Item], names: &mut Vec<String>) {
    for item in items {
        match item {
            Item::Use(item) if is_public(&item.vis) => used(&item.tree, names),
            Item::Mod(item) if is_public(&item.vis) => {
                names.push(format!("mod {}", item.ident));
                item.content.iter().for_each(|(_, items)| export(items, names));
            }
            _ => {}
        }
    }
}

fn used(tree: &UseTree, names: &mut Vec<String>) {
    match tree {
        UseTree::Path(path) => used(&path.tree, names),
        UseTree::Group(group) => group.items.iter().for_each(|tree| used(tree, names)),
        UseTree::Name(name) => names.push(name.ident.to_string()),
        UseTree::Rename(_) | UseTree::Glob(_) => panic!("unsupported: {}", tree.to_token_stream()),
    }
}

fn members_in(item: &Item, name: &str) -> Vec<String> {
    match item {
        Item::Struct(item) if item.ident == name => fields(&item.fields),
        Item::Enum(item) if item.ident == name => item
            .variants
            .iter()
            .map(|variant| format!("{} ", variant.ident) + &text(&variant.fields))
            .collect(),
        Item::Trait(item) if item.ident == name => {
            let methods = item.items.iter().filter_map(|item| match item {
                TraitItem::Fn(method) => Some(text(&method.sig)),
                TraitItem::Type(ty) => Some(format!("type {}", ty.ident)),
                _ => None,
            });
            methods.collect()
        }
        Item::Impl(item) if item.trait_.is_none() && is_named(&item.self_ty, name) => {
            let methods = item.items.iter().filter_map(|item| match item {
                ImplItem::Fn(method) if is_public(&method.vis) => Some(text(&method.sig)),
                _ => None,
            });
            methods.collect()
        }
        _ => Vec::new(),
    }
}

fn fields(fields: &Fields) -> Vec<String> {
    let public = fields.iter().filter(|field| is_public(&field.vis));
    public.filter_map(|field| Some(format!("{}: {}", field.ident.as_ref()?, text(&field.ty)))).collect()
}

fn is_named(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn text(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string()
}
