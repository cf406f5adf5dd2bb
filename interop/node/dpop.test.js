// Tokens that are bound to a key (RFC 9449), with both libraries: the code, its refresh, requests that are pushed, and a
// client for itself; at userinfo and at an API. Nonces of the server are in second.test.js.

import { describe, test } from "node:test";
import assert from "node:assert/strict";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { ask, parameters, signIn, signInWith } from "./app.js";
import { callback, service, spa, web } from "./clients.js";
import { Person } from "./person.js";
import { discover, INSECURE, invoices, made, read, refused, server } from "./ready.js";

const API = new URL(invoices);
const OFFLINE = `openid email offline_access ${read}`;

// A key of an app without a secret, and the app.
async function app() {
  const config = await discover(spa.client_id, openid.None());
  const handle = async () => openid.getDPoPHandle(config, await openid.randomDPoPKeyPair());
  return { config, DPoP: await handle(), stranger: await handle() };
}

// A token that is not shown as it is bound is 401 with a challenge.
const turnedAway = (thrown) => thrown.status === 401 && thrown.cause.some(({ parameters: told }) => told.error === "invalid_token");

describe("N17 proofs of possession", () => {
  test("N17 openid-client: a code, userinfo and an API, and no way without the key", async () => {
    const { config, DPoP, stranger } = await app();
    const { tokens } = await signIn(config, { redirect_uri: callback(spa), scope: OFFLINE }, new Person(), { DPoP });
    assert.equal(tokens.token_type, "dpop");
    const { sub } = tokens.claims();
    const about = await openid.fetchUserInfo(config, tokens.access_token, sub, { DPoP });
    assert.equal(about.email, "alice@example.com");
    const call = (options) => openid.fetchProtectedResource(config, tokens.access_token, API, "GET", undefined, undefined, options);
    assert.equal((await call({ DPoP })).status, 200);
    await assert.rejects(call(undefined), turnedAway);
    await assert.rejects(call({ DPoP: stranger }), turnedAway);
    await assert.rejects(openid.fetchUserInfo(config, tokens.access_token, sub), turnedAway);
  });

  test("N17 openid-client: the refresh token of an app without a secret is bound too", async () => {
    const { config, DPoP, stranger } = await app();
    const { tokens } = await signIn(config, { redirect_uri: callback(spa), scope: OFFLINE }, new Person(), { DPoP });
    await assert.rejects(openid.refreshTokenGrant(config, tokens.refresh_token), refused("invalid_grant", 400));
    await assert.rejects(openid.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP: stranger }), refused("invalid_grant", 400));
    const next = await openid.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
    assert.equal(next.token_type, "dpop");
  });

  test("N17 openid-client: a code is bound by dpop_jkt, and by a proof at the push", async () => {
    const { config, DPoP, stranger } = await app();
    const bound = async () => {
      const { url: plain, expected } = await ask(config, { redirect_uri: callback(spa) });
      const url = await openid.buildAuthorizationUrlWithPAR(config, parameters(plain), { DPoP });
      return [await new Person().walk(url), expected];
    };
    const [back, expected] = await bound();
    assert.equal((await openid.authorizationCodeGrant(config, back, expected, undefined, { DPoP })).token_type, "dpop");
    const [other, missed] = await bound();
    const taken = openid.authorizationCodeGrant(config, other, missed, undefined, { DPoP: stranger });
    await assert.rejects(taken, refused("invalid_grant", 400));
    const { url, expected: named } = await ask(config, { redirect_uri: callback(spa), dpop_jkt: await DPoP.calculateThumbprint() });
    const third = await new Person().walk(url);
    const without = openid.authorizationCodeGrant(config, third, named);
    await assert.rejects(without, (error) => error.status === 400);
  });

  test("N17 oauth4webapi: a code that was pushed, userinfo and an API", async () => {
    const as = await server("oidc");
    const client = { client_id: spa.client_id };
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair("ES256"));
    const tokens = await signInWith(as, client, oauth.None(), { redirect_uri: callback(spa), push: true, DPoP });
    assert.equal(tokens.token_type, "dpop");
    const { sub } = oauth.getValidatedIdTokenClaims(tokens);
    const options = { ...INSECURE, DPoP };
    const answer = await oauth.userInfoRequest(as, client, tokens.access_token, options);
    assert.equal((await oauth.processUserInfoResponse(as, client, sub, answer)).sub, sub);
    const called = await oauth.protectedResourceRequest(tokens.access_token, "GET", API, undefined, undefined, options);
    assert.equal(called.status, 200);
  });

  for (const algorithm of ["ES256", "Ed25519", "PS256"]) {
    test(`N17 oauth4webapi: a client for itself, with ${algorithm}, and introspection tells the key`, async () => {
      const [as, client] = [await server(), { client_id: web.client_id }];
      const DPoP = oauth.DPoP(client, await oauth.generateKeyPair(algorithm));
      const proof = oauth.ClientSecretBasic(web.client_secret);
      const options = { ...INSECURE, DPoP };
      const answer = await oauth.clientCredentialsGrantRequest(as, client, proof, { scope: read }, options);
      const { access_token, token_type } = await oauth.processClientCredentialsResponse(as, client, answer);
      assert.equal(token_type, "dpop");
      const told = await oauth.processIntrospectionResponse(as, client, await oauth.introspectionRequest(as, client, proof, access_token, INSECURE));
      assert.equal(told.token_type, "DPoP");
      assert.equal(told.cnf.jkt, await DPoP.calculateThumbprint());
    });
  }

  test("N17 openid-client: a client that must prove a key is refused without", async () => {
    const body = { title: "Interop", kind: "daemon", scopes: [read], default_scopes: [read], require_dpop: true };
    const { id } = await made("clients", body);
    const { client_secret } = await made(`clients/${id}/secrets`, {});
    const config = await discover(id, openid.ClientSecretBasic(client_secret));
    await assert.rejects(openid.clientCredentialsGrant(config, { scope: read }), refused("invalid_dpop_proof", 400));
    const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair());
    assert.equal((await openid.clientCredentialsGrant(config, { scope: read }, { DPoP })).token_type, "dpop");
  });

  test("N17 openid-client: an exchanged token is bound to the key of whoever exchanges", async () => {
    const config = await discover(service.client_id, openid.ClientSecretBasic(service.client_secret));
    const own = await openid.clientCredentialsGrant(config, { scope: read });
    const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair());
    const asked = {
      subject_token: own.access_token,
      subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
      audience: "https://demo.carnet.dev",
    };
    const given = await openid.genericGrantRequest(config, "urn:ietf:params:oauth:grant-type:token-exchange", asked, { DPoP });
    assert.equal(given.token_type, "dpop");
  });
});
