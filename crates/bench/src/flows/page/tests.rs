//! The forms of a page, as the actors of the bench fill them in.

use super::Form;
use super::encode;

const PAGE: &str = r#"<form action="/other"><input name="q"></form>
<form method="post" action="/login?a=1&amp;b=2"><input type="hidden" name="r" value="x&quot;y">
<input id="email" name="email" type="email" value=""><input name="password" type="password">
<input type="checkbox" name="scope" value="one" checked><input type="checkbox" name="scope" value="two"></form>"#;

#[test]
fn the_form_that_asks_is_found_and_filled_in() {
    let says = [("email", "a@b"), ("password", "p w"), ("login", "nobody")];
    let form = Form::find(PAGE, &says).expect("a form");
    assert_eq!(form.action, "/login?a=1&b=2");
    assert_eq!(
        form.encoded(),
        "r=x%22y&scope=one&email=a%40b&password=p%20w"
    );
}

#[test]
fn a_page_without_such_a_form_has_none() {
    assert_eq!(
        Form::find("<form action=\"/x\"><input name=\"q\"></form>", &[]),
        None
    );
}

#[test]
fn what_has_a_meaning_in_a_form_is_escaped() {
    assert_eq!(encode([("a b", "c&d=é")]), "a%20b=c%26d%3D%C3%A9");
}
