//! The service over the sample catalogue, without sockets. Its runtime has one thread, for allocations are counted by thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextResolve, ResolveInfo};
use async_graphql::{QueryPathSegment, Response, ServerError, ServerResult, Variables};
use axum::Router;
use migration::MigratorTrait as _;
use sea_orm::DatabaseConnection;
use serde_json::{Value, json};
use taproom::auth::Viewer;
use taproom::config::{DatabaseConfig, LimitsConfig, Profile};
use taproom::database;
use taproom::graphql::{Executor, Features, GraphqlRequest, Prepared};
use taproom::http::{AppState, router, settings::Settings};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::documents::{Schema, TYPES};

pub struct Service {
    pub runtime: Runtime,
    pub executor: Executor,
    pub resolved: Resolved,
    db: DatabaseConnection,
    _folder: TempDir,
}

/// Counts the fields that are resolved.
#[derive(Clone, Default)]
pub struct Resolved(Arc<AtomicU64>);

impl Resolved {
    /// How many there were since this was last asked.
    pub fn take(&self) -> u64 {
        self.0.swap(0, Ordering::Relaxed)
    }
}

impl ExtensionFactory for Resolved {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(self.clone())
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for Resolved {
    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<async_graphql::Value>> {
        // Items of a list come here, too.
        self.0.fetch_add(u64::from(matches!(info.path_node.segment, QueryPathSegment::Name(_))), Ordering::Relaxed);
        next.run(ctx, info).await
    }
}

impl Service {
    pub fn start(limits: LimitsConfig) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("taproom.db").display());
        let db = runtime.block_on(async {
            let db = database::connect(&DatabaseConfig::at(url.parse().unwrap())).await.unwrap();
            migration::Migrator::up(&db, None).await.unwrap();
            let transaction = database::begin(&db).await.unwrap();
            taproom::catalog::seed::sample(&transaction).await.unwrap();
            transaction.commit().await.unwrap();
            db
        });
        let resolved = Resolved::default();
        let features = Features { limits, ..Features::default() };
        let executor = Executor::extended(db.clone(), features, |schema| schema.extension(resolved.clone()));
        let service = Self { runtime, executor, resolved, db, _folder: folder };
        // What is made once is nobody's fault.
        service.query("{ beers { nodes { id } } __typename }");
        service
    }

    pub fn without_limits() -> Self {
        let many = u64::MAX;
        Self::start(LimitsConfig {
            max_document_bytes: many,
            max_tokens: 1 << 40,
            max_nesting: 100,
            max_depth: many,
            max_cost: many,
            max_fields: 1 << 40,
            max_aliases: many,
            max_root_fields: many,
            max_directives: many,
            max_fragments: many,
        })
    }

    pub fn prepare(&self, document: &str, variables: Value, viewer: &Viewer) -> Result<Prepared, ServerError> {
        let variables = Variables::from_json(variables);
        self.executor.prepare(GraphqlRequest { variables, ..GraphqlRequest::new(document) }, viewer)
    }

    pub fn execute(&self, prepared: Prepared, viewer: Viewer) -> Response {
        self.runtime.block_on(self.executor.execute(prepared, viewer))
    }

    pub fn query(&self, document: &str) -> Value {
        let prepared = self.prepare(document, json!({}), &Viewer::anonymous()).unwrap();
        let response = self.execute(prepared, Viewer::anonymous());
        assert!(response.errors.is_empty(), "{:?}", response.errors);
        response.data.into_json().unwrap()
    }

    /// What random documents are written from.
    pub fn schema(&self) -> Schema {
        let lists = "{ beers(first: 3) { nodes { id } } breweries(first: 3) { nodes { id } } styles(first: 2) { nodes { id } } reviews(first: 2) { nodes { id } } }";
        let lists = self.query(lists);
        let nodes = lists.as_object().unwrap().values().flat_map(|list| list["nodes"].as_array().unwrap());
        let ids = nodes.map(|node| node["id"].as_str().unwrap().to_owned()).collect();
        Schema::new(&self.query(TYPES), ids)
    }

    /// All of it.
    pub fn router(&self, profile: Profile) -> Router {
        router(AppState::new(self.db.clone(), self.executor.clone(), None, Settings { profile, ..Settings::default() }))
    }
}
