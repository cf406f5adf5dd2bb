//! A subject token from a program on this machine.
//!
//! google-wire 6.3.
//!
//! 1. A program is run only where the environment says `GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES=1`: a
//!    credential file comes from elsewhere, and must not be a way to run things here.
//! 2. Where the file names an output file with a token in it that is not over, that one is taken.
//! 3. The command is split into words as a shell does, and no shell sees it. It has the time that the file
//!    gives it (half a minute unless said); then it is killed. It reads nothing, and what it prints on
//!    standard error goes nowhere.
//! 4. It prints one JSON object: `version` 1, `success`, `token_type`, and the token; or what went wrong.
//!    One that prints nothing has written its output file.

use std::fmt;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use carnet_jose::jwt::LenientDate;
use carnet_wire::legal::legal;
use serde::Deserialize;
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;
use zeroize::Zeroizing;

use crate::adc::environment::Environment;
use crate::adc::files;
use crate::adc::members::Members;
use crate::adc::source::Asking;
use crate::error::Error;
use crate::token::Secret;

const ALLOWED: &str = "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES";

/// How long a program has, in milliseconds: unless said, at least, at most.
const TIMEOUT: u64 = 30_000;
const SHORTEST_TIMEOUT: u64 = 5_000;
const LONGEST_TIMEOUT: u64 = 120_000;

const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const SAML: &str = "urn:ietf:params:oauth:token-type:saml2";

/// How much of a program's message is told.
const LONGEST_MESSAGE: usize = 300;

/// A program.
pub(crate) struct Executable {
    program: String,
    arguments: Vec<String>,
    timeout: Duration,
    output_file: Option<PathBuf>,
    /// What it is told about what it is asked for.
    variables: Vec<(&'static str, String)>,
}

impl Executable {
    /// Reads the `credential_source` of a file for an audience and a type of token.
    pub(crate) fn read(
        source: &Members,
        (audience, token_type): (&str, &str),
        email: Option<&str>,
    ) -> Result<Self, Error> {
        let wrong = |because| source.fault("executable", because);
        let executable = source
            .object("executable")?
            .ok_or_else(|| wrong("it is missing"))?;
        let mut words = words(&executable.needed("command")?)
            .ok_or_else(|| executable.fault("command", "a quotation mark in it is not closed"))?
            .into_iter();
        let program = words
            .next()
            .ok_or_else(|| executable.fault("command", "it is missing"))?;
        let timeout = executable.number("timeout_millis", SHORTEST_TIMEOUT..=LONGEST_TIMEOUT)?;
        let output_file = executable.text("output_file")?;
        let mut variables = vec![
            ("GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE", audience.to_owned()),
            ("GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE", token_type.to_owned()),
            ("GOOGLE_EXTERNAL_ACCOUNT_INTERACTIVE", "0".to_owned()),
            ("GOOGLE_EXTERNAL_ACCOUNT_REVOKE", "0".to_owned()),
        ];
        if let Some(email) = email {
            variables.push(("GOOGLE_EXTERNAL_ACCOUNT_ID", email.to_owned()));
            variables.push((
                "GOOGLE_EXTERNAL_ACCOUNT_IMPERSONATED_EMAIL",
                email.to_owned(),
            ));
        }
        if let Some(path) = &output_file {
            variables.push(("GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE", path.clone()));
        }
        Ok(Self {
            program,
            arguments: words.collect(),
            timeout: Duration::from_millis(timeout.unwrap_or(TIMEOUT)),
            output_file: output_file.map(PathBuf::from),
            variables,
        })
    }

    /// The token.
    pub(crate) async fn token(&self, asking: Asking<'_>) -> Result<Secret, Error> {
        allowed(asking.environment)?;
        if let Some(token) = self.kept(asking.now()).await? {
            return Ok(token);
        }
        let printed = tokio::time::timeout(self.timeout, self.run())
            .await
            .map_err(|_| self.fault(format!("it took longer than {:?}", self.timeout)))??;
        let printed = match (&self.output_file, printed.trim_ascii().is_empty()) {
            (Some(path), true) => files::bytes(path, files::TOKEN).await?,
            _ => printed,
        };
        self.judge(&printed, asking.now())?
            .ok_or_else(|| self.fault("the token that it gave is over"))
    }

    /// Rule 2.
    async fn kept(&self, now: i64) -> Result<Option<Secret>, Error> {
        let Some(path) = &self.output_file else {
            return Ok(None);
        };
        let Ok(bytes) = files::bytes(path, files::TOKEN).await else {
            return Ok(None);
        };
        let response = serde_json::from_slice::<Response>(&bytes).ok();
        let lasting =
            response.is_some_and(|response| response.success && response.expiration_time.is_some());
        if lasting {
            self.judge(&bytes, now)
        } else {
            Ok(None)
        }
    }

    async fn run(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        let failed = |cause: std::io::Error| self.fault(cause.to_string());
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .envs(self.variables.iter().map(|(name, value)| (*name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let mut printed = Zeroizing::new(Vec::new());
        if let Some(output) = child.stdout.take() {
            let mut output = output.take(files::TOKEN + 1);
            output.read_to_end(&mut printed).await.map_err(failed)?;
        }
        if u64::try_from(printed.len()).is_ok_and(|length| length > files::TOKEN) {
            return Err(self.fault(format!("it printed more than {} bytes", files::TOKEN)));
        }
        let status = child.wait().await.map_err(failed)?;
        if status.success() {
            Ok(printed)
        } else {
            Err(self.fault(format!("it ended with {status}")))
        }
    }

    /// Rule 4. Nothing where the token is over.
    fn judge(&self, printed: &[u8], now: i64) -> Result<Option<Secret>, Error> {
        let response: Response = serde_json::from_slice(printed)
            .map_err(|_| self.fault("it printed no JSON object with version and success"))?;
        if response.version != 1 {
            return Err(self.fault(format!("it speaks version {}, not 1", response.version)));
        }
        if !response.success {
            let [code, message] = [response.code, response.message].map(Option::unwrap_or_default);
            let message: String = legal(&format!("{code}: {message}"))
                .chars()
                .take(LONGEST_MESSAGE)
                .collect();
            return Err(self.fault(format!("it said no: {message}")));
        }
        if response.expiration_time.is_some_and(|date| date.0 <= now) {
            return Ok(None);
        }
        let token = match response.token_type.as_deref() {
            Some(JWT | ID_TOKEN) => response.id_token,
            Some(SAML) => response.saml,
            _ => return Err(self.fault("its token_type is neither jwt nor id_token nor saml2")),
        };
        let token = token.map(Zeroizing::new).filter(|token| !token.is_empty());
        let token = token.ok_or_else(|| self.fault("there is no token in what it printed"))?;
        Ok(Some(Secret::new(&token)))
    }

    fn fault(&self, because: impl fmt::Display) -> Error {
        Error::source(format!("the program {}: {because}", self.program))
    }
}

/// Without its arguments: people put secrets there.
impl fmt::Debug for Executable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executable")
            .field("program", &self.program)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// What a program prints.
#[derive(Deserialize)]
struct Response {
    version: u64,
    success: bool,
    token_type: Option<String>,
    id_token: Option<String>,
    #[serde(rename = "saml_response")]
    saml: Option<String>,
    expiration_time: Option<LenientDate>,
    code: Option<String>,
    message: Option<String>,
}

/// Rule 1.
fn allowed(environment: &Environment) -> Result<(), Error> {
    if environment.says(ALLOWED, "1") {
        return Ok(());
    }
    Err(Error::source(format!(
        "the credential file wants a program to be run. Look at the file, and set {ALLOWED}=1 if it \
         shall be"
    )))
}

/// The words of a command, as a shell splits them, without anything that a shell would replace. Nothing
/// where a quotation mark is not closed.
fn words(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = command.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' | '\t' | '\n' | '\r' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next()? {
                        '\'' => break,
                        letter => word.push(letter),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next()? {
                        '"' => break,
                        '\\' => match letters.next()? {
                            escaped @ ('"' | '\\') => word.push(escaped),
                            other => word.extend(['\\', other]),
                        },
                        letter => word.push(letter),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(letters.next()?),
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests;
