// Serves the page. It could be any server of files: nothing secret is here.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import { onThisMachine, settings } from "../settings.js";

const folder = new URL(".", import.meta.url);
const library = createRequire(import.meta.url).resolve("oauth4webapi");
const about = { ...settings, onThisMachine, clientId: process.env.CLIENT_ID ?? "demo-spa" };

const page = async () => ["text/html", await readFile(new URL("index.html", folder))];
const files = {
  "/": page,
  "/callback": page,
  "/app.js": async () => ["text/javascript", await readFile(new URL("app.js", folder))],
  "/oauth4webapi.js": async () => ["text/javascript", await readFile(library)],
  "/settings.json": async () => ["application/json", JSON.stringify(about)],
};

// What may run and what may be reached: this page's own script, the issuer, and the API.
const reached = [...new Set([settings.issuer, new URL(settings.api).origin])].join(" ");
const policy = `default-src 'none'; script-src 'self'; img-src data:; connect-src 'self' ${reached}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const server = createServer(async (request, response) => {
  const file = files[new URL(request.url, "http://x").pathname];
  if (!file) return response.writeHead(404).end();
  const [type, body] = await file();
  response.writeHead(200, {
    "content-type": type,
    "cache-control": "no-store",
    "content-security-policy": policy,
    // The code is in the address of /callback: no other site learns it.
    "referrer-policy": "no-referrer",
  });
  response.end(body);
});

server.listen(Number(process.env.PORT ?? 5173), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
