// The sample server of `crates/resource/examples/mcp_server.rs`, in a process of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { issuer } from "../node/sandbox.js";

const { CARNET_BIN, CARNET_WORK } = process.env;
const port = readFileSync(join(CARNET_WORK, "port"), "utf8").trim();

// What the server is called, which is where it is.
export const NOTES = `http://127.0.0.1:${port}/mcp`;
export const READ = "notes.read";
export const WRITE = "notes.write";

// Starts it; what is returned stops it.
export async function start() {
  const program = join(dirname(CARNET_BIN), "examples", "mcp_server");
  const server = spawn(program, [issuer, `127.0.0.1:${port}`], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(server, "exit").then(([code]) => { throw new Error(`the sample ended with ${code}`); });
  const [line] = await Promise.race([once(createInterface({ input: server.stdout }), "line"), ended]);
  if (line !== NOTES) throw new Error(`the sample is at ${line}`);
  ended.catch(() => {});
  return () => server.kill();
}
