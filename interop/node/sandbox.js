// What `carnet dev --ready-file` wrote, and what the sandbox does on request. No library in it.

import { readFileSync } from "node:fs";

export const told = JSON.parse(readFileSync(process.env.CARNET_READY_FILE, "utf8"));

export const issuer = told.issuer;

// A client of the sandbox: `demo-web` has a secret, `demo-spa` runs in a browser and has none.
export function client(id) {
  const found = told.clients?.find((known) => known.client_id === id);
  if (found === undefined) throw new Error(`the sandbox has no client ${id}`);
  return found;
}

// The server's clock: `+61m`, or `0`.
export async function moveClock(offset) {
  const answer = await fetch(`${issuer}/dev/clock`, { method: "POST", body: new URLSearchParams({ offset }) });
  if (!answer.ok) throw new Error(`the clock does not move: ${answer.status}`);
}

// Something that is made over the admin API: in the sandbox's project, or below the path that is named whole.
export async function made(path, body) {
  const root = `${issuer}/admin/v1/`;
  const where = path === "clients" ? `projects/${told.project}/clients` : path;
  const headers = { authorization: `Bearer ${told.admin_token}`, "content-type": "application/json" };
  const answer = await fetch(root + where, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${where}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
