//! An example for each command that does not carry its own: `carnet help` prints it, and a test
//! parses it.

use clap::Command;

/// The words of a command, and an example of it.
type Example = (&'static str, &'static str);

const EXAMPLES: &[Example] = &[
    ("logout", "carnet logout --context staging"),
    ("dev", "carnet dev --port 0 --ready-file ready.json"),
    ("config show", "carnet config show --origin"),
    (
        "config check",
        "carnet config check --config /etc/carnet/carnet.toml",
    ),
    ("config schema", "carnet config schema -o json"),
    (
        "healthcheck",
        "carnet healthcheck --ops http://127.0.0.1:9090",
    ),
    (
        "token print",
        "carnet token print --key key.json --scope invoices.read",
    ),
    (
        "token header",
        "carnet token header --key key.json --scope invoices.read",
    ),
    (
        "token env",
        "carnet token env --key key.json --scope invoices.read",
    ),
    ("token introspect", "carnet token introspect - < token.txt"),
    ("token revoke", "carnet token revoke @token.txt"),
    (
        "auth application-default show",
        "carnet auth application-default show -o json",
    ),
    ("sa list", "carnet sa list --project billing -o wide"),
    ("sa get", "carnet sa get invoice-sync -o json"),
    (
        "sa update",
        "carnet sa update invoice-sync --description \"copies invoices\"",
    ),
    (
        "sa disable",
        "carnet sa disable invoice-sync --reason \"key on a laptop that was lost\"",
    ),
    ("sa enable", "carnet sa enable invoice-sync"),
    ("sa delete", "carnet sa delete invoice-sync"),
    ("sa undelete", "carnet sa undelete 104857291830027466113"),
    ("sa key list", "carnet sa key list invoice-sync"),
    (
        "sa key disable",
        "carnet sa key disable invoice-sync 7f3c0a5e91 --reason exposed",
    ),
    (
        "sa key enable",
        "carnet sa key enable invoice-sync 7f3c0a5e91",
    ),
    (
        "sa key delete",
        "carnet sa key delete invoice-sync 7f3c0a5e91",
    ),
    (
        "delegation list",
        "carnet delegation list --client invoice-sync",
    ),
    ("delegation get", "carnet delegation get ID -o json"),
    (
        "delegation update",
        "carnet delegation update ID --scope calendar.readonly --until 90d",
    ),
    ("delegation suspend", "carnet delegation suspend ID"),
    ("delegation resume", "carnet delegation resume ID"),
    ("delegation revoke", "carnet delegation revoke ID"),
    (
        "federation pool list",
        "carnet federation pool list --project billing -o wide",
    ),
    (
        "federation pool get",
        "carnet federation pool get ci-runners -o json",
    ),
    (
        "federation pool update",
        "carnet federation pool update ci-runners --description \"runners of the build\"",
    ),
    (
        "federation pool disable",
        "carnet federation pool disable ci-runners",
    ),
    (
        "federation pool enable",
        "carnet federation pool enable ci-runners",
    ),
    (
        "federation pool delete",
        "carnet federation pool delete ci-runners",
    ),
    (
        "federation pool undelete",
        "carnet federation pool undelete ci-runners",
    ),
    (
        "trusted-issuer list",
        "carnet trusted-issuer list --project site -o wide",
    ),
    (
        "trusted-issuer get",
        "carnet trusted-issuer get tis_070W3GE1R70W3GE1R70W3GE1R7 -o json",
    ),
    (
        "trusted-issuer update",
        "carnet trusted-issuer update tis_070W3GE1R70W3GE1R70W3GE1R7 --subject \"project_path:acme/site:*\"",
    ),
    (
        "trusted-issuer disable",
        "carnet trusted-issuer disable tis_070W3GE1R70W3GE1R70W3GE1R7",
    ),
    (
        "trusted-issuer enable",
        "carnet trusted-issuer enable tis_070W3GE1R70W3GE1R70W3GE1R7",
    ),
    (
        "trusted-issuer delete",
        "carnet trusted-issuer delete tis_070W3GE1R70W3GE1R70W3GE1R7 --of-organization",
    ),
    (
        "federation provider list",
        "carnet federation provider list --pool ci-runners",
    ),
    (
        "federation provider get",
        "carnet federation provider get ci-runners/github -o wide",
    ),
    (
        "federation provider update",
        "carnet federation provider update ci-runners/github --condition \"assertion.ref == 'refs/heads/main'\"",
    ),
    (
        "federation provider disable",
        "carnet federation provider disable ci-runners/github",
    ),
    (
        "federation provider enable",
        "carnet federation provider enable ci-runners/github",
    ),
    (
        "federation provider delete",
        "carnet federation provider delete ci-runners/github",
    ),
    (
        "federation provider undelete",
        "carnet federation provider undelete ci-runners/github",
    ),
    ("app list", "carnet app list -o wide"),
    ("app get", "carnet app get ledgerly-k3v2qa -o json"),
    (
        "app disable",
        "carnet app disable ledgerly-k3v2qa --reason \"its secret leaked\"",
    ),
    ("app enable", "carnet app enable ledgerly-k3v2qa"),
    ("app delete", "carnet app delete ledgerly-k3v2qa"),
    ("app secret list", "carnet app secret list ledgerly-k3v2qa"),
    (
        "app secret delete",
        "carnet app secret delete ledgerly-k3v2qa 9f2c",
    ),
    (
        "app initial-token list",
        "carnet app initial-token list --project billing",
    ),
    (
        "app initial-token delete",
        "carnet app initial-token delete 9f2c --project billing",
    ),
    (
        "app redirect list",
        "carnet app redirect list ledgerly-k3v2qa",
    ),
    (
        "app redirect refused",
        "carnet app redirect refused ledgerly-k3v2qa",
    ),
    (
        "app redirect add",
        "carnet app redirect add ledgerly-k3v2qa https://ledgerly.example/callback",
    ),
    (
        "app redirect remove",
        "carnet app redirect remove ledgerly-k3v2qa http://localhost:3000/callback",
    ),
    ("api list", "carnet api list -o wide"),
    ("api get", "carnet api get ID -o json"),
    ("api delete", "carnet api delete ID"),
    ("org list", "carnet org list"),
    ("org get", "carnet org get ID"),
    ("org create", "carnet org create \"Acme\""),
    (
        "org update",
        "carnet org update ID --title \"Acme Holding\"",
    ),
    ("org delete", "carnet org delete ID"),
    ("org domain list", "carnet org domain list"),
    ("org domain create", "carnet org domain create acme.example"),
    ("org domain delete", "carnet org domain delete acme.example"),
    ("project list", "carnet project list -o name"),
    ("project get", "carnet project get billing"),
    (
        "project create",
        "carnet project create billing --title \"Billing\"",
    ),
    (
        "project update",
        "carnet project update billing --strict true",
    ),
    ("project suspend", "carnet project suspend billing"),
    ("project restore", "carnet project restore billing"),
    ("user list", "carnet user list -o csv"),
    ("user get", "carnet user get dana@acme.example"),
    (
        "user create",
        "carnet user create dana@acme.example --name \"Dana\"",
    ),
    (
        "user update",
        "carnet user update dana@acme.example --name \"Dana R.\"",
    ),
    (
        "user suspend",
        "carnet user suspend dana@acme.example --reason \"on leave\"",
    ),
    (
        "user set-password",
        "carnet user set-password dana@acme.example",
    ),
    (
        "user remove-password",
        "carnet user remove-password dana@acme.example",
    ),
    (
        "user session list",
        "carnet user session list dana@acme.example",
    ),
    (
        "user session end",
        "carnet user session end dana@acme.example --all",
    ),
    ("user restore", "carnet user restore dana@acme.example"),
    ("user delete", "carnet user delete dana@acme.example"),
    ("group list", "carnet group list"),
    ("group get", "carnet group get sales@acme.example"),
    (
        "group create",
        "carnet group create sales@acme.example --title \"Sales\"",
    ),
    (
        "group update",
        "carnet group update sales@acme.example --title \"Sales, Europe\"",
    ),
    ("group delete", "carnet group delete sales@acme.example"),
    (
        "group member list",
        "carnet group member list sales@acme.example",
    ),
    (
        "group member add",
        "carnet group member add sales@acme.example dana@acme.example",
    ),
    (
        "group member remove",
        "carnet group member remove sales@acme.example dana@acme.example",
    ),
    ("policy list", "carnet policy list"),
    ("policy get", "carnet policy get ID"),
    (
        "policy own-clients-only",
        "carnet policy own-clients-only \"Ours only\" --except invoice-sync",
    ),
    (
        "policy lifetime-extension",
        "carnet policy lifetime-extension \"Night jobs\" --account night-build@shop.iam.gserviceaccount.com",
    ),
    ("policy update", "carnet policy update ID --enabled false"),
    ("policy delete", "carnet policy delete ID"),
    ("role list", "carnet role list"),
    ("role revoke", "carnet role revoke ID"),
    ("key list", "carnet key list"),
    ("key get", "carnet key get ID -o json"),
    ("key timeline", "carnet key timeline -o json"),
    ("key activate", "carnet key activate ID"),
    ("key withdraw", "carnet key withdraw ID"),
    ("audit verify", "carnet audit verify"),
    ("openapi", "carnet openapi > openapi.json"),
    ("help", "carnet help exit-codes"),
    ("whoami", "carnet whoami --key admin.json"),
    ("context list", "carnet context list"),
    ("context use", "carnet context use acme"),
    ("context delete", "carnet context delete acme"),
    ("jose-verify", "carnet jose-verify --jsonl < cases.jsonl"),
];

/// The commands with their examples.
pub(crate) fn given_to(command: Command) -> Command {
    EXAMPLES.iter().fold(command, |command, (words, example)| {
        let words: Vec<_> = words.split(' ').collect();
        given(command, &words, example)
    })
}

fn given(command: Command, words: &[&str], example: &str) -> Command {
    match words.split_first() {
        None if command.get_after_help().is_some() => command,
        None => command.after_help(format!("Example:\n  {example}")),
        Some((word, rest)) if command.find_subcommand(word).is_some() => {
            command.mut_subcommand(*word, |inner| given(inner, rest, example))
        }
        Some(_) => command,
    }
}
