
## Signing in and out

sign-in = Sign in
sign-in-problem-title = Try again: sign in
sign-in-email = Email
sign-in-missing = Enter your email address and your password.
sign-in-mismatch = That password and account do not match.
sign-in-slow_down = { $seconds ->
    [one] Too many tries. Wait one second.
   *[other] Too many tries. Wait { $seconds } s.
}
sign-in-suspended = Your organization has suspended this account. Ask an administrator of your organization.
sign-in-stale = This page was open for too long, or cookies are switched off. Nothing is lost: sign in once more.
sign-in-again = Sign in again
sign-in-expired-title = This took a little too long
sign-in-expired-app = Nothing was shared and nothing is lost. Go on, and you get to { $app } as you wanted.
sign-in-expired-account = Nothing was changed and nothing is lost. Go on to your account.
sign-in-expired-onward = Continue
wait-over = You can try again now.
toward-app = to continue to { $app }
toward-app-host = to continue to { $app } ({ $host })
toward-account = to get to your account
switch = Switch
continue = Continue
password-show = Show
password-hide = Hide
choose-title = Choose an account
choose-as = Continue as { $name }
choose-other = Use another account
sign-out = Sign out
sign-out-title = Sign out?
sign-out-asked = { $app } asks to sign you out here.
sign-out-stay = Stay signed in
sign-out-apps = Apps that you let work while you are away keep their access. Remove them under connected apps.
signed-out-title = You are signed out
signed-out-lead = Nobody can use your account in this browser any more. On a shared computer, close all windows too.
back-to = Back to { $app }
to-account = Go to my account

## What an app may do

consent-title = Allow { $app } to use your account at { $here }?
consent-group-account = { $app } would
consent-group = In { $api }
consent-new = New
consent-risk-write = Can change things
consent-risk-act_as = Acts as you
consent-risk-administer = Can administer
consent-host = You go on to { $host }.
consent-deny = Cancel
consent-allow = Allow
consent-lasts-minutes = { $minutes ->
    [one] This lasts one minute.
   *[other] This lasts { $minutes } minutes.
}
consent-lasts-unused = { $days ->
    [one] This lasts until you remove it, or until the app was not used for one day.
   *[other] This lasts until you remove it, or until the app was not used for { $days } days.
}
consent-lasts-days = { $days ->
    [one] This lasts for one day, or until you remove it.
   *[other] This lasts for { $days } days, or until you remove it.
}
consent-undo = You can take it back at any time, under connected apps in your account.
consent-never = { $app } never sees your password and gets nothing that is not listed here.
consent-admin-title = An administrator must allow { $app } first
consent-admin-meaning = At { $organization }, people cannot allow this app by themselves. Nothing was shared.
consent-admin-write = Write to an administrator
consent-admin-contact = Your administrator: { $contact }
publisher-own = { $here } runs this app itself.
publisher-verified = { $app } is run by { $name }. { $here } has checked who they are, but does not run this app.
publisher-unverified = { $app } says it is run by { $name }. { $here } has not checked this and does not run this app.
publisher-unknown = Nobody has said who runs { $app }. { $here } does not run it and has not checked it.
caution-this_computer = The answer goes to a program on this computer. Allow it only if you have just started { $app } yourself.
caution-native_app = The answer goes to an app on this device. Allow it only if you have just started { $app } yourself.
caution-self_registered = { $app } registered itself here. No person has looked at it.
scope-openid = Recognize you
scope-openid-detail = Needed to sign you in. The app learns the number of your account.
scope-profile = See your name and picture
scope-profile-detail = And your language and time zone, where you have set them.
scope-email = See your email address
scope-email-detail = And whether it has been confirmed.
scope-address = See your postal address
scope-address-detail = View only. It cannot change it.
scope-phone = See your phone number
scope-phone-detail = And whether it has been confirmed.
scope-offline_access = Keep access when you are away
scope-offline_access-detail = The app can go on while you do not use it.
scope-missing = The people who run this API have not described this permission.
form-post-title = Back to { $app }
form-post-lead = You are on your way. If nothing happens, press the button.
form-post-go = Continue

## A sign-in that cannot begin

authorize-sign_in_link-title = This app’s sign-in link is not set up correctly
authorize-sign_in_link-meaning = You have done nothing wrong, and nothing was shared.
authorize-unreadable-title = This app’s sign-in link cannot be read
authorize-unreadable-meaning = You have done nothing wrong, and nothing was shared.
authorize-not_for_you-title = This account may not use this app
authorize-not_for_you-meaning = Nothing was shared. If you have another account, switch to it.
authorize-not_sent_on-title = You were not sent on automatically
authorize-not_sent_on-meaning = Nothing was shared. This app’s request could not be answered, and nobody here vouches for the app. Go there only if you know the address.
authorize-embedded-title = Open this in your browser
authorize-embedded-meaning = An app shows this page inside itself, where it could read what you type. Nothing was shared. Sign in with your browser: Safari, Chrome, Firefox or another.
authorize-embedded-copy = Copy this address and open it there.
authorize-embedded-address = Address
authorize-embedded-start = Open the app there, and sign in from it.
authorize-back = Go to { $host }
authorize-tell = Tell the people who run the app this reference.
authorize-tell-app = Tell the people who run { $app } this reference.
authorize-build = I build this app
authorize-explain = What would have been right is not shown here. Who administers this server can see it with:

## A code from a device

device-title = Connect a device
device-problem-title = Try again: connect a device
device-lead = Enter the code that your device shows.
device-code = Code
device-code-hint = Capital or small letters, with or without the hyphen.
device-missing = Enter the code that your device shows.
device-wrong = That code is not right or has expired. Check the device.
device-slow_down = { $seconds ->
    [one] Too many tries. Wait one second.
   *[other] Too many tries. Wait { $seconds } s.
}
device-stale = This page was open for too long, or cookies are switched off. Send the code once more.
device-warning = Did somebody send you a code, by mail, chat or phone? Do not enter it: they would get into your account.
device-confirm-title = Does your device show this code?
device-confirm-lead = { $app } on a device wants to use your account.
device-confirm-only = Only continue if you started this on a device in front of you
device-confirm-sent = If somebody else sent you this code or this link, they want to get into your account. Then cancel.
device-confirm-yes = Yes, it is the same
device-confirm-no = Cancel
device-asked = Asked
device-from = From the address
device-allowed-title = Your device is connected
device-allowed-lead = { $app } goes on by itself in a few seconds. You can close this page.
sign-in-code-title = Copy this code
sign-in-code-lead = Paste it into the terminal that sent you here. It is good for { $minutes } minutes.
sign-in-code-label = Code
sign-in-code-warning = Give it to nobody. If you did not begin to sign in at a terminal yourself, close this page: whoever has the code acts in your name.
device-denied-title = The device was not connected
device-denied-lead = { $app } gets nothing from your account. You can close this page.
app = App

## A person’s account

account = Account
account-overview = Overview
account-apps = Connected apps
account-devices = Devices
account-activity = Activity
account-password = Password
account-hello = Hello { $name }
account-security = Security
account-changed = Changed
account-no-password = None
account-sessions = { $count ->
    [one] Signed in on this device only
   *[other] Signed in on { $count } devices
}
account-all-devices = All devices
account-recent = Recent activity
account-all-activity = All activity
account-all-apps = { $count ->
    [one] Details of the app
   *[other] All { $count } apps
}
remove = Remove
apps = Connected apps
apps-lead = Apps that can use your account. What you remove is signed out everywhere within a minute.
apps-empty = No apps use your account. When you allow one, it appears here and you can remove it at any time.
apps-remove-which = Remove { $app }
apps-managed = Connected by your organization
apps-last-used = Last used
apps-never-used = Never used
apps-can = Can
apps-since = Allowed
apps-run-by = Run by
apps-removed = { $app } was removed.
apps-undo = Undo ({ $seconds })
apps-restored = { $app } is connected again. Nothing was changed.
apps-too_late = { $app } is gone already. To connect it again, sign in there.
apps-failed = { $app } could not be removed and is still connected. Try again, or tell an administrator this reference: { $reference }
apps-not = Removing an app does not delete what it has already copied. Ask the people who run it to delete that.
devices-title = Devices
devices-lead = Where you are signed in.
devices-seen = Last seen
devices-from = from
devices-since = Signed in
devices-this = This device
devices-end = Sign out
devices-end-which = Sign out { $agent }
devices-end-others = Sign out everywhere else
devices-ended = { $count ->
    [one] One device was signed out.
   *[other] { $count } devices were signed out.
}
devices-unknown = Is there a device you do not know? Sign it out, then change your password.
activity-title = Activity
activity-lead = What happened to your account. If something was not you, change your password.
activity-empty = Nothing has happened yet.
activity-older = Older
event-signed_in = Signed in
event-sign_in_failed = A try to sign in failed
event-signed_out = Signed out
event-session_ended = A device was signed out
event-password_changed = The password was changed
event-app_allowed = You allowed { $app }
event-app_removed = You removed { $app }
event-device_allowed = You connected a device with { $app }
event-token_reused = A key of { $app } was used twice, so its access was ended
agent-both = { $browser } on { $system }
agent-unknown = Unknown browser
password-change = Change password
password-set = Set a password
password-lead = A long sentence that only you know is better than a short riddle.
password-current = Present password
password-new = New password
password-new-hint = { $least } characters or more. Spaces are fine.
password-ends = All other devices are signed out when you change it.
password-changed = Your password was changed. All other devices were signed out.
password-wrong = That is not your present password.
password-slow_down = { $seconds ->
    [one] Too many tries. Wait one second.
   *[other] Too many tries. Wait { $seconds } s.
}
password-too_short = Use { $least } characters or more.
password-too_long = Use { $most } characters at most.
password-guessable = This one is easy to guess. Choose one that is not on lists of known passwords and does not hold your name.
password-same = This is the password you have now. Choose another one.
password-stale = This page was open for too long, or cookies are switched off. Nothing was changed: try once more.

## When

when-now = in the last minute
when-minutes = { $minutes } min ago
when-hours = { $hours } h ago
when-days = { $days ->
    [one] yesterday
   *[other] { $days } days ago
}
when-date = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }
