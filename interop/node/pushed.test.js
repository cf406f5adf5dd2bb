// Requests that do not go through the browser as they are: pushed (RFC 9126), signed (RFC 9101), and in detail (RFC 9396),
// with both libraries.

import { describe, test } from "node:test";
import assert from "node:assert/strict";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { ask, BACK, parameters, SECRET, signIn, signInWith } from "./app.js";
import { callback, keyPair, spa, web } from "./clients.js";
import { Person } from "./person.js";
import { discover, INSECURE, issuer, made, read, server } from "./ready.js";

const PROOF = oauth.ClientSecretBasic(web.client_secret);
const DETAILS = [{ type: "invoice_payment", invoice: "2026-17", amount: { currency: "EUR", value: "123.50" } }];

describe("N12 pushed authorization requests", () => {
  test("N12 PAR: the request is pushed, the browser carries its name, and it gives one code", async () => {
    const config = await discover(web.client_id, SECRET);
    const { url: plain, expected } = await ask(config);
    const url = await openid.buildAuthorizationUrlWithPAR(config, parameters(plain));
    assert.deepEqual([...url.searchParams.keys()].sort(), ["client_id", "request_uri"]);
    const person = new Person();
    const back = await person.walk(url);
    const tokens = await openid.authorizationCodeGrant(config, back, expected);
    assert.equal(tokens.claims().email, "alice@example.com");
    const again = await person.walk(url);
    assert.equal(again.searchParams.get("error"), "invalid_request_uri");
    assert.equal(again.searchParams.get("iss"), issuer);
  });

  test("N12 PAR: a public client pushes with its name alone", async () => {
    const config = await discover(spa.client_id, openid.None());
    const { url: plain, expected } = await ask(config, { redirect_uri: callback(spa) });
    const url = await openid.buildAuthorizationUrlWithPAR(config, parameters(plain));
    const back = await new Person().walk(url);
    assert.ok((await openid.authorizationCodeGrant(config, back, expected)).access_token);
  });

  test("N12 PAR: what is wrong is told at the push", async () => {
    const config = await discover(web.client_id, SECRET);
    const { url } = await ask(config, { scope: "nothing" });
    const pushed = openid.buildAuthorizationUrlWithPAR(config, parameters(url));
    await assert.rejects(pushed, (error) => error.error === "invalid_scope" && error.status === 400);
  });

  test("N12 PAR: oauth4webapi pushes, and one request gives one code", async () => {
    const tokens = await signInWith(await server("oidc"), { client_id: web.client_id }, PROOF, { push: true });
    assert.ok(tokens.id_token);
  });

  test("N12 PAR: a client that must push is told so", async () => {
    const app = await webApp({ require_par: true });
    const config = await discover(app.id, openid.PrivateKeyJwt(app.key));
    const { url, expected } = await ask(config);
    const told = openid.authorizationCodeGrant(config, await new Person().walk(url), expected);
    await assert.rejects(told, (error) => error.error === "invalid_request");
    const pushed = await openid.buildAuthorizationUrlWithPAR(config, parameters(url));
    assert.ok((await openid.authorizationCodeGrant(config, await new Person().walk(pushed), expected)).access_token);
  });
});

// A web app that signs what it sends: its assertions and its requests.
async function webApp(settings = {}) {
  const { jwk, key } = await keyPair("ES256");
  const app = {
    title: "Interop",
    kind: "web",
    authentication: "private_key_jwt",
    jwks: { keys: [jwk] },
    redirect_uris: [BACK],
    scopes: ["openid", "profile", "email", "offline_access", read],
    ...settings,
  };
  const { id } = await made("clients", app);
  return { id, key };
}

describe("N14 signed requests", () => {
  for (const push of [false, true]) {
    test(`N14 JAR: openid-client signs, ${push ? "and pushes" : "and the browser carries it"}`, async () => {
      const app = await webApp();
      const config = await discover(app.id, openid.PrivateKeyJwt(app.key));
      const { url: plain, expected } = await ask(config);
      let url = await openid.buildAuthorizationUrlWithJAR(config, parameters(plain), app.key);
      assert.deepEqual([...url.searchParams.keys()].sort(), ["client_id", "request"]);
      if (push) url = await openid.buildAuthorizationUrlWithPAR(config, url.searchParams);
      const tokens = await openid.authorizationCodeGrant(config, await new Person().walk(url), expected);
      assert.equal(tokens.claims().email, "alice@example.com");
    });
  }

  test("N14 JAR: from a client that must sign, nothing unsigned is taken", async () => {
    const app = await webApp({ require_signed_request_object: true });
    const config = await discover(app.id, openid.PrivateKeyJwt(app.key));
    const { url, expected } = await ask(config);
    const told = openid.authorizationCodeGrant(config, await new Person().walk(url), expected);
    await assert.rejects(told, (error) => error.error === "invalid_request");
    const signed = await openid.buildAuthorizationUrlWithJAR(config, parameters(url), app.key);
    assert.ok((await openid.authorizationCodeGrant(config, await new Person().walk(signed), expected)).access_token);
  });

  test("N14 JAR: oauth4webapi signs, and another's signature is nothing", async () => {
    const [app, other] = [await webApp(), await webApp()];
    const [as, client] = [await server("oidc"), { client_id: app.id }];
    const verifier = oauth.generateRandomCodeVerifier();
    const asked = {
      response_type: "code",
      redirect_uri: BACK,
      scope: `openid ${read}`,
      state: "s",
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    };
    const walk = async (key) => {
      const url = new URL(as.authorization_endpoint);
      const request = await oauth.issueRequestObject(as, client, asked, key);
      url.search = new URLSearchParams({ client_id: app.id, request, redirect_uri: BACK });
      return new Person().walk(url);
    };
    const back = oauth.validateAuthResponse(as, client, await walk(app.key), "s");
    const proof = oauth.PrivateKeyJwt(app.key);
    const redeemed = await oauth.authorizationCodeGrantRequest(as, client, proof, back, BACK, verifier, INSECURE);
    assert.ok((await oauth.processAuthorizationCodeResponse(as, client, redeemed)).id_token);
    assert.equal((await walk(other.key)).searchParams.get("error"), "invalid_request_object");
  });
});

describe("N14 algorithms of a client", () => {
  test("N14 an ID token is signed as the client asked, and oauth4webapi expects nothing else", async () => {
    for (const id_token_signed_response_alg of ["ES256", "RS256"]) {
      const app = await webApp({ id_token_signed_response_alg, token_endpoint_auth_signing_alg: "ES256" });
      const client = { client_id: app.id, id_token_signed_response_alg };
      const tokens = await signInWith(await server("oidc"), client, oauth.PrivateKeyJwt(app.key));
      const [header] = tokens.id_token.split(".");
      assert.equal(JSON.parse(Buffer.from(header, "base64url")).alg, id_token_signed_response_alg);
    }
  });
});

describe("N13 rich authorization requests", () => {
  test("N13 RAR: an app asks in detail, and the answer, the token and introspection say so", async () => {
    const config = await discover(web.client_id, SECRET);
    const authorization_details = JSON.stringify(DETAILS);
    const person = new Person();
    const { tokens } = await signIn(config, { authorization_details }, person);
    assert.deepEqual(tokens.authorization_details, DETAILS);
    const told = await openid.tokenIntrospection(config, tokens.access_token);
    assert.deepEqual(told.authorization_details, DETAILS);
    const { url: plain, expected } = await ask(config, { authorization_details });
    const url = await openid.buildAuthorizationUrlWithPAR(config, parameters(plain));
    person.filled = [];
    const pushed = await openid.authorizationCodeGrant(config, await person.walk(url), expected);
    assert.deepEqual(person.filled, ["consent"], "details are agreed to each time");
    assert.deepEqual(pushed.authorization_details, DETAILS);
    const { url: wrong, expected: other } = await ask(config, { authorization_details: '[{"type":"nothing"}]' });
    const back = await person.walk(wrong);
    const refused = openid.authorizationCodeGrant(config, back, other);
    await assert.rejects(refused, (error) => error.error === "invalid_authorization_details");
  });

  test("N13 RAR: oauth4webapi pushes them, and reads what was granted", async () => {
    const as = await server("oidc");
    const client = { client_id: web.client_id };
    const asked = { push: true, authorization_details: JSON.stringify(DETAILS) };
    const tokens = await signInWith(as, client, PROOF, asked);
    assert.deepEqual(tokens.authorization_details, DETAILS);
    const answer = await oauth.introspectionRequest(as, client, PROOF, tokens.access_token, INSECURE);
    assert.deepEqual((await oauth.processIntrospectionResponse(as, client, answer)).authorization_details, DETAILS);
  });
});
