//! Inputs of calls: parameters, bodies and their fields.

use std::collections::BTreeSet;

use super::operations::{call_path, method};
use super::{About, Comparison, Kind, Severity, Subject, constraints, is_reordered, matched};
use crate::ir::ParameterPlace;
use crate::plan::{
    Body, BodyFormat, Call, FormPart, Input, InputKind, OtherBody, Style, Ty, ValueBody, paragraphs,
};

/// The Rust items that a change of an input is about.
struct Names {
    method: String,
    call: String,
}

impl Names {
    /// Returns the method for an argument, and the setter of anything else.
    fn item(&self, input: &Input) -> String {
        if input.is_required { self.method.clone() } else { format!("{}::{}", self.call, input.name.plain()) }
    }
}

impl Comparison<'_> {
    pub(super) fn inputs(&mut self, old: &Call, new: &Call) {
        let wire = |input: &Input| (Some(way(input)), input.wire.clone());
        let name = |input: &Input| (None, input.name.plain().to_owned());
        let (mut pairs, gone, come) = matched(&old.inputs, &new.inputs, &[&wire, &name]);
        let (gone, come) = self.same_segments((old, gone), (new, come), &mut pairs);
        let names = Names { method: method(new), call: call_path(self.new, new) };
        for input in gone {
            let about = About::both(subject(input), &names.method, &input.source, &new.source);
            let name = input.name.plain();
            let text = if input.is_required {
                format!("no longer takes `{name}`")
            } else {
                format!("no longer has the setter `{name}`")
            };
            self.push(about, Kind::Removed, Severity::Major, text);
        }
        for input in come {
            self.new_input(&names, input);
        }
        for (was, is) in &pairs {
            self.input(&names, was, is);
        }
        if is_reordered(&old.inputs, &new.inputs, &pairs, |input| input.is_required) {
            let arguments: Vec<_> =
                new.arguments().map(|input| format!("`{}`", input.name.plain())).collect();
            let about = About::new(Subject::Operation, &names.method, &new.source);
            let text = format!("takes its arguments in another order: {}", arguments.join(", "));
            self.push(about, Kind::Reordered, Severity::Major, text);
        }
        let about = About::both(Subject::Body, &names.method, &old.source, &new.source);
        self.body(about, &old.body, &new.body);
        if let (Body::Value(was), Body::Value(is)) = (&old.body, &new.body) {
            self.form(about, was, is);
        }
        for other in &new.other_bodies {
            let is_same = |was: &&OtherBody| was.body.media_type == other.body.media_type;
            if let Some(was) = old.other_bodies.iter().find(is_same) {
                self.form(about, &was.body, &other.body);
            }
        }
    }

    fn new_input(&mut self, names: &Names, input: &Input) {
        let item = names.item(input);
        let about = About::new(subject(input), &item, &input.source);
        if input.is_required {
            let text = format!("takes `{}: {}`", input.name.plain(), self.is(&input.ty));
            self.push(about, Kind::Added, Severity::Major, text);
        } else {
            self.push(about, Kind::Added, Severity::Minor, "added");
        }
    }

    fn input(&mut self, names: &Names, was: &Input, is: &Input) {
        let item = names.item(is);
        let about = About::both(subject(is), &item, &was.source, &is.source);
        let name = is.name.plain();
        match (was.is_required, is.is_required) {
            (true, false) => {
                let about = About { item: &names.method, ..about };
                let was = was.name.plain();
                let text = format!("no longer takes `{was}`, which is optional now: it has a setter");
                self.push(about, Kind::Optional, Severity::Major, text);
            }
            (false, true) => {
                let ty = self.is(&is.ty);
                let text = format!("takes `{name}: {ty}`, which is required now and had a setter");
                self.push(about, Kind::Required, Severity::Major, text);
            }
            (is_argument, _) => {
                if !is_argument && was.name != is.name {
                    let text = format!("renamed, was `{}`", was.name.plain());
                    self.push(about, Kind::Renamed, Severity::Major, text);
                }
                if let Some((was, is)) = self.retyped(&was.ty, &is.ty) {
                    let text = if is_argument {
                        format!("takes `{name}: {is}` now, was `{was}`")
                    } else {
                        format!("takes `{is}` now, took `{was}`")
                    };
                    self.push(about, Kind::Retyped, Severity::Major, text);
                }
            }
        }
        self.way(about, was, is);
        self.serialization(about, was, is);
        // A type tells the changes of its fields.
        let is_of_type = matches!(is.kind, InputKind::BodyField(_))
            || (matches!(is.kind, InputKind::Body | InputKind::OtherBody(_))
                && matches!(is.value.ty, Ty::Named(_)));
        if !is_of_type {
            self.value(about, was, is);
        }
    }

    /// Compares where an input is sent. What a parameter of the path is called does not matter.
    fn way(&mut self, about: About<'_>, was: &Input, is: &Input) {
        let (before, now) = (way(was), way(is));
        if (before, &was.wire) == (now, &is.wire) || now.1 == Some(ParameterPlace::Path) {
            return;
        }
        let wire = &is.wire;
        let text = if before == now {
            format!("is sent as `{wire}` now, was `{}`", was.wire)
        } else {
            let place = match now.1 {
                Some(ParameterPlace::Path) => "in the path",
                Some(ParameterPlace::Query) => "in the query",
                Some(ParameterPlace::Header) => "as a header",
                Some(ParameterPlace::Cookie) => "as a cookie",
                None => "in the body",
            };
            format!("is sent {place} now, as `{wire}`")
        };
        self.push(about, Kind::Moved, Severity::Patch, with_subject(is, text));
    }

    /// Compares how the value of an input is written.
    fn serialization(&mut self, about: About<'_>, was: &Input, is: &Input) {
        let (before, now) = (written(was), written(is));
        if before != now {
            let text = format!("is sent {now} now, was sent {before}");
            self.push(about, Kind::Moved, Severity::Patch, with_subject(is, text));
        }
    }

    /// Compares how the properties of a form are written.
    fn form(&mut self, about: About<'_>, was: &ValueBody, is: &ValueBody) {
        let (BodyFormat::Form(before), BodyFormat::Form(now)) = (&was.format, &is.format) else { return };
        let names: BTreeSet<_> = before.iter().chain(now).map(|(name, _)| name).collect();
        for name in names {
            let style = |styles: &[(String, Style)]| {
                styles.iter().find(|(styled, _)| styled == name).map(|(_, style)| *style)
            };
            let (before, now) = (phrase(style(before)), phrase(style(now)));
            if before != now {
                let text = format!("sends `{name}` {now} now, was sent {before}");
                self.push(about, Kind::Moved, Severity::Patch, text);
            }
        }
    }

    /// Compares the rules, the default and the documentation of an input.
    fn value(&mut self, about: About<'_>, was: &Input, is: &Input) {
        let rules = constraints::compare(&was.value, &is.value);
        let has_same_rules = rules.is_empty();
        for (kind, text) in rules {
            self.push(about, kind, Severity::Minor, with_subject(is, text));
        }
        // All setters of a whole body are documented alike.
        let is_setter = !is.is_required;
        let has_same_default = !is_setter || constraints::has_same_default(&was.value, &is.value);
        if !has_same_default {
            let text = match &is.value.default {
                Some(default) => format!("defaults to `{default}`"),
                None => "no longer documents a default".to_owned(),
            };
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
        if is_setter {
            self.deprecation(about, was.deprecated, is.deprecated);
            let replaced = |input: &Input| (input.deprecated, input.replacement.clone());
            self.replacement(about, &replaced(was), &replaced(is));
        }
        let is_whole_body = matches!(is.kind, InputKind::Body | InputKind::OtherBody(_));
        let shows_facts = !(is_setter && is_whole_body) && has_same_rules && has_same_default;
        let shows_prose = !(is_setter && is_whole_body);
        let has_same_facts = if is_setter {
            constraints::has_same_facts(&was.value, &is.value)
        } else {
            constraints::has_same_demands(&was.value, &is.value)
        };
        if (shows_facts && !has_same_facts) || (shows_prose && paragraphs(&was.docs) != paragraphs(&is.docs))
        {
            let text = with_subject(is, "has a new description".to_owned());
            self.push(about, Kind::Reworded, Severity::Docs, text);
        }
    }

    fn body(&mut self, about: About<'_>, old: &Body, new: &Body) {
        let (Some(was), Some(is)) = (old.media_type(), new.media_type()) else { return };
        match (old.is_always_sent(), new.is_always_sent()) {
            (true, false) => {
                let text = "sends no body if no property is set";
                self.push(about, Kind::Behaviour, Severity::Patch, text);
            }
            (false, true) => self.push(about, Kind::Behaviour, Severity::Patch, "always sends a body"),
            _ => {}
        }
        if was != is {
            let text = format!("sends its body as `{is}` now, was `{was}`");
            self.push(about, Kind::Moved, Severity::Patch, text);
        }
    }

    /// Pairs parameters of the path that are the same segment, whatever they are called.
    fn same_segments<'i>(
        &self,
        (old, mut gone): (&Call, Vec<&'i Input>),
        (new, mut come): (&Call, Vec<&'i Input>),
        pairs: &mut Vec<(&'i Input, &'i Input)>,
    ) -> (Vec<&'i Input>, Vec<&'i Input>) {
        gone.retain(|was| {
            let Some(at) = segment(old, was) else { return true };
            let is_same =
                |is: &&Input| segment(new, is) == Some(at) && self.retyped(&was.ty, &is.ty).is_none();
            let found = come.iter().position(is_same);
            found.inspect(|index| pairs.push((was, come.remove(*index)))).is_none()
        });
        (gone, come)
    }
}

/// Counts the parameters in the path after this one: from the end, so that a prefix does not matter.
fn segment(call: &Call, input: &Input) -> Option<usize> {
    let is_path = input.kind.place() == Some(ParameterPlace::Path);
    let mut names = call.path.rsplit('{').filter_map(|text| text.split_once('}'));
    names.position(|(name, _)| is_path && name == input.wire)
}

/// Returns how the value of an input is written, for an input with a choice.
fn written(input: &Input) -> String {
    match &input.kind {
        InputKind::Parameter { style, .. } => phrase(*style),
        InputKind::FormPart(FormPart { media_type: Some(media_type), .. }) => format!("as `{media_type}`"),
        InputKind::FormPart(_) => "in the default format".to_owned(),
        _ => String::new(),
    }
}

fn phrase(style: Option<Style>) -> String {
    style.map_or_else(|| "in the default style".to_owned(), Style::phrase)
}

/// Returns what an input is part of, and where a parameter is sent.
fn way(input: &Input) -> (Subject, Option<ParameterPlace>) {
    match &input.kind {
        InputKind::Parameter { place, .. } => (Subject::Parameter, Some(*place)),
        InputKind::BodyField(_) | InputKind::FormPart(_) | InputKind::PartHeader(_) => {
            (Subject::Property, None)
        }
        InputKind::Body | InputKind::OtherBody(_) => (Subject::Body, None),
    }
}

fn subject(input: &Input) -> Subject {
    way(input).0
}

/// Begins a sentence about a method with the argument that it is about.
fn with_subject(input: &Input, text: String) -> String {
    if input.is_required { format!("`{}` {text}", input.name.plain()) } else { text }
}
