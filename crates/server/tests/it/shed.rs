//! Five times the load that there is room for: some are served, the others hear a quick no, and afterwards
//! everything is as before.

use std::sync::Arc;
use std::time::Duration;

use carnet_core::record::Delegation;
use carnet_core::record::Policy;
use carnet_core::record::User;
use carnet_core::rule::sign_in::SessionLength;
use carnet_core::store::AccountSnapshot;
use carnet_core::store::Bound;
use carnet_core::store::Catalog;
use carnet_core::store::ClientSnapshot;
use carnet_core::store::Direct;
use carnet_core::store::Fault;
use carnet_core::store::Owner;
use carnet_core::store::Person;
use carnet_core::store::PoolSnapshot;
use carnet_core::store::ProjectSnapshot;
use carnet_core::store::Reading;
use carnet_core::store::Snapshots;
use carnet_core::value::AllowedAudience;
use carnet_core::value::ClientId;
use carnet_core::value::DomainName;
use carnet_core::value::Email;
use carnet_core::value::IssuerUri;
use carnet_core::value::OrganizationId;
use carnet_core::value::PoolName;
use carnet_core::value::ProjectId;
use carnet_core::value::UniqueId;
use carnet_core::value::UnixTime;
use carnet_core::value::UserId;
use carnet_server::aws::Witness;
use carnet_server::config::dpop::Dpop;
use carnet_server::config::rate::Rate;
use carnet_server::config::registration::Registration;
use carnet_server::front::Front;
use carnet_server::keyring::KeyEncryptionKey;
use carnet_server::outbound::Outbound;
use carnet_server::password::Hashing;
use carnet_server::start;
use carnet_server::start::Ingredients;

use carnet_testkit::provider::ISSUER;
use carnet_testkit::world::NOW;
use carnet_testkit::world::World;
use carnet_wire::origin::Origin;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::house::House;
use crate::house::config;

const ROOM: usize = 4;
const QUEUE: usize = 4;
const PATIENCE: Duration = Duration::from_millis(300);

/// A database that answers only while its door is open.
struct Slow {
    direct: Direct,
    door: Arc<Semaphore>,
}

impl Snapshots for Slow {
    fn account<'a>(&'a self, issuer: &'a str) -> Reading<'a, Option<Arc<AccountSnapshot>>> {
        Box::pin(async move {
            let _open = self.door.acquire().await.map_err(Fault::lasting)?;
            self.direct.account(issuer).await
        })
    }

    fn client<'a>(&'a self, id: &'a ClientId) -> Reading<'a, Option<Arc<ClientSnapshot>>> {
        self.direct.client(id)
    }

    fn is_origin_of_any<'a>(&'a self, origin: &'a Origin) -> Reading<'a, bool> {
        self.direct.is_origin_of_any(origin)
    }

    fn project_facts<'a>(&'a self, id: &'a ProjectId) -> Reading<'a, Option<Arc<ProjectSnapshot>>> {
        self.direct.project_facts(id)
    }

    fn catalog(&self) -> Reading<'_, Arc<Catalog>> {
        self.direct.catalog()
    }

    fn delegations_for<'a>(&'a self, client_id: &'a UniqueId) -> Reading<'a, Arc<Vec<Delegation>>> {
        self.direct.delegations_for(client_id)
    }

    fn bound<'a>(&'a self, account: &'a UniqueId) -> Reading<'a, Arc<Bound>> {
        self.direct.bound(account)
    }

    fn policies(&self, of: OrganizationId) -> Reading<'_, Arc<Vec<Policy>>> {
        self.direct.policies(of)
    }

    fn domain_owner<'a>(&'a self, name: &'a DomainName) -> Reading<'a, Option<Arc<Owner>>> {
        self.direct.domain_owner(name)
    }

    fn person<'a>(&'a self, email: &'a Email) -> Reading<'a, Option<Arc<Person>>> {
        self.direct.person(email)
    }

    fn user<'a>(&'a self, id: &'a UserId) -> Reading<'a, Option<Arc<User>>> {
        self.direct.user(id)
    }

    fn pool<'a>(&'a self, name: &'a PoolName) -> Reading<'a, Option<Arc<PoolSnapshot>>> {
        self.direct.pool(name)
    }

    fn trusted_issuer(
        &self,
        id: carnet_core::value::TrustedIssuerId,
    ) -> Reading<'_, Option<Arc<carnet_core::record::TrustedIssuer>>> {
        self.direct.trusted_issuer(id)
    }

    fn trusted_issuer_named<'a>(
        &'a self,
        issuer: &'a IssuerUri,
        audience: Option<&'a AllowedAudience>,
    ) -> Reading<'a, Option<Arc<carnet_core::record::TrustedIssuer>>> {
        self.direct.trusted_issuer_named(issuer, audience)
    }
}

/// Everybody asks at once: the statuses, and how long each answer took.
fn rush(house: &Arc<House>, request: &Arc<String>, many: usize) -> JoinSet<(String, Duration)> {
    let mut asking = JoinSet::new();
    for _ in 0..many {
        let (house, request) = (Arc::clone(house), Arc::clone(request));
        asking.spawn(async move {
            let began = Instant::now();
            let answer = house.say(request.as_bytes()).await;
            (answer, began.elapsed())
        });
    }
    asking
}

fn little_room() -> Rate {
    Rate {
        work: ROOM,
        waiting: QUEUE,
        patience: PATIENCE,
        ..Rate::default()
    }
}

#[tokio::test]
async fn security_five_times_the_load_is_shed_quickly_and_recovers_by_itself() {
    let world = World::new().await;
    let door = Arc::new(Semaphore::new(0));
    let started = start::start(Ingredients {
        issuer: ISSUER.to_owned(),
        universe: None,
        name: "Test".to_owned(),
        sandbox: false,
        store: world.store(),
        snapshots: Arc::new(Slow {
            direct: Direct(world.store()),
            door: Arc::clone(&door),
        }),
        encryption: KeyEncryptionKey::new([7; 32]).unwrap(),
        rate: little_room(),
        client_certificates: carnet_server::config::http::ClientCertificates::default(),
        outbound: Outbound::default(),
        aws: Witness::default(),
        registration: Registration::default(),
        hashing: Hashing::cheapest(),
        session: SessionLength::default(),
        par: carnet_server::config::par::Par::default(),
        dpop: Dpop::default(),
        registry: Arc::default(),
        clock: Arc::new(|| UnixTime(NOW)),
    });
    let started = started.await.unwrap();
    let house = Arc::new(House::of(Front::new(Arc::clone(&started.parts)), config()));
    let form = format!(
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={}",
        world.sign(&world.claims())
    );
    let request = Arc::new(format!(
        "POST /token HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    ));

    let many = 5 * (ROOM + QUEUE);
    let mut asking = rush(&house, &request, many);
    for _ in 0..many - ROOM {
        let (answer, took) = asking.join_next().await.unwrap().unwrap();
        assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
        assert!(answer.contains("\r\nretry-after: 1\r\n"), "{answer}");
        assert!(answer.contains("CRN-5002"), "{answer}");
        assert!(took < PATIENCE + Duration::from_secs(2), "{took:?}");
    }
    // What needs no work is answered all the time.
    let jwks = house.say("GET /jwks HTTP/1.0\r\n\r\n").await;
    assert!(jwks.starts_with("HTTP/1.0 200 "), "{jwks}");
    door.add_permits(Semaphore::MAX_PERMITS / 2);
    while let Some(inside) = asking.join_next().await {
        let (answer, _) = inside.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    // With the database back everybody is served, as many as come.
    for _ in 0..3 {
        for (answer, _) in rush(&house, &request, ROOM + QUEUE).join_all().await {
            assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        }
    }
}
