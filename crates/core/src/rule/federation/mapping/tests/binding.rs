//! Conditions of bindings: times, lengths of time, and what counts where something has no value.

use crate::rule::federation::mapping::BINDING;
use crate::rule::federation::mapping::Circumstances;
use crate::rule::federation::mapping::check_availability;
use crate::rule::federation::mapping::check_binding;
use crate::value::UnixTime;

/// 2026-04-02T09:10:58Z, a Thursday.
const NOW: UnixTime = UnixTime(1_775_121_058);
const ACCOUNT: &str = "projects/demo/serviceAccounts/reports@demo.sa.carnet.example";

fn circumstances() -> Circumstances {
    Circumstances::of(NOW, ACCOUNT)
}

#[test]
fn cel_times_and_lengths_of_time() {
    for expression in [
        "request.time == timestamp('2026-04-02T09:10:58Z')",
        "request.time == timestamp('2026-04-02T11:10:58+02:00')",
        "request.time > timestamp('2026-04-02T09:10:57.999Z')",
        "request.time < timestamp('2026-04-02T09:10:58.001Z')",
        "timestamp(int(request.time)) == request.time",
        "string(request.time) == '2026-04-02T09:10:58Z'",
        "request.time + duration('2s') == timestamp('2026-04-02T09:11:00Z')",
        "request.time - timestamp('2026-04-02T09:00:58Z') == duration('10m')",
        "duration('1h30m') == duration('5400s') && duration('-1.5s') < duration('0s')",
        "duration('1h') - duration('1ms') > duration('59m59s')",
        "duration('90m').getHours() == 1 && duration('90s').getMinutes() == 1",
        "duration('1.25s').getMilliseconds() == 250 && duration('2m').getSeconds() == 120",
        "request.time.getFullYear() == 2026 && request.time.getMonth() == 3",
        "request.time.getDate() == 2 && request.time.getDayOfMonth() == 1",
        "request.time.getDayOfWeek() == 4 && request.time.getDayOfYear() == 91",
        "request.time.getHours() == 9 && request.time.getMinutes() == 10",
        "request.time.getSeconds() == 58 && request.time.getMilliseconds() == 0",
        "request.time.getHours('UTC') == 9 && request.time.getHours('05:30') == 14",
        "request.time.getDate('-10:00') == 1",
        "resource.name.startsWith('projects/demo/') && resource.service == 'iam.googleapis.com'",
        "has(request.time) && resource.type.endsWith('/ServiceAccount')",
    ] {
        assert!(circumstances().hold(expression), "{expression}");
        assert_eq!(
            check_binding(expression, circumstances()),
            Ok(()),
            "{expression}"
        );
    }
}

#[test]
fn google_wire_5_3_what_has_no_value_grants_nothing() {
    for expression in [
        "",
        "request.time",
        "1",
        "request.time <",
        "request.host == 'x' || true",
        "timestamp('9999-12-31T23:59:59Z') + duration('1000000h') > request.time",
        "request.time.getHours(1) >= 0",
        "timestamp(resource.name) < request.time",
        "duration('1.2.3s') < duration('1s')",
        "duration('1d') < duration('2h')",
        "duration('9999999999h') > duration('1s')",
        "assertion.sub == 'x'",
        "getHours(request.time) == 9",
    ] {
        assert!(!circumstances().hold(expression), "{expression}");
        let faulty = check_binding(expression, circumstances()).unwrap_err();
        assert_eq!(faulty.which, BINDING, "{expression}");
    }
}

#[test]
fn all_conditions_of_one_question_share_what_they_may_cost() {
    let mut one = circumstances();
    let many = "[1, 2, 3, 4, 5, 6, 7, 8]";
    let dear =
        format!("{many}.all(a, {many}.all(b, {many}.all(c, {many}.all(d, {many}.all(e, true)))))");
    let held = (0..20).filter(|_| one.hold(&dear)).count();
    assert!((1..20).contains(&held), "{held} of 20");
    assert!(!one.hold("true"), "the tank is empty, and nothing is true");
}

#[test]
fn only_conditions_of_bindings_know_times() {
    let refused = check_availability("timestamp('2026-01-01T00:00:00Z') == resource.name");
    let why = refused.unwrap_err().why;
    assert!(why.contains("there is no function 'timestamp'"), "{why}");
}
