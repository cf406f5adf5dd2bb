// People of a workforce sign in in their browsers (google-wire 6.2, 8.1). Their issuer is node-oidc-provider, unmodified, with the
// pages that it has for development; what a program gets for it is refreshed by Google's own library (N13).

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { promisify } from "node:util";
import Provider from "oidc-provider";
import { issuer, made, told } from "./sandbox.js";

const GCLOUD = "32555940559.apps.googleusercontent.com";
const PUBLISHED = "ZmssLNjJy2998hD4CTg2ejr2";
const CLOUD = "https://www.googleapis.com/auth/cloud-platform";
const HERE = "http://localhost:8085/";
const CLIENT = { client_id: "carnet", client_secret: "a secret of: carnet" };
const unique = randomBytes(4).toString("hex");
const pool = `locations/global/workforcePools/people-${unique}`;
const principal = `principal://iam.googleapis.com/${pool}/subject/alice`;
const provider = (id) => `${pool}/providers/${id}`;

// node-oidc-provider on this machine.
async function elsewhere() {
  const server = createServer((request, response) => app(request, response));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  server.unref();
  const url = `http://127.0.0.1:${server.address().port}`;
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = { ...privateKey.export({ format: "jwk" }), alg: "ES256", kid: "one", use: "sig" };
  console.warn = () => {};
  const oidc = new Provider(url, {
    clients: [
      {
        ...CLIENT,
        redirect_uris: ["code", "info"].map((id) => `${issuer}/signin-callback/${provider(id)}`),
        grant_types: ["authorization_code"],
        response_types: ["code"],
        id_token_signed_response_alg: "ES256",
      },
    ],
    jwks: { keys: [key] },
    cookies: { keys: ["workforce"] },
    pkce: { required: () => true },
    claims: { openid: ["sub"], groups: ["groups"] },
    conformIdTokenClaims: true,
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, groups: ["ops"] }) }),
    features: { devInteractions: { enabled: true } },
  });
  const app = oidc.callback();
  return url;
}

// A browser that runs no script: it keeps cookies, follows redirects, fills the forms of the issuer, and stops at the program.
class Browser {
  #cookies = new Map();

  async walk(address, account = "alice") {
    let at = await this.#follow(new URL(address), {});
    for (let step = 0; step < 4 && at.html !== undefined; step += 1) {
      const form = at.html.match(/<form[^>]*action="([^"]+)"[^>]*method="post"/);
      if (form === null) return at;
      const prompt = at.html.match(/name="prompt" value="(\w+)"/)[1];
      const body = new URLSearchParams({ prompt, login: account, password: "any" });
      at = await this.#follow(new URL(form[1], at.url), { method: "POST", body });
    }
    return at;
  }

  async #follow(address, init) {
    let url = address;
    for (let hop = 0; hop < 12; hop += 1) {
      if (url.href.startsWith(HERE)) return { url };
      const kept = [...this.#cookies].filter(([name]) => name.startsWith(url.origin));
      const cookie = kept.map(([name, value]) => `${name.slice(url.origin.length + 1)}=${value}`).join("; ");
      const answer = await fetch(url, { ...init, redirect: "manual", headers: { accept: "text/html", cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
        this.#cookies.set(`${url.origin} ${name}`, value);
      }
      const location = answer.headers.get("location");
      if (location === null) return { url, status: answer.status, html: await answer.text() };
      url = new URL(location, url);
      init = {};
    }
    throw new Error(`redirected without end, at ${url}`);
  }
}

const verifier = randomBytes(32).toString("base64url");

function authorize(id, changed = {}) {
  const asked = new URLSearchParams({
    response_type: "code",
    client_id: GCLOUD,
    redirect_uri: HERE,
    scope: CLOUD,
    state: "theirs",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    provider_name: provider(id),
    ...changed,
  });
  return `${issuer}/workforce/authorize?${asked}`;
}

async function redeem(code) {
  const body = new URLSearchParams({ grant_type: "authorization_code", code, redirect_uri: HERE, code_verifier: verifier });
  const authorization = `Basic ${Buffer.from(`${GCLOUD}:${PUBLISHED}`).toString("base64")}`;
  const answer = await fetch(`${issuer}/v1/oauthtoken`, { method: "POST", body, headers: { authorization } });
  return answer.json();
}

const payload = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));

// What google-auth-library gets for this file. Proxies and certificates are read when a process starts.
async function refreshed(tokens, changed, env) {
  const file = join(mkdtempSync(join(tmpdir(), "carnet-workforce-")), "alice.json");
  const content = {
    type: "external_account_authorized_user",
    audience: `//iam.googleapis.com/${provider("code")}`,
    client_id: GCLOUD,
    client_secret: PUBLISHED,
    refresh_token: tokens.refresh_token,
    token_url: "https://sts.googleapis.com/v1/oauthtoken",
    token_info_url: "https://sts.googleapis.com/v1/introspect",
    ...changed,
  };
  writeFileSync(file, JSON.stringify(content));
  const text = `
    import { GoogleAuth } from "google-auth-library";
    const client = await new GoogleAuth({ keyFile: process.argv[1], scopes: ["${CLOUD}"] }).getClient();
    const headers = await client.getRequestHeaders();
    console.log(JSON.stringify({ kind: client.constructor.name, token: headers.get("authorization").split(" ")[1] }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", text, file], {
    env: { HOME: "/nonexistent", PATH: process.env.PATH, ...env },
    timeout: 60_000,
  });
  return JSON.parse(stdout);
}

const captive = () =>
  Object.fromEntries(
    execFileSync(
      process.env.CARNET_BIN,
      ["google", "env", "node", "--ready-file", process.env.CARNET_READY_FILE, "--quiet"],
      { encoding: "utf8" },
    ).trim().split("\n").map((line) => line.match(/^export (\w+)=(.*)$/).slice(1)),
  );

before(async () => {
  const url = await elsewhere();
  const { id: organization } = await made("organizations", { title: unique });
  const pools = `organizations/${organization}/workforce-pools`;
  await made(pools, { id: `people-${unique}`, session_seconds: 900 });
  const web = (more) => ({ ...CLIENT, response_type: "code", assertion_claims: "id_token", ...more });
  for (const [id, more] of [["code", {}], ["info", { assertion_claims: "userinfo", additional_scopes: ["groups"] }]]) {
    await made(`${pools}/people-${unique}/providers`, {
      id,
      oidc: { issuer: url, web_sign_in: web(more) },
      attribute_mapping: {
        "google.subject": "assertion.sub",
        "google.groups": "has(assertion.groups) ? assertion.groups : []",
      },
      attribute_condition: "assertion.sub != 'mallory'",
    });
  }
});

let alice;

test("N13 a person signs in at node-oidc-provider, and the program gets tokens", async () => {
  const { url } = await new Browser().walk(authorize("code"));
  assert.equal(url.searchParams.get("state"), "theirs", url.href);
  assert.equal(url.searchParams.get("iss"), issuer);
  alice = await redeem(url.searchParams.get("code"));
  assert.equal(alice.token_type, "Bearer", JSON.stringify(alice));
  assert.equal(payload(alice.access_token).sub, principal);
  assert.ok(alice.expires_in <= 900, "no longer than the session of the pool");
});

test("N13 google-auth-library refreshes the file, at our address and at Google's", async () => {
  const here = await refreshed(alice, { token_url: `${issuer}/v1/oauthtoken` }, { NO_PROXY: "127.0.0.1,localhost" });
  assert.equal(here.kind, "ExternalAccountAuthorizedUserClient");
  assert.equal(payload(here.token).sub, principal);
  const google = await refreshed(alice, {}, captive());
  assert.equal(payload(google.token).sub, principal);
  assert.equal(payload(google.token).azn, payload(alice.access_token).azn, "of the same sign-in");
});

test("N13 groups of the userinfo endpoint count where the provider says so", async () => {
  const { url } = await new Browser().walk(authorize("info"));
  const tokens = await redeem(url.searchParams.get("code"));
  assert.deepEqual(payload(tokens.access_token).federated.groups, ["ops"], JSON.stringify(tokens));
});

test("N13 whom the condition keeps out is told to the program", async () => {
  const { url } = await new Browser().walk(authorize("code"), "mallory");
  assert.equal(url.searchParams.get("error"), "unauthorized_client", url.href);
  assert.match(url.searchParams.get("error_description"), /CRN-2520/);
  assert.equal(url.searchParams.get("code"), null);
});

test("N13 a code that another browser was sent is worth nothing in this one", async () => {
  const mallory = new Browser();
  const begun = await fetch(authorize("code"), { redirect: "manual" });
  const state = new URL(begun.headers.get("location")).searchParams.get("state");
  const link = `${issuer}/signin-callback/${provider("code")}?code=stolen&state=${state}`;
  const { status, html } = await mallory.walk(link);
  assert.equal(status, 400);
  assert.match(html, /CRN-2523/);
});

test("N13 a file whose token was given back refreshes nothing", async () => {
  const body = new URLSearchParams({ token: alice.refresh_token });
  assert.equal((await fetch(`${issuer}/revoke`, { method: "POST", body })).status, 200);
  const asked = refreshed(alice, { token_url: `${issuer}/v1/oauthtoken` }, { NO_PROXY: "127.0.0.1,localhost" });
  await assert.rejects(asked, /invalid_grant/);
});

assert.ok(told.admin_token, "the sandbox lets us make pools");
