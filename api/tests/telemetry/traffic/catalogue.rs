//! The database that all runs share: PostgreSQL if it is there.

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DatabaseTransaction};
use secrecy::ExposeSecret as _;
use taproom::auth::{Scope, api_key};
use taproom::database;
use tempfile::TempDir;

use super::{LITERAL, VARIABLE};
use crate::support::postgres::{PASSWORD, Server, own_server};
use crate::support::{patient, skip, sqlite};

pub struct Catalogue {
    pub url: String,
    /// Behind the service's back.
    db: DatabaseConnection,
    /// May do everything.
    pub admin: String,
    /// May write reviews alone.
    pub reviewer: String,
    /// For it to be stopped.
    pub server: Option<Server>,
    _folder: Option<TempDir>,
}

impl Catalogue {
    pub async fn create() -> Self {
        let (db, url, server, folder) = if let Some((server, url)) = own_server().await {
            (database::connect(&patient(&url)).await.unwrap(), url, Some(server), None)
        } else {
            skip("telemetry", "install PostgreSQL: without it no database goes away, and SQL is SQLite's");
            let (db, folder) = sqlite().await;
            let url = format!("sqlite:{}", folder.path().join("taproom.db").display());
            (db, url, None, Some(folder))
        };
        let transaction = database::begin(&db).await.unwrap();
        taproom::catalog::seed::sample(&transaction).await.unwrap();
        transaction.commit().await.unwrap();
        let key =
            async |name: &str, scopes: &[Scope]| api_key::create(&db, name, scopes).await.unwrap().key.expose_secret().to_owned();
        let (admin, reviewer) = (key("admin", &Scope::ALL).await, key("reviewer", &[Scope::ReviewsWrite]).await);
        Self { url, db, admin, reviewer, server, _folder: folder }
    }

    pub fn secrets(&self) -> Vec<String> {
        [VARIABLE, LITERAL, PASSWORD, &self.admin, &self.reviewer].map(str::to_owned).into()
    }

    /// Makes everybody wait who writes a brewery, until this is dropped or rolled back.
    pub async fn lock(&self) -> DatabaseTransaction {
        // SQLite's transactions begin as `database::begin` says: they lock at once.
        let transaction = database::begin(&self.db).await.unwrap();
        if self.server.is_some() {
            transaction.execute_unprepared("LOCK TABLE brewery IN ACCESS EXCLUSIVE MODE").await.unwrap();
        }
        transaction
    }

    /// Runs `work` while there is no table of reviews.
    pub async fn without_reviews(&self, work: impl Future<Output = ()>) {
        self.db.execute_unprepared("ALTER TABLE review RENAME TO review_away").await.unwrap();
        work.await;
        self.db.execute_unprepared("ALTER TABLE review_away RENAME TO review").await.unwrap();
    }
}
