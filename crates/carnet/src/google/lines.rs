//! The lines, language by language (google-wire 13).

use std::fmt::Write as _;

use super::Language;

/// What the lines are about.
pub(super) struct Told<'t> {
    /// The authority's certificate, its whole path.
    pub(super) ca_file: &'t str,
    /// The proxy's host.
    pub(super) host: &'t str,
    /// The proxy's port.
    pub(super) port: u16,
}

/// Languages that have lines of their own, in the order of their names.
const EACH: [Language; 9] = [
    Language::Python,
    Language::Node,
    Language::Go,
    Language::Java,
    Language::Rust,
    Language::Ruby,
    Language::Php,
    Language::Gcloud,
    Language::Curl,
];

impl Told<'_> {
    /// The lines of a language. Those of all have a comment before each.
    pub(super) fn of(&self, language: Language) -> String {
        let mut lines = String::new();
        if language == Language::All {
            for each in EACH {
                let _ = writeln!(lines, "# {}", format!("{each:?}").to_lowercase());
                self.own(each, &mut lines);
            }
        } else {
            self.own(language, &mut lines);
        }
        self.proxy(language, &mut lines);
        lines
    }

    fn own(&self, language: Language, lines: &mut String) {
        let ca_file = self.ca_file;
        let variables: &[&str] = match language {
            // requests, httplib2, gRPC.
            Language::Python => &[
                "REQUESTS_CA_BUNDLE",
                "HTTPLIB2_CA_CERTS",
                "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
            ],
            Language::Node => &["NODE_EXTRA_CA_CERTS"],
            Language::Go | Language::Rust | Language::Ruby | Language::Php => &["SSL_CERT_FILE"],
            // It is written with requests, for which a variable of the shell stands above its own property.
            Language::Gcloud => &["CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE", "REQUESTS_CA_BUNDLE"],
            Language::Curl => &["CURL_CA_BUNDLE"],
            Language::Java => return self.java(lines),
            Language::All => &[],
        };
        for name in variables {
            let _ = writeln!(lines, "export {name}={}", quoted(ca_file));
        }
    }

    /// Java has a trust store and properties instead of variables.
    fn java(&self, lines: &mut String) {
        let Self {
            ca_file,
            host,
            port,
        } = self;
        let store = format!("{}.p12", ca_file.strip_suffix(".pem").unwrap_or(ca_file));
        let store_file = quoted(&store);
        // An authority that was made anew is to be trusted, not the one before.
        let _ = writeln!(lines, "rm -f {store_file}");
        let _ = writeln!(
            lines,
            "keytool -importcert -noprompt -alias carnet -file {} -keystore {store_file} -storetype PKCS12 -storepass changeit >/dev/null 2>&1",
            quoted(ca_file)
        );
        // The JVM splits the variable at spaces unless they stand in quotes.
        let options = format!(
            "-Djavax.net.ssl.trustStore=\"{store}\" -Djavax.net.ssl.trustStorePassword=changeit -Djavax.net.ssl.trustStoreType=PKCS12 -Dhttps.proxyHost={host} -Dhttps.proxyPort={port}"
        );
        let _ = writeln!(lines, "export JAVA_TOOL_OPTIONS={}", quoted(&options));
    }

    fn proxy(&self, language: Language, lines: &mut String) {
        if language == Language::Java {
            return;
        }
        let proxy = format!("http://{}:{}", self.host, self.port);
        for name in ["HTTPS_PROXY", "https_proxy"] {
            let _ = writeln!(lines, "export {name}={}", quoted(&proxy));
        }
        // Not everybody leaves this machine's own names out by themselves.
        for name in ["NO_PROXY", "no_proxy"] {
            let _ = writeln!(lines, "export {name}=localhost,127.0.0.1,::1");
        }
    }
}

/// The text as one word of a shell.
fn quoted(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-:,@+".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests;
