import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { buildClientSchema, getIntrospectionQuery, printSchema } from "graphql";
import relay from "relay-runtime";
import { authorization, check, post } from "./check.mjs";

const { Environment, Network, RecordSource, Store, commitMutation, fetchQuery, getSingularSelector } = relay;
const folder = "generated/relay";

await check("the compiler reads the schema of the running service", async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(`${folder}/artifacts`, { recursive: true });
  writeFileSync(`${folder}/queries.json`, "{}");
  const { data } = await post({ query: getIntrospectionQuery() });
  writeFileSync(`${folder}/schema.graphql`, printSchema(buildClientSchema(data)));
  try {
    execFileSync("node_modules/.bin/relay-compiler", { stdio: "pipe" });
  } catch (error) {
    throw new Error(`relay-compiler says:\n${error.stdout}${error.stderr}`);
  }
  assert.equal(readdirSync(`${folder}/artifacts`).length, 6);
});

const documents = JSON.parse(readFileSync(`${folder}/queries.json`, "utf8"));
const compiled = (name) => createRequire(import.meta.url)(`./${folder}/artifacts/${name}.graphql`);

const connect = (send) =>
  new Environment({
    network: Network.create(({ id }, variables) => send(id, (body) => post({ ...body, variables }, { authorization }))),
    store: new Store(new RecordSource()),
  });
const byText = connect((id, post) => post({ query: documents[id] }));

const belgians = { filter: { abv: { gte: 9 }, brewery: { country: { eq: "Belgium" } } } };
const read = (environment, fragment, reference) =>
  environment.lookup(getSingularSelector(compiled(fragment), reference)).data;
const card = (environment, edge) => read(environment, "BeerCard_beer", edge.node);

async function list(environment) {
  const query = await fetchQuery(environment, compiled("BeerListQuery"), belgians).toPromise();
  return () => read(environment, "BeerList_query", query).beers;
}

await check("a query with fragments", async () => {
  const beers = (await list(byText))();
  assert.deepEqual([beers.totalCount, beers.edges.length], [6, 2]);
  const { name, brewery } = card(byText, beers.edges[0]);
  assert.deepEqual([name, brewery.name], ["Trappistes Rochefort 10", "Brasserie de Rochefort"]);
});

await check("a connection grows page by page", async () => {
  const beers = await list(byText);
  for (let pages = 1; beers().pageInfo.hasNextPage; pages += 1) {
    assert.equal(beers().edges.length, 2 * pages);
    const variables = { ...belgians, count: 2, cursor: beers().pageInfo.endCursor };
    await fetchQuery(byText, compiled("BeerListPaginationQuery"), variables).toPromise();
  }
  assert.equal(new Set(beers().edges.map(({ node }) => node.id)).size, 6);
  const strengths = beers().edges.map(({ node }) => node.abv);
  assert.deepEqual(strengths, strengths.toSorted((a, b) => b - a));
});

await check("a mutation changes the object, and node reads it again", async () => {
  const [edge] = (await list(byText))().edges;
  const { id, ratingCount } = card(byText, edge);
  const input = { beerId: id, author: "Relay", rating: 5 };
  const { createReview } = await new Promise((onCompleted, onError) => {
    commitMutation(byText, { mutation: compiled("BeerCardReviewMutation"), variables: { input }, onCompleted, onError });
  });
  assert.deepEqual(createReview.errors, []);
  assert.equal(card(byText, edge).ratingCount, ratingCount + 1);

  const { node } = await fetchQuery(byText, compiled("BeerCardRefetchQuery"), { id, reviews: 3 }).toPromise();
  const { name, reviews } = read(byText, "BeerCard_beer", node);
  assert.equal(name, "Trappistes Rochefort 10");
  assert.deepEqual(reviews.nodes[0], { author: "Relay", rating: 5 });
});

await check("persisted queries, by their hashes", async (requests) => {
  const byHash = connect(async (sha256Hash, post) => {
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const response = await post({ extensions });
    const unknown = response.errors?.[0].extensions.code === "PERSISTED_QUERY_NOT_FOUND";
    return unknown ? post({ extensions, query: documents[sha256Hash] }) : response;
  });
  for (const sent of [2, 3]) {
    const beers = (await list(byHash))();
    assert.equal(card(byHash, beers.edges[0]).name, "Trappistes Rochefort 10");
    assert.equal(requests().length, sent);
  }
});
