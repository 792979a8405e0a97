//! The table of results.

use super::{Row, Subject};

/// Prints the table.
pub(super) fn print(subjects: &[Subject]) {
    let width = subjects.iter().map(|subject| subject.client.len()).max().unwrap_or_default().max(6);
    println!(
        "{:width$}  operations  crates  part         build      lines    user     wall    memory  functions       size",
        "client"
    );
    for subject in subjects {
        for row in &subject.rows {
            println!("{:width$}  {}", subject.client, columns(subject, row));
        }
    }
}

fn columns(subject: &Subject, row: &Row) -> String {
    let functions = row.functions.map_or_else(|| "-".to_owned(), |functions| functions.to_string());
    let size = row.size.map_or_else(|| "-".to_owned(), megabytes);
    format!(
        "{:>10}  {:>6}  {:11}  {:7}  {:>7}  {:>6}  {:>7}  {:>8}  {functions:>9}  {size:>9}",
        subject.operations,
        subject.crates,
        row.part,
        row.build.name(),
        row.lines,
        format!("{:.2} s", row.user),
        format!("{:.2} s", row.wall),
        megabytes(row.memory),
    )
}

fn megabytes(bytes: u64) -> String {
    let tenths = (bytes + 50_000) / 100_000;
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::megabytes;

    #[test]
    fn bytes_are_rounded_to_tenths_of_megabytes() {
        assert_eq!(megabytes(6_149_999), "6.1 MB");
        assert_eq!(megabytes(6_150_000), "6.2 MB");
    }
}
