// node audit.mjs URL   audits the GraphQL endpoint at URL against the GraphQL over HTTP specification.
// Every audit must be ok: a notice or a warning counts as failed.

import { serverAudits } from "graphql-http";

const url = process.argv[2];
if (!url) {
  console.error("usage: node audit.mjs http://HOST:PORT/graphql");
  process.exit(2);
}

let failed = 0;
const audits = serverAudits({ url });
for (const audit of audits) {
  const result = await audit.fn();
  if (result.status === "ok") continue;
  failed += 1;
  console.log(`${result.status} ${result.id} ${result.name}: ${result.reason}`);
}
console.log(`${audits.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
