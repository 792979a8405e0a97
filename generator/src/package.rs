//! The name, version, prose and keywords of a client, where its settings leave them to the description.

use deunicode::deunicode;
use semver::{Prerelease, Version};

use crate::render::{Package, is_dependency};

/// The longest name that crates.io accepts.
const LONGEST_NAME: usize = 64;
/// The number of keywords that crates.io accepts.
pub(crate) const MOST_KEYWORDS: usize = 5;
/// The longest keyword that crates.io accepts.
const LONGEST_KEYWORD: usize = 20;

/// Names that Cargo refuses, or that would hide a crate of the standard library.
const RESERVED: [&str; 34] = [
    "alloc",
    "aux",
    "build",
    "com1",
    "com2",
    "com3",
    "com4",
    "com5",
    "com6",
    "com7",
    "com8",
    "com9",
    "con",
    "core",
    "deps",
    "examples",
    "incremental",
    "lpt1",
    "lpt2",
    "lpt3",
    "lpt4",
    "lpt5",
    "lpt6",
    "lpt7",
    "lpt8",
    "lpt9",
    "nul",
    "prn",
    "proc-macro",
    "proc_macro",
    "std",
    "sysroot",
    "test",
    "tests",
];

/// Returns the package of a client that follows from the title and the version of its description.
pub fn derived(title: &str, version: &str) -> Package {
    let title = one_line(title);
    Package {
        name: derived_name(&title),
        version: derived_version(version).to_string(),
        description: derived_description(&title),
        keywords: derived_keywords(&title),
        categories: vec!["api-bindings".to_owned()],
        ..Package::default()
    }
}

/// Checks the name of a crate.
///
/// # Errors
/// Cargo refuses the name, or the client depends on a crate of that name.
pub fn crate_name(name: &str) -> Result<String, String> {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if !(name.chars().all(is_letter) && name.starts_with(|first: char| first.is_ascii_alphabetic())) {
        return Err(format!(
            "expected a crate name (a letter, then letters, digits, `-` and `_`), found {name:?}"
        ));
    }
    if name.len() > LONGEST_NAME {
        return Err(format!(
            "expected a crate name of at most {LONGEST_NAME} characters, found {}",
            name.len()
        ));
    }
    if is_dependency(name) {
        return Err(format!("expected another crate name, found `{name}`, which the client depends on"));
    }
    if is_reserved(name) {
        return Err(format!("expected another crate name, found `{name}`, which is reserved"));
    }
    Ok(name.to_owned())
}

/// Checks a keyword of a registry.
pub(crate) fn keyword(keyword: &str) -> Result<String, String> {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-_+".contains(letter);
    let is_short = keyword.len() <= LONGEST_KEYWORD;
    let is_word = keyword.starts_with(|first: char| first.is_ascii_alphanumeric());
    if is_short && is_word && keyword.chars().all(is_letter) {
        return Ok(keyword.to_owned());
    }
    Err(format!(
        "expected a keyword (letters, digits, `-`, `_` and `+`, at most {LONGEST_KEYWORD}), found {keyword:?}"
    ))
}

fn is_reserved(name: &str) -> bool {
    let ident = name.replace('-', "_");
    RESERVED.contains(&name.to_ascii_lowercase().as_str()) || syn::parse_str::<syn::Ident>(&ident).is_err()
}

fn derived_name(title: &str) -> String {
    let name = words(title).join("-");
    let name = match name.chars().next() {
        None => return "api-client".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("api-{name}"),
        Some(_) => name,
    };
    let name = shortened(&name);
    if is_reserved(name) || is_dependency(name) { format!("{name}-client") } else { name.to_owned() }
}

/// Cuts a name after a word if it is too long.
fn shortened(name: &str) -> &str {
    let Some(longest) = name.get(..=LONGEST_NAME) else { return name };
    longest.rsplit_once('-').map_or(&longest[..LONGEST_NAME], |(whole_words, _)| whole_words)
}

fn derived_description(title: &str) -> String {
    if title.is_empty() { "Client for an HTTP API".to_owned() } else { format!("Client for {title}") }
}

/// Returns the first telling words of the title, then `api` and `client`.
fn derived_keywords(title: &str) -> Vec<String> {
    const LAST: [&str; 2] = ["api", "client"];
    const GRAMMAR: [&str; 7] = ["and", "for", "from", "of", "the", "to", "with"];
    let is_telling = |word: &String| {
        let is_name = word.len() > 1 && word.starts_with(|first: char| first.is_ascii_alphabetic());
        is_name && keyword(word).is_ok() && ![&LAST[..], &GRAMMAR].concat().contains(&word.as_str())
    };
    let mut keywords: Vec<String> = Vec::new();
    for word in words(title).into_iter().filter(is_telling) {
        if keywords.len() < MOST_KEYWORDS - LAST.len() && !keywords.contains(&word) {
            keywords.push(word);
        }
    }
    keywords.extend(LAST.map(str::to_owned));
    keywords
}

/// Returns the words of a title, in Latin letters and lower case.
fn words(title: &str) -> Vec<String> {
    let latin = deunicode(title).to_ascii_lowercase().replace(['\'', '"'], "");
    let words = latin.split(|letter: char| !letter.is_ascii_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Makes the description's version a crate's: up to three numbers (of a date, too), then a pre-release. Without numbers it is
/// 0.1.0.
fn derived_version(text: &str) -> Version {
    let text = text.trim().trim_start_matches(['v', 'V']);
    Version::parse(text).ok().or_else(|| numbered(text)).unwrap_or(Version::new(0, 1, 0))
}

fn numbered(text: &str) -> Option<Version> {
    let (first, mut rest) = leading_number(text)?;
    // In a version `-` begins a pre-release, in a date it stands between numbers.
    let is_year = (1900..=2999).contains(&first);
    let separators: &[char] = if is_year { &['.', '-', '/'] } else { &['.'] };
    let mut numbers = vec![first];
    while numbers.len() < 3 {
        let next = rest.strip_prefix(separators).and_then(leading_number);
        let Some((number, after)) = next else { break };
        numbers.push(number);
        rest = after;
    }
    let number = |index: usize| numbers.get(index).copied().unwrap_or_default();
    let mut version = Version::new(number(0), number(1), number(2));
    version.pre = pre_release(rest);
    Some(version)
}

fn leading_number(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|digit: char| !digit.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

fn pre_release(rest: &str) -> Prerelease {
    let begins = rest.starts_with(|first: char| first == '-' || first.is_ascii_alphabetic());
    let name = rest.strip_prefix('-').unwrap_or(rest);
    Some(name).filter(|_| begins).and_then(|name| Prerelease::new(name).ok()).unwrap_or_default()
}

/// Joins a text into one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{MOST_KEYWORDS, crate_name, derived_keywords, derived_name, derived_version, keyword};

    #[test]
    fn title_of_any_script_gives_a_crate_name() {
        for (title, name) in [
            ("Swagger Petstore - OpenAPI 3.0", "swagger-petstore-openapi-3-0"),
            ("GitHub v3 REST API", "github-v3-rest-api"),
            ("  Bob's \"Shop\"\n API ", "bobs-shop-api"),
            ("3scale", "api-3scale"),
            ("Кошелёк", "kosheliok"),
            ("北京 API", "bei-jing-api"),
            ("Größe_und-Maß", "grosse-und-mass"),
            ("", "api-client"),
            ("---", "api-client"),
            ("\u{200b}", "api-client"),
            ("Type", "type-client"),
            ("test", "test-client"),
            ("Std", "std-client"),
            ("CON", "con-client"),
            ("HTTP", "http-client"),
            ("Http body", "http-body-client"),
            ("serde_json", "serde-json-client"),
            ("tokio", "tokio-client"),
        ] {
            assert_eq!(derived_name(title), name, "{title:?}");
        }
        let long = "An API with a title that goes on and on until nobody would ever type it, not even once";
        assert_eq!(derived_name(long), "an-api-with-a-title-that-goes-on-and-on-until-nobody-would-ever");
        assert_eq!(derived_name(&"x".repeat(100)), "x".repeat(64));
    }

    #[test]
    fn derived_name_of_any_title_is_accepted() {
        let letters = ["a", "Z", "9", "-", "_", " ", "é", "中", "🦀", "\0", "type", "http", "'", "\u{301}"];
        for first in letters {
            for second in letters {
                for repeated in [1, 2, 40] {
                    let title = format!("{first}{}", second.repeat(repeated));
                    let name = derived_name(&title);
                    assert_eq!(crate_name(&name).as_ref(), Ok(&name), "{title:?}");
                    let keywords = derived_keywords(&title);
                    assert!(keywords.len() <= MOST_KEYWORDS);
                    assert!(keywords.iter().all(|word| keyword(word).is_ok()), "{keywords:?}");
                }
            }
        }
    }

    #[test]
    fn version_of_any_style_gives_a_semver() {
        for (text, version) in [
            ("1.2.3", "1.2.3"),
            ("v1.2.3", "1.2.3"),
            ("1.2.3-beta.1+build.5", "1.2.3-beta.1+build.5"),
            ("1.0", "1.0.0"),
            ("2", "2.0.0"),
            ("v2", "2.0.0"),
            ("V2.1", "2.1.0"),
            (" 1.0.27 ", "1.0.27"),
            ("01.02.03", "1.2.3"),
            ("1.2.3.4", "1.2.3"),
            ("1.0.0.RELEASE", "1.0.0"),
            ("1.x", "1.0.0"),
            ("2.0-rc1", "2.0.0-rc1"),
            ("v1beta1", "1.0.0-beta1"),
            ("1.0 (draft)", "1.0.0"),
            ("1.0-[draft]", "1.0.0"),
            ("2024-01-01", "2024.1.1"),
            ("2024-01-01-preview", "2024.1.1-preview"),
            ("2024-10", "2024.10.0"),
            ("2024/10/18", "2024.10.18"),
            ("2024.10", "2024.10.0"),
            ("20241018", "20241018.0.0"),
            ("5-2", "5.0.0-2"),
            ("LATEST", "0.1.0"),
            ("vNext", "0.1.0"),
            ("", "0.1.0"),
            ("-", "0.1.0"),
            ("99999999999999999999999", "0.1.0"),
            ("1.99999999999999999999999", "1.0.0"),
            ("1.２", "1.0.0"),
        ] {
            assert_eq!(derived_version(text).to_string(), version, "{text:?}");
        }
    }

    #[test]
    fn keywords_are_the_telling_words_of_the_title() {
        for (title, keywords) in [
            ("Swagger Petstore - OpenAPI 3.0", "swagger petstore openapi api client"),
            ("The API for the Shop of the World, the Shop", "shop world api client"),
            ("", "api client"),
            ("Donaudampfschifffahrtsgesellschaft", "api client"),
            ("API Client", "api client"),
        ] {
            assert_eq!(derived_keywords(title).join(" "), keywords, "{title:?}");
        }
    }

    #[test]
    fn unusable_crate_names_are_refused() {
        for name in
            ["", "1a", "-a", "_", "a b", "é", "a/b", "type", "Self", "std", "nul", "http", "http_body"]
        {
            assert!(crate_name(name).is_err(), "{name:?}");
        }
        assert!(crate_name(&"a".repeat(65)).is_err());
        for name in ["a", "petstore", "Pet_Store-2", "http-api", "types"] {
            assert_eq!(crate_name(name).as_deref(), Ok(name));
        }
    }
}
