//! What every store must do, told once and run on each engine.
//!
//! A contract is an `async fn` over a fresh, empty store; its name is the rule. `contract!` makes a
//! test of each for one engine:
//!
//! ```text
//! carnet_testkit::contract!(sqlite, crate::fresh_sqlite());
//! ```
//!
//! where the expression is a future of `Option<Fresh>`: none where the engine is not at hand, which
//! the factory must say on the screen. A test below reads these files and finds a contract that is
//! not on the list.

pub mod account_access;
pub mod api;
pub mod audit;
pub mod client;
pub mod client_address;
pub mod client_secret;
pub mod commit;
pub mod delegation;
pub mod device;
pub mod expiry;
pub mod given_name;
pub mod grants;
pub mod organization;
pub mod page;
pub mod people;
pub mod policy;
pub mod project;
pub mod pushed;
pub mod registration;
pub mod role;
pub mod sample;
pub mod service_account;
pub mod service_account_key;
pub mod session;
pub mod setup;
pub mod signing_key;
pub mod spent;
pub mod trusted_issuer;
pub mod watch;
pub mod workforce;
pub mod workload_pool;

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use carnet_core::store::Store;

/// A store of one test, and what must live as long as it does (a folder, a schema).
pub struct Fresh {
    /// The store.
    pub store: Arc<dyn Store>,
    _keep: Box<dyn Any + Send>,
}

impl Fresh {
    /// The store must go before what it stands on, and it does: fields go in order.
    pub fn new(store: Arc<dyn Store>, keep: impl Any + Send) -> Self {
        Self {
            store,
            _keep: Box::new(keep),
        }
    }
}

impl fmt::Debug for Fresh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fresh")
    }
}

/// One test for each contract, on one engine.
#[macro_export]
macro_rules! contract {
    ($engine:ident, $fresh:expr) => {
        $crate::contract! { @tests $engine, $fresh;
            account_access: [
                an_account_policy_is_read_as_it_was_written,
                one_of_sixteen_account_policies_stands,
                an_account_has_one_system_key_of_each_generation,
                a_system_key_is_forgotten_when_it_is_no_longer_published,
                what_an_account_permits_goes_with_it,
            ];
            api: [
                an_api_is_read_as_it_was_written,
                a_scope_belongs_to_one_api,
                an_identifier_belongs_to_one_api,
                a_scope_that_was_dropped_is_free,
                an_api_goes_with_its_scopes,
                a_page_of_apis_has_all_their_scopes,
            ];
            audit: [
                entries_are_numbered_and_chained,
                parallel_writers_leave_one_unbroken_chain,
                a_commit_that_fails_leaves_no_entry,
                each_filter_finds_its_entries,
                the_newest_come_first,
                any_text_is_kept_in_the_chain,
            ];
            client: [
                a_client_is_read_as_it_was_written,
                an_id_belongs_to_one_client,
                a_projects_clients_are_its_own,
                a_client_needs_its_project,
                only_the_version_before_is_replaced_or_removed,
                a_client_goes_with_its_secrets,
            ];
            client_secret: [
                a_secret_is_read_as_it_was_written,
                a_client_has_two_secrets_at_most,
                one_of_sixteen_second_secrets_wins,
                uses_of_a_secret_add_up,
            ];
            client_address: [
                an_origin_is_known_while_a_client_has_it,
                the_last_redirects_that_were_refused_are_kept,
            ];
            commit: [
                nothing_is_something,
                all_or_none_and_the_loser_is_named,
                changes_see_those_before_them,
                a_loser_does_not_spoil_its_neighbours,
                one_of_sixteen_replacements_wins,
                a_store_that_works_says_so,
            ];
            delegation: [
                a_delegation_is_read_as_it_was_written,
                an_organization_has_one_for_a_client,
                a_delegation_needs_both_ends,
                those_of_a_client_come_from_all_organizations,
                only_the_version_before_is_replaced_or_removed,
            ];
            device: [
                a_device_is_read_as_it_was_written,
                a_code_names_one_device,
                one_of_sixteen_decisions_about_a_device_stands,
                nobody_decides_about_a_device_that_has_ended,
                one_of_sixteen_redemptions_of_a_device_code_wins,
                a_device_goes_with_its_client,
            ];
            expiry: [
                what_has_expired_goes_in_bounded_steps,
                what_has_not_expired_stays,
            ];
            grants: [
                an_authorization_is_read_as_it_was_written,
                one_of_sixteen_redemptions_of_a_code_wins,
                one_of_sixteen_refreshes_moves_the_generation,
                sixteen_refreshes_without_rotation_keep_the_generation,
                an_ended_authorization_stays_ended,
                what_a_person_removed_can_come_back,
                what_is_not_there_can_be_ended,
                an_authorization_goes_with_its_person_and_its_client,
                a_consent_is_written_once_for_each_version,
                an_authorization_is_forgotten_when_it_has_ended,
            ];
            given_name: [
                lesson_29_the_name_of_an_app_is_never_given_again,
                an_app_that_is_a_document_may_come_back,
                lesson_29_the_name_of_a_project_is_never_given_again,
                lesson_29_apis_and_scopes_are_given_again_by_their_own_project_alone,
            ];
            organization: [
                an_organization_is_read_as_it_was_written,
                only_the_version_before_is_replaced_or_removed,
                an_organization_goes_when_nothing_belongs_to_it,
                a_domain_belongs_to_one_organization,
                a_domain_may_move,
            ];
            page: [
                pages_miss_nothing_and_repeat_nothing,
                what_is_inserted_in_between_is_found_or_not_but_moves_nothing,
                a_page_has_one_item_at_least_and_a_thousand_at_most,
                a_page_after_nonsense_is_no_fault,
            ];
            people: [
                oidc_5_7_the_id_of_a_person_is_never_given_again,
                a_user_is_read_as_it_was_written,
                an_address_belongs_to_one_user,
                a_group_is_read_as_it_was_written,
                an_address_belongs_to_one_group,
                a_membership_needs_both_ends,
                members_and_groups_find_each_other,
                who_goes_takes_memberships_and_roles_along,
            ];
            policy: [
                a_policy_is_read_as_it_was_written,
                only_the_version_before_is_replaced_or_removed,
                a_policy_needs_its_organization,
            ];
            project: [
                a_project_is_read_as_it_was_written,
                an_id_and_a_number_belong_to_one_project,
                a_project_goes_when_nothing_belongs_to_it,
                only_the_version_before_is_replaced_or_removed,
                an_organizations_projects_are_its_own,
            ];
            pushed: [
                a_pushed_request_is_read_as_it_was_written,
                a_reference_names_one_request,
                only_the_first_browser_makes_a_pushed_request_good_for_longer,
                one_of_sixteen_codes_of_a_pushed_request_is_given,
                nobody_spends_a_pushed_request_that_has_ended,
                a_pushed_request_goes_with_its_client_and_when_it_has_ended,
            ];
            registration: [
                an_initial_token_is_read_as_it_was_written,
                a_use_of_an_initial_token_is_taken_once,
                an_initial_token_is_one_of_a_project,
                an_initial_token_goes,
                a_registration_follows_its_client,
                clients_that_nobody_uses_are_found,
            ];
            role: [
                a_role_is_read_as_it_was_written,
                a_role_is_held_once,
                a_role_needs_its_holder_and_its_territory,
                a_role_goes_with_its_territory,
                a_role_cannot_be_replaced,
                an_owner_who_can_act_remains,
                two_owners_cannot_take_each_other_away,
            ];
            service_account: [
                an_account_is_read_as_it_was_written,
                a_unique_id_is_never_given_again,
                an_email_belongs_to_one_living_account,
                an_email_finds_the_living_else_the_last_that_was_deleted,
                only_the_version_before_is_replaced_or_removed,
                an_account_takes_all_that_hangs_on_it_along,
                an_account_needs_its_project,
                those_deleted_until_a_moment_come_the_earliest_first,
                a_unique_id_outlives_its_account,
            ];
            service_account_key: [
                a_key_is_read_as_it_was_written,
                an_account_has_ten_keys_at_most,
                one_of_sixteen_tenth_keys_wins,
                a_key_id_belongs_to_one_key,
                a_key_needs_its_account,
                only_the_version_before_is_replaced_or_removed,
                uses_are_added_and_the_last_is_kept,
                a_use_of_a_key_that_is_gone_is_no_fault,
            ];
            session: [
                a_password_is_read_as_it_was_written,
                one_of_sixteen_passwords_wins,
                a_session_is_read_as_it_was_written,
                a_use_of_a_session_moves_its_idle_end,
                the_end_of_sign_ins_is_for_good,
                a_user_has_fifty_sessions_at_most,
                sessions_of_a_user_end_together,
                who_goes_is_signed_out,
                sessions_that_have_ended_are_forgotten,
            ];
            setup: [
                a_link_is_used_once,
                one_of_sixteen_uses_wins,
                a_link_that_expired_is_worth_nothing,
                a_used_link_takes_all_others_along,
            ];
            signing_key: [
                a_signing_key_is_read_as_it_was_written,
                only_the_version_before_is_replaced_or_removed,
                the_oldest_come_first,
                one_key_for_each_use_signs,
            ];
            spent: [
                an_assertion_is_redeemed_once,
                one_of_sixteen_redemptions_wins,
                a_token_may_be_revoked_again,
                revoked_tokens_are_listed_while_they_would_live,
            ];
            trusted_issuer: [
                an_issuer_is_read_as_it_was_written,
                an_issuer_and_an_audience_name_one_trust,
                one_of_sixteen_trusts_of_a_name_is_kept,
                an_issuer_needs_its_owner_and_keeps_it,
                owners_see_their_own_issuers,
                only_the_version_before_is_replaced_or_removed,
                a_watcher_hears_of_issuers,
            ];
            workforce: [
                a_sign_in_is_read_as_it_was_written,
                a_sign_in_follows_its_provider,
                one_of_sixteen_redemptions_of_a_sign_in_wins,
                nobody_redeems_a_sign_in_whose_code_is_over,
                a_sign_in_that_has_ended_stays_so,
                a_sign_in_is_forgotten_when_it_has_ended,
                a_sign_in_whose_code_nobody_redeemed_is_forgotten_soon,
            ];
            workload_pool: [
                a_pool_is_read_as_it_was_written,
                a_pools_name_is_never_given_again,
                a_pool_needs_its_owner_and_keeps_it,
                owners_see_their_own_pools,
                a_provider_is_read_as_it_was_written,
                a_pool_has_fifty_providers_at_most,
                only_the_version_before_is_replaced_or_removed,
                a_pool_takes_its_providers_along,
                those_deleted_until_a_moment_come_the_earliest_first,
                a_watcher_hears_of_pools_and_providers,
            ];
            watch: [
                a_watcher_hears_of_each_kind_of_insert,
                a_watcher_hears_of_clients_and_their_secrets,
                a_watcher_hears_what_goes_along,
                a_watcher_hears_before_the_writer_does,
                a_commit_that_fails_is_not_told,
            ];
        }
    };
    (@tests $engine:ident, $fresh:expr; $($noun:ident: [$($rule:ident),+ $(,)?];)+) => {
        mod $engine {
            $(mod $noun {
                $(
                    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                    async fn $rule() {
                        if let Some(fresh) = $fresh.await {
                            $crate::contract::$noun::$rule(&fresh.store).await;
                        }
                    }
                )+
            })+
        }
    };
}

#[cfg(test)]
mod tests;
