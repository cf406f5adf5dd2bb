// Tokens for tokens (RFC 8693), what an API says about itself (RFC 9728), and signed answers of introspection (RFC 9701).

import { describe, test } from "node:test";
import assert from "node:assert/strict";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { signInWith } from "./app.js";
import { service, web as apps } from "./clients.js";
import { discover, INSECURE, invoices, issuer, read, server } from "./ready.js";

const GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
const API = "https://demo.carnet.dev";

const claims = (jwt) => JSON.parse(Buffer.from(jwt.split(".")[1], "base64url").toString());

async function configured() {
  return discover(service.client_id, openid.ClientSecretBasic(service.client_secret));
}

describe("N11 token exchange", () => {
  test("N11 openid-client: a service delegates, and the chain says who acts", async () => {
    const config = await configured();
    const own = await openid.clientCredentialsGrant(config, { scope: read });
    const given = await openid.genericGrantRequest(config, GRANT, {
      subject_token: own.access_token,
      subject_token_type: ACCESS_TOKEN,
      actor_token: own.access_token,
      actor_token_type: ACCESS_TOKEN,
      audience: API,
      scope: read,
    });
    assert.equal(given.issued_token_type, ACCESS_TOKEN);
    assert.equal(given.token_type, "bearer");
    const said = claims(given.access_token);
    assert.deepEqual(said.act, { sub: service.client_id });
    assert.equal(said.aud, API);
    await openid.tokenRevocation(config, own.access_token);
    assert.deepEqual(await openid.tokenIntrospection(config, given.access_token), { active: false });
  });

  test("N11 openid-client: no more than the subject, and only where the settings allow", async () => {
    const config = await configured();
    const own = await openid.clientCredentialsGrant(config, { scope: read });
    const ask = (more) =>
      openid.genericGrantRequest(config, GRANT, {
        subject_token: own.access_token,
        subject_token_type: ACCESS_TOKEN,
        ...more,
      });
    const refused = (error) => (thrown) => thrown.error === error;
    await assert.rejects(ask({ audience: "https://elsewhere.example" }), refused("invalid_target"));
    await assert.rejects(ask({ audience: API, scope: "https://demo.carnet.dev/auth/invoices.write" }), refused("invalid_scope"));
    await assert.rejects(ask({ audience: API, subject_token: "x" }), refused("invalid_request"));
  });
});

describe("N11 token exchange with oauth4webapi", () => {
  test("N11 oauth4webapi: a service impersonates where its settings let it, and a person's token is what it exchanges", async () => {
    const as = await server("oidc");
    const web = { client_id: apps.client_id };
    const person = await signInWith(as, web, oauth.ClientSecretBasic(apps.client_secret), {});
    const client = { client_id: service.client_id };
    const proof = oauth.ClientSecretBasic(service.client_secret);
    const asked = { subject_token: person.access_token, subject_token_type: ACCESS_TOKEN, audience: API, scope: read };
    const answer = await oauth.genericTokenEndpointRequest(as, client, proof, GRANT, asked, INSECURE);
    const given = await oauth.processGenericTokenEndpointResponse(as, client, answer);
    assert.equal(given.issued_token_type, ACCESS_TOKEN);
    const [before, after] = [claims(person.access_token), claims(given.access_token)];
    assert.equal(after.sub, before.sub, "it is still about the person");
    assert.equal(after.client_id, service.client_id);
    assert.equal(after.scope, read);
    const called = await oauth.protectedResourceRequest(given.access_token, "GET", new URL(invoices), undefined, undefined, INSECURE);
    assert.equal(called.status, 200);
  });
});

describe("N16 introspection as a JWT", () => {
  test("N16 oauth4webapi: the answer is signed for the caller", async () => {
    const as = await server();
    const client = { client_id: service.client_id };
    const authentication = oauth.ClientSecretBasic(service.client_secret);
    const granted = await oauth.clientCredentialsGrantRequest(as, client, authentication, { scope: read }, INSECURE);
    const { access_token } = await oauth.processClientCredentialsResponse(as, client, granted);
    const options = { ...INSECURE, requestJwtResponse: true };
    const answer = await oauth.introspectionRequest(as, client, authentication, access_token, options);
    assert.equal(answer.headers.get("content-type"), "application/token-introspection+jwt");
    const told = await oauth.processIntrospectionResponse(as, client, answer);
    await oauth.validateApplicationLevelSignature(as, answer, INSECURE);
    assert.equal(told.active, true);
    assert.equal(told.client_id, service.client_id);
  });
});

describe("B8 protected resource metadata", () => {
  test("B8 oauth4webapi: from an API to its authorization server", async () => {
    const api = new URL(`${issuer}/admin/v1`);
    const answer = await oauth.resourceDiscoveryRequest(api, INSECURE);
    const said = await oauth.processResourceDiscoveryResponse(api, answer);
    assert.deepEqual(said.authorization_servers, [issuer]);
    const refused = await fetch(`${api}/whoami`);
    assert.equal(refused.status, 401);
    assert.match(refused.headers.get("www-authenticate"), /resource_metadata="[^"]+\/oauth-protected-resource\/admin\/v1"/);
    const demo = await fetch(`${issuer}/demo/v1/invoices`);
    const [, place] = demo.headers.get("www-authenticate").match(/resource_metadata="([^"]+)"/);
    assert.equal((await (await fetch(place)).json()).resource, API);
  });
});
