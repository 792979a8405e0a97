//! JSON is read by the rules of JSON: whatever `serde_json` accepts is read to the same tree, with positions.

use std::fs;
use std::path::Path;

use fastrand::Rng;
use generator::diagnostic::Location;
use generator::load::Sources;
use generator::{GenerateError, Generated};
use serde_json::Value;

use crate::fixtures::{self, generate};

#[test]
fn random_json_is_read_with_positions() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("random.json");
    for seed in 0..150 {
        let text = RandomText::of(seed);
        fs::write(&path, &text.json).unwrap();
        let sources = Sources::new(&path);
        assert_same(&tree(&sources).unwrap(), &serde_json::from_str(&text.json).unwrap());
        for (pointer, byte) in &text.nodes {
            let place = sources.position(&Location { pointer: pointer.clone(), ..sources.root() });
            assert_eq!((place.line, place.column), position(&text.json, *byte), "seed {seed}, {pointer}");
        }
    }
}

#[test]
fn mutated_json_is_read_if_valid() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mutated.json");
    let mut accepted = 0;
    for seed in 0..1_000 {
        let text = mutated(seed);
        fs::write(&path, &text).unwrap();
        let read = tree(&Sources::new(&path));
        let Ok(expected) = serde_json::from_str::<Value>(&text) else { continue };
        if !expected.is_object() && !expected.is_array() {
            continue;
        }
        match read {
            Ok(read) => assert_same(&read, &expected),
            // serde_json takes the last of several members with one name.
            Err(message) => assert!(message.contains("duplicate entry"), "seed {seed}: {message}"),
        }
        accepted += 1;
    }
    assert!(accepted > 100, "{accepted} were valid");
}

#[test]
fn nesting_is_read_up_to_128_levels() {
    for (open, inner, close) in [("[", "1", "]"), ("{\"a\":", "1", "}"), ("[{\"a\":", "1", "}]")] {
        let levels = open.matches(['[', '{']).count();
        for depth in [1, 64, 127, 128, 129, 130, 1_000, 20_000] {
            let text = format!("{}{inner}{}", open.repeat(depth / levels), close.repeat(depth / levels));
            let is_too_deep = depth / levels * levels > 128;
            match read(&text) {
                Ok(_) => assert!(!is_too_deep, "{open}, {depth}"),
                Err(message) => {
                    assert!(is_too_deep && message.contains("128 levels"), "{open}, {depth}: {message}");
                }
            }
        }
    }
}

#[test]
fn any_number_of_json_is_read() {
    for (literal, expected) in [
        ("0", "0"),
        ("-0", "0"),
        ("18446744073709551615", "18446744073709551615"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("18446744073709551616", "18446744073709552000.0"),
        ("-9223372036854776000", "-9223372036854775808.0"),
        ("1e400", "1.7976931348623157e308"),
        ("-1E+400", "-1.7976931348623157e308"),
        ("1e-400", "0.0"),
        ("0.1", "0.1"),
        ("123456789012345678901234567890", "1.2345678901234568e29"),
        (&"9".repeat(400), "1.7976931348623157e308"),
    ] {
        let expected: Value = serde_json::from_str(&format!("[{expected}]")).unwrap();
        assert_same(&read(&format!("[{literal}]")).unwrap(), &expected);
    }
}

#[test]
fn yaml_that_begins_like_json_stays_yaml() {
    for text in ["{openapi: 3.0.3, info: {}}", "{\"a\": 1, # one\n}", "[a, b]", "{\"a\": 'b'}"] {
        assert!(read(text).is_ok(), "{text}");
    }
}

#[test]
fn json_gives_the_client_of_its_yaml() {
    let json = client("json/openapi.json");
    let yaml = client("json/same.yaml");
    for (json, yaml) in json.files.iter().zip(&yaml.files) {
        assert_eq!((&json.path, &json.contents), (&yaml.path, &yaml.contents));
    }
    let types = json.files.iter().find(|file| file.path == "src/types.rs").unwrap();
    assert!(types.contents.contains('\u{1f970}'), "{}", types.contents);
}

#[test]
fn broken_json_is_located() {
    insta::glob!("../fixtures/json/refused", "*.json", |path| {
        let refused = generate(path, &fixtures::all(), &fixtures::package());
        let Err(GenerateError::Description(report)) = refused else {
            panic!("{} was accepted", path.display());
        };
        let folder = path.parent().unwrap();
        let text = report.render(false).replace(&format!("{}/", folder.display()), "");
        fixtures::assert_expected(folder, &path.file_stem().unwrap().to_string_lossy(), &text);
    });
}

fn client(fixture: &str) -> Generated {
    match generate(&fixtures::path(fixture), &fixtures::all(), &fixtures::package()) {
        Ok(generated) => generated,
        Err(GenerateError::Description(report)) => panic!("{}", report.render(false)),
        Err(GenerateError::Render(error)) => panic!("{error}"),
    }
}

/// Reads a text that is called JSON.
fn read(text: &str) -> Result<Value, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    fs::write(&path, text).unwrap();
    tree(&Sources::new(Path::new(&path)))
}

fn tree(sources: &Sources) -> Result<Value, String> {
    let tree = sources.node(&sources.root()).map_err(|problem| problem.message)?;
    Ok(serde_json::to_value(tree).unwrap())
}

/// Compares two trees. `serde_json` reads a fraction to the last digit only on request.
fn assert_same(found: &Value, expected: &Value) {
    match (found, expected) {
        (Value::Array(found), Value::Array(expected)) => {
            assert_eq!(found.len(), expected.len());
            found.iter().zip(expected).for_each(|(found, expected)| assert_same(found, expected));
        }
        (Value::Object(found), Value::Object(expected)) => {
            assert_eq!(found.len(), expected.len());
            expected.iter().for_each(|(key, expected)| assert_same(&found[key], expected));
        }
        (Value::Number(a), Value::Number(b)) if a.is_f64() || b.is_f64() => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            assert!((a - b).abs() <= b.abs() * 1e-15, "{a} is not {b}");
        }
        _ => assert_eq!(found, expected),
    }
}

/// Returns line and column of a byte, by counting.
fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = &text[..byte];
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (before.matches('\n').count() + 1, column)
}

/// Random JSON, and where its nodes are: the key of a member, the value of an element.
struct RandomText {
    json: String,
    nodes: Vec<(String, usize)>,
    random: Rng,
}

impl RandomText {
    fn of(seed: u64) -> Self {
        let mut text = Self { json: String::new(), nodes: Vec::new(), random: Rng::with_seed(seed) };
        text.space();
        text.nodes.push((String::new(), text.json.len()));
        if text.random.bool() {
            text.list("", 0);
        } else {
            text.object("", 0);
        }
        text.space();
        text
    }

    fn space(&mut self) {
        for _ in 0..self.random.usize(..3) {
            self.json.push(*self.random.choice(&[' ', '\t', '\n', '\r', ' ']).unwrap());
        }
    }

    fn value(&mut self, pointer: &str, depth: usize) {
        match self.random.usize(..if depth < 6 { 8 } else { 5 }) {
            0 => self.json.push_str(self.random.choice(&["true", "false", "null"]).unwrap()),
            1 | 2 => self.number(),
            3 | 4 => {
                self.string("");
            }
            5 => self.list(pointer, depth),
            _ => self.object(pointer, depth),
        }
    }

    fn list(&mut self, pointer: &str, depth: usize) {
        self.json.push('[');
        for index in 0..self.random.usize(..5) {
            self.json.push_str(if index > 0 { "," } else { "" });
            self.space();
            let pointer = format!("{pointer}/{index}");
            self.nodes.push((pointer.clone(), self.json.len()));
            self.value(&pointer, depth + 1);
            self.space();
        }
        self.json.push(']');
    }

    fn object(&mut self, pointer: &str, depth: usize) {
        self.json.push('{');
        for index in 0..self.random.usize(..6) {
            self.json.push_str(if index > 0 { "," } else { "" });
            self.space();
            let key_at = self.json.len();
            let key = self.string(&format!("{index}"));
            let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
            self.nodes.push((pointer.clone(), key_at));
            self.space();
            self.json.push(':');
            self.space();
            self.value(&pointer, depth + 1);
            self.space();
        }
        self.json.push('}');
    }

    /// Writes a string that ends in `end`, and returns its text.
    fn string(&mut self, end: &str) -> String {
        const PIECES: [&str; 22] = [
            "a",
            "0",
            "null",
            "~",
            "/",
            "#",
            ": ",
            " - ",
            "'",
            "é",
            "\u{7f}",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "😀",
            "\u{fffe}",
            "\\u0000",
            "\\u001f",
            "\\/\\b\\f\\n\\r\\t\\\"\\\\",
            "\\ud83d\\ude00",
            "\\uDBFF\\uDFFF",
            "\\u00E9",
        ];
        let start = self.json.len();
        self.json.push('"');
        for _ in 0..self.random.usize(..6) {
            let times = if self.random.u8(..50) == 0 { 1_500 } else { 1 };
            let piece = self.random.choice(&PIECES).unwrap();
            self.json.push_str(&piece.repeat(times));
        }
        self.json.push_str(end);
        self.json.push('"');
        serde_json::from_str(&self.json[start..]).unwrap()
    }

    fn number(&mut self) {
        const HOSTILE: [&str; 14] = [
            "0",
            "-0",
            "-0.0",
            "1e0",
            "1E+2",
            "1.5e-3",
            "1e308",
            "-1e-400",
            "9007199254740993",
            "9223372036854775807",
            "18446744073709551615",
            "-9223372036854775808",
            "-9223372036854775809",
            "340282366920938463463374607431768211456",
        ];
        if self.random.bool() {
            self.json.push_str(self.random.choice(&HOSTILE).unwrap());
        } else {
            let number = self.random.i64(..);
            self.json.push_str(&number.to_string());
        }
    }
}

/// Returns random JSON in which a few characters are missing, doubled or changed.
fn mutated(seed: u64) -> String {
    const OTHERS: [char; 16] =
        ['{', '}', '[', ']', '"', ',', ':', '\\', '0', '-', 'e', '.', ' ', '\n', '\u{7f}', 'é'];
    let mut text = RandomText::of(seed).json;
    let mut random = Rng::with_seed(seed ^ 0x5eed);
    for _ in 0..random.usize(1..3) {
        let Some((at, letter)) = random.choice(text.char_indices().collect::<Vec<_>>()) else { break };
        let other = *random.choice(&OTHERS).unwrap();
        match random.u8(..4) {
            0 => text.replace_range(at..at + letter.len_utf8(), ""),
            1 => text.insert(at, letter),
            2 => text.insert(at, other),
            _ => text.replace_range(at..at + letter.len_utf8(), other.encode_utf8(&mut [0; 4])),
        }
    }
    text
}
