//! Traffic of every kind, each against a start of the program of its own, over one catalogue.

mod catalogue;
mod deaf;
mod guards;
mod healthy;
mod outage;
mod production;
mod sample;
mod scarce;
mod usual;

use crate::receiver::Receiver;
use crate::recording::{Recording, Run};
use crate::service::Service;

pub use self::catalogue::Catalogue;
pub use self::deaf::EXPORTS_BESIDE_HANGING;
pub use self::sample::{
    LITERAL, PARENT_SPAN_ID, TRACE_ID, UNSAMPLED_PARENT_ID, UNSAMPLED_TRACE_ID, VARIABLE, W3C_TRACE_ID, document,
};
pub use self::usual::sha256;

/// Sends all of it.
pub async fn record() -> Recording {
    let mut catalogue = Catalogue::create().await;
    let mut runs = vec![
        usual::run(&catalogue).await,
        guards::run(&catalogue).await,
        production::run(&catalogue).await,
        scarce::run(&catalogue).await,
        deaf::run(&catalogue).await,
        healthy::run(&catalogue).await,
    ];
    runs.extend(outage::run(&mut catalogue).await);
    Recording { runs, secrets: catalogue.secrets() }
}

/// Stops the program, and takes what it told until then.
async fn finish(name: &'static str, service: Service, receiver: &Receiver) -> Run {
    let sent = service.sent();
    let log = service.stop().await;
    Run { name, received: receiver.take(), log, sent }
}
