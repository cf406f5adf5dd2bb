// node-oidc-provider with what Carnet is measured at: everything in memory, nothing logged.
//
//     node peer.js PORT KEY
//
// The clients, the person and the three APIs are those of crates/bench/src/flows/seed.rs. It prints nothing; it is up
// when it answers.

import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import Provider from "oidc-provider";

const port = Number(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;
const redirect = "http://127.0.0.1:9/callback";
const apis = {
  "https://es256.carnet.dev": { accessTokenFormat: "jwt", jwt: { sign: { alg: "ES256" } } },
  "https://rs256.carnet.dev": { accessTokenFormat: "jwt", jwt: { sign: { alg: "RS256" } } },
  "https://vault.carnet.dev": { accessTokenFormat: "opaque" },
};

const key = (type, options, alg) => ({
  ...generateKeyPairSync(type, options).privateKey.export({ format: "jwk" }),
  alg,
  kid: alg,
  use: "sig",
});

// The client that signs has its public key from the bench, as a PEM file.
const assertion = createPublicKey(readFileSync(process.argv[3], "utf8")).export({ format: "jwk" });

const provider = new Provider(issuer, {
  clientAuthMethods: ["client_secret_basic", "client_secret_jwt", "private_key_jwt"],
  clients: [
    {
      client_id: "bench-web",
      client_secret: "bench-secret-bench-secret-bench-secret",
      token_endpoint_auth_method: "client_secret_basic",
      grant_types: ["authorization_code", "refresh_token", "client_credentials"],
      response_types: ["code"],
      redirect_uris: [redirect],
    },
    {
      client_id: "bench-keeps",
      client_secret: "bench-secret-bench-secret-bench-secret",
      token_endpoint_auth_method: "client_secret_jwt",
      token_endpoint_auth_signing_alg: "HS256",
      grant_types: ["client_credentials"],
      response_types: [],
      redirect_uris: [],
    },
    {
      client_id: "bench-signs",
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_signing_alg: "ES256",
      grant_types: ["client_credentials"],
      response_types: [],
      redirect_uris: [],
      jwks: { keys: [{ ...assertion, alg: "ES256", kid: "bench", use: "sig" }] },
    },
  ],
  jwks: { keys: [key("ec", { namedCurve: "P-256" }, "ES256"), key("rsa", { modulusLength: 2048 }, "RS256")] },
  cookies: { keys: ["bench"] },
  scopes: ["openid", "profile", "email", "offline_access", "read"],
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: id, name: "Bench" }) }),
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: true },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    pushedAuthorizationRequests: { enabled: true },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (_, resource) => ({ scope: "read", audience: resource, accessTokenTTL: 3600, ...apis[resource] }),
    },
  },
});
console.warn = () => {};
console.info = () => {};
provider.listen(port, "127.0.0.1");
