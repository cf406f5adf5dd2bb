# O8: files that point at a pool.

writes_a_file() {
  printf 'a token' >"$work/subject"
  cloud iam workload-identity-pools create-cred-config \
    projects/123456789012/locations/global/workloadIdentityPools/ci-pool/providers/github \
    --service-account="$robot" --credential-source-file="$work/subject" --output-file="$work/federated.json"
  is type "$(member type <"$work/federated.json")" external_account
}
case_of "O8 gcloud iam workload-identity-pools create-cred-config" writes_a_file
