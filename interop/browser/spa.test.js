// An app that is a page: its script, in a real browser and on an origin of its own, signs a person in and calls the server
// across origins. A page elsewhere, which sends the very same, reads nothing.

import { createServer } from "node:http";
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { launch, open } from "./page.js";
import { admin, app, issuer, read, signIn } from "./server.js";

const SPA = "demo-spa";
const serve = () =>
  new Promise((done) => {
    const site = createServer((_, response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.end('<!doctype html><html lang="en"><title>A page</title><link rel="icon" href="data:,"><h1>A page</h1>');
    });
    site.listen(0, "127.0.0.1", () => done(site));
  });
const originOf = (site) => `http://127.0.0.1:${site.address().port}`;

let browser, own, foreign, here, there;

before(async () => {
  browser = await launch();
  [own, foreign] = [await serve(), await serve()];
  [here, there] = [own, foreign].map(originOf);
  // The port of a redirect URI on this machine is free; an origin is meant letter by letter (`carnet app update --origin`).
  const known = await admin("GET", `clients/${SPA}`);
  const { origins } = await known.json();
  await admin("PATCH", `clients/${SPA}`, { origins: [...origins, here] }, { "if-match": known.headers.get("etag") });
});

after(async () => {
  await browser?.close();
  for (const site of [app, own, foreign]) {
    site?.closeAllConnections();
    site?.close();
  }
});

// What the script of a page sends, and what it reads: nothing where the browser keeps the answer from it.
function send(page, address, { form, token, method } = {}) {
  return page.evaluate(
    async ({ address, form, token, method }) => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const body = form === undefined ? undefined : new URLSearchParams(form);
      try {
        const answer = await fetch(address, { method: method ?? (form ? "POST" : "GET"), headers, body });
        const text = await answer.text();
        return { status: answer.status, ...(text.startsWith("{") ? JSON.parse(text) : { text }) };
      } catch (error) {
        return { unread: String(error) };
      }
    },
    { address, form, token, method },
  );
}

// The script makes the request itself, as a page does without a library, and the person goes there and back.
async function authorized(page, scope = `openid email offline_access ${read}`) {
  await page.goto(here);
  const { authorization_endpoint } = await send(page, `${issuer}/.well-known/openid-configuration`);
  const redirect_uri = `${here}/callback`;
  const verifier = await page.evaluate(
    async ({ authorization_endpoint, redirect_uri, client_id, scope }) => {
      const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/[+/=]/g, (c) => ({ "+": "-", "/": "_" })[c] ?? "");
      const verifier = text(crypto.getRandomValues(new Uint8Array(32)));
      const code_challenge = text(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
      const url = new URL(authorization_endpoint);
      url.search = new URLSearchParams({ response_type: "code", client_id, redirect_uri, scope, state: "s", code_challenge, code_challenge_method: "S256", prompt: "consent" });
      setTimeout(() => location.assign(url));
      return verifier;
    },
    { authorization_endpoint, redirect_uri, client_id: SPA, scope },
  );
  await page.waitForURL((url) => url.origin === issuer);
  if ((await page.locator("[name=password]").count()) > 0) await signIn(page);
  await page.getByRole("button", { name: "Allow" }).click();
  await page.waitForURL((url) => url.href.startsWith(redirect_uri));
  const code = new URL(page.url()).searchParams.get("code");
  return { grant_type: "authorization_code", code, redirect_uri, client_id: SPA, code_verifier: verifier };
}

async function visit(walk) {
  const { page, close } = await open(browser);
  page.setDefaultTimeout(15_000);
  try {
    await walk(page);
  } finally {
    await close();
  }
}

test("a page signs a person in, reads userinfo, refreshes and revokes, from its own origin", () =>
  visit(async (page) => {
    const form = await authorized(page);
    const tokens = await send(page, `${issuer}/token`, { form });
    assert.equal(tokens.status, 200, JSON.stringify(tokens));
    // `Authorization` is no simple header: the browser asks first.
    const about = await send(page, `${issuer}/userinfo`, { token: tokens.access_token });
    assert.equal(about.email, "alice@example.com");
    const refresh = { grant_type: "refresh_token", client_id: SPA, refresh_token: tokens.refresh_token };
    const next = await send(page, `${issuer}/token`, { form: refresh });
    assert.equal(next.status, 200);
    assert.notEqual(next.refresh_token, tokens.refresh_token);
    const revoked = await send(page, `${issuer}/revoke`, { form: { client_id: SPA, token: next.refresh_token } });
    assert.equal(revoked.status, 200);
    const dead = await send(page, `${issuer}/token`, { form: { ...refresh, refresh_token: next.refresh_token } });
    assert.deepEqual([dead.status, dead.error], [400, "invalid_grant"], "a refusal is read too");
    assert.ok(Array.isArray((await send(page, `${issuer}/jwks`)).keys));
  }));

test("a page of another origin reads nothing, though it has the code and the tokens", () =>
  visit(async (page) => {
    const form = await authorized(page);
    const code = await authorized(page);
    const tokens = await send(page, `${issuer}/token`, { form });
    await page.goto(there);
    for (const [address, sent] of [
      ["/token", { form: code }],
      ["/userinfo", { token: tokens.access_token }],
      ["/token", { form: { grant_type: "refresh_token", client_id: SPA, refresh_token: tokens.refresh_token } }],
      ["/revoke", { form: { client_id: SPA, token: "unknown" } }],
    ]) {
      const read = await send(page, issuer + address, sent);
      assert.deepEqual(Object.keys(read), ["unread"], `${address}: ${JSON.stringify(read)}`);
    }
    // What everybody may read it reads as well.
    assert.equal((await send(page, `${issuer}/.well-known/openid-configuration`)).issuer, issuer);
  }));

test("no page reads what is for people or administrators, whatever its origin", () =>
  visit(async (page) => {
    await authorized(page);
    for (const path of ["/account", "/account/apps", "/authorize", "/login", "/introspect", "/admin/v1/whoami"]) {
      const read = await send(page, issuer + path);
      assert.deepEqual(Object.keys(read), ["unread"], `${path}: ${JSON.stringify(read)}`);
    }
  }));
