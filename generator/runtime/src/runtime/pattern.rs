//! Patterns of texts, which are checked with the feature `patterns`.

use crate::runtime::{Checker, Rule};

impl Checker {
    /// Checks `pattern`. Without the feature, each text keeps the rule.
    pub(crate) fn pattern(&mut self, text: &str, pattern: &'static str) {
        if !is_match(text, pattern) {
            self.report(Rule::Pattern, format!("a text that matches `{pattern}`"), "another text");
        }
    }
}

/// Returns `true` if a text matches a pattern. Each pattern is compiled once.
#[cfg(feature = "patterns")]
fn is_match(text: &str, pattern: &'static str) -> bool {
    use std::collections::HashMap;
    use std::sync::{LazyLock, Mutex, PoisonError};

    use regex_lite::Regex;

    static COMPILED: LazyLock<Mutex<HashMap<&'static str, Option<Regex>>>> = LazyLock::new(Mutex::default);

    let compiled = {
        let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
        compiled.entry(pattern).or_insert_with(|| Regex::new(pattern).ok()).clone()
    };
    // The generator lets a client check only patterns that can be compiled.
    compiled.is_none_or(|regex| regex.is_match(text))
}

#[cfg(not(feature = "patterns"))]
fn is_match(_text: &str, _pattern: &'static str) -> bool {
    true
}
