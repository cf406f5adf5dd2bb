//! Hashes of other systems, with vectors of their documentation or made by other software. What was made
//! here was made by Python 3.11 (`hashlib`, and `crypt` over libxcrypt 4.4) and `OpenSSL` 3.0.

use argon2::Block;
use carnet_core::value::PasswordHash;

use super::form;
use super::import;
use crate::password::Cost;
use crate::password::Verified;
use crate::password::verified;

fn check(password: &str, hash: &PasswordHash) -> Verified {
    let mut memory = vec![Block::default(); 8];
    verified(password, Some(hash), Cost::cheapest(), &mut memory)
}

/// Each hash is imported, is that of the password and of no other, and becomes one of ours.
#[track_caller]
fn verifies(expected: &str, known: &[(&str, &str)]) {
    for (password, text) in known {
        let hash = import(text).unwrap_or_else(|_| panic!("{text}"));
        assert_eq!(form(&hash), expected, "{text}");
        let found = check(password, &hash);
        assert!(found.right, "{text}");
        let anew = found.anew.expect(text);
        assert_eq!(form(&anew), "argon2id");
        assert!(check(password, &anew).right, "{text}");
        for wrong in ["", "passwore", &format!("{password}\u{e4}"), "x"] {
            let found = check(wrong, &hash);
            assert!(!found.right && found.anew.is_none(), "{text}: {wrong}");
        }
    }
}

/// phc-winner-argon2, `test.c`; alone, as Django has it, and as Keycloak exports it.
#[test]
fn argon2_of_the_reference_implementation() {
    let known = [
        (
            "password",
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        ),
        (
            "password",
            "argon2$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        ),
        (
            "password",
            r#"{"type": "password", "createdDate": 1700000000000,
                "secretData": "{\"value\":\"nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4=\",\"salt\":\"c29tZXNhbHQ=\",\"additionalParameters\":{}}",
                "credentialData": "{\"hashIterations\":2,\"algorithm\":\"argon2\",\"additionalParameters\":{\"hashLength\":[\"32\"],\"memory\":[\"256\"],\"type\":[\"id\"],\"version\":[\"1.3\"],\"parallelism\":[\"1\"]}}"}"#,
        ),
    ];
    verifies("argon2id", &known);
}

/// `OpenBSD`'s bcrypt; Django's form of it.
#[test]
fn bcrypt_of_openbsd() {
    let known = [
        (
            "U*U",
            "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        ),
        (
            "U*U",
            "bcrypt$$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        ),
    ];
    verifies("bcrypt", &known);
}

/// Made by `crypt` over the hexadecimal SHA-256, as Django's `BCryptSHA256PasswordHasher` does.
#[test]
fn bcrypt_of_a_digest_of_django() {
    let known = [(
        "l\u{e8}tmein",
        "bcrypt_sha256$$2b$05$CCCCCCCCCCCCCCCCCCCCC.bdNwF18LmuBgx.3vdUAHc5aN/.UHaVC",
    )];
    verifies("bcrypt-sha256", &known);
}

/// Made by `openssl kdf SCRYPT`; Django's is of its own tests (`test_hashers.py`).
#[test]
fn scrypt_of_openssl_and_django() {
    let known = [
        (
            "tr0ub4dor&3",
            "$scrypt$ln=14,r=8,p=1$TmFDbDEyMzQ$hXU/STDiOu3RYWwM/lo9IIJ6xOoVmHH5pnmFOZSxVX0",
        ),
        (
            "l\u{e8}tmein",
            "scrypt$16384$seasalt$8$5$ECMIUp+LMxMSK8xB/IVyba+KYGTI7FTnet025q/1f/vBAVnnP3hdYqJuRi+mJn6ji6ze3Fbb7JEFPKGpuEf5vw==",
        ),
    ];
    verifies("scrypt", &known);
}

/// The example of `firebase/scrypt`, in the form of Supabase.
#[test]
fn scrypt_of_firebase() {
    let known = [(
        "user1password",
        "$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==",
    )];
    verifies("firebase-scrypt", &known);
}

/// passlib's documentation; `hashlib.pbkdf2_hmac` for Django's form and for Keycloak's 64 bytes.
#[test]
fn pbkdf2_with_sha_256_of_passlib_django_and_keycloak() {
    let known = [
        (
            "password",
            "$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44",
        ),
        (
            "l\u{e8}tmein",
            "pbkdf2_sha256$10000$seasalt2$skPdPHnAsVEsRcqTNPTvR47tkLzsQWTgrRtM6x/bAR0=",
        ),
        (
            "tr0ub4dor&3",
            r#"{"credentialData":"{\"hashIterations\":1000,\"algorithm\":\"pbkdf2-sha256\",\"additionalParameters\":{}}","secretData":"{\"value\":\"Ht/1Xm3R1j/T/kMz2JXl7kOY6gjaFylWd/ZNxiC2M8slEj28K0ThYLoW2auCOKeYEqj259ZxgnLkGarcxXLyLg==\",\"salt\":\"AAECAwQFBgcICQoLDA0ODw==\",\"additionalParameters\":{}}"}"#,
        ),
    ];
    verifies("pbkdf2-sha256", &known);
}

/// `hashlib.pbkdf2_hmac`.
#[test]
fn pbkdf2_with_sha_512_of_keycloak_and_as_phc_string() {
    let known = [
        (
            "tr0ub4dor&3",
            "$pbkdf2-sha512$i=1000,l=32$AAECAwQFBgcICQoLDA0ODw$n0bIrFtyyCynr5wIf+zoewpcIVhn14ogKOwdYC220fc",
        ),
        (
            "tr0ub4dor&3",
            r#"{"secretData":"{\"value\":\"n0bIrFtyyCynr5wIf+zoewpcIVhn14ogKOwdYC220fdPFP5GfBjM+aufU5EThIU33J8UlwHJjoBKXge1UTxxKw==\",\"salt\":\"AAECAwQFBgcICQoLDA0ODw==\"}","credentialData":"{\"hashIterations\":1000,\"algorithm\":\"pbkdf2-sha512\"}"}"#,
        ),
    ];
    verifies("pbkdf2-sha512", &known);
}

/// `hashlib.pbkdf2_hmac`, as Django writes it.
#[test]
fn pbkdf2_with_sha_1_of_django() {
    let known = [(
        "l\u{e8}tmein",
        "pbkdf2_sha1$260000$seasalt2$wAibXvW6jgvatCdONi6SMJ6q7mI=",
    )];
    verifies("pbkdf2-sha1", &known);
}

/// Drepper's text, `openssl passwd -5`, and libxcrypt for a password longer than two digests.
#[test]
fn sha256_crypt() {
    let long = "0123456789".repeat(13);
    let known = [
        (
            "Hello world!",
            "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
        ),
        (
            "tr0ub4dor&3",
            "$5$seasalt2$rY0SmTCzFNQTND3EvLBsMqriiIwm0KmMqR8ljibRuE/",
        ),
        (
            &long,
            "$5$rounds=1000$saltsaltsaltsalt$aZkBzMENKqZcvtevfDt0Puw8.7Mmp4f/tw8QWSYqcp9",
        ),
    ];
    verifies("sha256-crypt", &known);
}

/// Drepper's text, `openssl passwd -6`, and libxcrypt.
#[test]
fn sha512_crypt() {
    let long = "0123456789".repeat(13);
    let known = [
        (
            "Hello world!",
            "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
        ),
        (
            "tr0ub4dor&3",
            "{CRYPT}$6$seasalt2$g79fPzPDDm3hc8cvcLDXE6tEliaAMK2VT9EeFZ2tE13nuufTZqdM1/UFoGVVmyJ.Zp264rJRWwTkMTR2UwAGN0",
        ),
        (
            "l\u{e8}tmein",
            "$6$rounds=1000$seasalt$OrgAk.9mum/idX8PAI/T3DoTtmXTzvO35DVtdD49P1Qeh1WspI8FossSOFPCM0szo90vMyZMvEOGXFDvqHrc/1",
        ),
        (
            &long,
            "$6$rounds=1000$saltsaltsaltsalt$aC2Si/LXtinhbr8r2H0bqMDkS7YewE6BArpLMavsaPpF8OSXTH1vlyu23Dt5eFc6b2ncBzESeQ5FCV4XHiOK8/",
        ),
    ];
    verifies("sha512-crypt", &known);
}

/// `hashlib`, as `OpenLDAP` writes them.
#[test]
fn salted_digests_of_ldap() {
    let salted = [
        ("ssha", "{SSHA}/TV/gVj/+t1FrxeyoNUtqoenySMBAgMEBQYHCA=="),
        (
            "ssha256",
            "{ssha256}Jr8k40KoODAS62M1McjKWe5TPlMWPJsbVUzrUL4cgicBAgMEBQYHCA==",
        ),
        (
            "ssha512",
            "{SSHA512}koVZBMU0iOilBvuq10ArCf6Gz+Wk0OISckC5PpOG4t5J+HV+3rKWGPw7g68RAIkcuvjs27PSbt+pcpBXhVTOTQECAwQFBgcI",
        ),
    ];
    for (name, hash) in salted {
        verifies(name, &[("tr0ub4dor&3", hash)]);
    }
}

#[test]
fn a_hash_that_would_stall_the_pool_is_refused() {
    let salted = "AAECAwQFBgcICQoLDA0ODw$n0bIrFtyyCynr5wIf+zoewpcIVhn14ogKOwdYC220fc";
    let crypt =
        "svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1";
    let dear = [
        format!("$argon2id$v=19$m=4194304,t=1,p=1${salted}"),
        format!("$argon2id$v=19$m=65536,t=4000000000,p=1${salted}"),
        format!("$argon2id$v=19$m=256,t=2,p=9999${salted}"),
        "$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW".to_owned(),
        "bcrypt_sha256$$2b$14$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW".to_owned(),
        format!("$scrypt$ln=18,r=8,p=1${salted}"),
        format!("$scrypt$ln=14,r=4294967295,p=4294967295${salted}"),
        format!("$scrypt$ln=63,r=1,p=1${salted}"),
        format!("$scrypt$ln=4294967295,r=1,p=1${salted}"),
        format!("$scrypt$ln=14,r=8,p=64${salted}"),
        "scrypt$0$salt$8$1$n0bIrFtyyCynr5wIf+zoewpcIVhn14ogKOwdYC220fc=".to_owned(),
        "scrypt$1048576$salt$8$1$n0bIrFtyyCynr5wIf+zoewpcIVhn14ogKOwdYC220fc=".to_owned(),
        format!("$fbscrypt$v=1,n=24,r=8,p=1,ss=Bw==,sk=AAECAwQFBgcICQoLDA0ODw==${salted}"),
        format!("$pbkdf2-sha256$2000001${salted}"),
        format!("$pbkdf2-sha512$i=1000001${salted}"),
        format!("$pbkdf2-sha1$i=2000000${salted}"),
        format!("$pbkdf2-sha256$i=0,l=32${salted}"),
        format!("$6$rounds=999999999$saltstring${crypt}"),
        format!("$6$rounds=0$saltstring${crypt}"),
    ];
    for text in dear {
        assert!(import(&text).is_err(), "{text}");
        let hash: PasswordHash = text.parse().unwrap();
        assert!(!check("tr0ub4dor&3", &hash).right, "{text}");
        assert_eq!(form(&hash), "unknown");
    }
}

#[test]
fn what_is_no_hash_is_refused() {
    let long = "a".repeat(5_000);
    for text in [
        "",
        "plain-text-password",
        "$2b$05$short",
        "x$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ",
        "$scrypt$ln=14,r=8,p=1,x=1$TmFDbDEyMzQ$hXU/STDiOu3RYWwM/lo9IIJ6xOoVmHH5pnmFOZSxVX0",
        "$scrypt$ln=14,r=8$TmFDbDEyMzQ$hXU/STDiOu3RYWwM/lo9IIJ6xOoVmHH5pnmFOZSxVX0",
        "$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=c2hvcnQ=$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQ==",
        "$pbkdf2-sha256$i=1000,l=31$AAECAwQFBgcICQoLDA0ODw$n0bIrFtyyCynr5wIf+zoewpcIVhn14ogKOwdYC220fc",
        "$pbkdf2-md5$i=1000$AAECAwQFBgcICQoLDA0ODw$n0bIrFtyyCynr5wIf+zoewpcIVhn14ogKOwdYC220fc",
        "$pbkdf2-sha256$1000$$n0bIrFtyyCynr5wIf+zoewpcIVhn14ogKOwdYC220fc",
        "$6$salt$tooshort",
        "{SSHA}aaaaaaaaaaaaaaaa",
        "{MD5}X03MO1qnZdYdgyfeuILPmQ==",
        "{}",
        "{\"credentialData\":\"\",\"secretData\":\"\"}",
        "{\"credentialData\":\"{\\\"hashIterations\\\":2000000000,\\\"algorithm\\\":\\\"pbkdf2-sha256\\\"}\",\"secretData\":\"{\\\"value\\\":\\\"n0bIrFtyyCynr5wIf+zoewpcIVhn14ogKOwdYC220fc=\\\",\\\"salt\\\":\\\"AAEC\\\"}\"}",
        &long,
    ] {
        assert!(import(text).is_err(), "{text}");
    }
}

/// sha-crypt hashes the password in each round: a long guess must not cost more than a long hash.
#[test]
fn a_long_guess_does_not_stall_the_pool() {
    let most = "$6$rounds=1000000$saltsaltsaltsalt$aC2Si/LXtinhbr8r2H0bqMDkS7YewE6BArpLMavsaPpF8OSXTH1vlyu23Dt5eFc6b2ncBzESeQ5FCV4XHiOK8/";
    let hash = import(most).unwrap();
    assert_eq!(form(&hash), "sha512-crypt");
    // A thousand million bytes in a debug build would be felt.
    for _ in 0..200 {
        assert!(!check(&"a".repeat(1_024), &hash).right);
    }
}
