// Assertions of an issuer elsewhere as authorization grants (RFC 7523 2.1), which openid-client and oauth4webapi bring as a
// grant of their own kind: for an account, and by a client for a user.

import { describe, test } from "node:test";
import assert from "node:assert/strict";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { keyPair } from "./clients.js";
import { ci, discover, INSECURE, invoices, issuer, made, project, read, refused, server } from "./ready.js";

const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const encoded = (value) => Buffer.from(value).toString("base64url");

// What the issuer elsewhere signs. ES256 signatures of WebCrypto are those of JWS.
async function signed({ key: { key, kid } }, claims) {
  const now = Math.floor(Date.now() / 1000);
  const all = { aud: issuer, sub: "job:7", iat: now, exp: now + 60, jti: crypto.randomUUID(), ...claims };
  const input = `${encoded(JSON.stringify({ alg: "ES256", kid }))}.${encoded(JSON.stringify(all))}`;
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, Buffer.from(input));
  return `${input}.${encoded(Buffer.from(signature))}`;
}

async function trusted(settings) {
  const pair = await keyPair("ES256");
  const iss = `https://${crypto.randomUUID()}.example`;
  const trust = await made(`projects/${project}/trusted-issuers`, { title: "CI", issuer: iss, jwks: { keys: [pair.jwk] }, scopes: [read], ...settings });
  return { iss, trust, pair };
}

describe("RFC 7523: assertions of issuers that are trusted", () => {
  test("openid-client brings one by genericGrantRequest", async () => {
    const { id } = await made("clients", { title: "Runner", kind: "daemon", scopes: [read] });
    const { client_secret } = await made(`clients/${id}/secrets`, {});
    const { iss, pair } = await trusted({ account: ci.email, subjects: ["job:*"], clients: [id] });
    const config = await discover(id, openid.ClientSecretBasic(client_secret));
    const assertion = await signed(pair, { iss });
    const token = await openid.genericGrantRequest(config, GRANT, { assertion, scope: read });
    assert.equal(token.scope, read);
    assert.equal(token.refresh_token, undefined);
    assert.equal((await openid.fetchProtectedResource(config, token.access_token, new URL(invoices), "GET")).status, 200);
    await assert.rejects(openid.genericGrantRequest(config, GRANT, { assertion }), refused("invalid_grant", 400));
    const strange = await signed(pair, { iss, sub: "other:7" });
    await assert.rejects(openid.genericGrantRequest(config, GRANT, { assertion: strange }), refused("invalid_grant", 400));
    // Without its client it is worth nothing, and is not used up.
    const next = await signed(pair, { iss });
    const alone = await discover(id, openid.None());
    await assert.rejects(openid.genericGrantRequest(alone, GRANT, { assertion: next }));
    assert.ok((await openid.genericGrantRequest(config, GRANT, { assertion: next })).access_token);
  });

  test("oauth4webapi brings one for itself", async () => {
    const { iss, pair } = await trusted({ account: ci.email, subjects: ["job:7"] });
    const [as, client] = [await server(), { client_id: "runner" }];
    const ask = async (assertion) =>
      oauth.genericTokenEndpointRequest(as, client, oauth.None(), GRANT, { assertion, scope: read }, INSECURE);
    const good = await ask(await signed(pair, { iss }));
    assert.ok((await oauth.processGenericTokenEndpointResponse(as, client, good)).access_token);
    const { pair: stranger } = await trusted({ account: ci.email, subjects: ["*"] });
    const forged = await ask(await signed(stranger, { iss }));
    await assert.rejects(oauth.processGenericTokenEndpointResponse(as, client, forged), refused("invalid_grant", 400));
  });

  test("oauth4webapi proves the key of one that is bound, and nobody without it gets anything", async () => {
    const { iss, pair } = await trusted({ account: ci.email, subjects: ["job:*"] });
    const [as, client] = [await server(), { client_id: "runner" }];
    const handle = async () => oauth.DPoP(client, await oauth.generateKeyPair("ES256"));
    const [DPoP, stranger] = [await handle(), await handle()];
    const assertion = await signed(pair, { iss, cnf: { jkt: await DPoP.calculateThumbprint() } });
    const ask = async (options) => {
      const all = { ...INSECURE, ...options };
      const answer = await oauth.genericTokenEndpointRequest(as, client, oauth.None(), GRANT, { assertion, scope: read }, all);
      return oauth.processGenericTokenEndpointResponse(as, client, answer);
    };
    await assert.rejects(ask({}), refused("invalid_grant", 400));
    await assert.rejects(ask({ DPoP: stranger }), refused("invalid_grant", 400));
    // None of that used it up.
    assert.equal((await ask({ DPoP })).token_type, "dpop");
  });
});
