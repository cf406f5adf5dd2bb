//! What real programs write in `User-Agent`, embedded and not.

use super::Embedded;

const WEBKIT: &str = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
const BLINK: &str = "AppleWebKit/537.36 (KHTML, like Gecko)";
const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)";
const IPAD: &str = "Mozilla/5.0 (iPad; CPU OS 18_1_1 like Mac OS X)";
const MAC: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)";
const PIXEL: &str = "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UD1A.230803.041; wv)";

#[test]
fn rfc8252_8_12_views_of_the_system_are_known_by_their_form() {
    let android = [
        // As of Android 16 less is said, and `wv` still is.
        format!(
            "Mozilla/5.0 (Linux; Android 10; K; wv) {BLINK} Version/4.0 Chrome/125.0.0.0 Mobile Safari/537.36"
        ),
        format!("{PIXEL} {BLINK} Version/4.0 Chrome/120.0.6099.144 Mobile Safari/537.36"),
        format!(
            "{PIXEL} {BLINK} Version/4.0 Chrome/61.0.3163.98 Mobile Safari/537.36 DemoApp/1.1.0"
        ),
        // KitKat, before there was a word for it.
        format!(
            "Mozilla/5.0 (Linux; Android 4.4; Nexus 5 Build/_BuildID_) {BLINK} Version/4.0 Chrome/30.0.0.0 Mobile Safari/537.36"
        ),
        // Who takes the word out.
        format!(
            "Mozilla/5.0 (Linux; Android 14; SM-G998B) {BLINK} Version/4.0 Chrome/120.0.6099.210 Mobile Safari/537.36"
        ),
    ];
    for text in &android {
        assert_eq!(Embedded::of(text), Some(Embedded::Android), "{text}");
    }
    let apple = [
        format!("{IPHONE} {WEBKIT} Mobile/15E148"),
        format!("{IPHONE} {WEBKIT} Mobile/15E148 DemoApp/1.1.0"),
        "Mozilla/5.0 (iPhone; CPU iPhone OS 5_0 like Mac OS X) AppleWebKit/534.46 (KHTML, like Gecko) Mobile/9A334".to_owned(),
        format!("{IPAD} {WEBKIT} Mobile/15E148"),
        // An iPad that asks for pages of a computer, and a program on a Mac.
        format!("{MAC} {WEBKIT}"),
        format!("{IPHONE} {WEBKIT} Mobile/15E148 Twitter for iPhone/10.11"),
        format!("{IPHONE} {WEBKIT} Mobile/15E148 musical_ly_35.1.0 JsSdk/2.0 NetType/WIFI Channel/App Store"),
    ];
    for text in &apple {
        assert_eq!(Embedded::of(text), Some(Embedded::Apple), "{text}");
    }
}

#[test]
fn rfc8252_8_12_apps_that_show_pages_inside_themselves_are_known_by_their_names() {
    let app = Embedded::InApp;
    for (text, found) in [
        (format!("{PIXEL} {BLINK} Version/4.0 Chrome/69.0.3497.100 Mobile Safari/537.36 [FB_IAB/Orca-Android;FBAV/189.0.0.27.99;]"), app("Facebook")),
        (format!("{IPHONE} {WEBKIT} Mobile/15E148 [FBAN/FBIOS;FBDV/iPhone14,5;FBMD/iPhone;FBSN/iOS;FBSV/17.5;FBSS/3;FBLC/en_US;FBOP/5]"), app("Facebook")),
        (format!("{IPHONE} {WEBKIT} Mobile/15E148 Instagram 300.0.0.0.0 (iPhone14,5; iOS 17_5; en_US)"), app("Instagram")),
        (format!("{IPHONE} {WEBKIT} Mobile/15E148 Safari Line/14.11.0"), app("LINE")),
        (format!("{PIXEL} {BLINK} Version/4.0 Chrome/57.0.2987.132 MQQBrowser/6.2 TBS/044207 Mobile Safari/537.36 MicroMessenger/6.7.2.1340(0x26070239) NetType/WIFI Language/zh_CN"), app("WeChat")),
        (format!("{IPHONE} {WEBKIT} Version/15.2 Mobile/15E148 Snapchat/11.68.0.37 (like Safari/8612.3.6.0.4, panda)"), app("Snapchat")),
        (format!("{IPHONE} {WEBKIT} Mobile/15E148 KAKAOTALK 24.5.0"), app("KakaoTalk")),
        (format!("{IPHONE} {WEBKIT} Mobile/15E148 NAVER(inapp; search; 1000; 11.0)"), app("NAVER")),
        (format!("{PIXEL} {BLINK} Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36 trill_340102 JsSdk/1.0 NetType/WIFI BytedanceWebview/d8a21c6"), app("TikTok")),
        (format!("{IPHONE} {WEBKIT} Mobile/15E148 [LinkedInApp]/9.29.7807"), app("LinkedIn")),
        (format!("{IPHONE} {WEBKIT} Mobile/15E148 [Pinterest/iOS]"), app("Pinterest")),
        (format!("{IPAD} {WEBKIT} Mobile/15E148 YJApp-IOS jp.co.yahoo.ipn.appli/4.131.0"), app("Yahoo! JAPAN")),
        (format!("{MAC} {BLINK} Slack/4.39.90 Chrome/127.0.6533.72 Electron/13.1.9 Safari/537.36"), Embedded::Framework("Electron")),
        (format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Atom/1.41.0 Chrome/69.0.3497.128 Electron/4.2.7 Safari/537.36"), Embedded::Framework("Electron")),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/617.1 (KHTML, like Gecko) JavaFX/21 Safari/617.1".to_owned(), Embedded::Framework("JavaFX")),
    ] {
        assert_eq!(Embedded::of(&text), Some(found), "{text}");
    }
}

/// Chrome is also its Custom Tab, Safari also `SFSafariViewController` and `ASWebAuthenticationSession`: they write
/// the same.
#[test]
fn rfc8252_8_12_no_browser_is_taken_for_a_view() {
    let android = "Mozilla/5.0 (Linux; Android 10; K)";
    for text in [
        format!("{android} {BLINK} Chrome/130.0.0.0 Mobile Safari/537.36"),
        format!("Mozilla/5.0 (Linux; Android 11; moto e20 Build/RONS31.267-94-14) {BLINK} Chrome/131.0.6778.135 Mobile Safari/537.36"),
        format!("{IPHONE} {WEBKIT} Version/17.5 Mobile/15E148 Safari/604.1"),
        format!("{IPAD} {WEBKIT} Version/18.1 Mobile/15E148 Safari/604.1"),
        format!("{MAC} {WEBKIT} Version/17.5 Safari/605.1.15"),
        format!("{IPHONE} {WEBKIT} CriOS/131.0.6778.134 Mobile/15E148 Safari/604.1"),
        format!("{IPHONE} {WEBKIT} FxiOS/127.0 Mobile/15E148 Safari/605.1.15"),
        "Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0".to_owned(),
        format!("{IPHONE} {WEBKIT} Version/17.0 EdgiOS/125.0.2535.60 Mobile/15E148 Safari/605.1.15"),
        format!("{android} {BLINK} Chrome/124.0.0.0 Mobile Safari/537.36 EdgA/124.0.2478.50"),
        format!("{android} {BLINK} Chrome/130.0.0.0 Mobile Safari/537.36 OPR/86.0.0.0"),
        // Opera Mini, DuckDuckGo, Firefox Focus and the browsers of makers of telephones are built upon the view.
        format!("Mozilla/5.0 (Linux; U; Android 10; SM-G960F Build/QP1A.190711.020; wv) {BLINK} Version/4.0 Chrome/95.0.4638.50 Mobile Safari/537.36 OPR/60.0.2254.59405"),
        format!("Mozilla/5.0 (Linux; Android 14) {BLINK} Version/4.0 Chrome/140.0.0.0 Mobile DuckDuckGo/5 Safari/537.36"),
        format!("{IPHONE} {WEBKIT} Version/17.5 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15"),
        format!("{IPHONE} {WEBKIT} Mobile/15E148 DuckDuckGo/7"),
        format!("{MAC} {WEBKIT} Version/17.4.1 Safari/605.1.15 Ddg/17.4.1"),
        format!("Mozilla/5.0 (Linux; Android 7.0) {BLINK} Version/4.0 Focus/6.1.1 Chrome/68.0.3440.91 Mobile Safari/537.36"),
        format!("Mozilla/5.0 (Linux; U; Android 4.4.4; de-de; MI PAD Build/KTU84P) {BLINK} Version/4.0 Chrome/46.0.2490.85 Mobile Safari/537.36 XiaoMi/MiuiBrowser/2.1.1"),
        format!("{IPHONE} {WEBKIT} Version/15.4 Mobile/15E148 OPT/3.3.6"),
        format!("Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-S918B) {BLINK} SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36"),
        // Android's browser of old, which its view of then cannot be told from.
        "Mozilla/5.0 (Linux; U; Android 4.4.2; en-us; SCH-I535 Build/KOT49H) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30".to_owned(),
        "Mozilla/5.0 (iPhone; CPU iPhone OS 10_3_2 like Mac OS X) AppleWebKit/602.1.50 (KHTML, like Gecko) GSA/30.1.161623614 Mobile/14F89 Safari/602.1".to_owned(),
        format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0"),
        "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0".to_owned(),
        format!("{MAC} {BLINK} Chrome/138.0.0.0 Whale/4.33.325.17 Safari/537.36"),
        format!("{MAC} {BLINK} HeadlessChrome/126.0.0.0 Safari/537.36"),
        "Opera/9.80 (Android; Opera Mini/8.0.1807/36.1609; U; en) Presto/2.12.423 Version/12.16".to_owned(),
    ] {
        assert_eq!(Embedded::of(&text), None, "{text}");
    }
}

#[test]
fn programs_and_strangers_are_no_views() {
    for text in [
        "",
        "curl/8.5.0",
        "python-requests/2.32.3",
        "Mozilla/5.0",
        "Linear/1.0 Onlines/2 (wvx; Electrons)",
        "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/UD1A.230803.041)",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "wv",
        "Mozilla/5.0 (Linux; Android 9; Line 3 QQ) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 9; XYZ) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36 Online/3",
        "\u{e4}\u{4e2d}\u{6587}",
    ] {
        assert_eq!(Embedded::of(text), None, "{text}");
    }
}

#[test]
fn a_long_text_is_looked_at_as_far_as_a_bound() {
    let far = format!("{} wv Android", "\u{e4}".repeat(4_000));
    assert_eq!(Embedded::of(&far), None);
    let near = format!("Android wv {}", "\u{e4}".repeat(4_000));
    assert_eq!(Embedded::of(&near), Some(Embedded::Android));
}
