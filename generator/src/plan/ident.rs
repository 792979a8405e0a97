//! Rules by which a name on the wire becomes an identifier: one table for all names.
//!
//! 1. Letters of other scripts become Latin ones; signs that change the meaning become words: `+1`, `<18`, `18+`, `age<`, `*`.
//! 2. Words are joined in the case of the identifier. Two numbers keep a `_` in between: `1.5` is not `15`.
//! 3. Nothing left: `unnamed`. A digit first: `value` goes before it.
//! 4. A keyword gets `r#` or, where Rust does not allow that, `_` at its end.
//! 5. A name that its surroundings need for themselves gets `_` or a word at its end.
//! 6. A name that is taken gets the first number from 2 that makes it free.

use std::collections::BTreeSet;

use deunicode::deunicode;
use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

use super::Name;

/// The identifiers of one scope, and those that are not to be had in it.
pub(super) struct Scope {
    taken: BTreeSet<String>,
    reserved: Reserved,
}

/// Identifiers that are not to be had in a scope.
#[derive(Clone, Copy)]
pub(super) struct Reserved {
    pub(super) names: &'static [&'static str],
    /// Word that is added to the end of a reserved identifier.
    pub(super) word: &'static str,
}

impl Reserved {
    pub(super) const NONE: Self = Self { names: &[], word: "" };

    /// Reserves names in a scope of snake case.
    pub(super) const fn names(names: &'static [&'static str]) -> Self {
        Self { names, word: "" }
    }
}

impl Scope {
    pub(super) fn new(reserved: Reserved) -> Self {
        Self { taken: BTreeSet::new(), reserved }
    }

    /// Returns `true` if a name is taken.
    pub(super) fn has(&self, name: &Name) -> bool {
        self.taken.contains(name.plain())
    }

    /// Claims a name for a field, argument, method or module.
    pub(super) fn snake(&mut self, name: &str) -> Name {
        let mut ident = leading_digit(words(name).to_snake_case(), "value_");
        if self.reserved.names.contains(&ident.as_str()) {
            ident.push('_');
            ident.push_str(self.reserved.word);
        }
        self.claim(&ident)
    }

    /// Claims a name for a type or a variant.
    pub(super) fn camel(&mut self, name: &str) -> Name {
        let mut ident = leading_digit(camel_case(&words(name)), "Value");
        if self.reserved.names.contains(&ident.as_str()) {
            ident.push_str(self.reserved.word);
        }
        self.claim(&ident)
    }

    /// Claims a name for a constant.
    pub(super) fn shouty(&mut self, name: &str) -> Name {
        let ident = leading_digit(words(name).to_shouty_snake_case(), "VALUE_");
        self.claim(&ident)
    }

    fn claim(&mut self, plain: &str) -> Name {
        let mut ident = plain.to_owned();
        let mut number = 1;
        while !self.taken.insert(ident.clone()) {
            number += 1;
            ident = format!("{plain}{number}");
        }
        Name::new(raw(ident))
    }
}

fn words(name: &str) -> String {
    let latin = if name.is_ascii() { name.trim().to_owned() } else { deunicode(name.trim()) };
    let latin = latin.replace("OAuth", "Oauth").replace('\'', "");
    let has_word = |text: &str| text.contains(|c: char| c.is_ascii_alphanumeric());
    let spelled = if has_word(&latin) { spelled_around(&latin) } else { spelled_symbols(&latin) };
    if has_word(&spelled) { spelled } else { "unnamed".to_owned() }
}

/// Comparisons in words, before and after a name. A longer sign comes before one that it begins with.
const COMPARISONS: [(&str, &str); 5] =
    [("<=", "at most"), (">=", "at least"), ("!=", "not"), ("<", "less than"), (">", "more than")];

/// Spells the signs that change what a name means: before it (`+1`, `<18`, `-created`), after it (`18+`, `text/*`,
/// `age<`), and before a number in it (`reactions--1`).
fn spelled_around(name: &str) -> String {
    const BEFORE: [(&str, &str); 3] = [("!", "not"), ("+", "plus"), ("-", "minus")];
    let mut before = COMPARISONS.into_iter().chain(BEFORE);
    let before = before.find_map(|(sign, words)| Some((words, name.strip_prefix(sign)?)));
    if let Some((words, rest)) = before {
        return format!("{words} {}", spelled_behind(rest));
    }
    let compared = COMPARISONS.into_iter().find_map(|(sign, words)| Some((words, name.strip_suffix(sign)?)));
    match compared.filter(|(_, rest)| !rest.contains(['<', '>'])) {
        Some((words, rest)) => format!("{} {words}", spelled_behind(rest)),
        // Angle brackets: `Page<Chat>`.
        None => spelled_behind(name),
    }
}

/// Spells the signs after a name, and before a number in it.
fn spelled_behind(name: &str) -> String {
    let plain = name.trim_end_matches(['+', '-', '%', '#', '*']);
    let after = name[plain.len()..].chars().filter_map(symbol);
    after.fold(spelled_numbers(plain), |text, word| text + " " + word)
}

/// Spells signs of numbers behind a separator. Behind a letter or a digit, the sign is itself a separator.
fn spelled_numbers(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len());
    let mut letters = name.chars().peekable();
    let mut is_separated = false;
    while let Some(letter) = letters.next() {
        let is_sign = is_separated && letters.peek().is_some_and(char::is_ascii_digit);
        match symbol(letter).filter(|_| is_sign && matches!(letter, '+' | '-')) {
            Some(word) => spelled.extend([" ", word, " "]),
            None => spelled.push(letter),
        }
        is_separated = !letter.is_ascii_alphanumeric();
    }
    spelled
}

/// Spells a name that has only signs.
fn spelled_symbols(name: &str) -> String {
    name.chars().filter_map(symbol).collect::<Vec<_>>().join(" ")
}

fn symbol(sign: char) -> Option<&'static str> {
    Some(match sign {
        '+' => "plus",
        '-' => "minus",
        '*' => "star",
        '/' => "slash",
        '%' => "percent",
        '#' => "hash",
        '$' => "dollar",
        '&' => "and",
        '|' => "or",
        '!' => "not",
        '=' => "equal",
        '<' => "less",
        '>' => "greater",
        '~' => "tilde",
        '^' => "caret",
        '@' => "at",
        '?' => "question",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        _ => return None,
    })
}

fn camel_case(words: &str) -> String {
    let is_digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
    let parts = words.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.fold(String::with_capacity(words.len()), |mut camel, part| {
        if is_digit(camel.chars().next_back()) && is_digit(part.chars().next()) {
            camel.push('_');
        }
        camel + &part.to_upper_camel_case()
    })
}

fn leading_digit(ident: String, prefix: &str) -> String {
    if ident.starts_with(|first: char| first.is_ascii_digit()) { format!("{prefix}{ident}") } else { ident }
}

fn raw(ident: String) -> String {
    match ident.as_str() {
        "self" | "Self" | "super" | "crate" => format!("{ident}_"),
        // No keyword is longer, and only `Self` has a capital.
        _ if ident.len() > 8 || ident.starts_with(|first: char| first.is_ascii_uppercase()) => ident,
        // `gen` is a keyword since edition 2024, which the parser does not ask for.
        "gen" => format!("r#{ident}"),
        _ if syn::parse_str::<syn::Ident>(&ident).is_err() => format!("r#{ident}"),
        _ => ident,
    }
}

#[cfg(test)]
mod tests {
    use super::{Reserved, Scope};

    #[test]
    fn fields_and_methods() {
        for (name, expected) in [
            ("chatId", "chat_id"),
            ("page_token", "page_token"),
            ("Page-Token", "page_token"),
            ("X-RateLimit-Until", "x_rate_limit_until"),
            ("HTTPStatus", "http_status"),
            ("OAuth", "oauth"),
            ("type", "r#type"),
            ("async", "r#async"),
            ("gen", "r#gen"),
            ("try", "r#try"),
            ("self", "self_"),
            ("Self", "self_"),
            ("crate", "crate_"),
            ("super", "super_"),
            ("2fa", "value_2fa"),
            ("+1", "plus_1"),
            ("-1", "minus_1"),
            ("статус", "status"),
            ("данные", "dannye"),
            ("", "unnamed"),
            ("_", "unnamed"),
            ("$", "dollar"),
            ("🦀", "crab"),
            ("$ref", "r#ref"),
            ("@type", "r#type"),
            ("a b\tc", "a_b_c"),
            ("DateCreated<", "date_created_less_than"),
            ("DateCreated>", "date_created_more_than"),
            ("created_at<=", "created_at_at_most"),
            ("created_at>=", "created_at_at_least"),
            ("state!=", "state_not"),
        ] {
            assert_eq!(Scope::new(Reserved::NONE).snake(name).as_str(), expected, "{name:?}");
        }
    }

    #[test]
    fn types_and_variants() {
        for (name, expected) in [
            ("ChatMessageDTO", "ChatMessageDto"),
            ("WAITING_FOR_PARTNER", "WaitingForPartner"),
            ("3D", "Value3d"),
            ("self", "Self_"),
            ("Статус", "Status"),
            ("", "Unnamed"),
            ("text/plain", "TextPlain"),
            ("+1", "Plus1"),
            ("-1", "Minus1"),
            ("18+", "Value18Plus"),
            ("<18", "LessThan18"),
            (">=18", "AtLeast18"),
            ("50%", "Value50Percent"),
            ("C++", "CPlusPlus"),
            ("C#", "CHash"),
            ("!draft", "NotDraft"),
            ("Page<Chat>", "PageChat"),
            ("Done!", "Done"),
            ("-created", "MinusCreated"),
            ("reactions-+1", "ReactionsPlus1"),
            ("reactions--1", "ReactionsMinus1"),
            ("A+", "APlus"),
            ("A-", "AMinus"),
            ("text/*", "TextStar"),
            ("18-24", "Value18_24"),
            ("1.5", "Value1_5"),
            ("v1.10", "V1_10"),
            ("2020-01-31", "Value2020_01_31"),
            ("040000", "Value040000"),
            ("won't fix", "WontFix"),
            ("won’t fix", "WontFix"),
            ("master /docs", "MasterDocs"),
            ("/", "Slash"),
            (">=", "GreaterEqual"),
            ("≥18", "AtLeast18"),
            ("€", "Eur"),
            ("👍", "Plus1"),
            ("👎", "Minus1"),
            ("🎉", "Tada"),
            ("*", "Star"),
            ("!=", "NotEqual"),
            (">", "Greater"),
            ("❤", "Heart"),
        ] {
            assert_eq!(Scope::new(Reserved::NONE).camel(name).as_str(), expected, "{name:?}");
        }
    }

    #[test]
    fn taken_name_gets_number_reserved_one_underscore() {
        let mut scope = Scope::new(Reserved::names(&["send"]));
        let names = ["fromDate", "from_date", "FROM-DATE", "from_date2", "send", "send_"];
        let idents: Vec<_> = names.iter().map(|name| scope.snake(name).to_string()).collect();
        assert_eq!(idents, ["from_date", "from_date2", "from_date3", "from_date22", "send_", "send_2"]);
        let mut scope = Scope::new(Reserved { names: &["std"], word: "part" });
        assert_eq!(scope.snake("std").as_str(), "std_part");
        let mut scope = Scope::new(Reserved { names: &["Option"], word: "Type" });
        assert_eq!(scope.camel("Option").as_str(), "OptionType");
        assert_eq!(scope.camel("OptionType").as_str(), "OptionType2");
    }
}
