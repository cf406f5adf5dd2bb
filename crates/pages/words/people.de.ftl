
## Anmelden und abmelden

sign-in = Anmelden
sign-in-problem-title = Noch einmal: anmelden
sign-in-email = E-Mail
sign-in-missing = Geben Sie Ihre E-Mail-Adresse und Ihr Passwort ein.
sign-in-mismatch = Passwort und Konto passen nicht zusammen.
sign-in-slow_down = { $seconds ->
    [one] Zu viele Versuche. Warten Sie eine Sekunde.
   *[other] Zu viele Versuche. Warten Sie { $seconds } s.
}
sign-in-suspended = Ihre Organisation hat dieses Konto gesperrt. Fragen Sie dort nach, wer die Konten verwaltet.
sign-in-stale = Diese Seite war zu lange offen, oder Cookies sind ausgeschaltet. Nichts ist verloren: melden Sie sich noch einmal an.
sign-in-again = Wieder anmelden
sign-in-expired-title = Das hat etwas zu lange gedauert
sign-in-expired-app = Nichts wurde weitergegeben und nichts ist verloren. Es geht weiter zu { $app }, wie Sie wollten.
sign-in-expired-account = Nichts wurde geändert und nichts ist verloren. Es geht weiter zu Ihrem Konto.
sign-in-expired-onward = Weiter
wait-over = Sie können es jetzt wieder versuchen.
toward-app = weiter zu { $app }
toward-app-host = weiter zu { $app } ({ $host })
toward-account = weiter zu Ihrem Konto
switch = Wechseln
continue = Weiter
password-show = Zeigen
password-hide = Verbergen
choose-title = Konto wählen
choose-as = Weiter als { $name }
choose-other = Ein anderes Konto verwenden
sign-out = Abmelden
sign-out-title = Abmelden?
sign-out-asked = { $app } möchte Sie hier abmelden.
sign-out-stay = Angemeldet bleiben
sign-out-apps = Apps, die Sie auch in Ihrer Abwesenheit arbeiten lassen, behalten den Zugang. Entfernen Sie sie unter „Verbundene Apps“.
signed-out-title = Sie sind abgemeldet
signed-out-lead = In diesem Browser kann niemand mehr Ihr Konto verwenden. Schließen Sie an einem gemeinsamen Gerät auch alle Fenster.
back-to = Zurück zu { $app }
to-account = Zu meinem Konto

## Was eine App darf

consent-title = Darf { $app } Ihr Konto bei { $here } verwenden?
consent-group-account = { $app } würde
consent-group = In { $api }
consent-new = Neu
consent-risk-write = Kann ändern
consent-risk-act_as = Handelt als Sie
consent-risk-administer = Kann verwalten
consent-host = Es geht weiter zu { $host }.
consent-deny = Abbrechen
consent-allow = Erlauben
consent-lasts-minutes = { $minutes ->
    [one] Das gilt eine Minute.
   *[other] Das gilt { $minutes } Minuten.
}
consent-lasts-unused = { $days ->
    [one] Das gilt, bis Sie es zurücknehmen oder die App einen Tag nicht benutzt wurde.
   *[other] Das gilt, bis Sie es zurücknehmen oder die App { $days } Tage nicht benutzt wurde.
}
consent-lasts-days = { $days ->
    [one] Das gilt einen Tag, oder bis Sie es zurücknehmen.
   *[other] Das gilt { $days } Tage, oder bis Sie es zurücknehmen.
}
consent-undo = Sie können es jederzeit zurücknehmen: in Ihrem Konto unter „Verbundene Apps“.
consent-never = { $app } sieht nie Ihr Passwort und bekommt nichts, was hier nicht steht.
consent-admin-title = { $app } muss erst von der Verwaltung erlaubt werden
consent-admin-meaning = Bei { $organization } kann man diese App nicht selbst erlauben. Nichts wurde weitergegeben.
consent-admin-write = An die Verwaltung schreiben
consent-admin-contact = Ihre Verwaltung: { $contact }
publisher-own = { $here } betreibt diese App selbst.
publisher-verified = { $app } wird von { $name } betrieben. { $here } hat das geprüft, betreibt diese App aber nicht.
publisher-unverified = { $app } gibt an, von { $name } betrieben zu werden. { $here } hat das nicht geprüft und betreibt diese App nicht.
publisher-unknown = Niemand hat angegeben, wer { $app } betreibt. { $here } betreibt die App nicht und hat sie nicht geprüft.
caution-this_computer = Die Antwort geht an ein Programm auf diesem Computer. Erlauben Sie das nur, wenn Sie { $app } eben selbst gestartet haben.
caution-native_app = Die Antwort geht an eine App auf diesem Gerät. Erlauben Sie das nur, wenn Sie { $app } eben selbst gestartet haben.
caution-self_registered = { $app } hat sich hier selbst eingetragen. Kein Mensch hat die App angesehen.
scope-openid = Sie wiedererkennen
scope-openid-detail = Nötig für die Anmeldung. Die App erfährt die Nummer Ihres Kontos.
scope-profile = Ihren Namen und Ihr Bild sehen
scope-profile-detail = Auch Sprache und Zeitzone, wenn Sie sie eingestellt haben.
scope-email = Ihre E-Mail-Adresse sehen
scope-email-detail = Auch, ob sie bestätigt wurde.
scope-address = Ihre Postanschrift sehen
scope-address-detail = Nur ansehen, nicht ändern.
scope-phone = Ihre Telefonnummer sehen
scope-phone-detail = Auch, ob sie bestätigt wurde.
scope-offline_access = Zugang behalten, wenn Sie nicht da sind
scope-offline_access-detail = Die App kann weiterarbeiten, während Sie sie nicht benutzen.
scope-missing = Wer diese Schnittstelle betreibt, hat diese Berechtigung nicht beschrieben.
form-post-title = Zurück zu { $app }
form-post-lead = Es geht gleich weiter. Wenn nichts geschieht, drücken Sie auf den Knopf.
form-post-go = Weiter

## Eine Anmeldung, die nicht beginnen kann

authorize-sign_in_link-title = Der Anmeldelink dieser App ist nicht richtig eingerichtet
authorize-sign_in_link-meaning = Sie haben nichts falsch gemacht, und nichts wurde weitergegeben.
authorize-unreadable-title = Der Anmeldelink dieser App ist nicht lesbar
authorize-unreadable-meaning = Sie haben nichts falsch gemacht, und nichts wurde weitergegeben.
authorize-not_for_you-title = Dieses Konto darf diese App nicht verwenden
authorize-not_for_you-meaning = Nichts wurde weitergegeben. Wenn Sie ein anderes Konto haben, wechseln Sie dorthin.
authorize-not_sent_on-title = Sie wurden nicht automatisch weitergeleitet
authorize-not_sent_on-meaning = Nichts wurde weitergegeben. Die Anfrage dieser App konnte nicht beantwortet werden, und niemand hier bürgt für die App. Gehen Sie nur dorthin, wenn Sie die Adresse kennen.
authorize-embedded-title = Öffnen Sie dies in Ihrem Browser
authorize-embedded-meaning = Eine App zeigt diese Seite in sich selbst, wo sie lesen könnte, was Sie tippen. Nichts wurde weitergegeben. Melden Sie sich mit Ihrem Browser an: Safari, Chrome, Firefox oder einem anderen.
authorize-embedded-copy = Kopieren Sie diese Adresse und öffnen Sie sie dort.
authorize-embedded-address = Adresse
authorize-embedded-start = Öffnen Sie die App dort, und melden Sie sich von ihr aus an.
authorize-back = Weiter zu { $host }
authorize-tell = Nennen Sie denen, die die App betreiben, diese Kennung.
authorize-tell-app = Nennen Sie denen, die { $app } betreiben, diese Kennung.
authorize-build = Ich entwickle diese App
authorize-explain = Was richtig gewesen wäre, steht hier nicht. Wer diesen Server verwaltet, sieht es mit:

## Ein Code von einem Gerät

device-title = Ein Gerät verbinden
device-problem-title = Noch einmal: ein Gerät verbinden
device-lead = Geben Sie den Code ein, den Ihr Gerät zeigt.
device-code = Code
device-code-hint = Große oder kleine Buchstaben, mit oder ohne Bindestrich.
device-missing = Geben Sie den Code ein, den Ihr Gerät zeigt.
device-wrong = Der Code stimmt nicht oder ist abgelaufen. Sehen Sie auf dem Gerät nach.
device-slow_down = { $seconds ->
    [one] Zu viele Versuche. Warten Sie eine Sekunde.
   *[other] Zu viele Versuche. Warten Sie { $seconds } s.
}
device-stale = Diese Seite war zu lange offen, oder Cookies sind ausgeschaltet. Senden Sie den Code noch einmal.
device-warning = Hat Ihnen jemand einen Code geschickt oder am Telefon genannt? Geben Sie ihn nicht ein: damit käme man in Ihr Konto.
device-confirm-title = Zeigt Ihr Gerät diesen Code?
device-confirm-lead = { $app } auf einem Gerät möchte Ihr Konto verwenden.
device-confirm-only = Nur weiter, wenn Sie das an einem Gerät vor Ihnen begonnen haben
device-confirm-sent = Wenn Ihnen jemand diesen Code oder diesen Link geschickt hat, will man in Ihr Konto. Dann brechen Sie ab.
device-confirm-yes = Ja, es ist derselbe
device-confirm-no = Abbrechen
device-asked = Angefragt
device-from = Von der Adresse
device-allowed-title = Ihr Gerät ist verbunden
device-allowed-lead = { $app } macht in wenigen Sekunden von selbst weiter. Sie können diese Seite schließen.
sign-in-code-title = Kopieren Sie diesen Code
sign-in-code-lead = Fügen Sie ihn in das Terminal ein, das Sie hierher geschickt hat. Er gilt { $minutes } Minuten lang.
sign-in-code-label = Code
sign-in-code-warning = Geben Sie ihn niemandem. Wenn Sie sich nicht selbst an einem Terminal anmelden wollten, schließen Sie diese Seite: Wer den Code hat, handelt in Ihrem Namen.
device-denied-title = Das Gerät wurde nicht verbunden
device-denied-lead = { $app } bekommt nichts von Ihrem Konto. Sie können diese Seite schließen.
app = App

## Das eigene Konto

account = Konto
account-overview = Überblick
account-apps = Verbundene Apps
account-devices = Geräte
account-activity = Verlauf
account-password = Passwort
account-hello = Guten Tag { $name }
account-security = Sicherheit
account-changed = Geändert am
account-no-password = Keines
account-sessions = { $count ->
    [one] Nur an diesem Gerät angemeldet
   *[other] An { $count } Geräten angemeldet
}
account-all-devices = Alle Geräte
account-recent = Zuletzt
account-all-activity = Ganzer Verlauf
account-all-apps = { $count ->
    [one] Mehr zu dieser App
   *[other] Alle { $count } Apps
}
remove = Entfernen
apps = Verbundene Apps
apps-lead = Apps, die Ihr Konto verwenden können. Was Sie entfernen, ist binnen einer Minute überall abgemeldet.
apps-empty = Keine App verwendet Ihr Konto. Wenn Sie eine erlauben, erscheint sie hier und Sie können sie jederzeit entfernen.
apps-remove-which = Entfernen: { $app }
apps-managed = Von Ihrer Organisation verbunden
apps-last-used = Zuletzt benutzt:
apps-never-used = Nie benutzt
apps-can = Darf
apps-since = Erlaubt am
apps-run-by = Betrieben von
apps-removed = { $app } wurde entfernt.
apps-undo = Rückgängig ({ $seconds })
apps-restored = { $app } ist wieder verbunden. Nichts wurde geändert.
apps-too_late = { $app } ist schon entfernt. Melden Sie sich dort an, um die App wieder zu verbinden.
apps-failed = { $app } konnte nicht entfernt werden und ist noch verbunden. Versuchen Sie es noch einmal oder nennen Sie Ihrer Verwaltung diese Kennung: { $reference }
apps-not = Was eine App schon kopiert hat, löscht das Entfernen nicht. Bitten Sie die Betreiber, es zu löschen.
devices-title = Geräte
devices-lead = Wo Sie angemeldet sind.
devices-seen = Zuletzt gesehen:
devices-from = von
devices-since = Angemeldet am
devices-this = Dieses Gerät
devices-end = Abmelden
devices-end-which = Abmelden: { $agent }
devices-end-others = Überall sonst abmelden
devices-ended = { $count ->
    [one] Ein Gerät wurde abgemeldet.
   *[other] { $count } Geräte wurden abgemeldet.
}
devices-unknown = Ist ein Gerät dabei, das Sie nicht kennen? Melden Sie es ab und ändern Sie dann Ihr Passwort.
activity-title = Verlauf
activity-lead = Was mit Ihrem Konto geschah. Waren Sie etwas davon nicht selbst, ändern Sie Ihr Passwort.
activity-empty = Es ist noch nichts geschehen.
activity-older = Ältere
event-signed_in = Angemeldet
event-sign_in_failed = Ein Anmeldeversuch schlug fehl
event-signed_out = Abgemeldet
event-session_ended = Ein Gerät wurde abgemeldet
event-password_changed = Das Passwort wurde geändert
event-app_allowed = Sie haben { $app } erlaubt
event-app_removed = Sie haben { $app } entfernt
event-device_allowed = Sie haben ein Gerät mit { $app } verbunden
event-token_reused = Ein Schlüssel von { $app } wurde zweimal benutzt; der Zugang wurde beendet
agent-both = { $browser } auf { $system }
agent-unknown = Unbekannter Browser
password-change = Passwort ändern
password-set = Passwort festlegen
password-lead = Ein langer Satz, den nur Sie kennen, ist besser als ein kurzes Rätsel.
password-current = Jetziges Passwort
password-new = Neues Passwort
password-new-hint = { $least } Zeichen oder mehr. Leerzeichen sind erlaubt.
password-ends = Alle anderen Geräte werden abgemeldet, wenn Sie es ändern.
password-changed = Ihr Passwort wurde geändert. Alle anderen Geräte wurden abgemeldet.
password-wrong = Das ist nicht Ihr jetziges Passwort.
password-slow_down = { $seconds ->
    [one] Zu viele Versuche. Warten Sie eine Sekunde.
   *[other] Zu viele Versuche. Warten Sie { $seconds } s.
}
password-too_short = Verwenden Sie { $least } Zeichen oder mehr.
password-too_long = Verwenden Sie höchstens { $most } Zeichen.
password-guessable = Dieses ist leicht zu erraten. Wählen Sie eines, das auf keiner Liste bekannter Passwörter steht und Ihren Namen nicht enthält.
password-same = Das ist Ihr jetziges Passwort. Wählen Sie ein anderes.
password-stale = Diese Seite war zu lange offen, oder Cookies sind ausgeschaltet. Nichts wurde geändert: versuchen Sie es noch einmal.

## Wann

when-now = in der letzten Minute
when-minutes = vor { $minutes } min
when-hours = vor { $hours } h
when-days = { $days ->
    [one] gestern
   *[other] vor { $days } Tagen
}
when-date = { $day }. { $month ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[12] Dezember
} { $year }
