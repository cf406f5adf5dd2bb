//! The language, rule by rule of cel-spec and of Google's additions.

use serde_json::json;

use super::check_availability;
use super::faulty;
use super::holds;
use super::text;
use super::trouble;

#[test]
fn cel_literals_and_escapes() {
    let none = json!({});
    for (expression, wanted) in [
        (r"'a\tb' == 'a' + '\x09' + 'b'", true),
        (r"r'\d' == '\\d'", true),
        (r#""it's" == 'it\'s'"#, true),
        ("'''a\n'b''' == 'a\\n\\'b'", true),
        (
            r"'\u00e9' == 'é' && '\U0001F600' == '😀' && '\101' == 'A'",
            true,
        ),
        (r"b'\xff' != bytes('\xff') && b'a' == bytes('a')", true),
        ("0x1F == 31 && 1.5e1 == 15.0 && .5 == 0.5 && 3u == 3", true),
        (
            "-9223372036854775808 < 0 && 18446744073709551615u > 0u",
            true,
        ),
        ("true && !false && null == null // a comment", true),
        (
            "[1, 2, 3,] == [1.0, 2u, 3] && {'a': 1,} == {'a': 1.0}",
            true,
        ),
        ("'1' == 1 || [] == {} || null == false", false),
    ] {
        assert_eq!(holds(expression, &none), wanted, "{expression}");
    }
}

#[test]
fn cel_operators_and_their_ranks() {
    let none = json!({});
    for expression in [
        "1 + 2 * 3 == 7 && (1 + 2) * 3 == 9",
        "7 / 2 == 3 && -7 / 2 == -3 && 7 % 4 == 3 && -7 % 4 == -3",
        "2 - 1 - 1 == 0 && 8 / 2 / 2 == 2",
        "1 < 2 == true",
        "--1 == 1 && !!true",
        "-size('ab') == -2",
        "true || false && false",
        "false ? false : true ? true : false",
        "'b' > 'a' && 'Z' < 'a' && true > false",
        "2 in [1, 2] && !('x' in ['y']) && 'k' in {'k': 1}",
        "1.5 < 2 && 1u < 2 && 9007199254740993 > 9007199254740992.0",
        "[1] + [2] == [1, 2] && b'a' + b'b' == b'ab'",
        "[[1, 2], [3]][0][1] == 2 && {'a': {'b': 5}}.a.b == 5 && {1: 'x'}[1] == 'x'",
    ] {
        assert!(holds(expression, &none), "{expression}");
    }
}

#[test]
fn cel_logic_steps_over_what_has_no_value_when_the_other_side_decides() {
    let assertion = json!({"a": 1});
    assert!(holds("assertion.none == 1 || assertion.a == 1", &assertion));
    assert!(!holds(
        "assertion.none == 1 && assertion.a == 2",
        &assertion
    ));
    assert!(holds(
        "[assertion.a, 1].exists(x, assertion.none == x || x == 1)",
        &assertion
    ));
    assert!(!holds(
        "[1, 2].all(x, x == 2 ? false : assertion.none)",
        &assertion
    ));
    assert!(trouble("assertion.none == 1 || assertion.a == 2", &assertion).contains("'none'"));
    assert!(trouble("assertion.a", &assertion).contains("true or false"));
    assert!(trouble("assertion.a && true", &assertion).contains("true or false"));
}

#[test]
fn cel_macros() {
    let assertion = json!({"l": [1, 2, 3, 4], "m": {"a": 1, "b": 2}, "empty": []});
    for expression in [
        "has(assertion.m.a) && !has(assertion.m.c) && has(assertion.m)",
        "assertion.l.all(x, x > 0) && assertion.empty.all(x, false)",
        "assertion.l.exists(x, x == 3) && !assertion.empty.exists(x, true)",
        "assertion.l.exists_one(x, x > 3) && !assertion.l.existsOne(x, x > 2)",
        "assertion.l.map(x, x * 2) == [2, 4, 6, 8]",
        "assertion.l.map(x, x % 2 == 0, x * x) == [4, 16]",
        "assertion.l.filter(x, x in [2, 3]).map(x, string(x)).join('-') == '2-3'",
        "assertion.m.exists(k, k == 'b') && assertion.m.map(k, assertion.m[k]) == [1, 2]",
        "[1, 2].map(x, [10, 20].map(y, x * y)) == [[10, 20], [20, 40]]",
    ] {
        assert!(holds(expression, &assertion), "{expression}");
    }
    assert!(trouble("assertion.m.a.all(x, true)", &assertion).contains("no entries"));
    assert!(trouble("has(assertion.l.a)", &assertion).contains("'a'"));
}

#[test]
fn google_extract_takes_what_its_template_names() {
    let path = json!({"p": "projects/_/buckets/acme/objects/2026/orders/o-1"});
    for (template, wanted) in [
        ("projects/_/buckets/{name}/", "acme"),
        ("/orders/{order}", "o-1"),
        ("{start}/", "projects"),
        ("/objects/{date}/orders/", "2026"),
        ("{all}", "projects/_/buckets/acme/objects/2026/orders/o-1"),
        ("none/{x}", ""),
        ("objects/{x}#", ""),
    ] {
        assert_eq!(
            text(&format!("assertion.p.extract('{template}')"), &path),
            wanted,
            "{template}"
        );
    }
    for wrong in ["none", "{a}{b}", "{a", "}a{", ""] {
        let (why, at) = faulty(&format!("'x'.extract('{wrong}') == ''"));
        assert!(why.contains("one name in braces"), "{wrong}: {why}");
        assert_eq!(at, Some(13), "{wrong}");
    }
}

#[test]
fn functions_of_text() {
    let assertion = json!({"t": "Grüße, Acme", "e": ""});
    for expression in [
        "size(assertion.t) == 11 && assertion.t.size() == 11 && size(b'\\xc3') == 1",
        "assertion.t.startsWith('Grü') && assertion.t.endsWith('Acme') && assertion.t.contains('ße')",
        "assertion.t.lowerAscii() == 'grüße, acme' && 'aé'.upperAscii() == 'Aé'",
        "assertion.t.split(', ') == ['Grüße', 'Acme'] && 'a,b,c'.split(',', 2) == ['a', 'b,c']",
        "'abc'.split('') == ['a', 'b', 'c'] && ''.split('') == [] && ''.split(',') == ['']",
        "'a,b'.split(',', 0) == [] && 'a,b'.split(',', -1) == ['a', 'b'] && 'abc'.split('', 2) == ['a', 'bc']",
        "['a', 'b'].join('/') == 'a/b' && ['a', 'b'].join() == 'ab' && [].join('x') == ''",
        "' a '.trim() == 'a' && 'aXbX'.replace('X', '-') == 'a-b-' && 'aXbX'.replace('X', '-', 1) == 'a-bX'",
        "assertion.t.substring(7) == 'Acme' && assertion.t.substring(0, 4) == 'Grüß' && 'a'.substring(1) == ''",
        "assertion.t.indexOf('Acme') == 7 && assertion.t.indexOf('x') == -1 && 'aba'.indexOf('a', 1) == 2",
        "'aba'.lastIndexOf('a') == 2 && assertion.t.charAt(3) == 'ß' && 'a'.charAt(1) == ''",
        "string(12) == '12' && string(true) == 'true' && string(1.5) == '1.5' && string(b'x') == 'x'",
        "int('12') == 12 && int(1.9) == 1 && uint(3) == 3u && double('1.5') == 1.5 && bool('true') && dyn(1) == 1",
        "base64.encode(b'hi?') == 'aGk/' && base64.encode('a') == 'YQ==' && string(base64.decode('YQ')) == 'a'",
        "base64.decode('-_8=') == b'\\xfb\\xff' && base64.decode('+/8') == b'\\xfb\\xff'",
        "url.encode('a b/ü') == 'a%20b%2F%C3%BC' && url.decode('a%20b%2f') == 'a b/'",
    ] {
        assert!(holds(expression, &assertion), "{expression}");
    }
    for (expression, wanted) in [
        ("'abc'.substring(2, 1) == ''", "outside"),
        ("'abc'.substring(4) == ''", "outside"),
        ("'abc'.charAt(-1) == ''", "outside"),
        ("int('x') == 1", "int"),
        ("uint(-1) == 1u", "uint"),
        ("int(1e30) == 1", "int"),
        ("bool('yes')", "bool"),
        ("[1].join() == ''", "text"),
        ("url.decode('%4') == ''", "percent"),
        ("url.decode('%zz') == ''", "percent"),
        ("base64.decode('*') == b''", "base64"),
        ("string([]) == ''", "text"),
        ("(1).startsWith('1')", "text"),
    ] {
        let why = trouble(expression, &assertion);
        assert!(why.contains(wanted), "{expression}: {why}");
    }
}

#[test]
fn matches_is_re2_and_finds_anywhere() {
    let assertion = json!({"s": "repo:acme/app:ref:refs/heads/release-12"});
    for (pattern, wanted) in [
        ("^repo:acme/[a-z]+:", true),
        ("release-\\\\d+$", true),
        ("^acme", false),
        ("(?i)ACME", true),
        (
            "^repo:(acme|shop)/app:ref:refs/heads/(main|release-[0-9]{2})$",
            true,
        ),
    ] {
        let expression = format!("assertion.s.matches('{pattern}')");
        assert_eq!(holds(&expression, &assertion), wanted, "{pattern}");
    }
    assert!(holds("matches(assertion.s, r'/\\w+:')", &assertion));
    assert!(faulty("'a'.matches('(')").0.contains("no pattern"));
    assert!(faulty("'a'.matches('(a)\\\\1')").0.contains("no pattern"));
    assert!(faulty("'a'.matches(assertion.s)").0.contains("in quotes"));
}

#[test]
fn numbers_stay_within_64_bits() {
    let assertion = json!({"big": 18_446_744_073_709_551_615_u64, "half": 0.5, "whole": 2.0});
    for expression in [
        "9223372036854775807 + 1 > 0",
        "1 / 0 == 0",
        "1 % 0 == 0",
        "0u - 1u == 0u",
        "-(-9223372036854775807 - 1) > 0",
        "(-9223372036854775807 - 1) / -1 > 0",
    ] {
        assert!(
            trouble(expression, &assertion).contains("64 bits"),
            "{expression}"
        );
    }
    assert!(trouble("1 + 1.0 == 2.0", &assertion).contains("no meaning"));
    assert!(trouble("'a' + 1 == 'a1'", &assertion).contains("a text + a number"));
    assert!(trouble("'a' < 1", &assertion).contains("no order"));
    assert!(holds(
        "assertion.big > 9223372036854775807 && assertion.half < 1 && assertion.whole == 2",
        &assertion
    ));
    assert!(holds(
        "double('nan') != double('nan') && !(double('nan') < 1) && 1e300 > 5",
        &assertion
    ));
    assert!(faulty("9223372036854775808 > 0").0.contains("64 bits"));
    assert!(faulty("99999999999999999999 > 0").0.contains("64 bits"));
}

#[test]
fn what_is_not_the_language_is_said_with_its_place() {
    for (condition, wanted, at) in [
        ("", "a value is wanted here, not the end.", 1),
        ("true true", "the end is wanted here, not 'true'.", 6),
        ("assertion.a ==", "a value is wanted here, not the end.", 15),
        ("(true", "')' is wanted here, not the end.", 6),
        ("assertion.a = 1", "'=' is not part of the language.", 13),
        (
            "asertion.a == 1",
            "there is no variable 'asertion' here; there is: assertion, google, attribute.",
            1,
        ),
        (
            "assertion.a.startWith('x')",
            "there is no function 'startWith'.",
            13,
        ),
        (
            "assertion.a.startsWith()",
            "'startsWith' takes one argument, not 0.",
            13,
        ),
        (
            "startsWith('a', 'b')",
            "'startsWith' is called on a value: value.startsWith(...).",
            1,
        ),
        (
            "'a'.string()",
            "'string' is called alone: string(value).",
            5,
        ),
        (
            "has(assertion)",
            "has() asks for a field: has(value.field).",
            5,
        ),
        (
            "[1].all(assertion, true)",
            "'assertion' is a variable already.",
            9,
        ),
        ("[1].all(1, true)", "a new name is wanted here, not '1'.", 9),
        ("'é' == 'a", "the quote is not closed.", 8),
        ("'a\\q' == ''", "there is no such escape.", 3),
        ("1a == 1", "a number ends here, but a letter follows.", 2),
        ("assertion.in == 1", "a name is wanted here, not 'in'.", 11),
        ("type(1) == int", "there is no function 'type'.", 1),
        ("assertion.?a == 1", "a name is wanted here, not '?'.", 11),
        ("if == 1", "a value is wanted here, not 'if'.", 1),
    ] {
        assert_eq!(
            faulty(condition),
            (wanted.to_owned(), Some(at)),
            "{condition}"
        );
    }
}

#[test]
fn google_wire_6_4_a_condition_that_is_never_true_or_false_is_not_saved() {
    for (condition, at) in [
        ("1", 1),
        ("1 + 1", 1),
        ("'true'", 1),
        ("null", 1),
        ("[true]", 1),
        ("assertion", 1),
        ("-assertion.a", 1),
        ("assertion.a + 'x'", 1),
        ("assertion.a.size()", 1),
        ("assertion.l.map(x, true)", 1),
        ("string(true)", 1),
        ("true && 1", 9),
        ("!(assertion.a == 1 || 'x')", 23),
        ("assertion.a == 1 ? true : 'no'", 27),
    ] {
        let (why, place) = faulty(condition);
        assert!(why.contains("true or false"), "{condition}: {why}");
        assert_eq!(place, Some(at), "{condition}");
    }
    assert!(check_availability("resource.name + 'x'").is_err());
    let assertion = json!({"a": true, "m": {"b": true}, "l": [1]});
    for condition in [
        "assertion.a",
        "assertion.m['b']",
        "has(assertion.a) && !(1 + 1 == 3)",
        "assertion.l.exists(x, x == 1)",
        "assertion.a ? 1 + 1 == 2 : false",
        "bool('true')",
        "dyn(assertion.a)",
    ] {
        assert!(holds(condition, &assertion), "{condition}");
    }
}
