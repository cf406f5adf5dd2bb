//! A server behind a socket, and people with browsers in front of it.

use carnet_testkit::browser::Browser;
use carnet_testkit::browser::Page;
use carnet_testkit::provider::ISSUER;
use carnet_testkit::provider::Provider;
use carnet_testkit::world::ALICE;
use carnet_testkit::world::World;

use crate::house::House;
use crate::house::config;

/// The session's cookie, as an https issuer calls it.
pub(crate) const SESSION: &str = "__Host-carnet";

/// The cookie that the sign-in form is bound to.
pub(crate) const FORM: &str = "__Host-carnet-form";

/// Alice's password.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// A server in which Alice has a password.
pub(crate) struct Stage {
    pub(crate) provider: Provider,
    pub(crate) house: House,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        Self::over(World::new().await).await
    }

    pub(crate) async fn over(world: World) -> Self {
        let provider = Provider::over(world).await;
        provider.give_password(ALICE, PASSWORD).await;
        let house = House::of(provider.front(), config());
        Self { provider, house }
    }

    /// Stops, and starts again.
    pub(crate) async fn restart(self) -> Self {
        let provider = self.provider.restart().await;
        let house = House::of(provider.front(), config());
        Self { provider, house }
    }

    /// A browser that never was here.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.house.address, ISSUER)
    }

    /// The same browser, in front of a server that was started again.
    pub(crate) fn move_on(&self, browser: &Browser) -> Browser {
        let mut moved = self.browser();
        moved.jar = browser.jar.clone();
        moved
    }

    /// A browser in which Alice is signed in.
    pub(crate) fn alice(&self) -> Browser {
        let mut browser = self.browser();
        let page = sign_in(&mut browser, ALICE, PASSWORD);
        assert_eq!(page.status(), 303, "{}", page.text());
        browser
    }
}

/// Opens the sign-in page and sends its form.
pub(crate) fn sign_in(browser: &mut Browser, email: &str, password: &str) -> Page {
    let page = browser.get("/login").unwrap();
    browser.sign_in(&page, email, password).unwrap()
}

/// Whether somebody is signed in with this browser.
pub(crate) fn is_in(browser: &mut Browser) -> bool {
    let page = browser.get("/login").unwrap();
    let status = page.status();
    assert!(matches!(status, 200 | 303), "{status}: {}", page.text());
    status == 303
}

/// The value of the session's cookie.
pub(crate) fn secret(browser: &Browser) -> String {
    browser.jar.find(SESSION).unwrap().value.clone()
}
