//! What the machine decides: how many CPUs it has, and the mtu of its interfaces.
//!
//! A silent file means whatever the machine has, so there is nothing to compare with. Only where the answers
//! contradict each other, or were given by this very machine, is it known what the server worked out.
//!
//! Whether they were given here is told by the address that was asked, by a node id that is made of an interface of
//! this machine, and by the machine's memory, which the statistics give to half a percent: behind an address of this
//! machine there may be a tunnel to another.

use super::answers::Node;
use super::{Origin, Path, Settings, Value};

/// The machine that the program runs on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machine {
    /// CPUs that are online; `None` where nobody says.
    pub cpus: Option<u64>,
    /// Its network interfaces.
    pub interfaces: Vec<Interface>,
    /// KiB of memory; `None` where nobody says.
    pub memory: Option<u64>,
}

/// A network interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Its hardware address; zeros for loopback.
    pub mac: [u8; 6],
    /// The largest packet that it takes, in bytes.
    pub mtu: u64,
}

/// Whether the answers were given by the machine that the program runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// It was asked at one of the machine's own addresses.
    Here,
    /// It was asked at another machine's address.
    Elsewhere,
    /// It was recorded.
    Recorded,
}

/// Linux gives this to every loopback interface.
const LOOPBACK_MTU: u64 = 65536;

/// Threads for each CPU where the work on a namespace waits for a device.
const WAITING: u64 = 5;

/// The default of `post-write-queue` on a device whose data is not in memory, too (up to 6.4).
const POST_WRITE_QUEUE: &str = "256";

/// Data that is in memory needs no queue of blocks, whatever the file says of it.
pub(super) const NO_QUEUE: &str = "0";

/// The mtu of an Ethernet, whose interface may have come or gone since.
const ETHERNET_MTU: u64 = 1500;

impl Settings {
    /// Learns what this file's silence means on the node that the answers came from.
    pub fn learn_from(
        &mut self,
        runtime: &Settings,
        node: &Node,
        machine: &Machine,
        whereabouts: Whereabouts,
    ) {
        let made_of = self.interface_of(node, machine);
        let has_its_memory = has_memory_of(node, machine);
        let is_here = match whereabouts {
            Whereabouts::Here => has_its_memory != Some(false),
            Whereabouts::Elsewhere => made_of.is_some() && has_its_memory != Some(false),
            Whereabouts::Recorded => has_its_memory.unwrap_or(made_of.is_some()),
        };
        // What another file has of the node's own address is told by the node.
        self.own_addresses.clone_from(&node.addresses);
        self.learn_consequences(runtime);
        let cpus = machine.cpus.filter(|_| is_here);
        self.learn_threads(runtime, cpus, machine.cpus, whereabouts);
        let interfaces = if is_here {
            machine.interfaces.as_slice()
        } else {
            &[]
        };
        self.learn_mtu(runtime, interfaces, made_of);
    }

    /// Learns the same for one of several nodes: what their file's silence means differs from machine to machine, so
    /// it is kept with the node.
    pub fn expect_from(
        &mut self,
        file: &Settings,
        node: &Node,
        machine: &Machine,
        whereabouts: Whereabouts,
    ) {
        let mut silent = file.clone();
        silent.learn_from(self, node, machine, whereabouts);
        self.expected = silent.implied;
        self.expected.retain(|path, _| {
            file.at(path)
                .is_none_or(|said| said.value != Value::Anything)
        });
    }

    /// What a silent file is known to mean on this node.
    pub fn expected(&self, path: &Path) -> Option<&Value> {
        self.expected.get(path)
    }

    /// A node id that the file leaves open is made of a port and the hardware address of an interface, backwards.
    fn interface_of(&self, node: &Node, machine: &Machine) -> Option<Interface> {
        if self.at(&Path::of("service").join("node-id")).is_some() {
            return None;
        }
        let [_, _, mut mac @ ..] = u64::from_str_radix(&node.id, 16).ok()?.to_be_bytes();
        mac.reverse();
        machine
            .interfaces
            .iter()
            .copied()
            .find(|interface| interface.mac == mac)
    }

    /// What follows from a value that the server started with is no difference of its own when the file gives that
    /// value anew.
    fn learn_consequences(&mut self, runtime: &Settings) {
        let network = Path::of("network");
        let heartbeat = network.join("heartbeat").join("address");
        let fabric = network.join("fabric").join("address");
        if let (Some(one), Some(other)) = (runtime.at(&heartbeat), runtime.at(&fabric))
            && one.value == other.value
        {
            self.imply(heartbeat, one.value.clone());
        }
        for namespace in runtime.namespaces() {
            // There are no transactions before the namespace is strongly consistent.
            let duration = namespace.join("mrt-duration");
            if runtime.one(&duration) == Some("0") && !runtime.is_consistent_at(&duration) {
                self.imply(duration, Value::One("0".to_owned()));
            }
            let engine = namespace.join("storage-engine");
            let queue = engine.join("post-write-queue");
            let started_with = match runtime.one(&engine.join("data-in-memory")) {
                Some("true") => NO_QUEUE,
                Some("false") => self.one(&queue).unwrap_or(POST_WRITE_QUEUE),
                Some(_) | None => continue,
            };
            let started_with = Value::One(started_with.to_owned());
            self.imply(queue, started_with);
        }
    }

    /// `here` is how many CPUs the node has if it is this machine, `known` how many this machine has.
    fn learn_threads(
        &mut self,
        runtime: &Settings,
        here: Option<u64>,
        known: Option<u64>,
        whereabouts: Whereabouts,
    ) {
        let service = Path::of("service");
        let (batch, threads) = (
            service.join("batch-index-threads"),
            service.join("service-threads"),
        );
        let (says_batch, says_threads) = (self.at(&batch).is_some(), self.at(&threads).is_some());
        let number = |path: &Path| {
            runtime
                .one(path)
                .and_then(|value| value.parse::<u64>().ok())
        };
        if self.is_pinned() {
            return;
        }
        let is_sure = whereabouts == Whereabouts::Here;
        // The server worked them out for the engines that it started with.
        let factor = runtime.threads_for_each_cpu();
        let is_guess = runtime.has_unseen_engines();
        let both = number(&batch)
            .zip(number(&threads))
            .filter(|_| !says_batch && !says_threads);
        let cpus = match (here, both) {
            // Two numbers that were never set and agree are believed rather than a guess at where the node is.
            (_, Some((batch, threads))) if batch * factor == threads && !is_sure => return,
            (_, Some((batch, threads))) if is_guess && batch * WAITING == threads => return,
            (Some(cpus), _) => cpus,
            (None, _) if is_guess => return,
            (None, Some((batch, threads))) if batch * factor != threads => {
                cpus_behind(batch, threads, factor, known)
            }
            (None, _) => return,
        };
        if !says_batch {
            self.imply(batch, Value::One(cpus.min(256).to_string()));
        }
        if !says_threads && !is_guess {
            self.imply(threads, Value::One((cpus * factor).min(4096).to_string()));
        }
    }

    /// A server that is pinned to CPUs counts others than the machine has.
    fn is_pinned(&self) -> bool {
        let auto_pin = self.one(&Path::of("service").join("auto-pin"));
        auto_pin.is_some_and(|auto_pin| auto_pin != "none")
    }

    /// Whether there may be a namespace on devices that was not seen.
    fn has_unseen_engines(&self) -> bool {
        let is_hidden = |namespace: &Path| {
            let engine = namespace.join("storage-engine");
            self.is_unseen(&engine) && self.at(&engine).is_none()
        };
        self.is_unseen(&Path::of("namespace")) || self.namespaces().any(is_hidden)
    }

    /// More, where the work on a namespace waits for a device; else one.
    fn threads_for_each_cpu(&self) -> u64 {
        let waits = |namespace: &Path| self.waits_for_devices(&namespace.join("storage-engine"));
        if self.namespaces().any(waits) {
            WAITING
        } else {
            1
        }
    }

    fn namespaces(&self) -> impl Iterator<Item = &Path> {
        let root = Path::of("namespace");
        self.sections
            .keys()
            .filter(move |path| path.parent().as_ref() == Some(&root))
    }

    /// Whether the server does not do a namespace's work inline, as its cfg.c has it: data that are read from a device,
    /// or, in enterprise servers, writes that are committed to one.
    fn waits_for_devices(&self, engine: &Path) -> bool {
        let is_true = |name: &str| self.one(&engine.join(name)) == Some("true");
        let is_committed = is_true("commit-to-device");
        let is_shadow = |device: &String| device.contains(' ');
        match self.one(engine) {
            Some("device") => !is_true("data-in-memory") || is_committed,
            Some("memory") => {
                let backs = |name: &str| !self.many(&engine.join(name)).is_empty();
                is_committed && (backs("file") || backs("device"))
            }
            Some("pmem") if self.release.is_from(7, 0) => {
                is_committed && self.many(&engine.join("file")).iter().any(is_shadow)
            }
            _ => false,
        }
    }

    fn learn_mtu(&mut self, runtime: &Settings, here: &[Interface], made_of: Option<Interface>) {
        let heartbeat = Path::of("network").join("heartbeat");
        let mtu = heartbeat.join("mtu");
        let addresses = runtime.many(&heartbeat.join("address"));
        // Other addresses of 127.0.0.0/8 belong to no interface, and a server takes an Ethernet's mtu for them.
        let is_loopback =
            |address: &String| matches!(address.as_str(), "127.0.0.1" | "localhost" | "::1" | "lo");
        if !addresses.is_empty() && addresses.iter().all(is_loopback) {
            self.imply(mtu, Value::One(LOOPBACK_MTU.to_string()));
            return;
        }
        let Some(reported) = runtime
            .one(&mtu)
            .and_then(|value| value.parse::<u64>().ok())
        else {
            return;
        };
        let is_usual =
            reported == ETHERNET_MTU || here.iter().any(|interface| interface.mtu == reported);
        if !here.is_empty() && !is_usual {
            let expected = made_of.map_or(ETHERNET_MTU, |interface| interface.mtu);
            self.imply(mtu, Value::One(expected.to_string()));
        }
    }
}

/// Whether this is one of the numbers of threads that a server works out from its CPUs.
pub fn is_threads_of_cpus(path: &Path) -> bool {
    matches!(
        path.as_str(),
        "service.batch-index-threads" | "service.service-threads"
    )
}

/// Whether a node's number of threads can be what it worked out from its CPUs: its two numbers follow from one number of
/// CPUs, or it is the other that was changed.
pub fn follows_cpus(runtime: &Settings, path: &Path) -> bool {
    let service = Path::of("service");
    let (of_batch, of_service) = (
        service.join("batch-index-threads"),
        service.join("service-threads"),
    );
    let number = |path: &Path| runtime.one(path)?.parse::<u64>().ok();
    if runtime.origin != Origin::Runtime {
        return false;
    }
    let (batch, threads) = match (number(&of_batch), number(&of_service)) {
        (Some(batch), Some(threads)) => (batch, threads),
        // What was not seen contradicts nothing.
        (Some(_), None) => return runtime.is_unseen(&of_service),
        (None, Some(_)) => return runtime.is_unseen(&of_batch),
        (None, None) => return false,
    };
    let factor = match runtime.has_unseen_engines() && batch * WAITING == threads {
        true => WAITING,
        false => runtime.threads_for_each_cpu(),
    };
    // More CPUs than this change nothing.
    if batch >= 256 || threads >= 4096 || batch * factor == threads {
        return true;
    }
    let cpus = cpus_behind(batch, threads, factor, None);
    match *path == of_batch {
        true => batch == cpus,
        false => threads == cpus * factor,
    }
}

/// Whether a node has this machine's memory: free memory in KiB and in whole percent leave a narrow span for the
/// whole. `None` where one of them does not say.
fn has_memory_of(node: &Node, machine: &Machine) -> Option<bool> {
    let (memory, (free, percent)) = machine.memory.zip(node.free_memory)?;
    let span = free * 100 / (percent + 1)..=(free * 100).checked_div(percent)?;
    Some(span.contains(&memory))
}

/// Two numbers of threads that were worked out from the same CPUs contradict each other: one of them was changed.
/// Which one is told by what can be a number of CPUs, then by this machine's own.
fn cpus_behind(batch: u64, threads: u64, factor: u64, known: Option<u64>) -> u64 {
    let by_threads = threads / factor;
    let can_be = |cpus: u64| cpus == 1 || (cpus > 0 && cpus.is_multiple_of(2));
    if !threads.is_multiple_of(factor) || !can_be(by_threads) {
        return batch;
    }
    if !can_be(batch) || known == Some(by_threads) {
        return by_threads;
    }
    batch
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(batch: u64, threads: u64, factor: u64, known: Option<u64>, expected: u64) {
        assert_eq!(cpus_behind(batch, threads, factor, known), expected);
    }

    #[test]
    fn the_number_that_can_be_a_number_of_cpus_is_believed() {
        case(2, 9, 1, None, 2);
        case(2, 9, 5, None, 2);
        case(3, 10, 5, None, 2);
        case(4, 10, 5, Some(2), 2);
        case(4, 10, 5, Some(4), 4);
        case(4, 10, 5, None, 4);
    }

    /// How many threads a silent file is taken to mean, of answers with these numbers; the machine has two CPUs.
    #[track_caller]
    fn answered(whereabouts: Whereabouts, service: &str, percent: u64, expected: Option<&str>) {
        let mut answers = crate::wire::Answers::default();
        answers.insert("build", "8.1.2.0");
        answers.insert("get-config:context=service", service);
        let memory = format!("system_free_mem_kbytes=900;system_free_mem_pct={percent}");
        answers.insert("statistics", memory);
        let seen = crate::settings::answers::settle(&answers, &Default::default());
        let machine = Machine {
            cpus: Some(2),
            memory: Some(1000),
            ..Machine::default()
        };
        let (release, edition) = (seen.settings.release, seen.settings.edition);
        let mut file = Settings::new(crate::settings::Origin::File, release, edition);
        file.learn_from(&seen.settings, &seen.node, &machine, whereabouts);
        let batch = Path::of("service").join("batch-index-threads");
        let implied = file.implied.get(&batch).cloned();
        assert_eq!(implied, expected.map(|cpus| Value::One(cpus.to_owned())));
    }

    #[test]
    fn a_recording_is_held_against_this_machine_only_if_it_fits_and_does_not_speak_for_another() {
        let case = |service: &str, percent, expected| {
            answered(Whereabouts::Recorded, service, percent, expected);
        };
        case("batch-index-threads=4", 90, Some("2"));
        case("batch-index-threads=4", 45, None);
        case("batch-index-threads=4;service-threads=4", 90, None);
        case("batch-index-threads=4;service-threads=2", 90, Some("2"));
    }

    #[test]
    fn a_tunnel_at_an_address_of_this_machine_leads_to_another() {
        let case = |service: &str, percent, expected| {
            answered(Whereabouts::Here, service, percent, expected);
        };
        case("batch-index-threads=4", 90, Some("2"));
        case("batch-index-threads=4;service-threads=4", 90, Some("2"));
        case("batch-index-threads=4", 45, None);
        case("batch-index-threads=4;service-threads=4", 45, None);
    }
}
