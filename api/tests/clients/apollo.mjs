import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, ServerError, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { relayStylePagination } from "@apollo/client/utilities";
import { authorization, check, url } from "./check.mjs";

const pages = relayStylePagination(["filter", "orderBy"]);

const connect = (...links) =>
  new ApolloClient({
    link: ApolloLink.from(links),
    cache: new InMemoryCache({
      possibleTypes: { Node: ["Beer", "Brewery", "Review", "Style"], SearchResult: ["Beer", "Brewery"] },
      typePolicies: { Query: { fields: { beers: pages } } },
    }),
  });

const http = (options) => new HttpLink({ uri: url, ...options });
const client = connect(http());

const strongBelgians = (name) =>
  gql(`query ${name}($first: Int!, $filter: BeerFilter) {
    beers(first: $first, filter: $filter, orderBy: { field: ABV, direction: DESC }) {
      totalCount
      edges { node { id name abv } }
    }
  }`);
const variables = { first: 1, filter: { abv: { gte: 9 }, brewery: { country: { eq: "Belgium" } } } };

function assertStrongBelgians({ data }) {
  assert.equal(data.beers.totalCount, 6);
  const { name, abv } = data.beers.edges[0].node;
  assert.deepEqual({ name, abv }, { name: "Trappistes Rochefort 10", abv: 11.3 });
}

await check("a query with variables", async (requests) => {
  assertStrongBelgians(await client.query({ query: strongBelgians("StrongBelgians"), variables }));
  assert.deepEqual(requests(), ["POST"]);
});

await check("the same by GET", async (requests) => {
  assertStrongBelgians(await connect(http({ useGETForQueries: true })).query({ query: strongBelgians("StrongBelgians"), variables }));
  assert.deepEqual(requests(), ["GET query operationName variables extensions"]);
});

await check("fetchMore merges all pages", async (requests) => {
  const query = gql`
    query AllBeers($after: String) {
      beers(first: 50, after: $after) {
        edges { cursor node { id name } }
        pageInfo { hasNextPage endCursor hasPreviousPage startCursor }
      }
    }
  `;
  const beers = client.watchQuery({ query });
  const subscription = beers.subscribe(() => {});
  let page = await client.query({ query });
  while (page.data.beers.pageInfo.hasNextPage) {
    page = await beers.fetchMore({ variables: { after: page.data.beers.pageInfo.endCursor } });
  }
  const { edges } = client.readQuery({ query }).beers;
  subscription.unsubscribe();
  assert.equal(requests().length, 3);
  assert.equal(edges.length, 138);
  assert.equal(new Set(edges.map(({ node }) => node.id)).size, 138);
});

await check("fragments on interfaces and unions", async () => {
  const query = gql`
    query Search {
      search(query: "rochefort") {
        nodes { ...Named ... on Node { id } }
      }
    }
    fragment Named on SearchResult {
      ... on Beer { name }
      ... on Brewery { name }
    }
  `;
  const { data } = await client.query({ query });
  const found = data.search.nodes.map(({ __typename, name }) => `${__typename} ${name}`);
  assert.ok(found.includes("Beer Trappistes Rochefort 10") && found.includes("Brewery Brasserie de Rochefort"), `${found}`);
  assert.ok(data.search.nodes.every(({ id }) => id));
});

const update = gql`
  mutation Update($input: UpdateBeerInput!) {
    updateBeer(input: $input) {
      beer { id ibu revision }
      errors { code path }
    }
  }
`;

await check("a mutation updates the cached object", async () => {
  const query = gql`
    query PaleAle {
      beers(first: 1, filter: { name: { eq: "Pale Ale" } }) { edges { node { id ibu revision } } }
    }
  `;
  const read = () => client.readQuery({ query }).beers.edges[0].node;
  await client.query({ query });
  const { id, revision } = read();
  const input = { id, expectedRevision: revision, ibu: 37 };
  const change = () =>
    client.mutate({ mutation: update, variables: { input }, context: { headers: { authorization } } });
  assert.deepEqual((await change()).data.updateBeer.errors, []);
  const { ibu, revision: next } = read();
  assert.deepEqual({ ibu, next }, { ibu: 37, next: revision + 1 });

  const [{ code, path }] = (await change()).data.updateBeer.errors;
  assert.deepEqual({ code, path }, { code: "REVISION_CONFLICT", path: ["input", "expectedRevision"] });
});

await check("a mutation without a key is refused with its code", async () => {
  const input = { id: "beer_0", expectedRevision: 1 };
  await assert.rejects(client.mutate({ mutation: update, variables: { input } }), (error) => {
    assert.ok(CombinedGraphQLErrors.is(error), `${error}`);
    assert.equal(error.errors[0].extensions.code, "UNAUTHENTICATED");
    return true;
  });
});

await check("a query that is not valid is refused with its code", async () => {
  await assert.rejects(client.query({ query: gql`query Wrong { nothing }` }), (error) => {
    const errors = ServerError.is(error) ? JSON.parse(error.bodyText).errors : error.errors;
    assert.equal(errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
    return true;
  });
});

const sha256 = (text) => createHash("sha256").update(text).digest("hex");

for (const [method, useGETForHashedQueries] of [["POST", false], ["GET", true]]) {
  const query = strongBelgians(`StrongBelgiansBy${method}`);
  const persisted = () => connect(new PersistedQueryLink({ sha256, useGETForHashedQueries }), http());
  const hashed = useGETForHashedQueries ? "GET operationName variables extensions" : "POST";

  await check(`a persisted query by ${method} is registered when it is not found`, async (requests) => {
    assertStrongBelgians(await persisted().query({ query, variables }));
    assert.deepEqual(requests(), [hashed, "POST"]);
  });

  await check(`a persisted query by ${method} is found by its hash alone`, async (requests) => {
    assertStrongBelgians(await persisted().query({ query, variables }));
    assert.deepEqual(requests(), [hashed]);
  });
}
