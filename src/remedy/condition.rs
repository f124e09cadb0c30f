//! What has to be done first: the server refuses some values while others stand.

use crate::catalogue::Context;
use crate::settings::{Path, Settings, Value};

use super::command::Change;

/// Why the server would refuse the change as it runs now; empty where it would not.
pub(super) fn note(change: &Change<'_>) -> &'static str {
    let difference = change.difference;
    let (Some(context), Some(row), Some(Value::One(value))) = (
        difference.context,
        difference.row,
        &change.wanted_side.value,
    ) else {
        return "";
    };
    let (path, runtime) = (&difference.path, change.runtime);
    let Some(section) = path.parent() else {
        return "";
    };
    let is_refused = match (context, row.name()) {
        (Context::Namespace, "default-ttl") => value != "0" && has_no_nsup(runtime, &section),
        (Context::Set, "default-ttl") => {
            let namespace = section.parent().and_then(|sets| sets.parent());
            value != NEVER && namespace.is_some_and(|namespace| has_no_nsup(runtime, &namespace))
        }
        (Context::Heartbeat, name) => breaks_heartbeat(runtime, &section, name, value),
        (Context::Service, "microsecond-histograms") => has_benchmarks(runtime),
        (Context::Namespace, "memory-size") => is_less_than_half(runtime, path, value),
        _ => false,
    };
    match (is_refused, row.name()) {
        (false, _) => "",
        (true, "default-ttl") => {
            "refused while `nsup-period` is 0 and `allow-ttl-without-nsup` is false"
        }
        (true, "microsecond-histograms") => "refused while a benchmark is enabled",
        (true, "memory-size") => "refused below half of what it is: in steps",
        (true, _) => {
            "refused while `connect-timeout-ms` would be more than `interval` * `timeout` / 3"
        }
    }
}

/// A set whose records never expire: -1.
const NEVER: &str = "4294967295";

fn has_no_nsup(runtime: &Settings, namespace: &Path) -> bool {
    said(runtime, &namespace.join("nsup-period")) == Some("0")
        && said(runtime, &namespace.join("allow-ttl-without-nsup")) == Some("false")
}

fn breaks_heartbeat(runtime: &Settings, heartbeat: &Path, name: &str, value: &str) -> bool {
    let number = |of: &str| match of == name {
        true => value.parse::<u64>().ok(),
        false => said(runtime, &heartbeat.join(of))?.parse().ok(),
    };
    if !matches!(name, "connect-timeout-ms" | "interval" | "timeout") {
        return false;
    }
    match (
        number("connect-timeout-ms"),
        number("interval"),
        number("timeout"),
    ) {
        (Some(connect), Some(interval), Some(timeout)) => {
            connect > interval.saturating_mul(timeout) / 3
        }
        _ => false,
    }
}

fn has_benchmarks(runtime: &Settings) -> bool {
    runtime.iter().any(|(path, setting)| {
        let is_counted = matches!(setting.context, Context::Namespace | Context::Service);
        is_counted
            && path.last().starts_with("enable-benchmarks-")
            && setting.value == Value::One("true".to_owned())
    })
}

fn is_less_than_half(runtime: &Settings, path: &Path, value: &str) -> bool {
    let now = said(runtime, path).and_then(|now| now.parse::<u64>().ok());
    let wanted = value.parse::<u64>().ok();
    wanted
        .zip(now)
        .is_some_and(|(wanted, now)| wanted < now / 2)
}

fn said<'a>(runtime: &'a Settings, path: &Path) -> Option<&'a str> {
    match &runtime.at(path)?.value {
        Value::One(value) => Some(value),
        Value::Many(_) | Value::Anything => None,
    }
}
