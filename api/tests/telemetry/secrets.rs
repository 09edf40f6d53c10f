//! What clients send is their business: variables, literals and credentials are told nowhere.

use std::collections::BTreeSet;

use opentelemetry_proto::tonic::common::v1::KeyValue;

use crate::recording::{Run, recording};
use crate::registry;

/// Where conventions, old and new, put the client's address. By its value it cannot be told from the server's here: both are 127.0.0.1.
const CLIENT: [&str; 10] = [
    "client.address",
    "client.port",
    "client.socket.address",
    "http.client_ip",
    "net.peer.ip",
    "net.peer.name",
    "net.sock.peer.addr",
    "network.peer.address",
    "network.peer.port",
    "source.address",
];

/// All that a run told, in each of the three ways.
fn told(run: &Run) -> [(&'static str, Vec<String>); 3] {
    [
        ("spans", run.received.traces.iter().map(|arrival| format!("{:?}", arrival.request)).collect()),
        ("metrics", run.received.metrics.iter().map(|arrival| format!("{:?}", arrival.request)).collect()),
        ("log", run.log.iter().map(ToString::to_string).collect()),
    ]
}

#[test]
fn nothing_is_told_that_only_the_client_should_know() {
    let mut searched = 0;
    for run in &recording().runs {
        for (way, texts) in told(run) {
            for text in texts {
                searched += text.len();
                for secret in &recording().secrets {
                    let Some(at) = text.find(secret) else { continue };
                    let around: String = text[..at].chars().rev().take(200).collect::<Vec<_>>().into_iter().rev().collect();
                    panic!("{}: {secret:?} is in the {way}: {around}…", run.name);
                }
            }
        }
    }
    println!("{searched} bytes told, none of {} secrets", recording().secrets.len());
}

/// It would be found if it were there.
#[test]
fn what_may_be_told_is_found() {
    for (way, texts) in told(recording().run("usual")) {
        assert!(texts.iter().any(|text| text.contains("BeerDetails")), "{way}");
    }
}

#[test]
fn the_clients_address_is_told_nowhere() {
    for run in &recording().runs {
        let of_spans = run.spans().flat_map(|span| &span.attributes);
        let of_metrics = run.metrics().flat_map(registry::attributes).flatten();
        let resources = run.resource_spans().map(|sent| &sent.resource).chain(run.resource_metrics().map(|sent| &sent.resource));
        let of_resources = resources.flatten().flat_map(|resource| &resource.attributes);
        let told: Vec<&KeyValue> = of_spans.chain(of_metrics).chain(of_resources).collect();
        let in_log = run.log.iter().filter_map(|line| line.as_object()).flat_map(|line| line.keys());
        let keys: BTreeSet<&str> =
            told.iter().map(|attribute| attribute.key.as_str()).chain(in_log.map(String::as_str)).collect();
        assert!(keys.contains("service.name") && keys.contains("principal") || run.name != "usual", "{keys:?}");
        let there: Vec<_> = CLIENT.into_iter().filter(|key| keys.contains(key)).collect();
        assert!(there.is_empty(), "{}: {there:?}", run.name);
        let loopback = told
            .iter()
            .filter(|attribute| attribute.value.as_ref().is_some_and(|value| registry::text(value).contains("127.0.0.1")));
        for attribute in loopback {
            assert_eq!(attribute.key, "server.address", "{}: {attribute:?}", run.name);
        }
    }
}
