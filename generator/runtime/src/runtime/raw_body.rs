//! Bodies of one text or one file.

use crate::runtime::multipart::guess;
use crate::runtime::param::{Param, comma_separated};
use crate::runtime::request::Request;
use crate::runtime::source::Payload;
use crate::runtime::upload::Upload;

impl Request<'_> {
    /// Sets a body of text.
    pub(crate) fn text(&mut self, media_type: &str, body: &dyn Param) {
        let text = comma_separated(body).unwrap_or_default();
        self.set_payload(Payload::of_bytes(text), media_type);
    }

    /// Sets a body of bytes. A media type that the upload was given goes before the declared one; where a range is declared,
    /// the name of the file suggests the media type.
    pub(crate) fn upload(&mut self, declared: &str, upload: Upload) {
        let Upload { file_name, media_type, source, observer } = upload;
        let suggested = || if declared.contains('*') { guess(&file_name) } else { declared }.to_owned();
        let media_type = media_type.unwrap_or_else(suggested);
        let mut payload = Payload::default();
        payload.push(source, observer);
        self.set_payload(payload, &media_type);
    }
}
