//! A collector that refuses spans or does not answer costs spans and nothing else: that requests are answered is asserted while they are sent (`traffic/deaf.rs`), and
//! that each lost span is counted with its reason, by `registry.rs`.

use crate::recording::recording;
use crate::traffic::EXPORTS_BESIDE_HANGING;

#[test]
fn metrics_come_while_spans_hang() {
    let arrivals = &recording().run("deaf").received.metrics;
    let beside = arrivals.iter().filter(|arrival| arrival.beside_hanging).count();
    println!("{} exports of metrics, {beside} of them while spans hung", arrivals.len());
    assert!(beside >= EXPORTS_BESIDE_HANGING, "{beside}");
}
