//! Effective racks: what a node is in, which follows its configuration only after `recluster:`.
//!
//! ```text
//! racks = namespace *( ";" namespace )
//! namespace = "ns=" name *( ":rack_" id "=" node-id *( "," node-id ) )
//! ```
//! Spelling: the public source of the vendor's tools (enterprise servers).

use super::{Path, Settings};

/// A note for every namespace whose configured rack is not the one that the node is in.
pub(super) fn notes(racks: &str, node_id: &str, settings: &Settings) -> Vec<String> {
    let mut notes = Vec::new();
    for namespace in racks.split(';') {
        let mut fields = namespace
            .split(':')
            .filter_map(|field| field.split_once('='));
        let Some(("ns", name)) = fields.next() else {
            continue;
        };
        let is_here = |nodes: &str| nodes.split(',').any(|node| node == node_id);
        let effective = fields
            .filter_map(|(field, nodes)| Some((field.strip_prefix("rack_")?, nodes)))
            .find(|(_, nodes)| is_here(nodes))
            .map(|(rack, _)| rack);
        let configured = settings.one(&Path::of("namespace").join(name).join("rack-id"));
        if let (Some(effective), Some(configured)) = (effective, configured)
            && effective != configured
        {
            notes.push(format!(
                "namespace `{name}`: rack {configured} is configured, the node is in rack {effective} until `recluster:`"
            ));
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Edition, Release};
    use crate::settings::answers::{Hints, settle};
    use crate::wire::Answers;

    #[track_caller]
    fn case(racks: &str, expected: &[&str]) {
        let mut answers = Answers::default();
        for (command, answer) in [
            ("build", "8.1.2.0"),
            ("edition", "Aerospike Enterprise Edition"),
            ("node", "BB92"),
            ("namespaces", "test"),
            ("get-config:context=namespace;id=test", "rack-id=2"),
            ("racks:", racks),
        ] {
            answers.insert(command, answer);
        }
        let seen = settle(&answers, &Hints::default());
        assert_eq!(seen.node.notes, expected);
        let empty = Settings::new(
            crate::settings::Origin::Runtime,
            Release::NEWEST_KNOWN,
            Edition::Enterprise,
        );
        assert_eq!(notes(racks, "BB92", &empty), Vec::<String>::new());
    }

    #[test]
    fn a_rack_that_waits_for_recluster_is_mentioned_and_node_ids_are_compared_whole() {
        let waits =
            "namespace `test`: rack 2 is configured, the node is in rack 1 until `recluster:`";
        case("ns=test:rack_1=BB92:rack_2=CBB92", &[waits]);
        case("ns=test:rack_1=CBB92:rack_2=A1,BB92", &[]);
        case("ns=test:roster_rack_1=BB92:rack_2=BB92", &[]);
        case("ns=other:rack_1=BB92", &[]);
        case("", &[]);
    }
}
