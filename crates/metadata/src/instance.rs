//! What the machine says about itself: its project, its name, the service account that is attached to it.
//!
//! google-wire 7.1. Whoever starts the server chooses all of it; nothing here is looked up.

use std::collections::BTreeMap;

/// The universe that libraries expect where nothing is said.
const UNIVERSE: &str = "googleapis.com";

/// The zone of a machine that is in none. Libraries cut the region out of it, so it looks like one.
const ZONE: &str = "local1-a";

/// A machine.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Instance {
    /// The project's id.
    pub project_id: String,
    /// The project's number.
    pub project_number: u64,
    /// What the whole project says: `project/attributes/`.
    pub project_attributes: BTreeMap<String, String>,
    /// The machine's number.
    pub id: u64,
    /// The machine's name.
    pub name: String,
    /// The zone, without the project before it.
    pub zone: String,
    /// What this machine says: `instance/attributes/`.
    pub attributes: BTreeMap<String, String>,
    /// The universe domain.
    pub universe_domain: String,
    /// The service account, if there is one.
    pub account: Option<Attached>,
}

/// The service account of a machine.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Attached {
    /// Its e-mail.
    pub email: String,
    /// The scopes of a token for which none are asked.
    pub scopes: Vec<String>,
}

impl Instance {
    /// A machine of a project. Its number follows from its name and the project, so it is the same after a restart.
    pub fn named(name: &str, project_id: &str, project_number: u64) -> Self {
        let digest = digest(format!("{project_id}/{name}").as_bytes());
        Self {
            project_id: project_id.to_owned(),
            project_number,
            project_attributes: BTreeMap::new(),
            // Some readers have a signed number for it.
            id: digest >> 1,
            name: name.to_owned(),
            zone: ZONE.to_owned(),
            attributes: BTreeMap::new(),
            universe_domain: UNIVERSE.to_owned(),
            account: None,
        }
    }

    /// Its name within the project's network.
    pub fn hostname(&self) -> String {
        let Self {
            name,
            zone,
            project_id,
            ..
        } = self;
        format!("{name}.{zone}.c.{project_id}.internal")
    }

    /// The region that the zone is in.
    pub fn region(&self) -> &str {
        self.zone
            .rsplit_once('-')
            .map_or(self.zone.as_str(), |(region, _)| region)
    }
}

/// FNV-1a, 64 bits: tells one text from another, and hides nothing.
pub(crate) fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |digest, byte| {
        (digest ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
