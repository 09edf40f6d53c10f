//! Between a migration and PostgreSQL: notes every statement as it goes over the wire, and whether a transaction was open then.
//!
//! The server's log would tell the statements, too, but of all databases at once, cut into lines, and not whether they were in a
//! transaction. <https://www.postgresql.org/docs/15/protocol-message-formats.html>

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};
use url::Url;

use crate::support::postgres::PgDatabase;

/// What a client sent: one statement, or several if it was sent unprepared.
#[derive(Clone, Debug)]
pub struct Sent {
    pub sql: String,
    /// As the server said last, on that connection.
    pub in_transaction: bool,
}

type Record = Arc<Mutex<Vec<Sent>>>;

/// A way to a database on which everything is noted.
pub struct Wire {
    /// The administrator's, over this way.
    pub url: String,
    record: Record,
}

impl Wire {
    pub async fn to(database: &PgDatabase) -> Self {
        let record = Record::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut url: Url = database.url.parse().unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        url.set_query(Some("sslmode=disable"));
        let (server, noted) = (database.server.port, record.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(relay(client, server, noted.clone()));
            }
        });
        Self { url: url.into(), record }
    }

    /// What was sent since this was last asked, in order.
    pub fn take(&self) -> Vec<Sent> {
        std::mem::take(&mut *self.record.lock().unwrap())
    }
}

async fn relay(client: TcpStream, server: u16, record: Record) {
    let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
    let in_transaction = Arc::new(AtomicBool::new(false));
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    tokio::spawn(answers(from_server, to_client, in_transaction.clone()));
    requests(from_client, to_server, &in_transaction, &record).await;
}

async fn requests(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, in_transaction: &AtomicBool, record: &Record) {
    // The first one has no type.
    let mut typed = false;
    while let Some((kind, message)) = message(&mut from, typed).await {
        let mut texts = message[usize::from(typed) + 4..].split(|byte| *byte == 0);
        let sql = match kind {
            // A simple query, and a prepared one, whose name comes first.
            Some(b'Q') => texts.next(),
            Some(b'P') => texts.nth(1),
            _ => None,
        };
        if let Some(sql) = sql {
            let sql = String::from_utf8(sql.to_vec()).unwrap();
            record.lock().unwrap().push(Sent { sql, in_transaction: in_transaction.load(Ordering::SeqCst) });
        }
        if to.write_all(&message).await.is_err() {
            return;
        }
        typed = true;
    }
}

async fn answers(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, in_transaction: Arc<AtomicBool>) {
    while let Some((kind, message)) = message(&mut from, true).await {
        // Ready for the next query: idle, in a transaction or in a failed one.
        if kind == Some(b'Z') {
            in_transaction.store(message[5] != b'I', Ordering::SeqCst);
        }
        if to.write_all(&message).await.is_err() {
            return;
        }
    }
}

/// The next message, and its type; `None` at the end.
async fn message(from: &mut OwnedReadHalf, typed: bool) -> Option<(Option<u8>, Vec<u8>)> {
    let mut message = vec![0; usize::from(typed) + 4];
    from.read_exact(&mut message).await.ok()?;
    let length = u32::from_be_bytes(message[usize::from(typed)..].try_into().unwrap());
    // The length counts itself.
    message.resize(usize::from(typed) + usize::try_from(length).unwrap(), 0);
    from.read_exact(&mut message[usize::from(typed) + 4..]).await.ok()?;
    Some((typed.then(|| message[0]), message))
}
