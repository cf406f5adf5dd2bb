//! Which of the places wins, and which variables set nothing.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Origin, Outside, gather, stray};

/// Variables and files that a test made up.
#[derive(Default)]
struct World {
    variables: BTreeMap<&'static str, &'static str>,
    files: BTreeMap<&'static str, &'static str>,
}

impl Outside for World {
    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).map(|value| (*value).to_owned())
    }

    fn variables(&self) -> Vec<String> {
        self.variables
            .keys()
            .map(|name| (*name).to_owned())
            .collect()
    }

    fn is_file(&self, path: &Path) -> bool {
        path.to_str()
            .is_some_and(|path| self.files.contains_key(path))
    }

    fn contents(&self, path: &Path, most: u64) -> Result<String, String> {
        let text = path.to_str().and_then(|path| self.files.get(path));
        let text = text.ok_or("there is no such file")?;
        if text.len() as u64 > most {
            return Err("too large".to_owned());
        }
        Ok((*text).to_owned())
    }
}

#[test]
fn ux_6_2_a_variable_wins_over_its_file_over_a_credential_over_the_toml_file() {
    let mut world = World::default();
    world.files.insert("carnet.toml", "name = \"toml\"\n");
    world.files.insert("/run/credentials/name", "credential\n");
    world.files.insert("/etc/name", "file\r\n");
    let said = |world: &World| {
        let gathered = gather(None, world);
        assert!(gathered.faults.is_empty(), "{:?}", gathered.faults);
        let setting = gathered.settings.get("name").unwrap();
        (
            setting.value.as_str().unwrap().to_owned(),
            setting.origin.clone(),
        )
    };
    assert_eq!(
        said(&world),
        (
            "toml".to_owned(),
            Origin::File("carnet.toml".into(), Some(1))
        )
    );
    world
        .variables
        .insert("CREDENTIALS_DIRECTORY", "/run/credentials");
    assert_eq!(
        said(&world),
        (
            "credential".to_owned(),
            Origin::Credential("/run/credentials/name".into())
        )
    );
    world.variables.insert("CARNET_NAME_FILE", "/etc/name");
    let origin = Origin::VariableFile("CARNET_NAME_FILE".to_owned(), "/etc/name".into());
    assert_eq!(said(&world), ("file".to_owned(), origin));
    world.variables.insert("CARNET_NAME", "variable");
    assert_eq!(
        said(&world),
        (
            "variable".to_owned(),
            Origin::Variable("CARNET_NAME".to_owned())
        )
    );
}

#[test]
fn a_file_that_is_named_and_cannot_be_read_is_a_fault() {
    let mut world = World::default();
    world.variables.insert("CARNET_NAME_FILE", "/nowhere");
    let gathered = gather(Some(Path::new("none.toml")), &world);
    let told: Vec<_> = gathered.faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "CRN-7005: none.toml cannot be read: there is no such file",
            "CRN-7005: /nowhere cannot be read: there is no such file",
        ]
    );
}

#[test]
fn a_misspelt_variable_is_told_with_the_key_that_was_meant() {
    let fault = stray("CARNET_HTTP__LISEN").unwrap();
    assert_eq!(fault.fix.as_deref(), Some("did you mean http.listen?"));
    for fine in [
        "CARNET_HTTP__LISTEN",
        "CARNET_HTTP__LISTEN_FILE",
        "CARNET_SECRET_KEY_FILE",
        "CARNET_DATABASE_URL_FILE",
        "CARNET_TOKEN",
        "CARNET_SERVICE_HOST",
        "CARNET_PORT_8080_TCP_ADDR",
        "PATH",
    ] {
        assert!(stray(fine).is_none(), "{fine}");
    }
}

#[test]
fn lesson_20_what_is_told_of_a_key_or_a_variable_stands_on_one_line() {
    let mut world = World::default();
    world
        .files
        .insert("carnet.toml", "\"a\\nb\\u001b[2J\" = 1\n");
    world.variables.insert("CARNET_HTTP__LIS\u{14}TEN", "1");
    let gathered = gather(None, &world);
    let told: Vec<_> = gathered.faults.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2);
    for line in told {
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }
}
