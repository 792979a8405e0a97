//! Values of scalar schemas: boundary values and texts of each format.

use std::ops::RangeInclusive;

use serde_json::{Map, Number, Value, json};

use super::pattern;

/// Keywords of a scalar schema, of all schemas that hold at the same time.
pub(crate) struct Keywords<'d>(pub(crate) Vec<&'d Map<String, Value>>);

impl<'d> Keywords<'d> {
    /// Returns the values of a keyword.
    pub(crate) fn all(&self, keyword: &str) -> impl Iterator<Item = &'d Value> {
        self.0.iter().filter_map(move |schema| schema.get(keyword))
    }

    /// Returns the first text that a keyword has.
    pub(crate) fn text(&self, keyword: &str) -> Option<&'d str> {
        self.all(keyword).find_map(Value::as_str)
    }

    /// Returns the greatest count that a keyword has.
    pub(crate) fn count(&self, keyword: &str) -> Option<usize> {
        let counts = self.all(keyword).filter_map(count);
        counts.filter_map(|count| usize::try_from(count).ok()).max()
    }

    /// Returns `true` if any schema has a flag.
    pub(crate) fn has_flag(&self, keyword: &str) -> bool {
        self.all(keyword).any(|value| *value == Value::Bool(true))
    }

    /// Returns integers: what is usual, and both ends.
    pub(crate) fn integers(&self) -> Vec<Value> {
        let format = match self.text("format") {
            Some("int8") => i8::MIN.into()..=i8::MAX.into(),
            Some("int16") => i16::MIN.into()..=i16::MAX.into(),
            Some("int32") => i32::MIN.into()..=i32::MAX.into(),
            Some("uint8") => 0..=u8::MAX.into(),
            Some("uint16") => 0..=u16::MAX.into(),
            Some("uint32") => 0..=u32::MAX.into(),
            Some("uint64") => 0..=u64::MAX.into(),
            _ => i64::MIN.into()..=i64::MAX.into(),
        };
        let (least, most) = self.integer_bounds(&format);
        let step =
            self.all("multipleOf").find_map(Value::as_i64).filter(|step| *step > 0).map_or(1, i128::from);
        let usual = 7.clamp(least, most.max(least));
        let mut found: Vec<i128> = [usual, least, most, 0, -1]
            .into_iter()
            .filter(|value| (least..=most).contains(value))
            .map(|value| value - value.rem_euclid(step))
            .collect();
        found.push(least + (step - least.rem_euclid(step)) % step);
        let values = found.into_iter().filter_map(integer);
        values.fold(Vec::new(), |mut values, value| {
            if !values.contains(&value) {
                values.push(value);
            }
            values
        })
    }

    fn integer_bounds(&self, format: &RangeInclusive<i128>) -> (i128, i128) {
        let least = self.bounds("minimum", "exclusiveMinimum").map(|(bound, is_exclusive)| {
            let (floor, ceil) = whole(bound);
            if is_exclusive { floor + 1 } else { ceil }
        });
        let most = self.bounds("maximum", "exclusiveMaximum").map(|(bound, is_exclusive)| {
            let (floor, ceil) = whole(bound);
            if is_exclusive { ceil - 1 } else { floor }
        });
        (least.fold(*format.start(), i128::max), most.fold(*format.end(), i128::min))
    }

    /// Returns bounds, each with `true` if it is exclusive.
    fn bounds(
        &self,
        inclusive: &'static str,
        exclusive: &'static str,
    ) -> impl Iterator<Item = (&'d Number, bool)> {
        let of = move |schema: &'d Map<String, Value>| {
            let flag = schema.get(exclusive);
            let is_exclusive = flag == Some(&Value::Bool(true));
            let stated = schema.get(inclusive).and_then(Value::as_number).map(|bound| (bound, is_exclusive));
            [stated, flag.and_then(Value::as_number).map(|bound| (bound, true))]
        };
        self.0.iter().flat_map(move |schema| of(schema)).flatten()
    }

    /// Returns numbers: what is usual, and both ends.
    pub(crate) fn numbers(&self) -> Vec<Value> {
        let floats =
            |inclusive, exclusive| self.bounds(inclusive, exclusive).filter_map(|(bound, _)| bound.as_f64());
        let least = floats("minimum", "exclusiveMinimum").reduce(f64::max);
        let most = floats("maximum", "exclusiveMaximum").reduce(f64::min);
        let mut found = vec![0.5, 0.0, -1.5, 1000.25];
        found.extend(least.into_iter().flat_map(|least| [least, least + 0.5]));
        found.extend(most.into_iter().flat_map(|most| [most, most - 0.5]));
        found.extend(self.all("multipleOf").filter_map(Value::as_f64).map(|factor| factor * 3.0));
        let is_within =
            |value: &f64| least.is_none_or(|least| *value >= least) && most.is_none_or(|most| *value <= most);
        let mut values: Vec<Value> = found.into_iter().filter(is_within).map(Value::from).collect();
        // Whole numbers are written without a fraction, too.
        values.extend(
            self.integers()
                .into_iter()
                .filter(|value| value.as_f64().is_some_and(|float| is_within(&float) && float.abs() < 1e6)),
        );
        values
    }

    /// Returns texts: what is usual, the shortest and the longest, and letters that need an escape.
    pub(crate) fn texts(&self) -> Vec<String> {
        let format = self.text("format").unwrap_or_default();
        let mut texts: Vec<String> = texts_of_format(format).iter().map(ToString::to_string).collect();
        let patterns: Vec<&str> = self.all("pattern").filter_map(Value::as_str).collect();
        for pattern in &patterns {
            texts.extend(self.stated());
            texts.extend(pattern::texts(pattern));
        }
        if texts.is_empty() {
            texts.extend(
                [
                    "text",
                    "",
                    "Zoë ☃ 😀",
                    "a \"quoted\" \\ line\nand\ttab \u{7f}",
                    "a/b?c=d&e#f%20g+h,i;j:k|l[m]@~.$",
                ]
                .map(str::to_owned),
            );
        }
        let least = self.count("minLength").unwrap_or_default();
        let most = self.all("maxLength").filter_map(count).min();
        if patterns.is_empty() && format.is_empty() {
            texts.extend((least > 0).then(|| "é".repeat(least.min(MOST_LETTERS))));
            let most = most.and_then(|most| usize::try_from(most).ok());
            texts.extend(most.filter(|most| *most <= MOST_LETTERS).map(|most| "z".repeat(most)));
        }
        // What is likely valid goes first: it stands for the schema in the values around it.
        let validator = jsonschema::draft202012::options().should_validate_formats(true).build(&json!({
            "format": format,
            "minLength": least,
            "maxLength": most.unwrap_or(u64::MAX),
            "allOf": patterns.iter().map(|pattern| json!({ "pattern": pattern })).chain([json!({})]).collect::<Vec<_>>(),
        }));
        if let Ok(validator) = validator {
            texts.sort_by_key(|text| !validator.is_valid(&Value::from(text.as_str())));
        }
        texts
    }

    /// Returns texts that the description has for the schema.
    fn stated(&self) -> Vec<String> {
        let lists = self.all("examples").filter_map(Value::as_array).flatten();
        let stated = self.all("example").chain(self.all("default")).chain(lists);
        stated.filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

/// Returns a count, which may be written as a floating-point number.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the number is a count")]
pub(crate) fn count(value: &Value) -> Option<u64> {
    let whole = |float: &f64| float.fract() == 0.0 && *float >= 0.0;
    value.as_u64().or_else(|| value.as_f64().filter(whole).map(|float| float as u64))
}

/// The length of the longest text.
const MOST_LETTERS: usize = 5000;

fn texts_of_format(format: &str) -> &'static [&'static str] {
    match format {
        "date-time" => {
            &["2024-02-29T12:34:56Z", "1970-01-01T00:00:00.123456+03:00", "2016-12-31T23:59:60Z", "tomorrow"]
        }
        "date" => &["2024-02-29", "0001-01-01", "2023-02-29"],
        "time" => &["12:34:56Z", "23:59:59.5+01:00", "noon"],
        "duration" => &["P3DT4H", "P1Y2M", "3 days"],
        "uuid" => &["123e4567-e89b-12d3-a456-426614174000", "no-uuid"],
        "uri" | "url" => &["https://example.com/a?b=c#d", "urn:a:b", "no uri"],
        "email" => &["user@example.com", "nobody"],
        "hostname" => &["example.com"],
        "ipv4" => &["192.0.2.1", "192.0.2.256"],
        "ipv6" => &["2001:db8::1", "::", "g::"],
        "byte" => &["aGVsbG8=", "", "AA=="],
        "decimal" => &["12.34", "-0.10"],
        "int64" | "int32" => &["12", "-1"],
        _ => &[],
    }
}

/// Returns the greatest integer that is not above a number, and the least one that is not below.
#[expect(clippy::cast_possible_truncation, reason = "bounds of integers are far smaller")]
fn whole(number: &Number) -> (i128, i128) {
    match number.as_i128().or_else(|| number.as_u128().and_then(|number| i128::try_from(number).ok())) {
        Some(integer) => (integer, integer),
        None => {
            let float = number.as_f64().unwrap_or_default();
            (float.floor() as i128, float.ceil() as i128)
        }
    }
}

fn integer(value: i128) -> Option<Value> {
    i64::try_from(value).map(Value::from).ok().or_else(|| u64::try_from(value).map(Value::from).ok())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Keywords;

    fn integers(schema: Value) -> Vec<Value> {
        let Value::Object(schema) = schema else { panic!("no object") };
        Keywords(vec![&schema]).integers()
    }

    #[test]
    fn integers_have_both_ends() {
        assert_eq!(integers(json!({ "minimum": 3, "maximum": 9 })), [json!(7), json!(3), json!(9)]);
        let exclusive = json!({ "minimum": 3, "exclusiveMinimum": true, "exclusiveMaximum": 9 });
        assert_eq!(integers(exclusive), [json!(7), json!(4), json!(8)]);
        assert_eq!(integers(json!({ "format": "uint64" }))[2], json!(u64::MAX));
        assert_eq!(
            integers(json!({ "minimum": 9_007_199_254_740_993_i64 }))[0],
            json!(9_007_199_254_740_993_i64)
        );
        assert!(integers(json!({ "minimum": 1, "multipleOf": 10 })).contains(&json!(10)));
    }

    #[test]
    fn texts_that_match_go_first() {
        let schema = json!({ "pattern": "^[a-z]+$", "minLength": 10, "example": "NO" });
        let Value::Object(schema) = schema else { panic!("no object") };
        assert_eq!(Keywords(vec![&schema]).texts()[0], "a".repeat(10));
        let schema = json!({ "maxLength": 3 });
        let Value::Object(schema) = schema else { panic!("no object") };
        assert_eq!(Keywords(vec![&schema]).texts()[..2], ["", "zzz"]);
    }
}
