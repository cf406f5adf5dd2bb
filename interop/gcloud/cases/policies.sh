# Who may use an account.

creator=roles/iam.serviceAccountTokenCreator

binds() {
  cloud "${accounts[@]}" add-iam-policy-binding "$robot" --member="serviceAccount:$admin" --role=$creator --format=json
  has policy "$said" "serviceAccount:$admin"
  cloud "${accounts[@]}" get-iam-policy "$robot" --format=json
  has policy "$said" "$creator"
  has policy "$said" '"etag"'
}
case_of "gcloud iam service-accounts add-iam-policy-binding and get-iam-policy" binds

# before TIME: a condition that holds before that.
before() { printf "expression=request.time < timestamp('%s'),title=for a while" "$1"; }

# becomes_robot: gcloud as the other account, in a configuration of its own, asks for a token of the robot.
becomes_robot() (
  export CLOUDSDK_CONFIG=$work/conditional
  gcloud auth activate-service-account --key-file="$(key_file_of ci)" 2>"$work/errors" || fail "$(cat "$work/errors")"
  gcloud auth print-access-token --impersonate-service-account="$robot" 2>"$work/errors"
)

binds_for_a_while() {
  cloud "${accounts[@]}" add-iam-policy-binding "$robot" --member="serviceAccount:$ci" --role=$creator \
    --condition="$(before 2100-01-01T00:00:00Z)" --format=json
  is version "$(printf %s "$said" | field version)" 3
  cloud "${accounts[@]}" get-iam-policy "$robot" --format=json
  has policy "$said" "request.time < timestamp('2100-01-01T00:00:00Z')"
  has policy "$said" "for a while"
  local token
  token=$(becomes_robot) || fail "it may not: $(cat "$work/errors")"
  is email "$(claims_of "$token" | field email)" "$robot"
}
case_of "a binding with a condition: it holds while the condition is true" binds_for_a_while

is_over() {
  cloud "${accounts[@]}" remove-iam-policy-binding "$robot" --member="serviceAccount:$ci" --role=$creator --all
  cloud "${accounts[@]}" add-iam-policy-binding "$robot" --member="serviceAccount:$ci" --role=$creator \
    --condition="$(before 2020-01-01T00:00:00Z)"
  if becomes_robot; then fail "the time is over, and here is a token"; fi
  has refusal "$(cat "$work/errors")" PERMISSION_DENIED
}
case_of "a binding with a condition: it holds no longer when the time is over" is_over

is_of_another() {
  cloud "${accounts[@]}" remove-iam-policy-binding "$robot" --member="serviceAccount:$ci" --role=$creator --all
  cloud "${accounts[@]}" add-iam-policy-binding "$robot" --member="serviceAccount:$ci" --role=$creator \
    --condition="expression=resource.name.endsWith('/$admin'),title=another account"
  if becomes_robot; then fail "the condition names another account, and here is a token"; fi
  cloud "${accounts[@]}" add-iam-policy-binding "$robot" --member="serviceAccount:$ci" --role=$creator \
    --condition="expression=resource.name.endsWith('/$robot'),title=this account"
  becomes_robot >/dev/null || fail "it may not: $(cat "$work/errors")"
  cloud "${accounts[@]}" remove-iam-policy-binding "$robot" --member="serviceAccount:$ci" --role=$creator --all
  if becomes_robot; then fail "nothing binds it, and here is a token"; fi
}
case_of "a binding with a condition: it holds for the account that the condition names" is_of_another

refuses_conditions() {
  local expression
  for expression in "request.host == 'x'" "request.time <" "request.time.getHours('Europe/Berlin') < 9"; do
    refuses INVALID_ARGUMENT "${accounts[@]}" add-iam-policy-binding "$robot" --member="serviceAccount:$ci" --role=$creator \
      --condition="expression=$expression,title=wrong"
  done
}
case_of "a binding with a condition that cannot be is refused" refuses_conditions

unbinds() {
  cloud "${accounts[@]}" add-iam-policy-binding "$robot" --member="serviceAccount:$ci" --role=roles/iam.serviceAccountUser
  cloud "${accounts[@]}" remove-iam-policy-binding "$robot" --member="serviceAccount:$ci" --role=roles/iam.serviceAccountUser
  cloud "${accounts[@]}" get-iam-policy "$robot" --format='value(bindings.members)'
  [[ $said != *$ci* ]] || fail "it is still bound: $said"
}
case_of "gcloud iam service-accounts remove-iam-policy-binding" unbinds

shows_roles() {
  cloud iam roles describe $creator --format='value(includedPermissions)'
  has permissions "$said" iam.serviceAccounts.getAccessToken
  cloud iam list-grantable-roles "//iam.googleapis.com/projects/$project/serviceAccounts/$robot" --format='value(name)'
  has roles "$said" "$creator"
  cloud iam list-testable-permissions "//iam.googleapis.com/projects/$project/serviceAccounts/$robot" --format='value(name)'
  has permissions "$said" iam.serviceAccounts.signBlob
}
case_of "gcloud iam roles describe, list-grantable-roles and list-testable-permissions" shows_roles
