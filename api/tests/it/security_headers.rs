//! What browsers are told of every answer.

use taproom::config::Profile;
use taproom::http::playground::LOADS_FROM_CDN;
use taproom::http::settings::Settings;

use crate::http_support::{Options, TestServer, header};

/// GraphiQL comes from ourselves, or, in a build without Node, from one other place.
fn playground_policy() -> String {
    let cdn = if LOADS_FROM_CDN { " https://cdn.jsdelivr.net" } else { "" };
    format!(
        "default-src 'none'; script-src 'self'{cdn}; style-src 'self'{cdn}; img-src 'self' data:; font-src 'self' data:; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

#[tokio::test]
async fn every_answer_has_them() {
    for profile in [Profile::Development, Profile::Production] {
        let settings = Settings { profile, ..Settings::default() };
        let server = TestServer::start_with(Options { settings, ..Options::default() }).await;
        for path in ["/", "/graphql", "/livez", "/version", "/playground/app.js", "/nothing"] {
            let response = server.get(path).header("accept", "text/html").send().await.unwrap();
            let expected = [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                ("x-frame-options", "DENY"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
                ("strict-transport-security", if profile == Profile::Production { "max-age=31536000" } else { "" }),
            ];
            for (name, value) in expected {
                assert_eq!(header(&response, name), value, "{path}: {name}");
                assert!(response.headers().get_all(name).iter().count() < 2, "{path}: {name}");
            }
            assert!(header(&response, "permissions-policy").starts_with("camera=()"), "{path}");
            let policy = if path == "/" { playground_policy() } else { "default-src 'none'; frame-ancestors 'none'".to_owned() };
            assert_eq!(header(&response, "content-security-policy"), policy, "{path}");
        }
    }
}
