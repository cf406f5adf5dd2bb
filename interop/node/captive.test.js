// Google's own library as it comes, with its addresses built in, led here by HTTPS_PROXY and our authority
// (google-wire 12: N1, N2, N3, N10, N12).

import { execFile, execFileSync } from "node:child_process";
import assert from "node:assert/strict";
import { test } from "node:test";
import { promisify } from "node:util";
import { ci, invoices, read } from "./ready.js";
import { told } from "./sandbox.js";

const AUDIENCE = "https://invoices.example.com";

// The lines that `carnet google env node` prints, as a shell reads them.
const lines = execFileSync(
  process.env.CARNET_BIN,
  ["google", "env", "node", "--ready-file", process.env.CARNET_READY_FILE, "--quiet"],
  { encoding: "utf8" },
);
const captive = Object.fromEntries(
  lines.trim().split("\n").map((line) => line.match(/^export (\w+)=(.*)$/).slice(1)),
);

// Certificates and proxies are read when a process starts, so each case is a program of its own.
async function program(text, words, env = captive) {
  const command = ["--input-type=module", "--eval", text, ci.key_file, ...words];
  const { stdout } = await promisify(execFile)(process.execPath, command, {
    env: { HOME: "/nonexistent", PATH: process.env.PATH, ...env },
    timeout: 60_000,
  });
  return JSON.parse(stdout);
}

const TOKEN = `
import { JWT } from "google-auth-library";
import { readFileSync } from "node:fs";
const [file, ...scopes] = process.argv.slice(1);
const { client_email: email, private_key: key } = JSON.parse(readFileSync(file));
const client = new JWT({ email, key, scopes });
const said = {};
try {
  said.token = (await client.getAccessToken()).token;
} catch (error) {
  said.message = error.message;
  said.status = error.response?.status;
  said.code = error.code ?? error.cause?.code;
}
console.log(JSON.stringify(said));
`;

function claims(jwt) {
  return JSON.parse(Buffer.from(jwt.split(".")[1], "base64url").toString());
}

test("N1 a service account's key gets a token at Google's own address", async () => {
  const { token } = await program(TOKEN, [read]);
  assert.equal(claims(token).iss, told.issuer);
  assert.equal(claims(token).scope, read);
  const answer = await fetch(invoices, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(answer.status, 200);
});

test("N2 without the proxy nothing comes here", async () => {
  // The authority is trusted, and the library still asks Google: a port where nobody listens stands for it, so that no
  // machine with a network asks the real one.
  const env = { NODE_EXTRA_CA_CERTS: captive.NODE_EXTRA_CA_CERTS, HTTPS_PROXY: "http://127.0.0.1:1" };
  const { token, code, message } = await program(TOKEN, [read], env);
  assert.equal(token, undefined);
  assert.match(`${code} ${message}`, /ECONNREFUSED/);
});

test("N2 without our authority the library does not believe us", async () => {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = captive;
  const { token, code, message } = await program(TOKEN, [read], env);
  assert.equal(token, undefined);
  assert.match(`${code} ${message}`, /certificate|UNABLE_TO/i);
});

test("N3 an ID token for an audience", async () => {
  const text = `
import { GoogleAuth } from "google-auth-library";
const [keyFile, audience] = process.argv.slice(1);
const client = await new GoogleAuth({ keyFile }).getIdTokenClient(audience);
const headers = await client.getRequestHeaders();
const [, token] = headers.get("authorization").split(" ");
// Its own verifier asks Google's addresses for the keys, and is told who the issuer is.
const { OAuth2Client } = await import("google-auth-library");
const { certs } = await new OAuth2Client().getFederatedSignonCertsAsync();
const verified = await new OAuth2Client().verifySignedJwtWithCertsAsync(token, certs, audience, [process.env.ISSUER]);
console.log(JSON.stringify({ token, payload: verified.getPayload() }));
`;
  const { token, payload } = await program(text, [AUDIENCE], { ...captive, ISSUER: told.issuer });
  assert.equal(claims(token).aud, AUDIENCE);
  assert.equal(payload.email, ci.email);
  assert.equal(payload.sub, ci.client_id);
});

test("N10 a refusal is told in Google's words", async () => {
  const { token, message, status } = await program(TOKEN, ["https://demo.carnet.dev/auth/nothing"]);
  assert.equal(token, undefined);
  assert.equal(status, 400);
  assert.match(message, /invalid_scope/);
});

test("N12 a token is revoked", async () => {
  const text = `
import { OAuth2Client, JWT } from "google-auth-library";
import { readFileSync } from "node:fs";
const [file, ...scopes] = process.argv.slice(1);
const { client_email: email, private_key: key } = JSON.parse(readFileSync(file));
const { token } = await new JWT({ email, key, scopes }).getAccessToken();
const before = await new OAuth2Client().getTokenInfo(token);
const { status } = await new OAuth2Client().revokeToken(token);
const after = await new OAuth2Client().getTokenInfo(token).then(() => "stands", (error) => error.message);
console.log(JSON.stringify({ scopes: before.scopes, status, after }));
`;
  const { scopes, status, after } = await program(text, [read]);
  assert.deepEqual(scopes, [read]);
  assert.equal(status, 200);
  assert.match(after, /invalid_token/);
});

test("google-wire 6.5 a token is made weaker at Google's own address", async () => {
  const text = `
import { DownscopedClient, JWT } from "google-auth-library";
import { readFileSync } from "node:fs";
const [file, scope] = process.argv.slice(1);
const { client_email: email, private_key: key } = JSON.parse(readFileSync(file));
const authClient = new JWT({ email, key, scopes: [scope] });
const rule = {
  availableResource: "//storage.googleapis.com/projects/_/buckets/reports",
  availablePermissions: ["inRole:roles/storage.objectViewer"],
  availabilityCondition: { expression: "resource.name.endsWith('.csv')" },
};
const credentialAccessBoundary = { accessBoundary: { accessBoundaryRules: [rule] } };
const weak = new DownscopedClient({ authClient, credentialAccessBoundary });
const { token } = await weak.getAccessToken();
const whole = (await authClient.getAccessToken()).token;
console.log(JSON.stringify({ token, whole }));
`;
  const { token, whole } = await program(text, [read]);
  const opens = async (one) =>
    (await fetch(invoices, { headers: { authorization: `Bearer ${one}` } })).status;
  assert.match(token, /^crn_at_/);
  assert.equal(await opens(whole), 200);
  assert.ok([401, 403].includes(await opens(token)), "an API that evaluates no boundary");
});
