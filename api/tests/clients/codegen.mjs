import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { authorization, check, post, url } from "./check.mjs";

function run(program, ...options) {
  try {
    execFileSync(`node_modules/.bin/${program}`, options, { env: { ...process.env, TAPROOM_URL: url }, stdio: "pipe" });
  } catch (error) {
    throw new Error(`${program} says:\n${error.stdout}${error.stderr}`);
  }
}

await check("it generates from the schema of the running service", () => {
  rmSync("generated/codegen", { recursive: true, force: true });
  run("graphql-codegen", "--config", "codegen/config.mjs");
});

await check("TypeScript compiles what uses it", () => {
  const options = "--noEmit --strict --target esnext --module esnext --moduleResolution bundler".split(" ");
  run("tsc", ...options, "codegen/usage.ts");
});

const documents = Object.entries(JSON.parse(readFileSync("generated/codegen/persisted-documents.json", "utf8")));
const headers = { authorization };
const [beer] = (await post({ query: '{ beers(filter: { name: { eq: "Pale Ale" } }) { nodes { id ratingCount } } }' })).data.beers.nodes;

// For each operation its variables, and what is expected of the data.
const operations = {
  StrongBelgians: [
    { first: 1, filter: { abv: { gte: 9 }, brewery: { country: { eq: "Belgium" } } } },
    ({ beers }) => assert.deepEqual([beers.totalCount, beers.nodes[0].name], [6, "Trappistes Rochefort 10"]),
  ],
  Node: [{ id: beer.id }, ({ node }) => assert.deepEqual([node.__typename, node.name], ["Beer", "Pale Ale"])],
  Search: [{ text: "sierra nevda" }, ({ search }) => assert.equal(search.nodes[0].name, "Sierra Nevada Brewing Co.")],
  AddReview: [
    { input: { beerId: beer.id, author: "Code Generator", rating: 4, idempotencyKey: randomUUID() } },
    ({ createReview: { review, errors } }) => {
      assert.deepEqual(errors, []);
      assert.deepEqual(review, { rating: 4, beer: { ratingCount: beer.ratingCount + 1 } });
    },
  ],
};

for (const [name, [variables, expect]] of Object.entries(operations)) {
  const [id, query] = documents.find(([, text]) => text.includes(` ${name}(`)) ?? [];
  const answered = async (request) => {
    const { data, errors } = await post({ ...request, variables }, headers);
    assert.equal(errors, undefined, JSON.stringify(errors));
    expect(data);
  };

  await check(`${name}, by its text`, () => answered({ query }));

  await check(`${name}, by the hash of its text`, async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: id.replace("sha256:", "") } };
    await answered({ query, extensions });
    await answered({ extensions });
  });
}
