//! The porch where configurations come from: files, URLs, GitLab, nodes, clusters. All reading from outside is here.

pub mod cluster;
pub mod node;
pub mod secret;
pub mod tls;
