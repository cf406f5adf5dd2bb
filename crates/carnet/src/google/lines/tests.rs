//! The lines as a shell reads them.

use clap::ValueEnum as _;

use super::Language;
use super::Told;
use super::quoted;

fn lines(language: Language) -> String {
    let told = Told {
        ca_file: "/srv/ca dir/google-ca.pem",
        host: "127.0.0.1",
        port: 8444,
    };
    told.of(language)
}

#[test]
fn google_wire_13_each_language_is_told_of_the_authority_and_the_proxy() {
    for (language, variable) in [
        (Language::Python, "REQUESTS_CA_BUNDLE"),
        (Language::Python, "HTTPLIB2_CA_CERTS"),
        (Language::Node, "NODE_EXTRA_CA_CERTS"),
        (Language::Go, "SSL_CERT_FILE"),
        (Language::Rust, "SSL_CERT_FILE"),
        (Language::Ruby, "SSL_CERT_FILE"),
        (Language::Php, "SSL_CERT_FILE"),
        (Language::Gcloud, "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE"),
        (Language::Gcloud, "REQUESTS_CA_BUNDLE"),
        (Language::Curl, "CURL_CA_BUNDLE"),
    ] {
        let told = lines(language);
        let line = format!("export {variable}='/srv/ca dir/google-ca.pem'\n");
        assert!(told.contains(&line), "{told}");
        assert!(
            told.contains("export HTTPS_PROXY=http://127.0.0.1:8444\n"),
            "{told}"
        );
        assert!(told.contains("export NO_PROXY=localhost"), "{told}");
        assert!(lines(Language::All).contains(&line));
    }
    let java = lines(Language::Java);
    assert!(java.contains("keytool -importcert"), "{java}");
    assert!(java.contains("-Dhttps.proxyPort=8444"), "{java}");
    assert!(!java.contains("HTTPS_PROXY"), "{java}");
    assert_eq!(Language::value_variants().len(), super::EACH.len() + 1);
}

#[test]
fn a_path_is_one_word_whatever_stands_in_it() {
    for (text, word) in [
        ("/a/b.pem", "/a/b.pem"),
        ("/a b", "'/a b'"),
        ("/a'$(x)", r"'/a'\''$(x)'"),
        ("", "''"),
    ] {
        assert_eq!(quoted(text), word);
    }
}
