// A workload pool whose provider is Carnet itself: an ID token of ci@ is the token that a job brings. Files of the kinds that
// say where to ask are written here, with the address of the listener with TLS.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ci, ciKey, project } from "./ready.js";
import { issuer, made, told } from "./sandbox.js";

const folder = mkdtempSync(join(tmpdir(), "carnet-node-"));
const unique = `n${Date.now().toString(36)}`;

export const https = told.google.https;

function written(name, content) {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

// A key file with something changed.
export function keyWith(name, changed) {
  return written(name, { ...ciKey, ...changed });
}

// An account that nobody else uses, with one member bound on it.
export async function boundAccount(name, member, role) {
  const { email } = await made(`projects/${project}/service-accounts`, { account_id: `${name}-${unique}` });
  await made(`projects/${project}/service-accounts/${email}/policy:add`, { member, role });
  return email;
}

// The provider, a token for it, and who the token's bearer is here.
export async function job() {
  const projects = await fetch(`${issuer}/admin/v1/projects/${project}`, {
    headers: { authorization: `Bearer ${told.admin_token}` },
  });
  const { number } = await projects.json();
  const pool = `projects/${number}/locations/global/workloadIdentityPools/${unique}`;
  await made(`projects/${project}/workload-pools`, { id: unique });
  await made(`projects/${project}/workload-pools/${unique}/providers`, {
    id: "main",
    oidc: { issuer },
    attribute_mapping: { "google.subject": "assertion.sub" },
  });
  const audience = `//iam.googleapis.com/${pool}/providers/main`;
  const assertion = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    assertion: await selfSigned({ aud: `${issuer}/token`, target_audience: audience }),
  });
  const answer = await fetch(`${issuer}/token`, { method: "POST", body: assertion });
  const { id_token: token } = await answer.json();
  return { audience, token, member: `principal://iam.googleapis.com/${pool}/subject/${ci.client_id}` };
}

async function selfSigned(claims) {
  const { createSign } = await import("node:crypto");
  const now = Math.floor(Date.now() / 1000);
  const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${encoded({ alg: "RS256" })}.${encoded({ iss: ci.email, iat: now, exp: now + 600, ...claims })}`;
  return `${input}.${createSign("RSA-SHA256").update(input).sign(ciKey.private_key, "base64url")}`;
}

// The file of the job, as `create-cred-config` writes it.
export function external(name, { audience, token }, more = {}) {
  return written(name, {
    type: "external_account",
    audience,
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: `${https}/v1/token`,
    credential_source: { file: written(`${name}.token`, token) },
    ...more,
  });
}

// An account behind ci@, whose methods of IAM are found at the listener.
export function impersonated(name, target) {
  return written(name, {
    type: "impersonated_service_account",
    service_account_impersonation_url: `${https}/v1/projects/-/serviceAccounts/${target}:generateAccessToken`,
    endpoint: https,
    source_credentials: ciKey,
  });
}
