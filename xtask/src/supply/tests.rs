//! Trees as Cargo prints them.

use super::{banned, over_budget, read_tree};

const TREE: &str = "carnet v0.1.0 (/x/crates/carnet)\nrustls v0.23.45\nsyn v2.0.1\nsyn v3.0.0\nsyn v2.0.1 (*)\n\
                    serde_derive v1.0.2 (proc-macro)\n";

#[test]
fn a_tree_is_read_with_its_versions() {
    let built = read_tree(TREE);
    assert_eq!(built.len(), 4);
    assert_eq!(built["syn"].iter().collect::<Vec<_>>(), ["2.0.1", "3.0.0"]);
}

#[test]
fn a_second_tls_is_noticed() {
    assert_eq!(banned(&read_tree(TREE)), [""; 0]);
    let more = format!("{TREE}openssl v0.10.0\nproc-macro-error2 v2.0.0\n");
    assert_eq!(
        banned(&read_tree(&more)),
        [
            "openssl is banned: rustls is our TLS",
            "proc-macro-error2 is banned: nobody keeps it any more"
        ]
    );
}

#[test]
fn budgets_are_held() {
    assert_eq!(over_budget(420, &read_tree(TREE)), [""; 0]);
    assert_eq!(over_budget(421, &read_tree(TREE)).len(), 1);
    let many: Vec<String> = (0..11)
        .flat_map(|at| [format!("a{at} v1"), format!("a{at} v2")])
        .collect();
    let many = many.join(
        "
",
    );
    assert_eq!(over_budget(1, &read_tree(&many)).len(), 1);
}
