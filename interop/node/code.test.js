// A person signs in and lets an app in: the authorization code with PKCE, ID tokens, userinfo, refresh, and what
// becomes of a code or a refresh token that comes twice. With openid-client, as its documentation says.

import { describe, test } from "node:test";
import assert from "node:assert/strict";
import * as openid from "openid-client";
import { ask, BACK, SECRET, signIn } from "./app.js";
import { callback, spa, web } from "./clients.js";
import { Person } from "./person.js";
import { discover, invoices, issuer, moveClock, read, refused, write } from "./ready.js";

describe("N5 authorization code", () => {
  test("N5 sign-in, consent, code, ID token, userinfo", async () => {
    const config = await discover(web.client_id, SECRET);
    const person = new Person();
    const { tokens, back } = await signIn(config, {}, person);

    assert.deepEqual(person.filled, ["sign-in", "consent"]);
    assert.equal(back.searchParams.get("iss"), issuer, "RFC 9207");
    assert.ok(back.href.startsWith(BACK));
    const claims = tokens.claims();
    assert.equal(claims.iss, issuer);
    assert.equal(claims.aud, web.client_id);
    assert.equal(claims.email, "alice@example.com");
    assert.ok(Math.abs(claims.auth_time - Date.now() / 1000) < 60);
    const about = await openid.fetchUserInfo(config, tokens.access_token, claims.sub);
    assert.equal(about.email, "alice@example.com");
    assert.equal(about.email_verified, true);
    assert.equal(about.name, "Alice");
    const answer = await openid.fetchProtectedResource(config, tokens.access_token, new URL(invoices), "GET");
    assert.equal(answer.status, 200);
  });

  test("N5 who is signed in and has consented is not asked again", async () => {
    const config = await discover(web.client_id, SECRET);
    const person = new Person();
    await signIn(config, {}, person);
    person.filled = [];
    await signIn(config, {}, person);
    assert.deepEqual(person.filled, []);
    await signIn(config, { prompt: "consent" }, person);
    assert.deepEqual(person.filled, ["consent"]);
  });

  test("N5 ui_locales: the first language that is spoken here", async () => {
    const config = await discover(web.client_id, SECRET);
    for (const [ui_locales, lang] of [["fr de", "de"], ["en-GB", "en"], ["fr", "en"]]) {
      const { url } = await ask(config, { ui_locales });
      const { html } = await new Person().open(url);
      assert.match(html, new RegExp(`<html lang="${lang}`), ui_locales);
    }
  });

  test("N5 id_token_hint: an answer is about that person, or there is none", async () => {
    const config = await discover(web.client_id, SECRET);
    const alice = new Person();
    const { tokens } = await signIn(config, {}, alice);
    const hinted = { id_token_hint: tokens.id_token, prompt: "none" };
    const again = await signIn(config, hinted, alice);
    assert.equal(again.tokens.claims().sub, tokens.claims().sub);
    const bob = new Person();
    const { url } = await ask(config);
    await bob.walk(url, { account: { email: "bob@example.com", password: "bob" } });
    const { url: quiet } = await ask(config, hinted);
    assert.equal((await bob.walk(quiet)).searchParams.get("error"), "login_required");
    assert.equal((await alice.walk(quiet)).searchParams.get("error"), null);
  });

  test("N5 more scopes are asked for when they are needed", async () => {
    const config = await discover(web.client_id, SECRET);
    const person = new Person();
    await signIn(config, {}, person);
    person.filled = [];
    const { tokens } = await signIn(config, { scope: `openid ${read} ${write}` }, person);
    assert.deepEqual(person.filled, ["consent"]);
    assert.deepEqual(tokens.scope.split(" ").sort(), ["openid", read, write].sort());
  });

  test("N5 whoever says no is told to the app as access_denied", async () => {
    const config = await discover(web.client_id, SECRET);
    const { url, expected } = await ask(config, { prompt: "consent" });
    const back = await new Person().walk(url, { decision: "deny" });
    assert.equal(back.searchParams.get("code"), null);
    await assert.rejects(openid.authorizationCodeGrant(config, back, expected), (error) => error.error === "access_denied");
  });

  test("N5 prompt=none without a session is login_required", async () => {
    const config = await discover(web.client_id, SECRET);
    const { url, expected } = await ask(config, { prompt: "none" });
    const person = new Person();
    const back = await person.walk(url);
    assert.deepEqual(person.filled, []);
    await assert.rejects(openid.authorizationCodeGrant(config, back, expected), (error) => error.error === "login_required");
  });

  for (const mode of ["query", "form_post"]) {
    test(`N5 response_mode=${mode}`, async () => {
      const config = await discover(web.client_id, SECRET);
      const { tokens, back } = await signIn(config, { response_mode: mode });
      assert.equal(back instanceof Request, mode === "form_post");
      assert.ok(tokens.access_token);
    });
  }

  test("N5 the library finds an answer of another server, state or nonce out", async () => {
    const config = await discover(web.client_id, SECRET);
    const { url, expected } = await ask(config);
    const person = new Person();
    const back = await person.walk(url);

    const elsewhere = new URL(back);
    elsewhere.searchParams.set("iss", "https://evil.example");
    const about = (what) => (error) => what.test(error.cause?.message ?? error.message);
    await assert.rejects(openid.authorizationCodeGrant(config, elsewhere, expected), about(/iss/));
    const crossed = { ...expected, expectedState: openid.randomState() };
    await assert.rejects(openid.authorizationCodeGrant(config, back, crossed), about(/state/));
    const replayed = { ...expected, expectedNonce: openid.randomNonce() };
    await assert.rejects(openid.authorizationCodeGrant(config, back, replayed), about(/nonce/));
  });

  test("N5 a code is worth nothing without its verifier (RFC 7636 4.6)", async () => {
    const config = await discover(web.client_id, SECRET);
    const { url, expected } = await ask(config);
    const back = await new Person().walk(url);
    const wrong = { ...expected, pkceCodeVerifier: openid.randomPKCECodeVerifier() };
    await assert.rejects(openid.authorizationCodeGrant(config, back, wrong), refused("invalid_grant", 400));
  });

  test("N5 a request without PKCE is refused, and the app is told", async () => {
    const config = await discover(web.client_id, SECRET);
    const { url, expected } = await ask(config);
    url.searchParams.delete("code_challenge");
    url.searchParams.delete("code_challenge_method");
    const back = await new Person().walk(url);
    await assert.rejects(openid.authorizationCodeGrant(config, back, expected), (error) => error.error === "invalid_request");
  });

  test("N5 a code that comes twice ends what came of the first (RFC 6749 4.1.2)", async () => {
    const config = await discover(web.client_id, SECRET);
    const { tokens, back, expected } = await signIn(config, {});
    assert.equal((await openid.tokenIntrospection(config, tokens.access_token)).active, true);
    await assert.rejects(openid.authorizationCodeGrant(config, back, expected), refused("invalid_grant", 400));
    assert.equal((await openid.tokenIntrospection(config, tokens.access_token)).active, false);
  });

  test("N5 a code of one client is worth nothing to another", async () => {
    const config = await discover(web.client_id, SECRET);
    const { url, expected } = await ask(config);
    const back = await new Person().walk(url);
    const other = await discover(spa.client_id, openid.None());
    await assert.rejects(openid.authorizationCodeGrant(other, back, expected), refused("invalid_grant", 400));
  });

  test("N5 a redirect URI that is not registered is never followed, and nobody is asked to sign in", async () => {
    const config = await discover(web.client_id, SECRET);
    for (const strange of ["https://evil.example/callback", `${BACK}/more`, `${BACK}?more=1`]) {
      const { url } = await ask(config, { redirect_uri: strange });
      const shown = await new Person().open(url);
      assert.equal(shown.left, undefined, strange);
      assert.equal(shown.status, 400);
      assert.ok(!shown.forms.some(({ fields }) => fields.has("password")));
    }
  });
});

describe("N6 refresh", () => {
  test("N6 a refresh token is changed for the next, and the access token works", async () => {
    const config = await discover(web.client_id, SECRET);
    const { tokens } = await signIn(config, { scope: `openid offline_access ${read}` });
    const next = await openid.refreshTokenGrant(config, tokens.refresh_token);

    assert.notEqual(next.refresh_token, tokens.refresh_token);
    assert.notEqual(next.access_token, tokens.access_token);
    const answer = await openid.fetchProtectedResource(config, next.access_token, new URL(invoices), "GET");
    assert.equal(answer.status, 200);
  });

  test("N6 scopes only shrink (RFC 6749 6)", async () => {
    const config = await discover(web.client_id, SECRET);
    const { tokens } = await signIn(config, { scope: `openid offline_access ${read}` });
    const less = await openid.refreshTokenGrant(config, tokens.refresh_token, { scope: read });
    assert.equal(less.scope, read);
    await assert.rejects(openid.refreshTokenGrant(config, less.refresh_token, { scope: write }), refused("invalid_scope", 400));
  });

  test("N6 fifty at once succeed as one", async () => {
    const config = await discover(web.client_id, SECRET);
    const { tokens } = await signIn(config, { scope: `openid offline_access ${read}` });
    const all = await Promise.all(Array.from({ length: 50 }, () => openid.refreshTokenGrant(config, tokens.refresh_token)));
    assert.equal(all.length, 50);
    const next = await openid.refreshTokenGrant(config, all[0].refresh_token);
    assert.ok(next.access_token);
  });

  test("N6 an old refresh token that comes back too late ends all that came of it", async () => {
    const config = await discover(web.client_id, SECRET);
    const { tokens } = await signIn(config, { scope: `openid offline_access ${read}` });
    const next = await openid.refreshTokenGrant(config, tokens.refresh_token);
    const last = await openid.refreshTokenGrant(config, next.refresh_token);

    await assert.rejects(openid.refreshTokenGrant(config, tokens.refresh_token), refused("invalid_grant", 400));
    await assert.rejects(openid.refreshTokenGrant(config, last.refresh_token), refused("invalid_grant", 400));
    assert.equal((await openid.tokenIntrospection(config, last.access_token)).active, false);
  });

  test("N6 a revoked refresh token takes its access tokens with it (RFC 7009 2.1)", async () => {
    const config = await discover(web.client_id, SECRET);
    const { tokens } = await signIn(config, { scope: `openid offline_access ${read}` });
    await openid.tokenRevocation(config, tokens.refresh_token, { token_type_hint: "refresh_token" });
    await assert.rejects(openid.refreshTokenGrant(config, tokens.refresh_token), refused("invalid_grant", 400));
    assert.equal((await openid.tokenIntrospection(config, tokens.access_token)).active, false);
  });
});

describe("N7 a client without a secret", () => {
  test("N7 PKCE is enough, and a loopback may have any port (RFC 8252 7.3)", async () => {
    const config = await discover(spa.client_id, openid.None());
    for (const port of [49152, 50001]) {
      const { tokens, back } = await signIn(config, { redirect_uri: callback(spa, port) });
      assert.equal(Number(back.port), port);
      assert.equal(tokens.claims().aud, spa.client_id);
    }
  });

  test("N7 a refresh token of a client without a secret rotates", async () => {
    const config = await discover(spa.client_id, openid.None());
    const { tokens } = await signIn(config, { redirect_uri: callback(spa), scope: `openid offline_access ${read}` });
    const next = await openid.refreshTokenGrant(config, tokens.refresh_token);
    assert.notEqual(next.refresh_token, tokens.refresh_token);
  });
});

describe("N8 time", () => {
  test("N8 a code lives a minute", async () => {
    const config = await discover(web.client_id, SECRET);
    const { url, expected } = await ask(config);
    const back = await new Person().walk(url);
    await moveClock("+61s");
    try {
      await assert.rejects(openid.authorizationCodeGrant(config, back, expected), refused("invalid_grant", 400));
    } finally {
      await moveClock("0");
    }
  });
});
