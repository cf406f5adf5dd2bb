// A server of our own beside the sandbox, as an operator runs it: `carnet serve` with a database, its own TLS, which asks
// clients for a certificate, and the rule that every proof of possession carries a nonce.

import { execFileSync, spawn } from "node:child_process";
import { createSign } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { plain } from "./person.js";

const ACCOUNT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";

const freePort = () =>
  new Promise((done) => {
    const socket = createServer().listen(0, "127.0.0.1", () => {
      const { port } = socket.address();
      socket.close(() => done(port));
    });
  });

// Certificates by openssl: an authority, and what it or nobody vouches for.
class Certificates {
  constructor(folder) {
    this.folder = folder;
    this.#openssl("req", "-x509", ...this.#newKey("ca"), "-days", "2", "-subj", "/CN=Interop CA", "-addext", "basicConstraints=critical,CA:TRUE");
  }

  #openssl(...words) {
    execFileSync("openssl", words, { cwd: this.folder, stdio: ["ignore", "ignore", "pipe"] });
  }

  #newKey(name) {
    return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", `${name}.key`, "-out", `${name}.pem`];
  }

  // One that the authority signs, with the extensions; without `signed`, one that nobody signs.
  make(name, subject, extensions, signed = true) {
    const by = signed ? ["-CA", "ca.pem", "-CAkey", "ca.key"] : [];
    const added = extensions.flatMap((extension) => ["-addext", extension]);
    this.#openssl("req", "-x509", ...by, ...this.#newKey(name), "-days", "2", "-subj", subject, ...added);
    return this.read(name);
  }

  read(name) {
    return { cert: readFileSync(join(this.folder, `${name}.pem`)), key: readFileSync(join(this.folder, `${name}.key`)) };
  }
}

// `fetch` as the libraries call it, on a connection with these settings of TLS: Node's own takes none.
export function fetchWith(tls) {
  return async (address, { method = "GET", headers, body } = {}) => {
    const text = body === undefined || body === null ? undefined : Buffer.from(await new Response(body).arrayBuffer());
    const sent = Object.fromEntries(new Headers(headers));
    const url = new URL(address);
    return new Promise((done, failed) => {
      const call = request(url, { ...tls, method, headers: sent, agent: false }, (answer) => {
        const parts = [];
        answer.on("data", (part) => parts.push(part));
        answer.on("end", () => {
          const empty = answer.statusCode === 204 || answer.statusCode === 304;
          const pairs = Object.entries(answer.headersDistinct).flatMap(([name, values]) => values.map((value) => [name, value]));
          done(new Response(empty ? null : Buffer.concat(parts), { status: answer.statusCode, headers: pairs }));
        });
      });
      call.on("error", failed);
      call.end(text);
    });
  };
}

export class Second {
  static async start() {
    const second = new Second();
    second.folder = mkdtempSync(join(tmpdir(), "carnet-second-"));
    second.certificates = new Certificates(second.folder);
    second.certificates.make("server", "/CN=localhost", ["subjectAltName=DNS:localhost", "basicConstraints=critical,CA:FALSE"]);
    second.ca = second.certificates.read("ca").cert;
    second.issuer = `https://localhost:${await freePort()}`;
    second.fetch = fetchWith({ ca: second.ca });
    const link = await second.#serve(new URL(second.issuer).port, await freePort());
    await second.#setUp(link);
    return second;
  }

  // `fetch` of a client that shows this certificate.
  showing({ cert, key }) {
    return fetchWith({ ca: this.ca, cert, key });
  }

  async #serve(port, ops) {
    const at = (name) => join(this.folder, name);
    const run = (...words) => execFileSync(process.env.CARNET_BIN, words, { cwd: this.folder, stdio: "pipe" });
    run("init", "--issuer", this.issuer, "--listen", `127.0.0.1:${port}`, "--yes");
    const env = {
      ...process.env,
      CARNET_OPS__LISTEN: `127.0.0.1:${ops}`,
      CARNET_HTTP__TLS__CERT: at("server.pem"),
      CARNET_HTTP__TLS__KEY: at("server.key"),
      CARNET_HTTP__CLIENT_CERTIFICATES__ASK: "optional",
      CARNET_HTTP__CLIENT_CERTIFICATES__CA_FILE: at("ca.pem"),
      CARNET_DPOP__NONCE: "required",
    };
    for (const name of Object.keys(env)) if (/^CARNET_(READY_FILE|BIN|WORK)$/.test(name)) delete env[name];
    this.process = spawn(process.env.CARNET_BIN, ["serve"], { cwd: this.folder, env, stdio: ["ignore", "pipe", "pipe"] });
    const said = [];
    this.process.stderr.on("data", (text) => said.push(text));
    this.ended = new Promise((done) => this.process.on("exit", done));
    for await (const line of createInterface({ input: this.process.stdout })) {
      said.push(`${line}\n`);
      const found = line.match(/https?:\S+\/setup\?t=\S+/);
      if (found !== null) {
        this.process.stdout.resume();
        return new URL(found[0]);
      }
    }
    throw new Error(`carnet serve ended:\n${said.join("")}`);
  }

  // The first administrator: what the link shows is filled in, and the key on the page is theirs.
  async #setUp(link) {
    const form = { token: link.searchParams.get("t"), organization: "Interop", domain: "interop.example", project: "interop", email: "owner@interop.example" };
    const headers = { origin: this.issuer, "content-type": "application/x-www-form-urlencoded" };
    const send = () => this.fetch(`${this.issuer}/setup`, { method: "POST", headers, body: new URLSearchParams(form) });
    const page = await (await send()).text();
    const shown = page.match(/\{(?:\s|&[#\w]+;)*(?:"|&#34;|&quot;|&#x22;)type[^<]*\}/)?.[0];
    if (shown === undefined) throw new Error(`no key on the page: ${page.slice(0, 2000)}`);
    const key = JSON.parse(plain(shown));
    this.token = await this.#token(key);
  }

  async #token(key) {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: key.client_email, aud: key.token_uri, iat: now, exp: now + 300, scope: "carnet.admin" };
    const input = [{ alg: "RS256", typ: "JWT", kid: key.private_key_id }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    const assertion = `${input}.${createSign("RSA-SHA256").update(input).sign(key.private_key, "base64url")}`;
    const body = new URLSearchParams({ grant_type: ACCOUNT_GRANT, assertion });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const answer = await this.fetch(`${this.issuer}/token`, { method: "POST", headers, body });
    const { access_token } = await answer.json();
    if (access_token === undefined) throw new Error(`no token for the administrator: ${answer.status}`);
    return access_token;
  }

  // Something that is made over its admin API.
  async made(path, body) {
    const headers = { authorization: `Bearer ${this.token}`, "content-type": "application/json" };
    const answer = await this.fetch(`${this.issuer}/admin/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  async stop() {
    this.process.kill("SIGTERM");
    const code = await this.ended;
    rmSync(this.folder, { recursive: true });
    if (code !== 0) throw new Error(`carnet serve ended with ${code}`);
  }
}
