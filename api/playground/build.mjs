// node build.mjs           copy the files that vendor.json lists from node_modules to dist/
// node build.mjs --check   only check vendor.json against package.json and node_modules
// node build.mjs --update  rewrite vendor.json from package.json and node_modules

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const here = (path) => new URL(path, import.meta.url);
const readJson = (path) => JSON.parse(readFileSync(here(path), "utf8"));

class Failure extends Error {}

const pins = readJson("package.json").devDependencies;
const vendor = readJson("vendor.json");

function run(mode) {
  if (mode === "--update") {
    const lines = vendor.map((entry) => "  " + JSON.stringify(current(entry)));
    writeFileSync(here("vendor.json"), `[\n${lines.join(",\n")}\n]\n`);
    return "vendor.json is rewritten";
  }
  vendor.forEach(check);
  if (mode === "--check") return `vendor.json is right about ${vendor.length} files`;
  if (mode !== undefined) throw new Failure(`${mode} is no option: there are --check and --update`);

  rmSync(here("dist/"), { recursive: true, force: true });
  mkdirSync(here("dist/"));
  for (const entry of vendor) writeFileSync(here(`dist/${entry.file}`), read(entry));
  return `dist/ has ${vendor.length} files`;
}

// What vendor.json should say of this file. The version in the name lets browsers keep the file.
function current({ kind, package: name, path }) {
  const version = pins[name];
  const integrity = "sha384-" + createHash("sha384").update(read({ package: name, path })).digest("base64");
  const file = `${name}-${version}.min.${kind === "style" ? "css" : "js"}`;
  return { file, kind, package: name, version, path, integrity };
}

function check(entry) {
  const expected = current(entry);
  for (const key of ["version", "file", "integrity"]) {
    if (entry[key] !== expected[key]) {
      throw new Failure(
        `${entry.package}/${entry.path}: vendor.json has ${key} ${entry[key]}, but it is ${expected[key]} ` +
          "(npm ci installs what is pinned; node build.mjs --update accepts what is installed)",
      );
    }
  }
}

function read({ package: name, path }) {
  const installed = tryRead(() => readJson(`node_modules/${name}/package.json`).version, name);
  if (installed !== pins[name]) {
    throw new Failure(`package.json pins ${name} ${pins[name]}, but ${installed} is installed: run npm ci`);
  }
  return tryRead(() => readFileSync(here(`node_modules/${name}/${path}`)), `${name}/${path}`);
}

function tryRead(reader, what) {
  try {
    return reader();
  } catch (error) {
    if (error.code === "ENOENT") throw new Failure(`node_modules has no ${what}: run npm ci`);
    throw error;
  }
}

try {
  console.log(`playground: ${run(process.argv[2])}`);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(`playground: ${error.message}`);
  process.exitCode = 1;
}
