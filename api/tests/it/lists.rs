//! Lists, as clients see them.

use serde_json::json;

use crate::support::app::TestApp;

#[tokio::test]
async fn a_page_has_what_the_connection_specification_asks_for() {
    for app in TestApp::seeded().await {
        let data = app
            .query("{ beers(first: 2) { totalCount nodes { name } edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }", json!({}))
            .await;
        let beers = &data["beers"];
        assert_eq!(beers["totalCount"], 138);
        assert_eq!(beers["edges"][1]["cursor"], beers["pageInfo"]["endCursor"]);
        assert_eq!(beers["edges"][0]["cursor"], beers["pageInfo"]["startCursor"]);
        assert_eq!(beers["pageInfo"]["hasNextPage"], true);
        assert_eq!(beers["pageInfo"]["hasPreviousPage"], false);
    }
}
