// Serves the gallery from disk, each page with the policy that the server gives it, so that what the
// policy forbids fails here too. What a page posts is kept and answered with a page of its own.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

export async function serveGallery(directory) {
  const contents = JSON.parse(await readFile(join(directory, "gallery.json"), "utf8"));
  const policies = new Map(contents.pages.map((page) => [page.name, page.policy]));
  const posted = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://gallery.invalid");
    if (request.method === "POST") {
      const parts = [];
      for await (const part of request) parts.push(part);
      posted.push({ path: url.pathname, form: new URLSearchParams(Buffer.concat(parts).toString()) });
      response.writeHead(200, { "content-type": TYPES[".html"] }).end("<!doctype html><title>posted</title>");
      return;
    }
    const path = normalize(url.pathname);
    const name = path.split("/").pop().replace(/\.html$/, "");
    try {
      const bytes = await readFile(join(directory, path));
      const headers = {
        "content-type": TYPES[extname(path)] ?? "application/octet-stream",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "x-frame-options": "DENY",
      };
      if (policies.has(name)) headers["content-security-policy"] = policies.get(name);
      response.writeHead(200, headers).end(bytes);
    } catch {
      response.writeHead(404, { "content-type": TYPES[".html"] }).end("<!doctype html><title>nothing</title>");
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    ...contents,
    posted,
    address: (language, name) => `http://127.0.0.1:${server.address().port}/${language}/${name}.html`,
    close: () => new Promise((done) => server.close(done)),
  };
}
