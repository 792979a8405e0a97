//! The README shows code that compiles: it is part of an example.

use std::fs;
use std::path::Path;

#[test]
fn readme_snippet_equals_quickstart_example() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = fs::read_to_string(workspace.join("README.md")).unwrap();
    let example = fs::read_to_string(workspace.join("generated-client/examples/quickstart.rs")).unwrap();
    let body = example.split_once("    // begin\n").unwrap().1.split_once("    // end\n").unwrap().0;
    let lines: Vec<_> = body.lines().map(|line| line.strip_prefix("    ").unwrap_or(line)).collect();
    let snippet = format!("```rust\n{}\n```\n", lines.join("\n"));
    assert!(readme.contains(&snippet), "expected in README.md:\n{snippet}");
}
