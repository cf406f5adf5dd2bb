// Apps that come without an administrator, with both libraries: they register (RFC 7591), look after their record (RFC 7592),
// or are a document that their client_id is the URL of.

import { createServer } from "node:http";
import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { signIn, signInWith } from "./app.js";
import { Person } from "./person.js";
import { discover, INSECURE, issuer, made, project, read, server } from "./ready.js";

const CALLBACK = "http://127.0.0.1:53682/callback";
const NATIVE = { redirect_uris: [CALLBACK], client_name: "Interop native", token_endpoint_auth_method: "none" };
const HERE = { execute: [openid.allowInsecureRequests] };

describe("N18 apps that register themselves", () => {
  test("N18 openid-client: an app without a secret registers, and a person signs in to it", async () => {
    const config = await openid.dynamicClientRegistration(new URL(issuer), NATIVE, openid.None(), HERE);
    const client = config.clientMetadata();
    assert.ok(client.client_id);
    assert.equal(client.client_secret, undefined);
    const { tokens } = await signIn(config, { redirect_uri: CALLBACK, scope: "openid email" });
    assert.equal(tokens.claims().aud, client.client_id);
  });

  test("N18 oauth4webapi: an app with a secret registers, and a person signs in to it", async () => {
    const as = await server("oidc");
    const asked = { redirect_uris: [CALLBACK], client_name: "Interop web", token_endpoint_auth_method: "client_secret_post" };
    const answer = await oauth.dynamicClientRegistrationRequest(as, asked, INSECURE);
    const client = await oauth.processDynamicClientRegistrationResponse(answer);
    assert.equal(client.client_secret_expires_at, 0);
    const proof = oauth.ClientSecretPost(client.client_secret);
    const tokens = await signInWith(as, client, proof, { redirect_uri: CALLBACK, scope: "openid email" });
    assert.ok(tokens.id_token);
  });

  test("N18 openid-client: an invited one may act for itself", async () => {
    const { initial_access_token } = await made(`projects/${project}/initial-tokens`, { title: "Interop" });
    const asked = { client_name: "Interop daemon", grant_types: ["client_credentials"], response_types: [], scope: read };
    const invited = { ...HERE, initialAccessToken: initial_access_token };
    const config = await openid.dynamicClientRegistration(new URL(issuer), asked, openid.ClientSecretBasic(), invited);
    assert.ok((await openid.clientCredentialsGrant(config, { scope: read })).access_token);
    const again = openid.dynamicClientRegistration(new URL(issuer), asked, undefined, invited);
    await assert.rejects(again, (error) => error.status === 401, "it was good for one");
  });

  test("N18 openid-client: what is wrong is told", async () => {
    const wrong = { ...NATIVE, redirect_uris: ["http://elsewhere.example/callback"] };
    const told = openid.dynamicClientRegistration(new URL(issuer), wrong, openid.None(), HERE);
    await assert.rejects(told, (error) => error.status === 400 && error.error === "invalid_redirect_uri");
  });

  test("N18 its record is read, written anew, and deleted with it (RFC 7592)", async () => {
    const as = await server();
    const answer = await oauth.dynamicClientRegistrationRequest(as, NATIVE, INSECURE);
    const first = await oauth.processDynamicClientRegistrationResponse(answer);
    const call = (token, method = "GET", body) =>
      fetch(first.registration_client_uri, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: body && JSON.stringify(body),
      });
    const read = await (await call(first.registration_access_token)).json();
    assert.equal(read.client_name, NATIVE.client_name);
    const put = await call(first.registration_access_token, "PUT", { ...NATIVE, client_id: first.client_id, client_name: "Another name" });
    assert.equal(put.status, 200);
    const { registration_access_token: next, client_name } = await put.json();
    assert.equal(client_name, "Another name");
    assert.equal((await call(first.registration_access_token)).status, 401, "the old token is dead");
    assert.equal((await call(next, "DELETE")).status, 204);
    assert.equal((await call(next)).status, 401);
  });
});

describe("N19 an app that is a document", () => {
  // The app's own site: it says what the app is.
  const documents = new Map();
  const site = createServer(({ url }, response) => {
    const found = documents.get(url);
    response.writeHead(found ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(found ?? {}));
  });
  const ready = new Promise((done) => site.listen(0, "127.0.0.1", done));
  after(() => site.close());

  async function at(path, more = {}) {
    await ready;
    const client_id = `http://127.0.0.1:${site.address().port}${path}`;
    documents.set(path, { client_id, ...NATIVE, ...more });
    return client_id;
  }

  test("N19 openid-client: nothing is registered, and a person signs in to it", async () => {
    const id = await at("/app.json");
    const config = await discover(id, openid.None());
    assert.equal(config.serverMetadata().client_id_metadata_document_supported, true);
    const person = new Person();
    const { tokens } = await signIn(config, { redirect_uri: CALLBACK, scope: "openid email" }, person);
    assert.equal(tokens.claims().aud, id);
    assert.deepEqual(person.filled, ["sign-in", "consent"]);
  });

  test("N19 oauth4webapi: the same, pushed", async () => {
    const client_id = await at("/pushed.json");
    const asked = { redirect_uri: CALLBACK, scope: "openid email", push: true };
    const tokens = await signInWith(await server("oidc"), { client_id }, oauth.None(), asked);
    assert.equal(oauth.getValidatedIdTokenClaims(tokens).aud, client_id);
  });

  test("N19 a document that speaks for another is not believed", async () => {
    const id = await at("/other.json", { client_id: "http://127.0.0.1/app.json" });
    const url = new URL((await server()).authorization_endpoint);
    url.search = new URLSearchParams({ client_id: id, response_type: "code", redirect_uri: CALLBACK, scope: "openid" });
    const shown = await new Person().open(url);
    assert.equal(shown.left, undefined);
    assert.equal(shown.status, 400);
    assert.match(shown.html, /CRN-1707/);
  });
});
