//! Names for received files. Whoever sends a file proposes its name, so the name can be anything.

use http::HeaderMap;
use http::header::CONTENT_DISPOSITION;
use percent_encoding::percent_decode_str;

/// Name of a file for which no name is known.
const NAMELESS: &str = "download";

/// Greatest length of a name in bytes. File systems take 255; a number may be added.
const LONGEST: usize = 200;

/// Greatest length of an extension in bytes, for it to be kept when a name is shortened.
const LONGEST_EXTENSION: usize = 20;

/// Devices that Windows sees in every folder, whatever the extension is.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

/// Returns the name that the header `Content-Disposition` proposes (RFC 6266).
pub(crate) fn proposed(headers: &HeaderMap) -> Option<String> {
    let header = headers.get(CONTENT_DISPOSITION)?;
    let parameters = parameters(&String::from_utf8_lossy(header.as_bytes()));
    let find = |wanted: &str| parameters.iter().find(|(name, _)| name == wanted).map(|(_, value)| value);
    find("filename*").and_then(|value| extended(value)).or_else(|| find("filename").cloned())
}

/// Returns the parameters of a header's value, with their names in lower case.
fn parameters(header: &str) -> Vec<(String, String)> {
    let mut parameters = Vec::new();
    let mut rest = header.split_once(';').map_or("", |(_, rest)| rest);
    while let Some((name, after)) = rest.split_once('=') {
        let (value, next) = match after.trim_start().strip_prefix('"') {
            Some(quoted) => unquoted(quoted),
            None => {
                let (value, next) = after.split_once(';').unwrap_or((after, ""));
                (value.trim().to_owned(), next)
            }
        };
        let name = name.trim_matches(|c: char| c == ';' || c.is_whitespace());
        parameters.push((name.to_ascii_lowercase(), value));
        rest = next;
    }
    parameters
}

/// Returns the text up to the closing quote, and what follows it.
fn unquoted(quoted: &str) -> (String, &str) {
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((index, letter)) = letters.next() {
        match letter {
            '"' => return (value, &quoted[index + 1..]),
            '\\' => value.extend(letters.next().map(|(_, escaped)| escaped)),
            _ => value.push(letter),
        }
    }
    (value, "")
}

/// Decodes the extended notation of RFC 8187: `UTF-8'en'%C2%A3%20rates.txt`.
fn extended(value: &str) -> Option<String> {
    let (charset, rest) = value.split_once('\'')?;
    let (_, text) = rest.split_once('\'')?;
    let is_utf8 = charset.trim().eq_ignore_ascii_case("utf-8");
    is_utf8.then(|| percent_decode_str(text).decode_utf8().ok().map(Into::into)).flatten()
}

/// Makes a name safe: for every system it is one file in the folder that it is put in, neither hidden nor a device.
pub(crate) fn safe(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible = last.chars().filter(|letter| !is_invisible(*letter));
    let allowed = visible.map(|letter| if "<>:\"|?*".contains(letter) { '_' } else { letter });
    let name = trimmed(&allowed.collect::<String>()).to_owned();
    let name = trimmed(&shortened(&name)).to_owned();
    match name.as_str() {
        "" => NAMELESS.to_owned(),
        _ if is_device(&name) => format!("_{name}"),
        _ => name,
    }
}

/// Adds a number to a name, before its extension.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn numbered(name: &str, number: u32) -> String {
    let (stem, extension) = split(name);
    format!("{stem} ({number}){extension}")
}

/// Windows ignores dots and spaces at the end; a dot at the beginning hides a file elsewhere.
fn trimmed(name: &str) -> &str {
    name.trim_matches(|letter: char| letter == '.' || letter.is_whitespace())
}

/// Returns `true` for control characters, and for those that change the direction of the text around them.
fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let is_port = ["COM", "LPT"].iter().any(|port| {
        let mut rest = stem.strip_prefix(port).unwrap_or_default().chars();
        matches!(rest.next(), Some('0'..='9' | '¹' | '²' | '³')) && rest.next().is_none()
    });
    is_port || DEVICES.contains(&stem.as_str())
}

fn shortened(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let (stem, extension) = split(name);
    let extension = if extension.len() <= LONGEST_EXTENSION { extension } else { "" };
    let mut end = (LONGEST - extension.len()).min(stem.len());
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", &stem[..end])
}

/// Splits a name into its stem and its extension with the dot.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 => name.split_at(dot),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use http::header::CONTENT_DISPOSITION;
    use http::{HeaderMap, HeaderValue};

    use super::{LONGEST, numbered, proposed, safe};

    #[test]
    fn unsafe_name_becomes_safe() {
        for (name, expected) in [
            ("label.pdf", "label.pdf"),
            ("Накладная №5.pdf", "Накладная №5.pdf"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("C:\\a.txt", "a.txt"),
            ("/", "download"),
            ("..", "download"),
            ("", "download"),
            (" \t ", "download"),
            (".bashrc", "bashrc"),
            ("a.txt. . ", "a.txt"),
            ("a\0b\r\n.txt", "ab.txt"),
            ("exe\u{202E}fdp.exe", "exefdp.exe"),
            ("a:b|c?.txt", "a_b_c_.txt"),
            ("a.txt:stream", "a.txt_stream"),
            ("con", "_con"),
            ("NUL.txt", "_NUL.txt"),
            ("Com1.tar.gz", "_Com1.tar.gz"),
            ("LPT¹", "_LPT¹"),
            ("aux .txt", "_aux .txt"),
            ("console.txt", "console.txt"),
            ("COM10.txt", "COM10.txt"),
        ] {
            assert_eq!(safe(name), expected, "{name:?}");
        }
    }

    #[test]
    fn long_name_keeps_its_extension() {
        let name = safe(&format!("{}.jpeg", "я".repeat(300)));
        assert!(name.ends_with("я.jpeg") && name.len() <= LONGEST, "{name}");
        assert!(safe(&"x".repeat(500)).len() <= LONGEST);
        assert!(safe(&format!("a.{}", "x".repeat(500))).len() <= LONGEST);
    }

    #[test]
    fn number_goes_before_the_extension() {
        assert_eq!(numbered("a.tar.gz", 1), "a.tar (1).gz");
        assert_eq!(numbered("readme", 2), "readme (2)");
    }

    #[test]
    fn header_proposes_a_name() {
        for (header, expected) in [
            ("attachment; filename=\"a b.pdf\"", Some("a b.pdf")),
            ("attachment; filename=a.pdf", Some("a.pdf")),
            ("attachment; filename=\"a\\\"b;c.pdf\"; size=3", Some("a\"b;c.pdf")),
            ("attachment; size=3; FILENAME=a.pdf ; x=y", Some("a.pdf")),
            ("attachment; filename=old.pdf; filename*=UTF-8''%D1%8F.pdf", Some("я.pdf")),
            ("attachment; filename*=utf-8'ru'%D1%8F.pdf; filename=old.pdf", Some("я.pdf")),
            ("attachment; filename*=latin1''%FF.pdf; filename=old.pdf", Some("old.pdf")),
            ("attachment; filename*=UTF-8''%FF", None),
            ("attachment; filename=\"open", Some("open")),
            ("attachment", None),
            ("inline; =", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static(header));
            assert_eq!(proposed(&headers).as_deref(), expected, "{header}");
        }
        assert_eq!(proposed(&HeaderMap::new()), None);
    }
}
