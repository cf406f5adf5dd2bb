// An app with the official client library, as its documentation says: it keeps what the library gives it, and has a
// person who opens the address to which the library sends them.

import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { Person } from "../node/person.js";

const BACK = "http://127.0.0.1:53682/callback";
const BOTH = ["authorization_code", "refresh_token"];

export class App {
  // Every request that the library sent: `GET /register`, with its body where it was a form.
  requests = [];
  // The addresses to which it sent the person.
  sent = [];
  #kept = {};

  constructor(server, { document, grants = BOTH, known } = {}) {
    this.server = new URL(server);
    this.clientMetadataUrl = document;
    this.grants = grants;
    this.person = new Person();
    if (known !== undefined) this.saveClientInformation(known);
  }

  // What the library asks of an `OAuthClientProvider`.
  get redirectUrl() {
    return BACK;
  }
  get clientMetadata() {
    const [client_name, token_endpoint_auth_method] = ["Notebook", "none"];
    return { client_name, redirect_uris: [BACK], grant_types: this.grants, response_types: ["code"], token_endpoint_auth_method };
  }
  clientInformation() {
    return this.#kept.client;
  }
  saveClientInformation(client) {
    this.#kept.client = client;
  }
  tokens() {
    return this.#kept.tokens;
  }
  saveTokens(tokens) {
    this.#kept.tokens = tokens;
  }
  saveCodeVerifier(verifier) {
    this.#kept.verifier = verifier;
  }
  codeVerifier() {
    return this.#kept.verifier;
  }
  redirectToAuthorization(url) {
    this.sent.push(url);
  }
  invalidateCredentials(what) {
    this.invalidated = what;
    if (what === "tokens" || what === "all") this.#kept.tokens = undefined;
    if (what === "client" || what === "all") this.#kept.client = undefined;
  }

  // A connection that is let in: the person is asked where that is needed.
  async connect() {
    try {
      await this.#open();
    } catch (error) {
      if (!(error instanceof UnauthorizedError)) throw error;
      await this.letIn();
      await this.#open();
    }
    return this.client;
  }

  // The person opens the last address, agrees, and the library takes the code.
  async letIn() {
    const back = await this.person.walk(this.sent.at(-1));
    this.back = back;
    await this.transport.finishAuth(back.searchParams.get("code"));
  }

  async call(name, text) {
    const { content } = await this.client.callTool({ name, arguments: text === undefined ? {} : { text } });
    return content[0].text;
  }

  // What was sent to an endpoint.
  to(method, path) {
    return this.requests.filter((request) => request.method === method && request.path === path);
  }

  async #open() {
    this.transport = new StreamableHTTPClientTransport(this.server, { authProvider: this, fetch: (...asked) => this.#fetch(...asked) });
    this.client = new Client({ name: "notebook", version: "1.0.0" });
    await this.client.connect(this.transport);
  }

  async #fetch(address, init = {}) {
    const { pathname: path, host } = new URL(address);
    const form = init.body instanceof URLSearchParams ? Object.fromEntries(init.body) : undefined;
    const answer = await fetch(address, init);
    this.requests.push({ method: init.method ?? "GET", path, host, form, status: answer.status });
    return answer;
  }
}

// What a JWT says.
export function claims(token) {
  return JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
}
