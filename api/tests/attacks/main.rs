//! Documents that are sent to hurt, written by hand, at random, and by damage to what is right. What they make the service do is counted, in visits of the guard and in allocations: time is
//! nothing to assert on a busy machine. In a binary of its own for its allocator.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod budget;
mod corpus;
mod documents;
mod fuzz;
mod service;

use allocation_counter::{AllocationInfo, measure};
use async_graphql::parser::{parse_query, types::ExecutableDocument};
use async_graphql::{Response, Variables};
use taproom::auth::Viewer;
use taproom::config::LimitsConfig;
use taproom::graphql::{GraphqlRequest, guard};

use self::corpus::Attack;
use self::service::Service;

/// The first error's code, what the operation may cost, and how long the answer is.
fn send(service: &Service, attack: &Attack) -> (String, u64, usize) {
    let viewer = Viewer::anonymous();
    let request = GraphqlRequest {
        operation_name: attack.operation_name.clone(),
        variables: Variables::from_json(attack.variables.clone()),
        ..GraphqlRequest::new(attack.document.as_str())
    };
    let (response, cost) = match service.executor.prepare(request, &viewer) {
        Ok(prepared) => {
            let cost = prepared.cost;
            (service.execute(prepared, viewer), cost)
        }
        Err(error) => (Response::from_errors(vec![error]), 0),
    };
    let code = response.errors.first().and_then(|error| error.extensions.as_ref()?.get("code")?.clone().into_json().ok());
    let code = code.map_or_else(String::new, |code| code.as_str().unwrap().to_owned());
    (code, cost, serde_json::to_vec(&response).unwrap().len())
}

/// Visits of the guard and selections there are, if the document could be parsed, and allocations up to its verdict.
fn judge(attack: &Attack) -> (u64, u64, AllocationInfo) {
    let limits = LimitsConfig::default();
    let variables = Variables::from_json(attack.variables.clone());
    let mut visits = (0, 0);
    let allocated = measure(|| {
        if guard::check_text(&attack.document, &limits).is_ok()
            && let Ok(document) = parse_query(&attack.document)
        {
            let chosen = document.operations.iter().next().map(|(_, operation)| operation);
            visits = (guard::check(&document, chosen, &variables, &limits).1, selections(&document));
        }
    });
    (visits.0, visits.1, allocated)
}

fn selections(document: &ExecutableDocument) -> u64 {
    use async_graphql::parser::types::{Selection, SelectionSet};
    fn of(set: &SelectionSet) -> u64 {
        let inside = |selection: &Selection| match selection {
            Selection::Field(field) => of(&field.node.selection_set.node),
            Selection::InlineFragment(inline) => of(&inline.node.selection_set.node),
            Selection::FragmentSpread(_) => 0,
        };
        set.items.iter().map(|item| 1 + inside(&item.node)).sum()
    }
    let operations = document.operations.iter().map(|(_, operation)| of(&operation.node.selection_set.node));
    operations.chain(document.fragments.values().map(|fragment| of(&fragment.node.selection_set.node))).sum()
}

/// Allocated by the judge for a byte of the request: mostly by the parser.
const JUDGED: u64 = 500;
/// Allocated altogether for a byte of the request, and for a point if it is executed.
const PER_BYTE: u64 = 4_000;
const PER_POINT: u64 = 10_000;
/// What the smallest request takes.
const SMALLEST: u64 = 1 << 16;

#[test]
fn no_attack_makes_much_work() {
    let service = Service::start(LimitsConfig::default());
    let (mut wrong, mut most) = (Vec::new(), (0.0_f64, 0.0_f64, 0.0_f64));
    for attack in corpus::attacks() {
        let document = attack.document.len() as u64;
        let bytes = document + attack.variables.to_string().len() as u64;
        let (visits, selections, judged) = judge(&attack);
        let mut answer = None;
        let whole = measure(|| answer = Some(send(&service, &attack)));
        let (code, cost, answered) = answer.unwrap();
        println!(
            "{:40} {bytes:>8} B {visits:>5} visits | judged {:>5} × {:>8} B | whole {:>6} × {:>9} B, cost {cost:>6} | answer {answered:>7} B {code}",
            attack.name, judged.count_total, judged.bytes_total, whole.count_total, whole.bytes_total
        );
        let ratio = |work: u64, size: u64| work as f64 / size as f64;
        most = (
            most.0.max(ratio(visits, document)),
            most.1.max(ratio(judged.bytes_total, bytes)),
            most.2.max(ratio(whole.bytes_total, bytes + cost)),
        );
        let mut check = |fits: bool, what: &str| {
            if !fits {
                wrong.push(format!("{}: {what}", attack.name));
            }
        };
        check(code == attack.code, &code);
        // Twice to count, and once for each of at most ten fragments around to compare.
        check(visits <= 12 * selections, "too many visits for its selections");
        check(visits <= document, "too many visits for its length");
        check(judged.bytes_total <= JUDGED * bytes + SMALLEST, "judging allocates too much");
        check(judged.count_total <= document + 100, "judging allocates too often");
        check(whole.bytes_total <= PER_BYTE * bytes + PER_POINT * cost + SMALLEST, "answering allocates too much");
        check(answered as u64 <= 100 * bytes + 1_000 * cost + SMALLEST, "the answer is too long");
    }
    println!("at most {:.1} visits and {:.0} B to judge a byte, {:.0} B altogether for a byte or point", most.0, most.1, most.2);
    assert!(wrong.is_empty(), "{wrong:#?}");
}
