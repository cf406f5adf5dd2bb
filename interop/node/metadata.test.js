// The metadata server as google-auth-library finds it (google-wire 12: N7).

import { execFile, spawn } from "node:child_process";
import assert from "node:assert/strict";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { ci, invoices, issuer, project, read, write } from "./ready.js";
import { told } from "./sandbox.js";

const AUDIENCE = "https://invoices.example.com";

// The library remembers what it found for the life of the process, so each case is a program of its own.
const TOKEN = `
import { GoogleAuth } from "google-auth-library";
const auth = new GoogleAuth({ scopes: process.argv.slice(1) });
const client = await auth.getClient();
const { token } = await client.getAccessToken();
console.log(JSON.stringify({
  kind: client.constructor.name,
  project: await auth.getProjectId(),
  email: (await auth.getCredentials()).client_email,
  token,
}));
`;

const IDENTITY = `
import { GoogleAuth } from "google-auth-library";
const client = await new GoogleAuth().getIdTokenClient(process.argv[1]);
const headers = await client.getRequestHeaders();
console.log(JSON.stringify({ authorization: headers.get("authorization") }));
`;

async function program(text, host, words, more = {}) {
  const env = { GCE_METADATA_HOST: host, HOME: "/nonexistent", PATH: process.env.PATH, ...more };
  const command = ["--input-type=module", "--eval", text, ...words];
  const { stdout } = await promisify(execFile)(process.execPath, command, { env });
  return JSON.parse(stdout);
}

const ASSUMED = { METADATA_SERVER_DETECTION: "assume-present" };

function claims(jwt) {
  return JSON.parse(Buffer.from(jwt.split(".")[1], "base64url").toString());
}

for (const name of ["sandbox", "standalone"]) {
  describe(`N7 ${name}`, () => {
    let host = told.metadata.host;
    let server;

    before(async () => {
      if (name === "sandbox") return;
      const words = ["metadata", "--key-file", ci.key_file, "--listen", "127.0.0.1:0", "--scope", `${read},${write}`];
      server = spawn(process.env.CARNET_BIN, words, { stdio: ["ignore", "pipe", "ignore"] });
      const [line] = await once(createInterface({ input: server.stdout }), "line");
      host = line.replace("export GCE_METADATA_HOST=", "");
    });

    after(async () => {
      if (server === undefined) return;
      server.kill();
      const [code] = await once(server, "exit");
      assert.equal(code, 0);
    });

    test(`N7 ${name}: default credentials, found by asking`, async () => {
      const found = await program(TOKEN, host, [read]);
      assert.equal(found.kind, "Compute");
      assert.equal(found.project, project);
      assert.equal(found.email, ci.email);
      assert.equal(claims(found.token).scope, read);
      const answer = await fetch(invoices, { headers: { authorization: `Bearer ${found.token}` } });
      assert.equal(answer.status, 200);
    });

    test(`N7 ${name}: default credentials, assumed to be there, without scopes`, async () => {
      const found = await program(TOKEN, host, [], ASSUMED);
      assert.equal(claims(found.token).scope, `${read} ${write}`);
    });

    test(`N7 ${name}: an ID token`, async () => {
      const { authorization } = await program(IDENTITY, host, [AUDIENCE], ASSUMED);
      const said = claims(authorization.replace("Bearer ", ""));
      assert.equal(said.iss, issuer);
      assert.equal(said.aud, AUDIENCE);
      assert.equal(said.email, ci.email);
    });

    test(`N7 ${name}: an unknown scope is told`, async () => {
      const failed = await program(TOKEN, host, ["https://nowhere.example/auth"], ASSUMED).then(
        () => undefined,
        (error) => error,
      );
      assert.match(failed.stderr, /invalid_scope/);
    });
  });
}
