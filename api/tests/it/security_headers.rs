//! What browsers are told of every answer.

use taproom::config::Profile;
use taproom::http::settings::Settings;

use crate::http_support::{Options, TestServer, header};

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
            let policy = header(&response, "content-security-policy");
            assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
            assert_eq!(policy.contains("script-src 'self'"), path == "/", "{path}: {policy}");
        }
    }
}
