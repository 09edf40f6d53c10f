//! OpenTelemetry's instruments, with the attributes of a metric as their type.

use std::marker::PhantomData;

use opentelemetry::metrics::{self, Meter};

use super::{AttributeDefinition, AttributeSet};

/// What kind of instrument a metric is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Counts.
    Counter,
    /// A distribution: an exponential histogram, of which CloudWatch can tell percentiles.
    Histogram,
    /// A value at a time.
    Gauge,
}

/// A metric, as it is registered.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// Its name, of the semantic conventions where there is one.
    pub name: &'static str,
    /// What kind of instrument it is.
    pub kind: Kind,
    /// Its unit in [UCUM](https://ucum.org/ucum), as the conventions want.
    pub unit: &'static str,
    /// What it tells.
    pub description: &'static str,
    /// Its attributes, beside those of the resource.
    pub attributes: &'static [AttributeDefinition],
}

macro_rules! instruments {
    ($($(#[$meta:meta])* $name:ident: $kind:ident, $inner:ty, $build:ident, $number:ty, $method:ident;)+) => {
        $($(#[$meta])*
        #[derive(Debug)]
        pub struct $name<S> {
            inner: $inner,
            attributes: PhantomData<fn(S)>,
        }

        impl<S: AttributeSet> $name<S> {
            pub(super) const KIND: Kind = Kind::$kind;

            pub(super) fn new(meter: &Meter, definition: &Definition) -> Self {
                let inner =
                    meter.$build(definition.name).with_unit(definition.unit).with_description(definition.description).build();
                Self { inner, attributes: PhantomData }
            }

            /// Records a measurement.
            pub fn $method(&self, value: $number, attributes: S) {
                attributes.with(|attributes| self.inner.$method(value, attributes));
            }
        })+
    };
}

instruments! {
    /// Counts.
    Counter: Counter, metrics::Counter<u64>, u64_counter, u64, add;
    /// A distribution.
    Histogram: Histogram, metrics::Histogram<f64>, f64_histogram, f64, record;
    /// A value at a time.
    Gauge: Gauge, metrics::Gauge<f64>, f64_gauge, f64, record;
}

/// A value that is asked for whenever metrics are exported.
#[derive(Debug)]
pub struct ObservableGauge<S> {
    meter: Meter,
    definition: Definition,
    attributes: PhantomData<fn(S)>,
}

impl<S: AttributeSet> ObservableGauge<S> {
    pub(super) const KIND: Kind = Kind::Gauge;

    pub(super) fn new(meter: &Meter, definition: &Definition) -> Self {
        Self { meter: meter.clone(), definition: *definition, attributes: PhantomData }
    }

    /// From now on `ask` is asked.
    pub fn observe<const N: usize>(&self, ask: impl Fn() -> [(u64, S); N] + Send + Sync + 'static) {
        let Definition { name, unit, description, .. } = self.definition;
        let gauge = self.meter.u64_observable_gauge(name).with_unit(unit).with_description(description);
        // The instrument lives in the provider; the handle is of no use.
        let _ = gauge
            .with_callback(move |observer| {
                for (value, attributes) in ask() {
                    attributes.with(|attributes| observer.observe(value, attributes));
                }
            })
            .build();
    }
}
