// What an app does without a person, with both libraries: client credentials.

import { describe, test } from "node:test";
import assert from "node:assert/strict";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { daemon, spa, web } from "./clients.js";
import { discover, INSECURE, invoices, read, refused, server, unproved, write } from "./ready.js";

describe("N3 client credentials", () => {
  test("N3 openid-client: a token that the API takes", async () => {
    const config = await discover(web.client_id, openid.ClientSecretBasic(web.client_secret));
    const tokens = await openid.clientCredentialsGrant(config, { scope: read });

    assert.equal(tokens.token_type, "bearer");
    assert.equal(tokens.expires_in, 3600);
    assert.equal(tokens.refresh_token, undefined, "RFC 6749 4.4.3: none for the client itself");
    assert.equal(tokens.id_token, undefined, "there is nobody to identify");
    const answer = await openid.fetchProtectedResource(config, tokens.access_token, new URL(invoices), "GET");
    assert.equal(answer.status, 200);
  });

  test("N3 oauth4webapi: a token that the API takes", async () => {
    const as = await server();
    const client = { client_id: web.client_id };
    const answer = await oauth.clientCredentialsGrantRequest(as, client, oauth.ClientSecretBasic(web.client_secret), { scope: read }, INSECURE);
    const tokens = await oauth.processClientCredentialsResponse(as, client, answer);
    const called = await oauth.protectedResourceRequest(tokens.access_token, "GET", new URL(invoices), undefined, undefined, INSECURE);
    assert.equal(called.status, 200);
  });

  test("N3 a secret in the form, where the client is registered with it", async () => {
    const config = await discover(daemon.client_id, openid.ClientSecretPost(daemon.client_secret));
    const { access_token } = await openid.clientCredentialsGrant(config, { scope: read });
    assert.equal((await openid.fetchProtectedResource(config, access_token, new URL(invoices), "GET")).status, 200);

    const [as, client] = [await server(), { client_id: daemon.client_id }];
    const post = oauth.ClientSecretPost(daemon.client_secret);
    const answer = await oauth.clientCredentialsGrantRequest(as, client, post, { scope: read }, INSECURE);
    assert.ok((await oauth.processClientCredentialsResponse(as, client, answer)).access_token);
  });

  test("N3 without a scope the client gets its own by default", async () => {
    const config = await discover(web.client_id, openid.ClientSecretBasic(web.client_secret));
    assert.equal((await openid.clientCredentialsGrant(config)).scope, read);
  });

  test("N3 a wrong secret is 401 with a challenge (RFC 6749 5.2)", async () => {
    const config = await discover(web.client_id, openid.ClientSecretBasic("wrong"));
    await unproved(openid.clientCredentialsGrant(config, { scope: read }));

    const as = await server();
    const client = { client_id: web.client_id };
    const answer = await oauth.clientCredentialsGrantRequest(as, client, oauth.ClientSecretBasic("wrong"), {}, INSECURE);
    await unproved(oauth.processClientCredentialsResponse(as, client, answer));
  });

  test("N3 an unknown client is refused like a wrong secret", async () => {
    const config = await discover("nobody", openid.ClientSecretBasic(web.client_secret));
    await unproved(openid.clientCredentialsGrant(config));
  });

  test("N3 only the method that the client is registered with works", async () => {
    for (const [id, wrong] of [
      [web.client_id, openid.ClientSecretPost(web.client_secret)],
      [web.client_id, openid.None()],
      [daemon.client_id, openid.ClientSecretBasic(daemon.client_secret)],
    ]) {
      const config = await discover(id, wrong);
      await unproved(openid.clientCredentialsGrant(config, { scope: read }));
    }
  });

  test("N3 a scope that is unknown, or is not the client's, is refused", async () => {
    const config = await discover(web.client_id, openid.ClientSecretBasic(web.client_secret));
    await assert.rejects(openid.clientCredentialsGrant(config, { scope: "no.such.scope" }), refused("invalid_scope", 400));
  });

  test("N3 a client without a secret acts for nobody but people (RFC 6749 4.4)", async () => {
    const config = await discover(spa.client_id, openid.None());
    await assert.rejects(openid.clientCredentialsGrant(config, { scope: read }), refused("unauthorized_client", 400));
  });

  test("N3 a token for reading does not write", async () => {
    const config = await discover(web.client_id, openid.ClientSecretBasic(web.client_secret));
    const { access_token } = await openid.clientCredentialsGrant(config, { scope: read });
    const body = JSON.stringify({ customer: "Interop Ltd", amount: 4200, currency: "EUR" });
    const send = openid.fetchProtectedResource(config, access_token, new URL(invoices), "POST", body, new Headers({ "content-type": "application/json" }));
    await assert.rejects(send, (error) => error.status === 403 && error.cause[0].parameters.error === "insufficient_scope");
    const { access_token: writes } = await openid.clientCredentialsGrant(config, { scope: write });
    const written = await openid.fetchProtectedResource(config, writes, new URL(invoices), "POST", body, new Headers({ "content-type": "application/json" }));
    assert.ok(written.ok, `${written.status}`);
  });
});
