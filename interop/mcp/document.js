// A document about an app (draft-ietf-oauth-client-id-metadata-document), served over TLS on this machine.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";

const read = (name) => readFileSync(join(process.env.CARNET_WORK, name));

// Serves what `about` returns for its own URL; how often it was asked for is in `asked`.
export async function serve(about) {
  const site = { asked: 0 };
  const server = createServer({ cert: read("localhost.pem"), key: read("localhost-key.pem") }, (_, answer) => {
    site.asked += 1;
    answer.setHeader("content-type", "application/json");
    answer.end(JSON.stringify({ client_id: site.url, ...about }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  site.url = `https://localhost:${server.address().port}/notebook.json`;
  site.stop = () => server.close();
  return site;
}
