//! Who may do what in PostgreSQL, set up once by an administrator and idempotently.
//!
//! - The *owner* owns the schema's objects and cannot log in.
//! - The *migrator* logs in and becomes the owner (`TAPROOM_DATABASE_ROLE`). It inherits nothing: without that step it can create
//!   nothing, instead of creating tables that belong to the wrong role.
//! - The *app* reads and writes rows, and nothing else.
//!
//! Each step is a query for the statements that are still to be run. PostgreSQL quotes the names (`format`), and a second run finds
//! nothing to do. Tables that existed before and belong to somebody else are left alone: migrations run as the owner from the start.

use secrecy::{ExposeSecret as _, SecretString};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, PgPool, Postgres, Transaction, postgres::PgConnectOptions};

use super::scram;

/// The roles to set up.
#[derive(Clone, Debug)]
pub struct Roles {
    /// Owns everything; no login.
    pub owner: String,
    /// Runs migrations.
    pub migrator: Login,
    /// The service.
    pub app: Login,
    /// Log in by RDS IAM tokens and not by password.
    pub iam: bool,
}

/// A role that logs in.
#[derive(Clone, Debug)]
pub struct Login {
    /// The role's name.
    pub name: String,
    /// Its password; without one, it stays as it is.
    pub password: Option<SecretString>,
}

/// Why the roles are not as they should be. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RolesError {
    #[error("the owner, the migrator and the app must be three different roles, none of them {0}, who sets them up")]
    NotDistinct(String),
    #[error("there is no role rds_iam; this server is no Amazon RDS, leave out --iam and give passwords")]
    NoRdsIam,
    #[error("the password of {0} has characters other than printable ASCII; use letters, digits and punctuation")]
    Password(String),
    #[error("setting up roles failed at \"{what}\": {reason}; connect as a role with CREATEROLE that owns the database")]
    Step { what: String, reason: String },
    #[error("setting up roles failed: {0}")]
    Database(#[from] sqlx::Error),
}

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What must be so.
    pub what: String,
    /// Whether it was not so before.
    pub changed: bool,
}

struct Step {
    what: String,
    /// Returns the statements to run.
    query: &'static str,
    /// Its parameters, all of type `name`.
    names: Vec<String>,
}

/// The name of a role that can be set up. PostgreSQL would silently cut a longer name, and keeps `pg_` and a few words to itself.
///
/// # Errors
/// What is wrong with `name`, as the rest of a sentence that it begins.
pub fn role_name(name: &str) -> Result<String, &'static str> {
    match name {
        "" => Err("is empty; give the name of a role"),
        _ if name.len() > 63 => Err("is longer than the 63 bytes that PostgreSQL allows"),
        "public" | "none" => Err("is a word that PostgreSQL reserves; give another name"),
        _ if name.starts_with("pg_") => Err("begins with pg_, which PostgreSQL reserves; give another name"),
        _ if name.contains('\0') => Err("contains a NUL character; remove it"),
        _ => Ok(name.to_owned()),
    }
}

/// Makes it so, in one transaction, as the role that `pool` is logged in as.
///
/// # Errors
/// See [`RolesError`].
pub async fn apply(pool: &PgPool, roles: &Roles) -> Result<Vec<Outcome>, RolesError> {
    let mut outcomes = Vec::new();
    let mut transaction = pool.begin().await?;
    // Two at the same time would both find a role missing. The number is arbitrary.
    sqlx::query("SELECT pg_advisory_xact_lock(7461501421)").execute(&mut *transaction).await?;
    check(&mut transaction, roles).await?;
    for step in steps(roles) {
        let failed = |error: sqlx::Error| RolesError::Step { what: step.what.clone(), reason: error.to_string() };
        let changed = run(&mut transaction, &step).await.map_err(failed)?;
        outcomes.push(Outcome { what: step.what, changed });
    }
    if !roles.iam {
        for login in [&roles.migrator, &roles.app] {
            if let Some(password) = &login.password {
                let changed = set_password(&mut transaction, &pool.connect_options(), &login.name, password).await?;
                outcomes.push(Outcome { what: format!("{} has the given password", login.name), changed });
            }
        }
    }
    transaction.commit().await?;
    Ok(outcomes)
}

async fn check(transaction: &mut Transaction<'static, Postgres>, roles: &Roles) -> Result<(), RolesError> {
    let (administrator, rds): (String, bool) =
        sqlx::query_as("SELECT current_user::text, EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam')")
            .fetch_one(&mut **transaction)
            .await?;
    let mut names = [&roles.owner, &roles.migrator.name, &roles.app.name, &administrator];
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(RolesError::NotDistinct(administrator));
    }
    if roles.iam && !rds {
        return Err(RolesError::NoRdsIam);
    }
    for login in [&roles.migrator, &roles.app] {
        let ascii = |password: &SecretString| password.expose_secret().bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if login.password.as_ref().is_some_and(|password| !ascii(password)) {
            return Err(RolesError::Password(login.name.clone()));
        }
    }
    Ok(())
}

async fn run(transaction: &mut Transaction<'static, Postgres>, step: &Step) -> Result<bool, sqlx::Error> {
    let query = step.names.iter().fold(sqlx::query_scalar::<_, String>(step.query), |query, name| query.bind(name));
    let statements = query.fetch_all(&mut **transaction).await?;
    for statement in &statements {
        // Safe: written by `format` on the server, names quoted.
        sqlx::raw_sql(AssertSqlSafe(statement.as_str())).execute(&mut **transaction).await?;
    }
    Ok(!statements.is_empty())
}

/// Whether it was another one before.
async fn set_password(
    transaction: &mut Transaction<'static, Postgres>,
    options: &PgConnectOptions,
    name: &str,
    password: &SecretString,
) -> Result<bool, sqlx::Error> {
    let password = password.expose_secret();
    let readable = sqlx::query_scalar("SELECT has_table_privilege('pg_catalog.pg_authid', 'SELECT')");
    let same = if readable.fetch_one(&mut **transaction).await? {
        let stored = sqlx::query_scalar::<_, Option<String>>("SELECT rolpassword FROM pg_catalog.pg_authid WHERE rolname = $1");
        stored.bind(name).fetch_one(&mut **transaction).await?.is_some_and(|verifier| scram::matches(&verifier, password))
    } else {
        // On RDS nobody may look; whether the password is good shows when it is used.
        match PgConnection::connect_with(&options.clone().username(name).password(password)).await {
            Ok(connection) => connection.close().await.is_ok(),
            Err(_) => false,
        }
    };
    if !same {
        let statement: String = sqlx::query_scalar("SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text)")
            .bind(name)
            .bind(scram::verifier(password))
            .fetch_one(&mut **transaction)
            .await?;
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut **transaction).await?;
    }
    Ok(!same)
}

const ROLE: &str = "SELECT format('CREATE ROLE %I NOLOGIN', $1) WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = $1::name)";
const NO_LOGIN: &str = "SELECT format('ALTER ROLE %I NOLOGIN', $1) FROM pg_roles WHERE rolname = $1::name AND rolcanlogin";
const LOGIN: &str = "SELECT format('ALTER ROLE %I LOGIN', $1) FROM pg_roles WHERE rolname = $1::name AND NOT rolcanlogin";
const NO_INHERIT: &str = "SELECT format('ALTER ROLE %I NOINHERIT', $1) FROM pg_roles WHERE rolname = $1::name AND rolinherit";
const MEMBER: &str = "SELECT format('GRANT %I TO %I', $1, $2) WHERE NOT EXISTS (
    SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
    WHERE g.rolname = $1::name AND u.rolname = $2::name)";
const NOT_MEMBER: &str = "SELECT format('REVOKE %I FROM %I', $1, $2) FROM pg_auth_members m
    JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
    WHERE g.rolname = $1::name AND u.rolname = $2::name";
/// Only a member may say what the owner's future tables are like. A superuser may anyway.
const ADMINISTRATOR: &str =
    "SELECT format('GRANT %I TO %I', $1, current_user) WHERE NOT pg_has_role(current_user, $1::name, 'USAGE')";
const CONNECT: &str = "SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), $1) WHERE NOT EXISTS (
    SELECT FROM pg_database d, aclexplode(d.datacl) a JOIN pg_roles r ON r.oid = a.grantee
    WHERE d.datname = current_database() AND r.rolname = $1::name AND a.privilege_type = 'CONNECT')";
const CREATE_IN_DATABASE: &str = "SELECT format('GRANT CREATE ON DATABASE %I TO %I', current_database(), $1)
    WHERE NOT has_database_privilege($1::name, current_database(), 'CREATE')";
const NOT_PUBLIC: &str = "SELECT 'REVOKE CREATE ON SCHEMA public FROM PUBLIC'
    FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
    WHERE n.nspname = 'public' AND a.grantee = 0 AND a.privilege_type = 'CREATE'";
const SCHEMA_CREATE: &str = "SELECT format('GRANT USAGE, CREATE ON SCHEMA public TO %I', $1)
    WHERE NOT (has_schema_privilege($1::name, 'public', 'USAGE') AND has_schema_privilege($1::name, 'public', 'CREATE'))";
const SCHEMA_USAGE: &str = "SELECT format('GRANT USAGE ON SCHEMA public TO %I', $1) WHERE NOT EXISTS (
    SELECT FROM pg_namespace n, aclexplode(n.nspacl) a JOIN pg_roles r ON r.oid = a.grantee
    WHERE n.nspname = 'public' AND r.rolname = $1::name AND a.privilege_type = 'USAGE')";
const TABLES: &str = "SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE %s TO %I', c.oid::regclass, $2)
    FROM pg_class c JOIN pg_roles o ON o.oid = c.relowner
    WHERE o.rolname = $1::name AND c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT (
        has_table_privilege($2::name, c.oid, 'SELECT') AND has_table_privilege($2::name, c.oid, 'INSERT')
        AND has_table_privilege($2::name, c.oid, 'UPDATE') AND has_table_privilege($2::name, c.oid, 'DELETE'))";
const SEQUENCES: &str = "SELECT format('GRANT USAGE, SELECT ON SEQUENCE %s TO %I', c.oid::regclass, $2)
    FROM pg_class c JOIN pg_roles o ON o.oid = c.relowner
    WHERE o.rolname = $1::name AND c.relnamespace = 'public'::regnamespace AND c.relkind = 'S' AND NOT (
        has_sequence_privilege($2::name, c.oid, 'USAGE') AND has_sequence_privilege($2::name, c.oid, 'SELECT'))";
const FUTURE_TABLES: &str = "SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA public
        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I', $1, $2)
    WHERE (SELECT count(*) FROM pg_default_acl d
        JOIN pg_roles o ON o.oid = d.defaclrole, aclexplode(d.defaclacl) a JOIN pg_roles u ON u.oid = a.grantee
        WHERE o.rolname = $1::name AND u.rolname = $2::name AND d.defaclnamespace = 'public'::regnamespace
        AND d.defaclobjtype = 'r' AND a.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')) < 4";
const FUTURE_SEQUENCES: &str = "SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA public
        GRANT USAGE, SELECT ON SEQUENCES TO %I', $1, $2)
    WHERE (SELECT count(*) FROM pg_default_acl d
        JOIN pg_roles o ON o.oid = d.defaclrole, aclexplode(d.defaclacl) a JOIN pg_roles u ON u.oid = a.grantee
        WHERE o.rolname = $1::name AND u.rolname = $2::name AND d.defaclnamespace = 'public'::regnamespace
        AND d.defaclobjtype = 'S' AND a.privilege_type IN ('USAGE', 'SELECT')) < 2";

fn steps(roles: &Roles) -> Vec<Step> {
    let (owner, migrator, app) = (roles.owner.as_str(), roles.migrator.name.as_str(), roles.app.name.as_str());
    let step =
        |what: String, query, names: &[&str]| Step { what, query, names: names.iter().map(|&name| name.to_owned()).collect() };
    let mut steps = vec![
        step(format!("there is the role {owner}"), ROLE, &[owner]),
        step(format!("{owner} cannot log in"), NO_LOGIN, &[owner]),
        step(format!("the administrator may act for {owner}"), ADMINISTRATOR, &[owner]),
        step(format!("there is the role {migrator}"), ROLE, &[migrator]),
        step(format!("{migrator} can log in"), LOGIN, &[migrator]),
        step(format!("{migrator} inherits nothing"), NO_INHERIT, &[migrator]),
        step(format!("{migrator} may become {owner}"), MEMBER, &[owner, migrator]),
        step(format!("there is the role {app}"), ROLE, &[app]),
        step(format!("{app} can log in"), LOGIN, &[app]),
    ];
    for login in [migrator, app] {
        steps.push(step(format!("{login} may connect"), CONNECT, &[login]));
        let (what, query) = if roles.iam { ("by IAM token only", MEMBER) } else { ("not by IAM token", NOT_MEMBER) };
        steps.push(step(format!("{login} logs in {what}"), query, &["rds_iam", login]));
    }
    steps.extend([
        step("not everybody may create in the schema".to_owned(), NOT_PUBLIC, &[]),
        step(format!("{owner} may create extensions"), CREATE_IN_DATABASE, &[owner]),
        step(format!("{owner} may create in the schema"), SCHEMA_CREATE, &[owner]),
        step(format!("{app} may use the schema"), SCHEMA_USAGE, &[app]),
        step(format!("{app} may read and write the tables"), TABLES, &[owner, app]),
        step(format!("{app} may use the sequences"), SEQUENCES, &[owner, app]),
        step(format!("{app} may read and write future tables"), FUTURE_TABLES, &[owner, app]),
        step(format!("{app} may use future sequences"), FUTURE_SEQUENCES, &[owner, app]),
    ]);
    steps
}
