//! Which operations a command is about.

use generator::select::Selection;

/// The tag whose operations are taken unless others are chosen.
const DEFAULT_TAG: &str = "chats";

#[derive(clap::Args)]
pub(crate) struct SelectionOptions {
    /// Take the operations with this tag (`chats` unless something else is chosen); can be repeated.
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// Take the operation with this operationId; can be repeated.
    #[arg(long = "operation", value_name = "ID")]
    operations: Vec<String>,
    /// Take the operations whose path begins with this; can be repeated.
    #[arg(long = "path", value_name = "PREFIX")]
    paths: Vec<String>,
    /// Take every operation.
    #[arg(long, conflicts_with_all = ["tags", "operations", "paths"])]
    all: bool,
}

impl SelectionOptions {
    pub(crate) fn selection(&self) -> Selection {
        let mut tags = self.tags.clone();
        if !self.all && tags.is_empty() && self.operations.is_empty() && self.paths.is_empty() {
            tags.push(DEFAULT_TAG.to_owned());
        }
        Selection { all: self.all, tags, operations: self.operations.clone(), paths: self.paths.clone() }
    }
}
