// The official client of the Model Context Protocol, unmodified, knows the address of a server and nothing else. It finds
// out where to get a token, gets one, and uses the server; it asks for more when it has too little, and renews.

import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { App, claims } from "./app.js";
import { serve } from "./document.js";
import { NOTES, READ, start, WRITE } from "./notes.js";
import { issuer, made } from "../node/sandbox.js";

let stop;
before(async () => { stop = await start(); });
after(() => stop());

const CODE_ONLY = ["authorization_code"];

// The two documents that lead from the server to whom it trusts, in the order of the specification.
function foundTheWay(app) {
  const asked = app.requests.filter(({ method, path }) => method === "GET" && path.startsWith("/.well-known/"));
  const [resource, authority] = [new URL(NOTES).host, new URL(issuer).host];
  assert.deepEqual(asked.slice(0, 2).map(({ host, path, status }) => [host, path, status]), [
    [resource, "/.well-known/oauth-protected-resource/mcp", 200],
    [authority, "/.well-known/oauth-authorization-server", 200],
  ]);
}

// What the specification says of both requests of the code, and of the token.
function askedWell(app, scope) {
  const asked = Object.fromEntries(app.sent.at(-1).searchParams);
  assert.equal(asked.resource, NOTES);
  assert.equal(asked.scope, scope);
  assert.equal(asked.code_challenge_method, "S256");
  assert.equal(app.back.searchParams.get("iss"), issuer);
  const { form } = app.to("POST", "/token").findLast(({ form }) => form.grant_type === "authorization_code");
  assert.equal(form.resource, NOTES);
  assert.ok(form.code_verifier);
  const token = claims(app.tokens().access_token);
  assert.deepEqual([token.iss, token.aud, token.scope], [issuer, NOTES, scope]);
}

describe("M1 a client registers itself", () => {
  test("M1 from the 401 to the tools", async () => {
    const app = new App(NOTES);
    const client = await app.connect();
    foundTheWay(app);
    assert.deepEqual(app.to("POST", "/register").map(({ status }) => status), [201]);
    askedWell(app, READ);
    assert.equal(client.getServerVersion().name, "notes");
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map(({ name }) => name), ["list_notes", "add_note"]);
    assert.equal(typeof (await app.call("list_notes")), "string");
    await client.close();
  });

  test("M1 a second connection needs nobody", async () => {
    const app = new App(NOTES);
    await (await app.connect()).close();
    const before = app.sent.length;
    await app.connect();
    await app.call("list_notes");
    assert.equal(app.sent.length, before);
  });
});

describe("M2 a client is a document", () => {
  test("M2 nothing is registered, and the document is fetched over TLS", async () => {
    const about = new App(NOTES).clientMetadata;
    const site = await serve(about);
    try {
      const app = new App(NOTES, { document: site.url });
      await app.connect();
      foundTheWay(app);
      assert.deepEqual(app.to("POST", "/register"), []);
      assert.equal(app.sent.at(-1).searchParams.get("client_id"), site.url);
      askedWell(app, READ);
      assert.equal(claims(app.tokens().access_token).client_id, site.url);
      assert.equal(site.asked, 1, "it is kept");
      assert.equal(typeof (await app.call("list_notes")), "string");
    } finally {
      site.stop();
    }
  });
});

describe("M3 a client is known already", () => {
  test("M3 what an administrator made is used, and nothing is registered", async () => {
    const { id } = await made("clients", {
      title: "Notebook",
      kind: "native",
      redirect_uris: [new App(NOTES).redirectUrl],
      scopes: [READ, WRITE],
    });
    const app = new App(NOTES, { known: { client_id: id } });
    await app.connect();
    assert.deepEqual(app.to("POST", "/register"), []);
    askedWell(app, READ);
  });
});

describe("M4 step-up", () => {
  test("M4 a 403 sends the person to agree to more, and the call is made", async () => {
    const app = new App(NOTES, { grants: CODE_ONLY });
    await app.connect();
    askedWell(app, READ);
    assert.equal(app.tokens().refresh_token, undefined);
    await assert.rejects(app.call("add_note", "milk"), UnauthorizedError);
    // Of the calls: the stream that the library asks for besides (GET, 405) may be answered after the call is.
    assert.equal(app.to("POST", "/mcp").at(-1).status, 403);
    await app.letIn();
    askedWell(app, `${READ} ${WRITE}`);
    assert.match(await app.call("add_note", "milk"), /^\d+ notes$/);
    assert.match(await app.call("list_notes"), /milk/);
    assert.equal(app.to("POST", "/register").length, 1, "as the same client");
  });

  test("M4 with a refresh token the library renews first, gives up, and the app asks", async () => {
    const app = new App(NOTES);
    await app.connect();
    await assert.rejects(app.call("add_note", "bread"), /403 after trying upscoping/);
    assert.equal(app.to("POST", "/token").at(-1).form.grant_type, "refresh_token");
    // What is left to the app: its tokens without the one that renews, so that the person is asked.
    app.saveTokens({ ...app.tokens(), refresh_token: undefined });
    await app.connect();
    await assert.rejects(app.call("add_note", "bread"), UnauthorizedError);
    await app.letIn();
    assert.match(await app.call("add_note", "bread"), /^\d+ notes$/);
  });
});

describe("M5 tokens", () => {
  test("M5 one that is not good is renewed, and the refresh token rotates", async () => {
    const app = new App(NOTES);
    await app.connect();
    const first = app.tokens();
    app.saveTokens({ ...first, access_token: `${first.access_token}x` });
    assert.equal(typeof (await app.call("list_notes")), "string");
    const renewed = app.to("POST", "/token").at(-1);
    assert.deepEqual([renewed.form.grant_type, renewed.form.resource, renewed.status], ["refresh_token", NOTES, 200]);
    assert.notEqual(app.tokens().refresh_token, first.refresh_token);
    assert.equal(claims(app.tokens().access_token).aud, NOTES);
  });

  test("M5 one for another resource is refused by the server", async () => {
    const app = new App(NOTES);
    await app.connect();
    // The same client and person, for the sandbox's API.
    const { client_id } = app.clientInformation();
    const api = "https://demo.carnet.dev";
    const body = new URLSearchParams({ grant_type: "refresh_token", client_id, refresh_token: app.tokens().refresh_token, resource: api });
    const refused = await fetch(`${issuer}/token`, { method: "POST", body });
    assert.equal((await refused.json()).error, "invalid_target", "a refresh token gets no further than it was let");
    const { access_token } = await (
      await fetch(`${issuer}/token`, {
        method: "POST",
        body: new URLSearchParams({ grant_type: "client_credentials", client_id: "demo-daemon", client_secret: "demo-daemon-secret", resource: api }),
      })
    ).json();
    assert.equal(claims(access_token).aud, api);
    for (const token of [access_token, "nothing"]) {
      const answer = await fetch(NOTES, { method: "POST", headers: { authorization: `Bearer ${token}`, "content-type": "application/json" }, body: "{}" });
      assert.equal(answer.status, 401);
      const challenge = answer.headers.get("www-authenticate");
      assert.match(challenge, /^Bearer .*error="invalid_token"/);
      assert.match(challenge, /scope="notes\.read".*resource_metadata="http:\/\/127\.0\.0\.1:\d+\/\.well-known\/oauth-protected-resource\/mcp"/);
    }
    const inUrl = await fetch(`${NOTES}?access_token=${app.tokens().access_token}`, { method: "POST", body: "{}" });
    assert.equal(inUrl.status, 400, "never in the URL");
  });
});
