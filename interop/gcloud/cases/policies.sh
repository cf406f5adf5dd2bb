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

refuses_conditions() {
  refuses "INVALID_ARGUMENT" "${accounts[@]}" add-iam-policy-binding "$robot" --member="serviceAccount:$ci" --role=$creator \
    --condition='expression=true,title=always'
}
case_of "a binding with a condition is refused" refuses_conditions

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
