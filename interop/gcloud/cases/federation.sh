# O8, P10, P11: the files that create-cred-config wrote, as jobs use them.

cloud projects describe "$project" --format='value(projectNumber)'
pool_name=iam.googleapis.com/projects/$said/locations/global/workloadIdentityPools/$pool

# job REF: the job that runs there has a new token.
job() { curl --silent --fail --get --data-urlencode "audience=//$pool_name/providers/main" -d "ref=$1" "$idp/token" >"$work/subject"; }

# federated FILE: what google-auth gets for it, in $said; through the proxy at Google's names, which stand in the file.
federated() {
  said=$(
    eval "$("$CARNET_BIN" google env python --quiet --ready-file "$CARNET_READY_FILE")"
    GOOGLE_APPLICATION_CREDENTIALS=$1 GOOGLE_CLOUD_PROJECT=$project "$python" federated.py "$cloud_scope" 2>&1
  )
}

is_exchanged() {
  job main
  federated "$work/federated.json" || fail "$said"
  is sub "$(claims_of "$said" | field sub)" "principal://$pool_name/subject/job-7"
  is ref "$(claims_of "$said" | field federated attributes ref)" main
}
case_of "O8 the file as gcloud wrote it, P10: google-auth gets a token at Google's name" is_exchanged

is_exchanged_here() {
  job main
  sed "s#https://sts.googleapis.com#$issuer#" "$work/federated.json" >"$work/here.json"
  said=$("$python" federated.py "$cloud_scope" "$work/here.json" 2>&1) || fail "$said"
  is sub "$(claims_of "$said" | field sub)" "principal://$pool_name/subject/job-7"
}
case_of "O8 the file with our token_url, P10: google-auth gets a token" is_exchanged_here

does_not_meet_the_condition() {
  job other
  ! federated "$work/federated.json" || fail "a token: $said"
  has refusal "$said" unauthorized_client
  has refusal "$said" "rejected by the attribute condition"
}
case_of "O8 a job that does not meet the condition gets none" does_not_meet_the_condition

stands_in() {
  job main
  ! federated "$work/standing-in.json" || fail "nobody is bound, and here is a token: $said"
  has refusal "$said" PERMISSION_DENIED
  cloud "${accounts[@]}" add-iam-policy-binding "$robot" --role=roles/iam.workloadIdentityUser \
    --member="principalSet://$pool_name/attribute.ref/main"
  federated "$work/standing-in.json" || fail "$said"
  is email "$(claims_of "$said" | field email)" "$robot"
  is "who stands in" "$(claims_of "$said" | field act sub)" "principal://$pool_name/subject/job-7"
}
case_of "O8 the file for an account, P11: a job becomes it once it is bound" stands_in

signs_in_itself() {
  job main
  export CLOUDSDK_CONFIG=$work/jobs
  at_googles_names
  cloud auth login --cred-file="$work/standing-in.json"
  cloud auth list --format='value(account)'
  has account "$said" "$robot"
  cloud auth print-access-token
  is email "$(claims_of "$said" | field email)" "$robot"
}
case_of "O8 gcloud auth login --cred-file: gcloud itself is the job, at Google's names" signs_in_itself

stops_with_its_pool() {
  job main
  cloud "${pools[@]}" update "$pool" --location=global --disabled
  ! federated "$work/federated.json" || fail "a token: $said"
  cloud "${pools[@]}" update "$pool" --location=global --no-disabled
  federated "$work/federated.json" || fail "$said"
  cloud "${pools[@]}" providers delete main "${of_pool[@]}"
  ! federated "$work/federated.json" || fail "a token: $said"
  cloud "${pools[@]}" providers undelete main "${of_pool[@]}"
  federated "$work/federated.json" || fail "$said"
  cloud "${pools[@]}" delete "$pool" --location=global
  ! federated "$work/federated.json" || fail "a token: $said"
  cloud "${pools[@]}" list --location=global --show-deleted --filter="name~$pool" --format='value(state)'
  is state "$said" DELETED
  cloud "${pools[@]}" undelete "$pool" --location=global
  federated "$work/federated.json" || fail "$said"
}
case_of "O8 update --disabled, delete and undelete of a pool and a provider: jobs stop and go on" stops_with_its_pool
