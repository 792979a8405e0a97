//! The headers that responses declare.

use super::{About, Comparison, Kind, Severity, Subject, matched};
use crate::plan::ResponseHeader;

impl Comparison<'_> {
    pub(super) fn headers(&mut self) {
        let name = |header: &ResponseHeader| header.wire.clone();
        let (pairs, gone, come) = matched(&self.old.headers, &self.new.headers, &[&name]);
        for header in gone {
            let item = method(header);
            let about = About::old(Subject::ResponseHeader, &item, &header.source);
            self.push(about, Kind::Removed, Severity::Major, "removed: no response declares it");
        }
        for header in come {
            let item = method(header);
            let about = About::new(Subject::ResponseHeader, &item, &header.source);
            self.push(about, Kind::Added, Severity::Minor, "added");
        }
        for (was, is) in pairs {
            let item = method(is);
            let about = About::both(Subject::ResponseHeader, &item, &was.source, &is.source);
            if was.name != is.name {
                let text = format!("renamed, was `{}`", was.name.plain());
                self.push(about, Kind::Renamed, Severity::Major, text);
            }
            if let Some((was, is)) = self.retyped(&was.ty, &is.ty) {
                let text = format!("returns `{is}` now, returned `{was}`");
                self.push(about, Kind::Retyped, Severity::Major, text);
            }
            self.docs(about, &was.docs, &is.docs);
        }
    }
}

fn method(header: &ResponseHeader) -> String {
    format!("ResponseHeaders::{}", header.name.plain())
}
