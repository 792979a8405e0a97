//! Tests of the generator, one module per topic.
//!
//! A fixture shows what a description becomes: a folder in `fixtures/accepted` or `fixtures/refused`, named after
//! the feature, with `openapi.yaml` and the expected `report.snap`. An accepted one is compiled, too; `behaviour.rs` beside
//! it holds tests of its client, `rendered` the files of that client that are worth a review.

mod bundle;
mod callbacks;
mod components;
mod contract;
mod crates;
mod cyclic_unions;
mod diff;
mod features;
mod fixtures;
mod json;
mod mutation;
mod normalise;
mod output;
mod overlay;
mod plan;
mod public_api;
mod rendering;
mod reports;
mod runtime_sample;
mod schemas;
mod scratch;
mod skipping;
mod trees;
mod type_names;
mod vendor_updates;
mod yaml;
