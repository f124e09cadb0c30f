//! The porch where configurations come from: files, URLs, GitLab, nodes, clusters. All reading from outside is here.

pub mod cluster;
pub mod environment;
pub mod file;
pub mod gitlab;
pub mod http;
pub mod machine;
pub mod node;
pub mod secret;
pub mod spec;
pub mod tls;
