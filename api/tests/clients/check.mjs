// node CLIENT.mjs URL KEY   runs one client against the GraphQL endpoint at URL, writing with the API key KEY.

import { subscribe } from "node:diagnostics_channel";

export const [url, key] = process.argv.slice(2);
if (!key) {
  console.error("usage: node CLIENT.mjs http://HOST:PORT/graphql KEY");
  process.exit(2);
}
export const authorization = `Bearer ${key}`;

// What the client really sent, seen from below: "POST", or "GET query extensions" with the names of the parameters.
let sent = [];
subscribe("undici:request:create", ({ request }) => {
  const names = [...new URL(request.path, url).searchParams.keys()];
  sent.push([request.method, ...names].join(" "));
});

let [passed, failed] = [0, 0];
process.on("exit", () => {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode ||= failed === 0 ? 0 : 1;
});

// Runs one check; it gets a function that lists the requests since it began.
export async function check(name, run) {
  sent = [];
  try {
    await run(() => sent);
    passed += 1;
  } catch (error) {
    failed += 1;
    console.log(`failed: ${name}: ${error}`);
  }
}

// A plain request, for what a client does not send itself.
export async function post(body, headers = {}) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json", ...headers },
    body: JSON.stringify(body),
  });
  return response.json();
}
