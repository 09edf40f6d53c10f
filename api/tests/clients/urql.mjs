import assert from "node:assert/strict";
import { Client, cacheExchange, fetchExchange, gql } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";
import { authorization, check, url } from "./check.mjs";

const connect = (exchanges, options) => new Client({ url, exchanges: [...exchanges, fetchExchange], ...options });
const post = { preferGetMethod: false };
const client = connect([], post);

const strongBelgians = (name) =>
  gql(`query ${name}($first: Int!, $filter: BeerFilter) {
    beers(first: $first, filter: $filter, orderBy: { field: ABV, direction: DESC }) {
      totalCount
      nodes { name abv }
    }
  }`);
const variables = { first: 1, filter: { abv: { gte: 9 }, brewery: { country: { eq: "Belgium" } } } };

async function assertStrongBelgians(client, query = strongBelgians("StrongBelgians")) {
  const { data, error } = await client.query(query, variables);
  assert.equal(error?.message, undefined);
  assert.equal(data.beers.totalCount, 6);
  const { name, abv } = data.beers.nodes[0];
  assert.deepEqual({ name, abv }, { name: "Trappistes Rochefort 10", abv: 11.3 });
}

await check("a query with variables", async (requests) => {
  await assertStrongBelgians(client);
  assert.deepEqual(requests(), ["POST"]);
});

for (const preferGetMethod of ["within-url-limit", "force"]) {
  await check(`the same by GET, ${preferGetMethod}`, async (requests) => {
    await assertStrongBelgians(connect([], { preferGetMethod }));
    assert.deepEqual(requests(), ["GET query operationName variables"]);
  });
}

await check("a mutation makes the cache ask again", async (requests) => {
  const cached = connect([cacheExchange], { ...post, fetchOptions: { headers: { authorization } } });
  const count = async () => {
    const { data, error } = await cached.query(gql`query Styles { styles(first: 100) { totalCount nodes { name } } }`, {});
    assert.equal(error?.message, undefined);
    assert.equal(data.styles.nodes.length, data.styles.totalCount);
    return data.styles.totalCount;
  };
  const before = await count();
  assert.ok(before > 40, `${before} styles`);
  await count();
  assert.equal(requests().length, 1);

  const create = gql`
    mutation Create($input: CreateStyleInput!) {
      createStyle(input: $input) { style { id name } errors { code } }
    }
  `;
  const input = { name: "urql", category: "Clients" };
  const { data } = await cached.mutation(create, { input });
  assert.equal(data.createStyle.style.name, "urql");
  assert.equal(await count(), before + 1);
  assert.equal(requests().length, 3);

  const again = await cached.mutation(create, { input });
  assert.equal(again.data.createStyle.style, null);
  assert.equal(again.data.createStyle.errors[0].code, "ALREADY_EXISTS");
});

await check("a mutation without a key is refused with its code", async () => {
  const remove = gql`mutation Delete { deleteStyle(input: { id: "style_0" }) { deletedStyleId } }`;
  const { data, error } = await client.mutation(remove, {});
  assert.equal(data, null);
  assert.equal(error.graphQLErrors[0].extensions.code, "UNAUTHENTICATED");
});

await check("a query that is not valid is refused with its code", async () => {
  const { error } = await client.query(gql`query Wrong { nothing }`, {});
  assert.equal(error.graphQLErrors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
});

// Unlike Apollo's, its second request goes by GET like the first.
for (const [method, preferGetForPersistedQueries, hashed, registering] of [
  ["POST", false, "POST", "POST"],
  ["GET", "force", "GET operationName variables extensions", "GET query operationName variables extensions"],
]) {
  const query = strongBelgians(`StrongBelgiansBy${method}`);
  const persisted = () => connect([persistedExchange({ preferGetForPersistedQueries })], post);

  await check(`a persisted query by ${method} is registered when it is not found`, async (requests) => {
    await assertStrongBelgians(persisted(), query);
    assert.deepEqual(requests(), [hashed, registering]);
  });

  await check(`a persisted query by ${method} is found by its hash alone`, async (requests) => {
    await assertStrongBelgians(persisted(), query);
    assert.deepEqual(requests(), [hashed]);
  });
}
