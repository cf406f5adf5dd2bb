// A device without a browser, and a person with one: RFC 8628 with openid-client and oauth4webapi, as their documentation
// says. The person has answered before the device asks, or has not: nobody waits for somebody.

import { describe, test } from "node:test";
import assert from "node:assert/strict";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { tv } from "./clients.js";
import { Person } from "./person.js";
import { discover, INSECURE, invoices, issuer, read, server } from "./ready.js";

const SCOPE = `openid email offline_access ${read}`;
// The person's way takes longer than a device's haste matters.
const soon = (asked) => ({ ...asked, interval: 0 });

async function heard(answer) {
  const error = await answer.then(() => assert.fail("no error"), (error) => error);
  return error.error;
}

describe("N15 the device grant", () => {
  test("N15 openid-client: a person signs in, compares and allows, and the device has its tokens", async () => {
    const config = await discover(tv.client_id, openid.None());
    const asked = await openid.initiateDeviceAuthorization(config, { scope: SCOPE });
    assert.equal(asked.verification_uri, `${issuer}/device`);
    assert.match(asked.user_code, /^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/);
    assert.deepEqual([asked.expires_in, asked.interval], [900, 5]);
    const person = new Person();
    const done = await person.device(asked.verification_uri_complete);
    assert.match(done, /Your device is connected/);
    assert.deepEqual(person.filled, ["sign-in", "code", "device"]);

    const tokens = await openid.pollDeviceAuthorizationGrant(config, soon(asked));
    assert.equal(tokens.claims().email, "alice@example.com");
    const about = await openid.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
    assert.equal(about.email, "alice@example.com");
    const api = await openid.fetchProtectedResource(config, tokens.access_token, new URL(invoices), "GET");
    assert.equal(api.status, 200);
    const again = await openid.refreshTokenGrant(config, tokens.refresh_token);
    assert.ok(again.access_token);
    assert.equal(await heard(openid.pollDeviceAuthorizationGrant(config, soon(asked))), "invalid_grant");
  });

  test("N15 openid-client: who says no is told to the device", async () => {
    const config = await discover(tv.client_id, openid.None());
    const asked = await openid.initiateDeviceAuthorization(config, { scope: SCOPE });
    const done = await new Person().device(asked.verification_uri_complete, { decision: "deny" });
    assert.match(done, /The device was not connected/);
    assert.equal(await heard(openid.pollDeviceAuthorizationGrant(config, soon(asked))), "access_denied");
  });

  test("N15 oauth4webapi: pending, too hasty, and then the tokens", async () => {
    const as = await server("oidc");
    const client = { client_id: tv.client_id };
    const none = oauth.None();
    const answer = await oauth.deviceAuthorizationRequest(as, client, none, { scope: SCOPE }, INSECURE);
    const asked = await oauth.processDeviceAuthorizationResponse(as, client, answer);
    const poll = async () => {
      const response = await oauth.deviceCodeGrantRequest(as, client, none, asked.device_code, INSECURE);
      return oauth.processDeviceCodeResponse(as, client, response);
    };
    assert.equal(await heard(poll()), "authorization_pending");
    assert.equal(await heard(poll()), "slow_down");
    await new Person().device(asked.verification_uri, { code: asked.user_code.replace("-", "").toLowerCase() });
    const tokens = await poll();
    assert.equal(oauth.getValidatedIdTokenClaims(tokens).aud, tv.client_id);
    assert.equal(await heard(poll()), "invalid_grant");
  });
});
