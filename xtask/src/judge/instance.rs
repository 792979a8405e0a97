//! Instances of schemas, each with what a type may leave out when it writes the instance.

use serde_json::{Map, Value};

/// A JSON value, made from a schema.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Instance {
    /// A scalar, or any JSON that has to be kept as it is.
    Value(Value),
    /// A list.
    Array(Vec<Self>),
    /// An object.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) value: Instance,
    pub(crate) keep: Keep,
}

/// Obligation of a type to write a member that it has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// The member is written back.
    Always,
    /// A `null` may be left out: in responses, it is the same as an absent value.
    UnlessNull,
    /// The member may be left out: the type does not know it, or never sends it.
    Never,
}

impl Instance {
    /// Returns the instance as JSON.
    pub(crate) fn json(&self) -> Value {
        match self {
            Self::Value(value) => value.clone(),
            Self::Array(elements) => elements.iter().map(Self::json).collect(),
            Self::Object(members) => {
                let members = members.iter().map(|member| (member.name.clone(), member.value.json()));
                Value::Object(members.collect::<Map<_, _>>())
            }
        }
    }

    /// Returns the JSON that a type has to write: without the members that it may leave out.
    pub(crate) fn kept(&self) -> Value {
        let is_kept = |member: &&Member| match member.keep {
            Keep::Always => true,
            Keep::UnlessNull => member.value != Self::Value(Value::Null),
            Keep::Never => false,
        };
        match self {
            Self::Value(value) => value.clone(),
            Self::Array(elements) => elements.iter().map(Self::kept).collect(),
            Self::Object(members) => {
                let members = members.iter().filter(is_kept);
                Value::Object(members.map(|member| (member.name.clone(), member.value.kept())).collect())
            }
        }
    }

    /// Returns the value of a member of an object.
    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|member| member.name == name).map(|member| &member.value)
    }

    /// Returns an object with one member more; it takes the place of one with its name.
    pub(crate) fn with(&self, member: Member) -> Self {
        let Self::Object(members) = self else { return self.clone() };
        let mut members: Vec<_> = members.iter().filter(|other| other.name != member.name).cloned().collect();
        members.push(member);
        Self::Object(members)
    }

    /// Returns an object without the member of a name.
    pub(crate) fn without(&self, name: &str) -> Self {
        let Self::Object(members) = self else { return self.clone() };
        Self::Object(members.iter().filter(|member| member.name != name).cloned().collect())
    }

    /// Returns the place of the first difference between the instance and what a type made of it, as a JSON pointer.
    pub(crate) fn difference(&self, written: &Value) -> Option<String> {
        self.compared(written, true)
    }

    /// Returns the place of the first value of the instance that a type did not keep, as a JSON pointer. The type may add
    /// members, and a value in the place of a `null`.
    pub(crate) fn loss(&self, written: &Value) -> Option<String> {
        self.compared(written, false)
    }

    fn compared(&self, written: &Value, is_exact: bool) -> Option<String> {
        match (self, written) {
            (Self::Value(Value::Null), _) if !is_exact => None,
            // Without elements, nothing is lost.
            (Self::Value(Value::Array(elements)), _) if !is_exact && elements.is_empty() => None,
            (Self::Value(value), written) => (!are_equal(value, written)).then(String::new),
            (Self::Array(elements), Value::Array(written)) if elements.len() == written.len() => {
                let mut pairs = elements.iter().zip(written).enumerate();
                pairs
                    .find_map(|(index, (element, written))| below(index, element.compared(written, is_exact)))
            }
            (Self::Object(members), Value::Object(written)) => {
                let lost = members.iter().find_map(|member| member.compared(written, is_exact));
                let is_new = |name: &&String| is_exact && !members.iter().any(|member| member.name == **name);
                lost.or_else(|| written.keys().find(is_new).map(|name| format!("/{name}")))
            }
            _ => Some(String::new()),
        }
    }
}

impl Member {
    fn compared(&self, written: &Map<String, Value>, is_exact: bool) -> Option<String> {
        match written.get(&self.name) {
            Some(written) => below(&self.name, self.value.compared(written, is_exact)),
            None => {
                let is_null = self.value == Instance::Value(Value::Null);
                let may_lack_null = self.keep == Keep::UnlessNull || !is_exact;
                let may_be_absent = self.keep == Keep::Never || (may_lack_null && is_null);
                (!may_be_absent).then(|| format!("/{}", self.name))
            }
        }
    }
}

fn below(token: impl std::fmt::Display, difference: Option<String>) -> Option<String> {
    difference.map(|rest| format!("/{token}{rest}"))
}

/// Returns `true` if two values are equal as JSON. The spelling of numbers does not count, nor that of the offset and the
/// fraction of a time: `2024-01-01T00:00:00.50Z` is `2024-01-01T00:00:00.500+00:00`.
pub(crate) fn are_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || are_equal_floats(a, b),
        (Value::String(a), Value::String(b)) => a == b || are_equal_times(a, b),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| are_equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let is_in =
                |(name, value): (&String, &Value)| b.get(name).is_some_and(|other| are_equal(value, other));
            a.len() == b.len() && a.iter().all(is_in)
        }
        (a, b) => a == b,
    }
}

/// Compares numbers of which at least one is no integer.
fn are_equal_floats(a: &serde_json::Number, b: &serde_json::Number) -> bool {
    (a.is_f64() || b.is_f64()) && a.as_f64() == b.as_f64()
}

fn are_equal_times(a: &str, b: &str) -> bool {
    let read = |text| chrono::DateTime::parse_from_rfc3339(text).ok();
    match (read(a), read(b)) {
        (Some(a), Some(b)) => a == b && a.offset() == b.offset(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Instance, Keep, Member, are_equal};

    fn member(name: &str, value: serde_json::Value, keep: Keep) -> Member {
        Member { name: name.to_owned(), value: Instance::Value(value), keep }
    }

    #[test]
    fn spelling_of_numbers_and_times_does_not_count() {
        assert!(are_equal(&json!(1), &json!(1.0)));
        assert!(!are_equal(&json!(1), &json!("1")));
        assert!(are_equal(&json!("2024-01-01T00:00:00.50Z"), &json!("2024-01-01T00:00:00.500+00:00")));
        assert!(!are_equal(&json!("2024-01-01T00:00:00Z"), &json!("2024-01-01T03:00:00+03:00")));
        assert!(!are_equal(&json!(9_007_199_254_740_993_i64), &json!(9_007_199_254_740_992_i64)));
    }

    #[test]
    fn lost_member_is_found_by_its_pointer() {
        let instance = Instance::Array(vec![Instance::Object(vec![
            member("a", json!(1), Keep::Always),
            member("b", json!(1), Keep::Never),
            member("c", json!(null), Keep::UnlessNull),
        ])]);
        assert_eq!(instance.difference(&json!([{ "a": 1 }])), None);
        assert_eq!(instance.difference(&json!([{ "b": 1 }])).as_deref(), Some("/0/a"));
        assert_eq!(instance.difference(&json!([{ "a": 1, "b": 2 }])).as_deref(), Some("/0/b"));
        assert_eq!(instance.difference(&json!([{ "a": 1, "d": 2 }])).as_deref(), Some("/0/d"));
        assert_eq!(instance.difference(&json!([])).as_deref(), Some(""));
        assert_eq!(instance.loss(&json!([{ "a": 1, "c": 2, "d": 2 }])), None);
        assert_eq!(instance.loss(&json!([{ "d": 2 }])).as_deref(), Some("/0/a"));
    }
}
