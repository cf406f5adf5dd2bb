// Both libraries find the server, and a service account gets its tokens through them (RFC 7523).

import { createSign } from "node:crypto";
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { ci, ciKey, discover, INSECURE, invoices, issuer, read, refused, server, write } from "./ready.js";

const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

describe("N1 discovery", () => {
  for (const algorithm of ["oidc", "oauth2"]) {
    test(`N1 openid-client finds the server by ${algorithm}`, async () => {
      const told = (await discover("anybody", openid.None(), algorithm)).serverMetadata();
      assert.equal(told.issuer, issuer);
      assert.equal(told.token_endpoint, `${issuer}/token`);
      assert.ok(told.grant_types_supported.includes(JWT_BEARER));
    });

    test(`N1 oauth4webapi finds the server by ${algorithm}`, async () => {
      const told = await server(algorithm);
      assert.equal(told.issuer, issuer);
      assert.equal(told.jwks_uri, `${issuer}/jwks`);
    });

    test(`N1 oauth4webapi finds no other issuer there by ${algorithm}`, async () => {
      const there = new URL(issuer);
      const other = new URL(issuer.replace("127.0.0.1", "localhost"));
      const answer = await oauth.discoveryRequest(there, { algorithm, ...INSECURE });
      await assert.rejects(oauth.processDiscoveryResponse(other, answer), /issuer/);
    });
  }
});

// What a service account signs (google-wire 1).
function assertion(claims = {}) {
  const now = Math.floor(Date.now() / 1000);
  const body = { iss: ciKey.client_email, aud: `${issuer}/token`, iat: now, exp: now + 300, scope: read, ...claims };
  const input = [{ alg: "RS256", typ: "JWT", kid: ciKey.private_key_id }, body]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${input}.${createSign("RSA-SHA256").update(input).sign(ciKey.private_key, "base64url")}`;
}

describe("N2 a service account", () => {
  test("N2 openid-client: a token that the API takes", async () => {
    const config = await discover(ci.client_id, openid.None());
    const tokens = await openid.genericGrantRequest(config, JWT_BEARER, { assertion: assertion() });
    assert.equal(tokens.token_type, "bearer");
    assert.ok(tokens.expiresIn() > 3590);
    const answer = await openid.fetchProtectedResource(config, tokens.access_token, new URL(invoices), "GET");
    assert.equal(answer.status, 200);
  });

  test("N2 openid-client: a token for reading does not write", async () => {
    const config = await discover(ci.client_id, openid.None());
    const { access_token } = await openid.genericGrantRequest(config, JWT_BEARER, { assertion: assertion() });
    const json = new Headers({ "content-type": "application/json" });
    const call = openid.fetchProtectedResource(config, access_token, new URL(invoices), "POST", "{}", json);
    await assert.rejects(call, (error) => {
      assert.equal(error.status, 403);
      assert.equal(error.cause[0].scheme, "bearer");
      assert.equal(error.cause[0].parameters.error, "insufficient_scope");
      assert.equal(error.cause[0].parameters.scope, write);
      return true;
    });
  });

  test("N2 both libraries tell what was wrong with an assertion", async () => {
    const wrong = assertion({ aud: "https://another.example/token" });
    const config = await discover(ci.client_id, openid.None());
    await assert.rejects(openid.genericGrantRequest(config, JWT_BEARER, { assertion: wrong }), (error) => {
      refused("invalid_grant", 400)(error);
      assert.match(error.error_description, /CRN-2004/);
      return true;
    });

    const [as, client] = [await server(), { client_id: ci.client_id }];
    const asked = { assertion: wrong };
    const answer = await oauth.genericTokenEndpointRequest(as, client, oauth.None(), JWT_BEARER, asked, INSECURE);
    await assert.rejects(oauth.processGenericTokenEndpointResponse(as, client, answer), refused("invalid_grant", 400));
  });
});
