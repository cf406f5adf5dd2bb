//! What one node says to the others, cut into payloads that the engine takes.

use carnet_core::store::Topic;
use carnet_core::value::Counting;
use carnet_core::value::TokenId;
use carnet_core::value::UnixTime;

use super::Channel;
use super::PAYLOAD;

fn channel(node: &str) -> Channel {
    Channel {
        name: "carnet_public".to_owned(),
        node: node.to_owned(),
    }
}

#[test]
fn what_one_node_says_another_hears_and_itself_does_not() {
    let topics = [Topic::People, Topic::Roles, Topic::People];
    let payloads = channel("one").payloads(&topics);
    assert_eq!(payloads, ["one\npeople\nroles"]);
    assert_eq!(
        channel("two").heard(&payloads[0]),
        [Topic::People, Topic::Roles]
    );
    assert_eq!(channel("one").heard(&payloads[0]), []);
}

#[test]
fn nothing_to_say_is_not_said() {
    assert!(channel("one").payloads(&[]).is_empty());
}

#[test]
fn many_topics_make_several_payloads_and_none_is_too_long() {
    let mut entropy = Counting(0);
    let revoked =
        |number| Topic::Revoked(TokenId::mint(UnixTime(5), &mut entropy), UnixTime(number));
    let mut topics: Vec<_> = (0..1_000).map(revoked).collect();
    let payloads = channel("one").payloads(&topics);
    assert!(payloads.len() > 1);
    assert!(payloads.iter().all(|payload| payload.len() <= PAYLOAD));
    let two = channel("two");
    let mut heard: Vec<_> = payloads
        .iter()
        .flat_map(|payload| two.heard(payload))
        .collect();
    heard.sort_by_key(ToString::to_string);
    topics.sort_by_key(ToString::to_string);
    assert_eq!(heard, topics);
}
