// Google's own library with the files that say where to ask (google-wire 12: N4 to N6, N8, N9, N11), the metadata server that is
// none (N7), and what passes (N10).

import { execFile, execFileSync } from "node:child_process";
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { before, test } from "node:test";
import { promisify } from "node:util";
import { boundAccount, external, https, impersonated, job, keyWith } from "./federation.js";
import { ci, invoices, issuer, read } from "./ready.js";
import { told } from "./sandbox.js";

const CLOUD = "https://www.googleapis.com/auth/cloud-platform";
// Only the authority is trusted: no proxy leads anywhere. Where a library asked Google after all, it would find a closed port.
const TRUSTED = { NODE_EXTRA_CA_CERTS: told.google.ca_file, HTTPS_PROXY: "http://127.0.0.1:1", NO_PROXY: "127.0.0.1,localhost" };
const captive = Object.fromEntries(
  execFileSync(
    process.env.CARNET_BIN,
    ["google", "env", "node", "--ready-file", process.env.CARNET_READY_FILE, "--quiet"],
    { encoding: "utf8" },
  ).trim().split("\n").map((line) => line.match(/^export (\w+)=(.*)$/).slice(1)),
);

const TOKEN = `
import { GoogleAuth } from "google-auth-library";
const [keyFile, ...scopes] = process.argv.slice(1);
const client = await new GoogleAuth({ keyFile, scopes }).getClient();
const headers = await client.getRequestHeaders();
console.log(JSON.stringify({ kind: client.constructor.name, token: headers.get("authorization").split(" ")[1] }));
`;

// Certificates and proxies are read when a process starts, so each case is a program of its own.
async function program(text, words, env = TRUSTED) {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", text, ...words], {
    env: { HOME: "/nonexistent", PATH: process.env.PATH, ...env },
    timeout: 60_000,
  });
  return JSON.parse(stdout);
}

function claims(jwt) {
  return JSON.parse(Buffer.from(jwt.split(".")[1], "base64url").toString());
}

async function opens(token) {
  const answer = await fetch(invoices, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(answer.status, 200, await answer.text());
}

let work;
before(async () => {
  work = await job();
});

test("N4 external_account: the token of a job is exchanged", async () => {
  const { kind, token } = await program(TOKEN, [external("n4.json", work), read]);
  assert.equal(kind, "IdentityPoolClient");
  assert.equal(claims(token).sub, work.member);
  await opens(token);
});

test("N5 external_account: a job becomes the account that it is bound on", async () => {
  const target = await boundAccount("n5", work.member, "roles/iam.workloadIdentityUser");
  const file = external("n5.json", work, {
    service_account_impersonation_url: `${https}/v1/projects/-/serviceAccounts/${target}:generateAccessToken`,
    service_account_impersonation: { token_lifetime_seconds: 1200 },
  });
  const { token } = await program(TOKEN, [file, read]);
  const { email, iat, exp } = claims(token);
  assert.equal(email, target);
  assert.equal(exp - iat, 1200);
  await opens(token);
});

test("N6 an impersonated file whose member endpoint is ours", async () => {
  const target = await boundAccount("n6", `serviceAccount:${ci.email}`, "roles/iam.serviceAccountTokenCreator");
  // The key behind it gets its token at Google's address, so names are held; and it asks for the same scopes, of which one
  // must be IAM's.
  const { kind, token } = await program(TOKEN, [impersonated("n6.json", target), read, CLOUD], captive);
  assert.equal(kind, "Impersonated");
  assert.equal(claims(token).email, target);
  await opens(token);
});

test("N7 an answer without its header is no metadata server", async () => {
  const plain = createServer((_, answer) => answer.end('{"access_token":"t","expires_in":3600}')).listen(0, "127.0.0.1");
  await once(plain, "listening");
  const env = { GCE_METADATA_HOST: `127.0.0.1:${plain.address().port}`, METADATA_SERVER_DETECTION: "assume-present" };
  const text = `
import { Compute } from "google-auth-library";
console.log(JSON.stringify(await new Compute().getAccessToken().then(() => "believed", (error) => error.message)));
`;
  assert.match(await program(text, [], env), /Metadata-Flavor/i);
  plain.close();
});

test("N8 a key file of another universe signs for itself", async () => {
  const { kind, token } = await program(TOKEN, [keyWith("n8.json", { universe_domain: "carnet.test" }), read]);
  assert.equal(kind, "JWT");
  const { iss, sub, scope } = claims(token);
  assert.deepEqual({ iss, sub, scope }, { iss: ci.email, sub: ci.email, scope: read });
  await opens(token);
});

test("N9 verifyIdToken with our certificates and our name", async () => {
  const text = `
import { OAuth2Client } from "google-auth-library";
const [idToken, audience, https, issuer] = process.argv.slice(1);
const client = new OAuth2Client({ endpoints: { oauth2FederatedSignonPemCertsUrl: https + "/oauth2/v1/certs" }, issuers: [issuer] });
const payload = (await client.verifyIdToken({ idToken, audience })).getPayload();
const other = await client.verifyIdToken({ idToken, audience: "https://other.example" }).then(() => "taken", (error) => error.message);
console.log(JSON.stringify({ payload, other }));
`;
  const { payload, other } = await program(text, [work.token, work.audience, https, issuer]);
  assert.equal(payload.email, ci.email);
  assert.equal(payload.sub, ci.client_id);
  assert.match(other, /recipient|audience/i);
});

test("N10 what passes is asked for four times, and no more", async () => {
  const force = (times) => fetch(`${issuer}/dev/faults`, {
    method: "POST",
    body: new URLSearchParams({ code: "CRN-5002", times }),
  });
  const text = `
import { JWT } from "google-auth-library";
import { readFileSync } from "node:fs";
const [file, scope] = process.argv.slice(1);
const { client_email: email, private_key: key } = JSON.parse(readFileSync(file));
const said = await new JWT({ email, key, scopes: [scope] }).getAccessToken().then(() => "a token", (error) => error.response?.status);
console.log(JSON.stringify(said));
`;
  await force(3);
  assert.equal(await program(text, [ci.key_file, read], captive), "a token");
  await force(4);
  assert.equal(await program(text, [ci.key_file, read], captive), 503);
  // The four are used up: the next is answered.
  assert.equal(await program(text, [ci.key_file, read], captive), "a token");
});

test("N11 getTokenInfo at our address", async () => {
  const { token } = await program(TOKEN, [external("n11.json", work), read]);
  const text = `
import { OAuth2Client } from "google-auth-library";
const [token, https] = process.argv.slice(1);
const told = await new OAuth2Client({ endpoints: { tokenInfoUrl: https + "/tokeninfo" } }).getTokenInfo(token);
console.log(JSON.stringify(told));
`;
  const { scopes, expiry_date: end } = await program(text, [token, https]);
  assert.deepEqual(scopes, [read]);
  assert.ok(end > Date.now() && end <= Date.now() + 3_600_000);
});
