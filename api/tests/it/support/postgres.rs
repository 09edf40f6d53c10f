//! A throwaway PostgreSQL server: one for the whole test process, one database for each test that asks.
//!
//! A shell guards the server. It waits at the end of a pipe that this process holds: however the process ends, the pipe closes, and the
//! shell stops the server and removes its files.

use std::{
    fs,
    io::Write as _,
    os::unix::{fs::PermissionsExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use migration::MigratorTrait as _;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use sea_orm::DatabaseConnection;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use taproom::{config::DatabaseConfig, database};
use tokio::{net::TcpStream, sync::OnceCell};

/// The administrator's password. The server trusts nobody, as a real one.
pub const PASSWORD: &str = "correct-horse";
/// The migrated database that the others are copies of.
const TEMPLATE: &str = "taproom_template";

const GUARD: &str = r#"
start() { "$@" >>"$LOG" 2>&1 </dev/null & server=$!; }
stop() { kill -QUIT $server 2>/dev/null; wait $server; }
start "$@"
while read -r order; do
    case $order in start) start "$@";; stop) stop;; esac
done
stop
rm -rf "$FOLDER"
"#;

/// A running server.
pub struct Server {
    /// TCP port on 127.0.0.1 and name of the socket in `folder`.
    pub port: u16,
    folder: PathBuf,
    log: PathBuf,
    /// Its standard input keeps the server alive, and takes orders.
    guard: Child,
}

/// A test's own database.
pub struct PgDatabase {
    /// The administrator's URL, over TCP, with the password.
    pub url: String,
    /// The database's name.
    pub name: String,
    /// Where it runs.
    pub server: &'static Server,
}

impl Server {
    /// PEM file with the certificate of the authority that vouches for this server, under the name `localhost`.
    pub fn ca(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// The URL of `database` for `user`, with parameters.
    pub fn url(&self, user: &str, host: &str, database: &str) -> String {
        format!("postgres://{user}@{host}:{}/{database}", self.port)
    }

    /// Runs `sql` as the administrator.
    pub async fn execute(&self, database: &str, sql: &str) {
        let url = self.url(&format!("postgres:{PASSWORD}"), "127.0.0.1", database);
        let mut connection = PgConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Ends the server at once, as a crash would, and returns when nobody answers any more.
    pub async fn stop(&mut self) {
        self.order("stop");
        while TcpStream::connect(("127.0.0.1", self.port)).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Starts it again after [`Self::stop`], and returns when it answers.
    pub async fn restart(&mut self) {
        self.order("start");
        self.ready().await;
    }

    fn order(&mut self, order: &str) {
        writeln!(self.guard.stdin.as_mut().unwrap(), "{order}").unwrap();
    }

    fn start(programs: &Path, fsync: &str) -> Self {
        let temporary = tempfile::Builder::new().prefix("taproom-postgres-").tempdir().unwrap();
        let folder = temporary.path().to_owned();
        let data = folder.join("data");
        fs::create_dir(&data).unwrap();
        certificates(&folder);
        fs::write(folder.join("password"), PASSWORD).unwrap();
        // PostgreSQL refuses to run as root.
        let user =
            fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0).then_some("postgres");
        if let Some(user) = user {
            run(Command::new("chown").args(["-R", &format!("{user}:")]).arg(&folder));
        }
        let as_user = |program: &str| {
            let mut words: Vec<PathBuf> = Vec::new();
            if let Some(user) = user {
                words.extend(["setpriv", "--reuid", user, "--regid", user, "--clear-groups", "--"].map(PathBuf::from));
            }
            words.push(programs.join(program));
            words
        };
        let initdb = as_user("initdb");
        run(Command::new(&initdb[0])
            .args(&initdb[1..])
            .args(["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(&data)
            .arg(format!("--pwfile={}", folder.join("password").display()))
            .current_dir(&folder));

        // Free now, and nobody is likely to take it before the server does.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = folder.join("log");
        let guard = Command::new("sh")
            .args(["-c", GUARD, "guard"])
            .args(as_user("postgres"))
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string(), "-k"])
            .arg(&folder)
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=300"])
            .args(["-c", &format!("fsync={fsync}"), "-c", &format!("full_page_writes={fsync}")])
            .args(["-c", "ssl=on", "-c", "ssl_cert_file=../server.pem", "-c", "ssl_key_file=../server.key"])
            .args(["-c", "log_statement=all"])
            .env("LOG", &log)
            .env("FOLDER", &folder)
            .current_dir(&folder)
            // Not in our process group: Ctrl-C ends the tests, and the pipe's end ends the server.
            .process_group(0)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        // From here on the guard removes it.
        let _ = temporary.keep();
        Self { port, folder, log, guard }
    }

    /// All that the server has logged, every statement included.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    async fn ready(&self) {
        let url = self.url(&format!("postgres:{PASSWORD}"), "127.0.0.1", "postgres");
        for _ in 0..300 {
            if let Ok(connection) = PgConnection::connect(&url).await {
                connection.close().await.unwrap();
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("PostgreSQL does not come up: {}", self.log());
    }
}

impl PgDatabase {
    /// A pool for it, as the service opens it.
    pub async fn connect(&self) -> DatabaseConnection {
        database::connect(&super::patient(&self.url)).await.unwrap()
    }
}

/// An empty, migrated database; `None`, with a word about it, if PostgreSQL is not installed.
pub async fn postgres_database() -> Option<PgDatabase> {
    create(TEMPLATE).await
}

/// A database without any schema.
pub async fn unmigrated_postgres_database() -> Option<PgDatabase> {
    create("template1").await
}

async fn create(template: &str) -> Option<PgDatabase> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let server = server().await?;
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    server.execute("postgres", &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    let url = server.url(&format!("postgres:{PASSWORD}"), "127.0.0.1", &name);
    Some(PgDatabase { url, name, server })
}

/// A server of the test's own, which may be stopped, and keeps what was committed; with the URL of a migrated database.
pub async fn own_server() -> Option<(Server, String)> {
    let programs = programs()?;
    let server = tokio::task::spawn_blocking(move || Server::start(&programs, "on")).await.unwrap();
    server.ready().await;
    server.execute("postgres", "CREATE DATABASE own").await;
    let url = server.url(&format!("postgres:{PASSWORD}"), "127.0.0.1", "own");
    let db = database::connect(&DatabaseConfig::at(url.parse().unwrap())).await.unwrap();
    migration::Migrator::up(&db, None).await.unwrap();
    db.close().await.unwrap();
    Some((server, url))
}

/// The server of this process.
async fn server() -> Option<&'static Server> {
    static SERVER: OnceCell<Option<Server>> = OnceCell::const_new();
    let start = || async {
        let programs = programs()?;
        let server = tokio::task::spawn_blocking(move || Server::start(&programs, "off")).await.unwrap();
        server.ready().await;
        server.execute("postgres", &format!("CREATE DATABASE {TEMPLATE}")).await;
        let url = server.url(&format!("postgres:{PASSWORD}"), "127.0.0.1", TEMPLATE);
        let db = database::connect(&DatabaseConfig::at(url.parse().unwrap())).await.unwrap();
        migration::Migrator::up(&db, None).await.unwrap();
        // A template must have no connections.
        db.close().await.unwrap();
        Some(server)
    };
    SERVER.get_or_init(start).await.as_ref()
}

/// The folder of PostgreSQL's programs.
fn programs() -> Option<PathBuf> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        let complete = |folder: &PathBuf| ["initdb", "postgres"].iter().all(|program| folder.join(program).is_file());
        if let Some(named) = std::env::var_os("TAPROOM_TEST_POSTGRES_BIN").map(PathBuf::from) {
            assert!(complete(&named), "TAPROOM_TEST_POSTGRES_BIN names {}, where initdb or postgres is missing", named.display());
            return Some(named);
        }
        let mut folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
        if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
            folders.push(String::from_utf8_lossy(&output.stdout).trim().into());
        }
        let mut installed: Vec<_> = fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten()
            .flatten()
            .map(|version| version.path().join("bin"))
            .collect();
        installed.sort();
        folders.extend(installed.into_iter().rev());
        folders.into_iter().find(complete)
    });
    if found.is_none() {
        let hint = "PostgreSQL is not installed; get it with `apt-get install postgresql`, or name its programs' folder in TAPROOM_TEST_POSTGRES_BIN";
        super::skip("on PostgreSQL", hint);
    }
    found.clone()
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Writes an authority's certificate, and a server's certificate and key.
fn certificates(folder: &Path) {
    let ca = authority("Taproom test authority");
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(["localhost".to_owned()]).unwrap().signed_by(&key, &ca).unwrap();
    fs::write(folder.join("ca.pem"), ca.pem()).unwrap();
    fs::write(folder.join("server.pem"), server.pem()).unwrap();
    let key_file = folder.join("server.key");
    fs::write(&key_file, key.serialize_pem()).unwrap();
    fs::set_permissions(&key_file, fs::Permissions::from_mode(0o600)).unwrap();
}

/// A certificate authority nobody has heard of.
pub fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}
