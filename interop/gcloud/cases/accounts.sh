# O6: accounts.

creates() {
  cloud "${accounts[@]}" create robot-one --display-name='Robot one' --description='For tests'
  cloud "${accounts[@]}" describe "$robot" --format='value(displayName,description,email)'
  is account "$said" $'Robot one\tFor tests\t'"$robot"
}
robot=robot-one@$project.iam.gserviceaccount.com
case_of "O6 gcloud iam service-accounts create and describe" creates

refuses_a_second() {
  refuses "already exists within project projects/$project" "${accounts[@]}" create robot-one
}
case_of "O6 a second account of the same name" refuses_a_second

lists() {
  cloud "${accounts[@]}" list --format='value(email)'
  has list "$said" "$robot"
  has list "$said" "$admin"
}
case_of "O6 gcloud iam service-accounts list" lists

updates() {
  cloud "${accounts[@]}" update "$robot" --display-name='Robot'
  cloud "${accounts[@]}" describe "$robot" --format='value(displayName,description)'
  is account "$said" $'Robot\tFor tests'
}
case_of "O6 gcloud iam service-accounts update leaves the rest" updates

disables() {
  cloud "${accounts[@]}" disable "$robot"
  cloud "${accounts[@]}" describe "$robot" --format='value(disabled)'
  is disabled "$said" True
  cloud "${accounts[@]}" enable "$robot"
  cloud "${accounts[@]}" describe "$robot" --format='value(disabled)'
  is disabled "$said" ""
}
case_of "O6 gcloud iam service-accounts disable and enable" disables

comes_back() {
  local number
  cloud "${accounts[@]}" describe "$robot" --format='value(uniqueId)'
  number=$said
  cloud "${accounts[@]}" delete "$robot"
  refuses "PERMISSION_DENIED" "${accounts[@]}" describe "$robot"
  cloud beta "${accounts[@]}" undelete "$number" --format='value(restoredAccount.email)'
  is restored "$said" "$robot"
  cloud "${accounts[@]}" describe "$number" --format='value(email)'
  is email "$said" "$robot"
}
case_of "O6 gcloud iam service-accounts delete and undelete" comes_back

hides_strangers() {
  refuses "PERMISSION_DENIED" "${accounts[@]}" describe "nobody@$project.iam.gserviceaccount.com"
}
case_of "O6 an account that is not there, through projects/-" hides_strangers
