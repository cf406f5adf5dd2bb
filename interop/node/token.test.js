// What an app asks the server about a token, and how it ends one, with both libraries (RFC 7662, RFC 7009).

import { describe, test } from "node:test";
import assert from "node:assert/strict";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { web } from "./clients.js";
import { discover, INSECURE, read, server, unproved } from "./ready.js";

describe("N4 introspection and revocation", () => {
  test("N4 openid-client: a token is active until it is revoked", async () => {
    const config = await discover(web.client_id, openid.ClientSecretBasic(web.client_secret));
    const { access_token } = await openid.clientCredentialsGrant(config, { scope: read });

    const told = await openid.tokenIntrospection(config, access_token);
    assert.equal(told.active, true);
    assert.equal(told.client_id, web.client_id);
    assert.equal(told.scope, read);
    assert.equal(told.exp - told.iat, 3600);

    await openid.tokenRevocation(config, access_token);
    assert.deepEqual(await openid.tokenIntrospection(config, access_token), { active: false });
  });

  test("N4 oauth4webapi: a token is active until it is revoked", async () => {
    const as = await server();
    const client = { client_id: web.client_id };
    const authentication = oauth.ClientSecretBasic(web.client_secret);
    const granted = await oauth.clientCredentialsGrantRequest(as, client, authentication, { scope: read }, INSECURE);
    const { access_token } = await oauth.processClientCredentialsResponse(as, client, granted);
    const ask = async () => {
      const answer = await oauth.introspectionRequest(as, client, authentication, access_token, INSECURE);
      return oauth.processIntrospectionResponse(as, client, answer);
    };

    assert.equal((await ask()).active, true);
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, authentication, access_token, INSECURE));
    assert.equal((await ask()).active, false);
  });

  test("N4 what is no token is inactive, and revoking it is no error (RFC 7009 2.2)", async () => {
    const config = await discover(web.client_id, openid.ClientSecretBasic(web.client_secret));
    assert.deepEqual(await openid.tokenIntrospection(config, "no token at all"), { active: false });
    await openid.tokenRevocation(config, "no token at all");
  });

  test("N4 a wrong secret learns nothing", async () => {
    const good = await discover(web.client_id, openid.ClientSecretBasic(web.client_secret));
    const { access_token } = await openid.clientCredentialsGrant(good, { scope: read });
    const bad = await discover(web.client_id, openid.ClientSecretBasic("wrong"));
    await unproved(openid.tokenIntrospection(bad, access_token));
    await unproved(openid.tokenRevocation(bad, access_token));
    assert.equal((await openid.tokenIntrospection(good, access_token)).active, true);
  });
});
