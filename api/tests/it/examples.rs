//! What the playground and the README show works, on both databases.

use std::collections::HashMap;

use serde_json::{Value, json};
use taproom::auth::Scope;

use crate::support::app::{TestApp, data};

const PLAYGROUND: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/playground/src/examples.graphql"));
const README: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md"));

#[tokio::test]
async fn the_playgrounds_examples_run() {
    for app in TestApp::seeded().await {
        let key = app.key(&Scope::ALL).await;
        for example in PLAYGROUND.split("# ---") {
            let data = data(app.execute_as(Some(&key), example, json!({})).await);
            for (field, value) in data.as_object().unwrap() {
                assert!(value.get("errors").is_none_or(|errors| errors == &json!([])), "{field}: {value:#}");
                assert!(value.get("nodes").is_none_or(|nodes| nodes != &json!([])), "{field} shows nothing: {example}");
            }
        }
        let known = json!({ "query": PLAYGROUND, "operationName": "StrongestBeers" });
        data(app.send(None, &known).await.json().await.unwrap());
    }
}

/// A fenced block of the README.
struct Block {
    /// What stands behind the fence.
    info: &'static str,
    text: String,
}

fn blocks() -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut inside = false;
    for line in README.lines() {
        match (line.strip_prefix("```"), inside) {
            (Some(info), false) => blocks.push(Block { info, text: String::new() }),
            (None, true) => {
                let text = &mut blocks.last_mut().unwrap().text;
                text.push_str(line);
                text.push('\n');
            }
            _ => {}
        }
        inside ^= line.starts_with("```");
    }
    assert!(!inside, "a block is not closed");
    blocks
}

/// In order, each with the variables of the block `json variables` behind it, and with the response in the block `json`, if it has
/// them. A string that ends with `…` stands for whatever begins so; as a variable, for what an earlier response had there.
#[tokio::test]
async fn the_readmes_examples_answer_as_it_says() {
    let blocks = blocks();
    for app in TestApp::seeded().await {
        let key = app.key(&Scope::ALL).await;
        let (mut seen, mut count) = (HashMap::new(), 0);
        for (place, block) in blocks.iter().enumerate() {
            let mut after = blocks[place + 1..].iter();
            let request = match block.info {
                "graphql" => {
                    let variables = after.clone().next().filter(|block| block.info == "json variables");
                    let mut variables =
                        variables.map_or(json!({}), |variables| serde_json::from_str(&variables.text).expect(&variables.text));
                    recall(&mut variables, &seen);
                    json!({ "query": block.text, "variables": variables })
                }
                "sh" if block.text.contains("/graphql") => {
                    let argument = |before: &str| block.text.split(before).nth(1)?.split('\'').next();
                    match argument("-d '") {
                        Some(body) => serde_json::from_str(body).expect(&block.text),
                        None => json!({ "query": argument("--data-urlencode 'query=").expect(&block.text) }),
                    }
                }
                _ => continue,
            };
            let response: Value = app.send(Some(&key), &request).await.json().await.unwrap();
            data(response.clone());
            remember(&response, &mut seen);
            let after = after.find(|block| block.info != "json variables").filter(|block| block.info == "json");
            if let Some(expected) = after {
                let expected = serde_json::from_str(&expected.text).expect(&expected.text);
                assert!(matches(&response, &expected), "{}\nanswers {response:#}\nand not {expected:#}", block.text);
            }
            count += 1;
        }
        assert!(count >= 6, "the README has {count} examples");
    }
}

/// Keeps the last id of each type.
fn remember(response: &Value, seen: &mut HashMap<String, String>) {
    match response {
        Value::String(text) => {
            if let Some((kind, _)) = text.split_once('_').filter(|(_, key)| key.len() == 26) {
                seen.insert(format!("{kind}_"), text.clone());
            }
        }
        Value::Array(items) => items.iter().for_each(|item| remember(item, seen)),
        Value::Object(fields) => fields.values().for_each(|value| remember(value, seen)),
        _ => {}
    }
}

fn recall(variables: &mut Value, seen: &HashMap<String, String>) {
    match variables {
        Value::String(text) => {
            if let Some(begin) = text.strip_suffix('…') {
                let (_, value) = seen.iter().find(|(kind, _)| begin.starts_with(*kind)).expect("an earlier response has it");
                value.clone_into(text);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| recall(item, seen)),
        Value::Object(fields) => fields.values_mut().for_each(|value| recall(value, seen)),
        _ => {}
    }
}

fn matches(value: &Value, expected: &Value) -> bool {
    match (value, expected) {
        (Value::String(text), Value::String(expected)) => match expected.strip_suffix('…') {
            Some(begin) => text.starts_with(begin.split('_').next().unwrap_or_default()),
            None => text == expected,
        },
        (Value::Array(items), Value::Array(expected)) => {
            items.len() == expected.len() && items.iter().zip(expected).all(|(item, expected)| matches(item, expected))
        }
        (Value::Object(fields), Value::Object(expected)) => {
            fields.len() == expected.len()
                && expected.iter().all(|(name, expected)| fields.get(name).is_some_and(|value| matches(value, expected)))
        }
        _ => value == expected,
    }
}
