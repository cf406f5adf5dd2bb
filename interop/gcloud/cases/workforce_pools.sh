# O8: pools of an organization's people, their providers, and files with which their programs come.

workforce=(iam workforce-pools)
staff=staff-$(openssl rand -hex 4)
of_staff=(--location=global --workforce-pool="$staff")
new_organization
employer=${organization#organizations/}

# The account as which gcloud works owns the organization.
is_owner() {
  admin_of role-bindings POST "" \
    --data "{\"holder\":\"serviceAccount:$admin\",\"role\":\"owner\",\"territory\":\"$organization\"}"
}

creates_a_workforce_pool() {
  is_owner
  cloud "${workforce[@]}" create "$staff" --organization="$employer" --location=global --display-name=Staff \
    --description='People' --session-duration=7200s
  cloud "${workforce[@]}" describe "$staff" --location=global \
    --format='value(displayName,description,sessionDuration,state,parent)'
  is pool "$said" $'Staff\tPeople\t7200s\tACTIVE\t'"organizations/$employer"
  cloud "${workforce[@]}" list --organization="$employer" --location=global --format='value(name)'
  is list "$said" "locations/global/workforcePools/$staff"
  refuses "exists already" "${workforce[@]}" create "$staff" --organization="$employer" --location=global
  refuses INVALID_ARGUMENT "${workforce[@]}" create "$staff-x" --organization="$employer" --location=global \
    --session-duration=60s
}
case_of "O8 gcloud iam workforce-pools create, describe and list" creates_a_workforce_pool

updates_a_workforce_pool() {
  cloud "${workforce[@]}" update "$staff" --location=global --display-name=Everybody --session-duration=3600s
  cloud "${workforce[@]}" describe "$staff" --location=global --format='value(displayName,description,sessionDuration)'
  is "what was not named stays" "$said" $'Everybody\tPeople\t3600s'
}
case_of "O8 gcloud iam workforce-pools update" updates_a_workforce_pool

# keys: the keys of the issuer elsewhere, in a file.
keys() {
  ask "$idp/keys"
  printf %s "$body" >"$work/staff-keys.json"
}

creates_a_login() {
  keys
  cloud "${workforce[@]}" providers create-oidc login "${of_staff[@]}" --issuer-uri="$idp" --client-id=carnet \
    --jwk-json-path="$work/staff-keys.json" --attribute-mapping=google.subject=assertion.sub,attribute.ref=assertion.ref \
    --attribute-condition="assertion.ref == 'main'" --client-secret-value=tell-nobody --web-sso-response-type=code \
    --web-sso-assertion-claims-behavior=only-id-token-claims --web-sso-additional-scopes=groups
  cloud "${workforce[@]}" providers describe login "${of_staff[@]}" --format=json
  is clientId "$(printf %s "$said" | field oidc clientId)" carnet
  is responseType "$(printf %s "$said" | field oidc webSsoConfig responseType)" CODE
  present thumbprint "$(printf %s "$said" | field oidc clientSecret value thumbprint)"
  [[ $said != *tell-nobody* ]] || fail "the secret is shown"
  cloud "${workforce[@]}" providers list "${of_staff[@]}" --format='value(name)'
  is list "$said" "locations/global/workforcePools/$staff/providers/login"
}
case_of "O8 gcloud iam workforce-pools providers create-oidc, describe and list" creates_a_login

updates_a_login() {
  cloud "${workforce[@]}" providers update-oidc login "${of_staff[@]}" --display-name=Login \
    --web-sso-assertion-claims-behavior=merge-user-info-over-id-token-claims
  cloud "${workforce[@]}" providers describe login "${of_staff[@]}" --format=json
  is displayName "$(printf %s "$said" | field displayName)" Login
  is "what was not named stays" "$(printf %s "$said" | field oidc webSsoConfig responseType)" CODE
  local before
  before=$(printf %s "$said" | field oidc clientSecret value thumbprint)
  cloud "${workforce[@]}" providers update-oidc login "${of_staff[@]}" --client-secret-value=another
  cloud "${workforce[@]}" providers describe login "${of_staff[@]}" --format='value(oidc.clientSecret.value.thumbprint)'
  [ "$said" != "$before" ] || fail "the secret is another, and its thumbprint is not"
  refuses INVALID_ARGUMENT "${workforce[@]}" providers update-oidc login "${of_staff[@]}" --clear-client-secret
  cloud "${workforce[@]}" providers update-oidc login "${of_staff[@]}" --clear-client-secret \
    --web-sso-response-type=id-token --web-sso-assertion-claims-behavior=only-id-token-claims
  cloud "${workforce[@]}" providers describe login "${of_staff[@]}" --format='value(oidc.clientSecret)'
  is clientSecret "$said" ""
}
case_of "O8 gcloud iam workforce-pools providers update-oidc" updates_a_login

# dana REF: what the issuer says of her now, for the client.
dana() { curl --silent --fail --get --data-urlencode "audience=carnet" -d "ref=$1" "$idp/token" >"$work/dana"; }

comes_by_a_file() {
  cloud "${workforce[@]}" create-cred-config "locations/global/workforcePools/$staff/providers/login" \
    --workforce-pool-user-project="$project" --credential-source-file="$work/dana" --output-file="$work/staff.json"
  is type "$(member type <"$work/staff.json")" external_account
  dana main
  said=$(
    eval "$("$CARNET_BIN" google env python --quiet --ready-file "$CARNET_READY_FILE")"
    GOOGLE_APPLICATION_CREDENTIALS=$work/staff.json GOOGLE_CLOUD_PROJECT=$project "$python" federated.py "$cloud_scope" 2>&1
  ) || fail "$said"
  is sub "$(claims_of "$said" | field sub)" "principal://iam.googleapis.com/locations/global/workforcePools/$staff/subject/job-7"
  dana other
  if said=$(
    eval "$("$CARNET_BIN" google env python --quiet --ready-file "$CARNET_READY_FILE")"
    GOOGLE_APPLICATION_CREDENTIALS=$work/staff.json GOOGLE_CLOUD_PROJECT=$project "$python" federated.py "$cloud_scope" 2>&1
  ); then fail "the condition is not met, and here is a token"; fi
  has refusal "$said" "rejected by the attribute condition"
}
case_of "O8 gcloud iam workforce-pools create-cred-config: google-auth comes with the file" comes_by_a_file

creates_a_saml_provider() {
  printf '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example"/>' >"$work/idp.xml"
  refuses INVALID_ARGUMENT "${workforce[@]}" providers create-saml saml "${of_staff[@]}" \
    --idp-metadata-path="$work/idp.xml" --attribute-mapping=google.subject=assertion.subject
}
case_of "O8 create-saml is refused where the build has no SAML, or the metadata no keys" creates_a_saml_provider

comes_back() {
  cloud "${workforce[@]}" providers delete login "${of_staff[@]}"
  cloud "${workforce[@]}" providers describe login "${of_staff[@]}" --format='value(state)'
  is state "$said" DELETED
  cloud "${workforce[@]}" providers undelete login "${of_staff[@]}"
  cloud "${workforce[@]}" delete "$staff" --location=global
  cloud "${workforce[@]}" list --organization="$employer" --location=global --format='value(name)'
  is list "$said" ""
  cloud "${workforce[@]}" list --organization="$employer" --location=global --show-deleted --format='value(state)'
  is state "$said" DELETED
  cloud "${workforce[@]}" undelete "$staff" --location=global
  cloud "${workforce[@]}" describe "$staff" --location=global --format='value(state)'
  is state "$said" ACTIVE
}
case_of "O8 gcloud iam workforce-pools delete and undelete, and the same of a provider" comes_back

creates_an_aws_provider() {
  cloud "${pools[@]}" providers create-aws amazon "${of_pool[@]}" --account-id=123456789012
  cloud "${pools[@]}" providers describe amazon "${of_pool[@]}" --format='value(aws.accountId,state)'
  is provider "$said" $'123456789012\tACTIVE'
  cloud "${pools[@]}" providers update-aws amazon "${of_pool[@]}" --account-id=210987654321
  cloud "${pools[@]}" providers describe amazon "${of_pool[@]}" --format='value(aws.accountId)'
  is account "$said" 210987654321
  refuses INVALID_ARGUMENT "${pools[@]}" providers create-aws wrong "${of_pool[@]}" --account-id=12
}
case_of "O8 gcloud iam workload-identity-pools providers create-aws and update-aws" creates_an_aws_provider
