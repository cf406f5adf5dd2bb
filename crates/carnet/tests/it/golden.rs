//! What the commands of ux 3.2 print, word for word, and how each ends.
//!
//! A line that begins with `2| ` went to standard error. What differs from run to run is replaced by what it is
//! ([`plain`]). Lines of data have tabs between their columns, as standard output is no terminal here.

use std::fmt::Write as _;

use serde_json::Value;

use crate::support::{Ran, Sandbox};

const READ: &str = "https://demo.carnet.dev/auth/invoices.read";

/// What a command printed and how it ended, with what differs from run to run replaced.
fn told(sandbox: &Sandbox, ran: &Ran) -> String {
    let mut text = String::new();
    for line in ran.out.lines() {
        let _ = writeln!(text, "{line}");
    }
    for line in ran.err.lines() {
        let _ = writeln!(text, "2| {line}");
    }
    let _ = write!(text, "exit {}", ran.code.expect("it ended by itself"));
    let issuer = sandbox.ready["issuer"].as_str().expect("an issuer");
    plain(
        &text
            .replace(issuer, "ISSUER")
            .replace(issuer.trim_start_matches("http://"), "HOST"),
    )
}

/// Each run of letters and digits that is a key, a number, a moment or a token, by its name.
fn plain(text: &str) -> String {
    let belongs = |letter: char| letter.is_ascii_alphanumeric() || "-_:.".contains(letter);
    let mut shown = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let inside = belongs(first);
        let end = rest
            .find(|letter| belongs(letter) != inside)
            .unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end);
        let word = run.trim_end_matches(['.', ':']);
        shown.push_str(name(word).unwrap_or(word));
        shown.push_str(&run[word.len()..]);
        rest = behind;
    }
    shown
}

fn name(word: &str) -> Option<&'static str> {
    let all = |length: usize, of: fn(&char) -> bool| {
        word.len() == length && word.chars().all(|letter| of(&letter))
    };
    let shape: String = word
        .chars()
        .map(|letter| if letter.is_ascii_digit() { '0' } else { letter })
        .collect();
    match shape.as_str() {
        "0000-00-00T00:00:00Z" => return Some("MOMENT"),
        "0000-00-00" => return Some("DAY"),
        "00:00" => return Some("TIME"),
        _ => {}
    }
    if word.starts_with("serviceAccount:") {
        Some("serviceAccount:NUMBER")
    } else if word.starts_with("eyJ") {
        Some("TOKEN")
    } else if word.starts_with("tok_") {
        Some("TOKEN-ID")
    } else if all(21, char::is_ascii_digit) {
        Some("NUMBER")
    } else if all(10, char::is_ascii_digit) {
        Some("SECONDS")
    } else if all(40, char::is_ascii_hexdigit) {
        Some("KEY-ID")
    } else if all(10, char::is_ascii_hexdigit) {
        Some("KEY")
    } else if all(26, |letter| {
        letter.is_ascii_uppercase() || letter.is_ascii_digit()
    }) {
        Some("TRACE")
    } else {
        None
    }
}

fn check(sandbox: &Sandbox, ran: &Ran, expected: &str) {
    let told = told(sandbox, ran);
    assert_eq!(told, expected, "\n--- it told\n{told}\n---\n");
}

#[test]
fn ux_3_2_a_token_on_a_line_in_a_header_and_for_a_shell() {
    let sandbox = Sandbox::start();
    let key = sandbox.key("ci");
    let token = |verb: &[&str]| {
        let mut words = vec!["token"];
        words.extend(verb);
        words.extend(["--key", &key, "--scope", READ]);
        sandbox.run(&words)
    };
    let note = "2| valid 60 min, scope https://demo.carnet.dev/auth/invoices.read\nexit 0";
    let printed = token(&[]);
    check(&sandbox, &printed, &format!("TOKEN\n{note}"));
    check(
        &sandbox,
        &token(&["header"]),
        &format!("Authorization: Bearer TOKEN\n{note}"),
    );
    check(
        &sandbox,
        &token(&["env"]),
        &format!("export CARNET_TOKEN='TOKEN'\nexport CARNET_TOKEN_EXPIRES='MOMENT'\n{note}"),
    );
    inspected(&sandbox, printed.out.trim());
}

/// How many seconds ago something was depends on how busy the machine is.
fn steady(mut ran: Ran) -> Ran {
    let lines = ran.out.lines().map(|line| match line.split_once("Z, ") {
        Some((head, _)) if line.starts_with("iat") => format!("{head}Z, 0 s ago)"),
        Some((head, _)) if line.starts_with("exp") => format!("{head}Z, in 60 min)"),
        _ => line.replace("valid for 59 min", "valid for 60 min"),
    });
    ran.out = lines.collect::<Vec<_>>().join("\n");
    ran
}

fn inspected(sandbox: &Sandbox, token: &str) {
    std::fs::write(sandbox.path("token"), token).unwrap();
    // The last letter of a signature has bits that count for nothing; one in its middle counts.
    let (head, signature) = token.rsplit_once('.').unwrap();
    let swapped = if signature.as_bytes()[20] == b'A' {
        'B'
    } else {
        'A'
    };
    let changed = format!("{head}.{}{swapped}{}", &signature[..20], &signature[21..]);
    std::fs::write(sandbox.path("changed"), changed).unwrap();
    let claims = "access token (at+jwt), ES256, key KEY-ID
aud              https://demo.carnet.dev
client_id        NUMBER
email            ci@demo.iam.gserviceaccount.com
exp              SECONDS  (MOMENT, in 60 min)
iat              SECONDS  (MOMENT, 0 s ago)
iss              ISSUER
jti              TOKEN-ID
scope            https://demo.carnet.dev/auth/invoices.read
sub              NUMBER
";
    let seen = |words: &[&str]| steady(sandbox.run(words));
    check(
        sandbox,
        &seen(&["token", "inspect", "@token"]),
        &format!(
            "{claims}PASS  form  header.payload.signature\nPASS  exp   valid for 60 min\nexit 0"
        ),
    );
    check(
        sandbox,
        &seen(&["token", "inspect", "@token", "--verify"]),
        &format!(
            "{claims}PASS  form       header.payload.signature
PASS  exp        valid for 60 min
PASS  signature  right, by the keys of ISSUER, which the token itself names
exit 0"
        ),
    );
    check(
        sandbox,
        &seen(&["token", "inspect", "@changed", "--verify"]),
        &format!(
            "{claims}PASS  form       header.payload.signature
PASS  exp        valid for 60 min
FAIL  signature  wrong, by the keys of ISSUER, which the token itself names
      why: the token was changed, or signed with another private key
exit 8"
        ),
    );
}

#[test]
fn ux_3_2_a_service_account_is_made_checked_and_given_a_new_key() {
    let sandbox = Sandbox::start();
    check(
        &sandbox,
        &sandbox.admin(&["sa", "create", "invoice-sync", "--out", "key.json"]),
        "2| ok Created invoice-sync@demo.iam.gserviceaccount.com   client ID NUMBER
2| ok Key KEY written to key.json (mode 0600). It expires DAY. This is the only copy.
2|   next: carnet token --key key.json --scope SCOPE
exit 0",
    );
    let listed = told(&sandbox, &sandbox.admin(&["sa", "list", "-o", "wide"]));
    for line in [
        "invoice-sync\tactive\t1\t\t\tdemo\tinvoice-sync@demo.iam.gserviceaccount.com\tNUMBER\tMOMENT\t\t\t\n",
        "ci@demo.iam.gserviceaccount.com\tNUMBER\tMOMENT\tContinuous integration\t\t\n",
        "\tdemo\tadmin@demo.iam.gserviceaccount.com\tNUMBER\tMOMENT\tAdministers the sandbox\t\t\n",
    ] {
        assert!(listed.contains(line), "{line} is not in\n{listed}");
    }
    assert!(listed.ends_with("\t\nexit 0"), "{listed}");
    judged(&sandbox);
    let keys = sandbox
        .admin(&["sa", "key", "list", "invoice-sync", "-o", "name"])
        .out;
    let old = keys.get(..10).unwrap();
    check(
        &sandbox,
        &sandbox.admin(&[
            "sa",
            "key",
            "roll",
            "invoice-sync",
            old,
            "--overlap",
            "24h",
            "--out",
            "new.json",
        ]),
        "2| ok New key KEY written to new.json. Old key KEY stops at DAY TIME UTC (never used).
exit 0",
    );
    // Its end is near now: a warning, and no failure.
    let warned = told(&sandbox, &sandbox.admin(&["sa", "check", "invoice-sync"]));
    assert!(warned.contains("WARN  key KEY  expires in "), "{warned}");
    assert!(
        warned.contains("\n      fix: carnet sa key roll invoice-sync KEY --out key.json\n"),
        "{warned}"
    );
    assert!(
        warned.ends_with("2| 3 passed, 1 warning\nexit 0"),
        "{warned}"
    );
}

fn judged(sandbox: &Sandbox) {
    let words = [
        "sa",
        "check",
        "invoice-sync",
        "--as-user",
        "alice@example.com",
        "--scope",
        READ,
    ];
    check(
        sandbox,
        &sandbox.admin(&words),
        "PASS  account         active, project demo
PASS  project         active, external
PASS  key KEY  active, not used yet
PASS  scope           https://demo.carnet.dev/auth/invoices.read exists
PASS  user            alice@example.com is active
FAIL  delegation      client ID NUMBER has none in this organization
      fix: carnet delegation create NUMBER --user alice@example.com --scope https://demo.carnet.dev/auth/invoices.read
2| 5 passed, 1 failed
exit 8",
    );
    let file = std::fs::read(sandbox.path("key.json")).unwrap();
    let mut file: Value = serde_json::from_slice(&file).unwrap();
    let escaped = file["private_key"].as_str().unwrap().replace('\n', "\\n");
    file["private_key"] = escaped.into();
    // What is written over keeps the mode of the file that it was.
    std::fs::copy(sandbox.path("key.json"), sandbox.path("escaped.json")).unwrap();
    std::fs::write(sandbox.path("escaped.json"), file.to_string()).unwrap();
    check(
        sandbox,
        &sandbox.run(&["sa", "key", "check", "escaped.json"]),
        "PASS  file          JSON
PASS  type          service_account
PASS  members       all there
FAIL  private_key   contains the two characters backslash-n where line breaks should be
      why: the value was escaped when it was put into the environment variable
      fix: replace backslash-n by line breaks when reading it, or keep the whole JSON in the variable
PASS  client_email  invoice-sync@demo.iam.gserviceaccount.com
PASS  token_uri     ISSUER/token
PASS  mode          0600
2| 6 passed, 1 failed
exit 8",
    );
}

#[test]
fn ux_3_2_who_i_am_what_happened_and_what_the_keys_do() {
    let sandbox = Sandbox::start();
    check(
        &sandbox,
        &sandbox.admin(&["whoami"]),
        "admin@demo.iam.gserviceaccount.com\tservice_account\tNUMBER\towner of installation\t\tcarnet.admin\t\tMOMENT
2| server ISSUER
exit 0",
    );
    sandbox.admin(&["project", "create", "data-lake"]);
    check(
        &sandbox,
        &sandbox.admin(&["audit", "tail", "--no-follow", "--action", "project.create"]),
        "MOMENT  serviceAccount:NUMBER: project create data-lake
exit 0",
    );
    let keys = told(&sandbox, &sandbox.admin(&["key", "timeline"]));
    for usage in ["ES256", "RS256", "seal"] {
        for what in ["published", "signs"] {
            let line = format!("MOMENT\tMOMENT\t{usage}\tKEY-ID\t{what}\n");
            assert!(keys.contains(&line), "{line} is not in\n{keys}");
        }
    }
    let issuer = sandbox.ready["issuer"].as_str().unwrap();
    let looked = told(&sandbox, &sandbox.run(&["doctor", "--url", issuer]));
    assert_eq!(
        looked,
        "PASS  dns        127.0.0.1 is 127.0.0.1
PASS  connect    HOST takes connections
PASS  tls        none, on this machine
PASS  clock      the server's is ours
PASS  discovery  fetched
PASS  issuer     ISSUER is the URL that was asked
PASS  jwks       2 keys
PASS  token      refuses an unknown grant, with its code
PASS  headers    a page has all that keep a browser safe
2| 9 passed
exit 0"
    );
}

#[test]
fn ux_3_2_a_refusal_leads_to_its_story() {
    let sandbox = Sandbox::start();
    let words = [
        "token",
        "--key",
        &sandbox.key("admin"),
        "--scope",
        READ,
        "--subject",
        "alice@example.com",
    ];
    let refused = sandbox.run(&words);
    check(
        &sandbox,
        &refused,
        "2| error[CRN-2206]: the server said unauthorized_client: Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested. CRN-2206: sub is set, but this account may only act for itself. Remove sub, or request delegation.
2|   why: The claim sub names a user, and no organization approved this account for anybody.
2|   fix: Leave out the user.
2|   see: carnet explain CRN-2206   trace TRACE   (carnet explain TRACE)
exit 5",
    );
    let trace = refused.err.split("trace ").nth(1).unwrap();
    let trace = trace.split_whitespace().next().unwrap();
    // The refusal reaches the log within moments.
    let story = crate::support::until(|| {
        Some(sandbox.admin(&["explain", trace])).filter(|told| told.code == Some(0))
    });
    let code = sandbox.run(&["explain", "CRN-2206"]);
    check(
        &sandbox,
        &story,
        &format!(
            "MOMENT  serviceAccount:NUMBER  token.refuse  NUMBER
serviceAccount:NUMBER: token refuse NUMBER, refused: This account may only act for itself (CRN-2206)
  account: admin@demo.iam.gserviceaccount.com
  client_id: NUMBER
  key: KEY-ID
  said: sub is set, but this account may only act for itself. Remove sub, or request delegation.

{}",
            told(&sandbox, &code)
        ),
    );
    check(
        &sandbox,
        &code,
        "CRN-2206  This account may only act for itself
unauthorized_client, HTTP 401

The claim sub names a user, and no organization approved this account for anybody.

Usual causes
  - The program was written for an account with delegation.
  - The user has no organization, so there is no admin who could approve.

What to do
  - Leave out the user.
      Python: credentials = credentials.with_scopes(scopes)   # no with_subject
      JSON: remove the claims sub and prn
  - Use an account that the user's organization approved.

Written in: RFC 7523 section 3; Google: JWT error codes, unauthorized_client
Easily taken for it: CRN-2201
exit 0",
    );
}

#[test]
fn ux_3_1_each_exit_code_has_a_command_that_ends_with_it() {
    let sandbox = Sandbox::start();
    let key = sandbox.key("ci");
    let admin = sandbox.key("admin");
    let unknown = "https://demo.carnet.dev/auth/invoices.raed";
    let ends = [
        (0, "", sandbox.admin(&["whoami"])),
        (
            1,
            "[CRN-2217]",
            sandbox.run(&["token", "--key", &key, "--scope", unknown]),
        ),
        (2, "", sandbox.run(&["token", "--key", &key])),
        (
            3,
            "[CRN-6004]",
            sandbox.admin(&["sa", "get", "nobody-here"]),
        ),
        (
            4,
            "[CRN-7006]",
            sandbox.run(&["whoami", "--url", "https://auth.example.com"]),
        ),
        (
            5,
            "[CRN-2206]",
            sandbox.run(&[
                "token",
                "--key",
                &admin,
                "--scope",
                READ,
                "--subject",
                "bob@example.com",
            ]),
        ),
        (
            6,
            "[CRN-6005]",
            sandbox.admin(&["project", "create", "demo"]),
        ),
        (
            7,
            "[CRN-7004]",
            sandbox.admin(&["whoami", "--url", "http://127.0.0.1:1"]),
        ),
        (8, "", sandbox.run(&["doctor"])),
    ];
    for (code, crn, ran) in ends {
        assert_eq!(ran.code, Some(code), "{}{}", ran.out, ran.err);
        if !(1..8).contains(&code) {
            continue;
        }
        // Each of the four lines once; a list of faults may stand under the first.
        assert_eq!(ran.out, "", "{code}");
        assert!(ran.err.starts_with(&format!("error{crn}: ")), "{}", ran.err);
        let places =
            ["error", "\n  why: ", "\n  fix: ", "\n  see: "].map(|part| ran.err.find(part));
        assert!(places.iter().all(Option::is_some), "{code}: {}", ran.err);
        assert!(places.is_sorted(), "{code}: {}", ran.err);
        assert!(ran.err.lines().count() <= 5, "{code}: {}", ran.err);
    }
}
