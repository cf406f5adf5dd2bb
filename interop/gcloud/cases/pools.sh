# O8: pools, providers, and files that point at them.

pools=(iam workload-identity-pools)
pool=ci-$(openssl rand -hex 4)
of_pool=(--location=global --workload-identity-pool="$pool")

creates_a_pool() {
  cloud "${pools[@]}" create "$pool" --location=global --display-name=CI --description='Jobs'
  cloud "${pools[@]}" describe "$pool" --location=global --format='value(displayName,description,state)'
  is pool "$said" $'CI\tJobs\tACTIVE'
  cloud "${pools[@]}" list --location=global --format='value(name)'
  has list "$said" "/workloadIdentityPools/$pool"
  refuses ALREADY_EXISTS "${pools[@]}" create "$pool" --location=global
}
case_of "O8 gcloud iam workload-identity-pools create, describe and list" creates_a_pool

creates_a_provider() {
  cloud "${pools[@]}" providers create-oidc main "${of_pool[@]}" --issuer-uri="$idp" \
    --attribute-mapping=google.subject=assertion.sub,attribute.ref=assertion.ref \
    --attribute-condition="assertion.ref == 'main'"
  cloud "${pools[@]}" providers describe main "${of_pool[@]}" --format='value(oidc.issuerUri,attributeCondition,state)'
  is provider "$said" "$idp"$'\t'"assertion.ref == 'main'"$'\tACTIVE'
  cloud "${pools[@]}" providers list "${of_pool[@]}" --format='value(name)'
  has list "$said" "/workloadIdentityPools/$pool/providers/main"
}
case_of "O8 gcloud iam workload-identity-pools providers create-oidc, describe and list" creates_a_provider

creates_a_provider_with_keys() {
  ask "$idp/keys"
  printf %s "$body" >"$work/keys.json"
  cloud "${pools[@]}" providers create-oidc inline "${of_pool[@]}" --issuer-uri="$idp" --jwk-json-path="$work/keys.json" \
    --attribute-mapping=google.subject=assertion.sub --allowed-audiences=https://jobs.example
  cloud "${pools[@]}" providers describe inline "${of_pool[@]}" --format='value(oidc.allowedAudiences,oidc.jwksJson)'
  has provider "$said" https://jobs.example
  has provider "$said" '"kid"'
}
case_of "O8 a provider whose keys are given" creates_a_provider_with_keys

refuses_a_provider() {
  refuses INVALID_ARGUMENT "${pools[@]}" providers create-oidc wrong "${of_pool[@]}" --issuer-uri="$idp" \
    --attribute-mapping=google.subject=assertion.sub --attribute-condition='assertion.ref =='
}
case_of "O8 a condition that is no expression is refused" refuses_a_provider

updates_a_provider() {
  cloud "${pools[@]}" providers update-oidc inline "${of_pool[@]}" --display-name=Inline --format='value(response.displayName)'
  is displayName "$said" Inline
  cloud "${pools[@]}" providers describe inline "${of_pool[@]}" --format='value(oidc.allowedAudiences)'
  is "what was not named" "$said" https://jobs.example
}
case_of "O8 gcloud iam workload-identity-pools providers update-oidc leaves the rest" updates_a_provider

# config OUT ARGS…: a file for jobs of the provider `main`.
config() {
  local out=$1
  shift
  cloud projects describe "$project" --format='value(projectNumber)'
  cloud "${pools[@]}" create-cred-config "projects/$said/locations/global/workloadIdentityPools/$pool/providers/main" \
    --credential-source-file="$work/subject" --output-file="$out" "$@"
}

writes_a_file() {
  config "$work/federated.json"
  is type "$(member type <"$work/federated.json")" external_account
  is token_url "$(member token_url <"$work/federated.json")" https://sts.googleapis.com/v1/token
  config "$work/standing-in.json" --service-account="$robot"
  has url "$(cat "$work/standing-in.json")" "serviceAccounts/$robot:generateAccessToken"
}
case_of "O8 gcloud iam workload-identity-pools create-cred-config" writes_a_file
