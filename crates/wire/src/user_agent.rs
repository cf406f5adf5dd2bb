//! `User-Agent` (RFC 9110 section 10.1.5): whether a page is shown by an embedded user agent, a web view inside an
//! app, and not by a browser (RFC 8252 section 8.12).
//!
//! What an app shows inside itself it can read: passwords, cookies, what the page says. Such views mostly say what
//! they are. Whoever writes one can make it say something else, so this is a sign, and no proof of anything.
//!
//! 1. The text is cut into words; a word is compared whole, letter by letter.
//! 2. An app that names itself beside its view is embedded, whatever else it names.
//! 3. A browser that names itself is a browser, also where it is built upon the system's web view.
//! 4. What is left is a view by its form: the word `wv`, or `Version/4.0` beside `Chrome/`, on Android; on Apple's
//!    systems `WebKit` without `Safari/`, which their browsers and the sheets that they lend to apps
//!    (`SFSafariViewController`, `ASWebAuthenticationSession`) always add. A Custom Tab says what its browser says.
//! 5. Everything else is taken for a browser or a program, also what nobody has heard of, and who says nothing.

/// How much of the text is looked at, in bytes.
const LONGEST: usize = 2048;

/// An embedded user agent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Embedded {
    /// A web view of Android.
    Android,
    /// A web view of iOS, iPadOS or macOS.
    Apple,
    /// What is shown inside this app.
    InApp(&'static str),
    /// A window of a program that is made with this.
    Framework(&'static str),
}

/// Apps that show pages inside themselves, by the words with which they say so. Some of them also write `Safari/`
/// or the name of a browser.
const APPS: [(&str, &str); 23] = [
    ("FBAN", "Facebook"),
    ("FBAV", "Facebook"),
    ("FB_IAB", "Facebook"),
    ("Instagram", "Instagram"),
    ("Barcelona", "Threads"),
    ("Line/", "LINE"),
    ("MicroMessenger", "WeChat"),
    ("QQ/", "QQ"),
    ("Weibo", "Weibo"),
    ("AliApp", "Alipay"),
    ("AlipayClient", "Alipay"),
    ("DingTalk", "DingTalk"),
    ("KAKAOTALK", "KakaoTalk"),
    ("NAVER", "NAVER"),
    ("BytedanceWebview", "TikTok"),
    ("TikTok", "TikTok"),
    ("Snapchat", "Snapchat"),
    ("Pinterest", "Pinterest"),
    ("LinkedInApp", "LinkedIn"),
    ("TwitterAndroid", "X"),
    ("Viber", "Viber"),
    ("YJApp-ANDROID", "Yahoo! JAPAN"),
    ("YJApp-IOS", "Yahoo! JAPAN"),
];

/// Frameworks whose programs are the web view.
const FRAMEWORKS: [&str; 2] = ["Electron", "JavaFX"];

/// Browsers that are, or were, built upon the system's web view or do not write `Safari/`, by their words.
const BROWSERS: [&str; 24] = [
    "DuckDuckGo",
    "Ddg",
    "OPR",
    "OPT",
    "OPX",
    "OPiOS",
    "Focus",
    "Klar",
    "FxiOS",
    "CriOS",
    "EdgiOS",
    "EdgA",
    "SamsungBrowser",
    "MiuiBrowser",
    "HeyTapBrowser",
    "VivoBrowser",
    "HuaweiBrowser",
    "UCBrowser",
    "MQQBrowser",
    "YaBrowser",
    "Ecosia",
    "Brave",
    "Puffin",
    "Silk",
];

impl Embedded {
    /// What a `User-Agent` says it is. None where it may be a browser.
    #[must_use]
    pub fn of(user_agent: &str) -> Option<Self> {
        let text = Text(head(user_agent));
        if let Some((_, app)) = APPS.iter().find(|(word, _)| text.has(word)) {
            return Some(Self::InApp(app));
        }
        if let Some(framework) = FRAMEWORKS.into_iter().find(|word| text.has(word)) {
            return Some(Self::Framework(framework));
        }
        if BROWSERS.iter().any(|word| text.has(word)) {
            return None;
        }
        if text.has("Android") {
            let old = text.0.contains("Version/4.0 ") && text.has("Chrome");
            return (text.has("wv") || old).then_some(Self::Android);
        }
        let apple = ["iPhone", "iPad", "iPod", "Macintosh"];
        let apple = apple.iter().any(|word| text.has(word)) && text.has("AppleWebKit");
        (apple && !text.has("Safari")).then_some(Self::Apple)
    }

    /// What it is, for whoever builds the app.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Android => "a web view of Android",
            Self::Apple => "a web view of iOS or macOS",
            Self::InApp(app) | Self::Framework(app) => app,
        }
    }
}

/// A `User-Agent`, of which words are looked for.
struct Text<'a>(&'a str);

impl Text<'_> {
    /// Whether it has this word, whole. One that ends in a slash is the name of a product.
    fn has(&self, word: &str) -> bool {
        let inner = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
        self.0.match_indices(word).any(|(at, _)| {
            let (before, rest) = self.0.split_at(at);
            let after = rest.get(word.len()..).unwrap_or_default();
            !before.ends_with(inner) && (word.ends_with('/') || !after.starts_with(inner))
        })
    }
}

/// Its beginning.
fn head(text: &str) -> &str {
    let end = text.floor_char_boundary(LONGEST);
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests;
