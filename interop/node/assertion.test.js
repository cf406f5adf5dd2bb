// Clients that sign a JWT about themselves (`private_key_jwt`, `client_secret_jwt`), with both libraries. They are
// made over the admin API, with keys that the tests make.

import { describe, test } from "node:test";
import assert from "node:assert/strict";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { keyPair } from "./clients.js";
import { discover, INSECURE, invoices, made, read, server, unproved } from "./ready.js";

const daemon = (settings) => made("clients", { title: "Interop", kind: "daemon", scopes: [read], default_scopes: [read], ...settings });

describe("N9 private_key_jwt", () => {
  for (const algorithm of ["ES256", "RS256", "PS256", "Ed25519"]) {
    test(`N9 openid-client and oauth4webapi: ${algorithm}`, async () => {
      const { jwk, key } = await keyPair(algorithm);
      const { id } = await daemon({ authentication: "private_key_jwt", jwks: { keys: [jwk] } });
      const config = await discover(id, openid.PrivateKeyJwt(key));
      const { access_token } = await openid.clientCredentialsGrant(config, { scope: read });
      assert.equal((await openid.fetchProtectedResource(config, access_token, new URL(invoices), "GET")).status, 200);
      const told = await openid.tokenIntrospection(config, access_token);
      assert.equal(told.active, true);
      await openid.tokenRevocation(config, access_token);
      assert.equal((await openid.tokenIntrospection(config, access_token)).active, false);

      const [as, client] = [await server(), { client_id: id }];
      const answer = await oauth.clientCredentialsGrantRequest(as, client, oauth.PrivateKeyJwt(key), { scope: read }, INSECURE);
      assert.ok((await oauth.processClientCredentialsResponse(as, client, answer)).access_token);
    });
  }

  test("N9 another key, another audience and a second use are refused", async () => {
    const [{ jwk, key }, stranger] = [await keyPair("ES256"), await keyPair("ES256")];
    const { id } = await daemon({ authentication: "private_key_jwt", jwks: { keys: [jwk] } });
    const as = async (authentication) => openid.clientCredentialsGrant(await discover(id, authentication), { scope: read });
    await unproved(as(openid.PrivateKeyJwt(stranger.key)));
    const change = (claims) => ({ [openid.modifyAssertion]: (_header, payload) => Object.assign(payload, claims) });
    await unproved(as(openid.PrivateKeyJwt(key, change({ aud: "https://evil.example" }))));
    const jti = crypto.randomUUID();
    assert.ok((await as(openid.PrivateKeyJwt(key, change({ jti })))).access_token);
    await unproved(as(openid.PrivateKeyJwt(key, change({ jti }))));
  });
});

describe("N10 client_secret_jwt", () => {
  test("N10 openid-client: HS256, with a secret that is rolled", async () => {
    const { id } = await daemon({ authentication: "client_secret_jwt" });
    const { client_secret } = await made(`clients/${id}/secrets`, {});
    const config = await discover(id, openid.ClientSecretJwt(client_secret));
    assert.ok((await openid.clientCredentialsGrant(config, { scope: read })).access_token);
    const rolled = await made(`clients/${id}/secrets:roll`, { overlap_seconds: 0 });
    await unproved(openid.clientCredentialsGrant(config, { scope: read }));
    const next = await discover(id, openid.ClientSecretJwt(rolled.client_secret));
    assert.ok((await openid.clientCredentialsGrant(next, { scope: read })).access_token);
  });

  test("N10 oauth4webapi: HS256", async () => {
    const { id } = await daemon({ authentication: "client_secret_jwt" });
    const { client_secret } = await made(`clients/${id}/secrets`, {});
    const [as, client] = [await server(), { client_id: id }];
    const ask = (secret) => oauth.clientCredentialsGrantRequest(as, client, oauth.ClientSecretJwt(secret), { scope: read }, INSECURE);
    assert.ok((await oauth.processClientCredentialsResponse(as, client, await ask(client_secret))).access_token);
    await unproved(oauth.processClientCredentialsResponse(as, client, await ask(`${client_secret.slice(0, -1)}.`)));
  });

  test("N10 only the method that is registered works", async () => {
    const { id } = await daemon({ authentication: "client_secret_jwt" });
    const { client_secret } = await made(`clients/${id}/secrets`, {});
    const config = await discover(id, openid.ClientSecretBasic(client_secret));
    await unproved(openid.clientCredentialsGrant(config, { scope: read }));
  });
});
