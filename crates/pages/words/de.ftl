# Die Wörter aller Seiten auf Deutsch. Regeln wie in en.ftl: erst was war, dann was zu tun ist; kein
# Markup; kein Satz aus Teilen; Anrede mit Sie.

product = Carnet
skip = Zum Inhalt springen
nav = Hauptmenü
nav-dev = Sandbox
nav-errors = Fehler
crumbs = Sie sind hier
foot-issuer = Dieser Server ist
foot-version = Carnet { $version }
foot-sandbox = Entwicklungsserver

## Wörter auf vielen Seiten

to-start = Zur Startseite
try-again = Noch einmal versuchen
reload = Neu laden
copy = Kopieren
copied = Kopiert
copy-failed = Bitte von Hand kopieren
command = Befehl
reference = Kennung
time = Zeit
status = Status
code = Code
title = Titel
request = Anfrage
took = Dauer
trace = Trace
scope = Scope
email = E-Mail
password = Passwort
client-id = Client-ID
client-secret = Client-Secret
redirect-uris = Redirect-URIs
key-file = Schlüsseldatei
no-key = kein Schlüssel
no-password = kein Passwort
no-secret = keins (öffentlicher Client)
micros = { $micros } µs

## Ein Fehlercode

code-meaning = Was er bedeutet
code-causes = Übliche Ursachen
code-fixes = So beheben Sie ihn
code-seen = Wo er auftritt
code-seen-token = Der Token-Endpunkt antwortet mit Status { $status } und dem Fehlerwert { $error }.
code-seen-says = Die Beschreibung beginnt mit diesem Satz von Google:
code-seen-resource = Eine geschützte API antwortet mit Status { $status } und einer Challenge mit dem Fehlerwert { $error }.
code-seen-challenge = Eine geschützte API antwortet mit Status { $status } und einer Challenge, die nach einem Token fragt.
code-seen-admin = Die Admin-API antwortet mit Status { $status } und einem Problemdokument.
code-seen-page = Eine Seite für die Person am Browser sagt es, mit Status { $status }.
code-seen-instead = Nicht in der Antwort. Der Anfragende erfährt diesen allgemeineren Code:
code-seen-command_line = Die Kommandozeile druckt ihn und endet mit Exit-Code { $exit }.
code-seen-start = Der Server schreibt ihn in sein Log und startet nicht.
code-told-anyone = Alle erfahren ihn: Er folgt aus der Anfrage selbst und aus dem, was öffentlich ist.
code-told-caller = Nur wer einen gültigen Schlüssel oder ein gültiges Client-Secret besitzt, erfährt ihn. Alle anderen erhalten eine allgemeinere Antwort.
code-told-delegate = Nur wer einen gültigen Schlüssel und eine genehmigte Delegation für die Domain hat, erfährt ihn. Alle anderen erhalten eine allgemeinere Antwort.
code-told-owner = Nur wer als Inhaber, Administrator oder Prüfer angemeldet ist, erfährt ihn.
code-trace = Jede Antwort trägt eine Trace-ID. Inhaber öffnen damit die ganze Geschichte:
code-trace-id = TRACE-ID
code-related = Verwandte Codes
code-reference = Wo es geschrieben steht
code-all = Alle Fehlercodes

index-title = Fehlercodes
index-lead = { $count ->
    [one] { $count } Code. Er steht für eine einzige Ursache und ändert seine Nummer nie.
   *[other] { $count } Codes. Jeder steht für eine einzige Ursache und ändert seine Nummer nie. Programme sollten sich nach dem Fehlerwert richten, nicht nach dem Code.
}
series = { $series ->
    [10] Form der Anfrage
    [12] Autorisierungsanfragen
    [13] Autorisierungscodes und Refresh-Tokens
    [14] Client-Authentifizierung
    [15] Geräte
    [16] DPoP und Mutual TLS
    [17] Client-Registrierung
    [20] Dienstkonten und ihre Schlüssel
    [21] Claims einer Assertion
    [22] Scopes und Delegation
    [23] Richtlinien
    [30] Anmeldung
    [40] Geschützte APIs
    [50] Dieser Server
    [60] Admin-API
    [70] Kommandozeile und Konfiguration
    [80] Speicher und Start
   *[other] Weitere
}

unknown-title = Diesen Fehlercode gibt es nicht
unknown-lead = Codes sehen aus wie CRN-2104: drei Buchstaben, ein Bindestrich, vier Ziffern. Vielleicht ist unterwegs eine Ziffer verloren gegangen.
unknown-asked = Gefragt war
unknown-nearest = Meinten Sie

## Ein Fehler als Antwort an einen Browser

error-tell = Wenn Sie jemanden um Hilfe bitten, geben Sie diese Kennung an:
error-developer = Ich entwickle oder betreibe dies
error-detail = Grund
error-sent = Was gesendet wurde
error-explain = Inhaber des Projekts können die ganze Geschichte lesen:

error-not_found-title = Unter dieser Adresse gibt es keine Seite
error-not_found-meaning = Vielleicht ist die Adresse vertippt, oder die Seite ist umgezogen. Es wurde nichts geändert.
error-bad_request-title = Diese Anfrage war nicht lesbar
error-bad_request-meaning = Etwas an dem Link oder Formular ist anders, als dieser Server es erwartet. Es wurde nichts geändert.
error-method_not_allowed-title = So lässt sich diese Adresse nicht benutzen
error-method_not_allowed-meaning = Sie ist für Programme gedacht, nicht zum Öffnen im Browser. Es wurde nichts geändert.
error-too_large-title = Das war zu viel auf einmal
error-too_large-meaning = Die Anfrage ist größer, als dieser Server liest. Es wurde nichts geändert.
error-unsupported_type-title = Diese Form von Daten wird hier nicht gelesen
error-unsupported_type-meaning = Die Anfrage bringt ihre Daten in einer Form, die diese Adresse nicht liest. Es wurde nichts geändert.
error-not_signed_in-title = Für diese Seite müssen Sie angemeldet sein
error-not_signed_in-meaning = Diese Seite ist nur für Menschen, die dieser Server kennt. Es wurde nichts geändert.
error-forbidden-title = Sie dürfen diese Seite nicht öffnen
error-forbidden-meaning = Ihrem Konto fehlt die Berechtigung dafür. Wer diesen Server verwaltet, kann sie Ihnen geben. Es wurde nichts geändert.
error-conflict-title = Jemand anderes war schneller
error-conflict-meaning = Was Sie ändern wollten, hat sich inzwischen geändert. Ihre Änderung wurde nicht gespeichert: Sehen Sie sich den neuen Stand an und versuchen Sie es noch einmal.
error-too_many-title = Zu viele Anfragen
error-too_many-meaning = { $seconds ->
    [one] Warten Sie { $seconds } Sekunde und versuchen Sie es noch einmal. Es wurde nichts geändert.
   *[other] Warten Sie { $seconds } Sekunden und versuchen Sie es noch einmal. Es wurde nichts geändert.
}
error-sign_in_link-title = Der Anmeldelink dieser App ist nicht richtig eingerichtet
error-sign_in_link-meaning = Sie haben nichts falsch gemacht, und es wurde nichts an die App weitergegeben. Berichtigen müssen ihn die Betreiber der App.
error-ours-title = Bei uns ist etwas schiefgegangen
error-ours-meaning = Es liegt nicht an Ihnen, und es wurde nichts geändert. Der Grund ist unter der Kennung unten festgehalten.
error-unavailable-title = Dieser Server ist gerade nicht bereit
error-unavailable-meaning = { $seconds ->
    [one] Er sollte bald zurück sein. Versuchen Sie es in { $seconds } Sekunde noch einmal. Es wurde nichts geändert.
   *[other] Er sollte bald zurück sein. Versuchen Sie es in { $seconds } Sekunden noch einmal. Es wurde nichts geändert.
}

host-title = Dieser Server hat einen anderen Namen
host-meaning = Sie haben ihn unter einem Namen erreicht, der nicht seiner ist. Eine Anmeldung würde hier nicht gelingen.
host-is = Dieser Server ist
host-came = Sie kamen über
host-go = Weiter zu { $host }
host-operator = Ich betreibe diesen Server
host-proxy = Steht ein Proxy davor, muss er den Hostnamen weitergeben, den die Menschen eintippen. Tragen Sie seine Adresse in http.trusted_proxies ein.
host-config = Ist der Name richtig, über den Sie kamen, setzen Sie ihn in carnet.toml und starten Sie neu:
host-config-label = Zeile für carnet.toml
host-care = Tokens tragen den Aussteller in sich. Ändert er sich, werden früher ausgestellte Tokens ungültig.

## Die Startseite

home-title = Autorisierungsserver
home-lead = Dieser Server stellt Tokens nach OAuth 2.0 und OpenID Connect aus: für Menschen, Apps und Dienstkonten.
home-issuer = Aussteller
home-issuer-hint = Geben Sie diese Adresse einer Bibliothek, die nach dem Issuer fragt. Den Rest findet sie selbst.
home-endpoints = Endpunkte
home-errors = Wenn etwas abgelehnt wird
home-errors-lead = Jede Ablehnung nennt einen Code, und jeder Code hat eine Seite, die sagt, was war und was hilft.
endpoint-discovery = OpenID Connect Discovery
endpoint-authorization_server = Metadaten des OAuth-2.0-Servers
endpoint-jwks = Öffentliche Schlüssel (JWKS)
endpoint-google_certs = Öffentliche Schlüssel, wo Googles Bibliotheken sie suchen
endpoint-token = Tokens
endpoint-introspection = Prüfung eines Tokens (Introspection)
endpoint-revocation = Widerruf eines Tokens
endpoint-token_info = Was in einem Token steht
endpoint-admin = Admin-API
endpoint-open_api = Admin-API, beschrieben in OpenAPI
endpoint-demo = Demo-API

## Einrichten

setup-form-title = Diesen Server einrichten
setup-form-lead = Aus vier Antworten entstehen die erste Organisation, ihr erstes Projekt und das Dienstkonto, das beide verwaltet.
setup-problem-title = Bitte prüfen Sie Ihre Antworten
setup-summary = { $count ->
    [one] Eine Antwort braucht eine Änderung
   *[other] { $count } Antworten brauchen eine Änderung
}
setup-organization = Organisation
setup-organization-hint = Ihr Name, wie man ihn kennt.
setup-organization-missing = Geben Sie den Namen der Organisation ein.
setup-organization-too_long = Kürzen Sie den Namen der Organisation auf höchstens { $most } Zeichen.
setup-organization-malformed = Schreiben Sie den Namen der Organisation mit Buchstaben, Ziffern und üblichen Satzzeichen.
setup-organization-taken = Eine Organisation dieses Namens gibt es schon. Wählen Sie einen anderen Namen.
setup-domain = Domain
setup-domain-hint = Der Teil nach dem @ in den E-Mail-Adressen Ihrer Leute, zum Beispiel acme.example.
setup-domain-missing = Geben Sie die Domain der Organisation ein.
setup-domain-too_long = Kürzen Sie die Domain auf höchstens { $most } Zeichen.
setup-domain-malformed = Geben Sie nur die Domain ein, zum Beispiel acme.example, ohne https:// und ohne @.
setup-domain-taken = Diese Domain gehört schon zu einer Organisation. Geben Sie eine andere Domain ein.
setup-project = Projekt-ID
setup-project-hint = Kleinbuchstaben, Ziffern und Bindestriche, zum Beispiel billing. Sie wird Teil der E-Mail-Adressen von Dienstkonten und lässt sich später nicht ändern.
setup-project-missing = Geben Sie eine ID für das erste Projekt ein.
setup-project-too_long = Kürzen Sie die Projekt-ID auf höchstens { $most } Zeichen.
setup-project-malformed = Schreiben Sie die Projekt-ID mit Kleinbuchstaben, Ziffern und Bindestrichen. Sie beginnt mit einem Buchstaben und endet nicht mit einem Bindestrich.
setup-project-taken = Ein Projekt mit dieser ID gibt es schon. Wählen Sie eine andere.
setup-email = Ihre E-Mail-Adresse
setup-email-hint = Sie werden die erste Person, die diesen Server verwaltet.
setup-email-missing = Geben Sie Ihre E-Mail-Adresse ein.
setup-email-too_long = Kürzen Sie die E-Mail-Adresse auf höchstens { $most } Zeichen.
setup-email-malformed = Geben Sie eine E-Mail-Adresse Ihrer Domain ein, zum Beispiel dana@acme.example.
setup-email-taken = Ein Konto mit dieser Adresse gibt es schon. Geben Sie eine andere Adresse ein.
setup-submit = Einrichten
setup-once = Dieser Link gilt einmal. Die nächste Seite enthält eine Schlüsseldatei, die nur dort gezeigt wird.
setup-done-title = Dieser Server ist eingerichtet
setup-done-lead = Sie sind die erste Person, die ihn verwaltet.
setup-account = Dienstkonto
setup-key-title = Sichern Sie jetzt die Schlüsseldatei
setup-key-lead = Dies ist das einzige Exemplar. Es verwaltet den ganzen Server und wird hier nicht gespeichert. Wenn Sie diese Seite verlassen, ist es weg.
setup-key-download = { $file } herunterladen
setup-key-show = Schlüsseldatei zeigen
setup-next = Weiter geht es im Terminal
setup-used-title = Dieser Einrichtungslink wurde schon benutzt
setup-used-meaning = Der Server wird bereits von jemandem verwaltet. Waren das nicht Sie, dann finden Sie zuerst heraus, wer es war.
setup-used-fix = Wer ihn verwaltet, kann mit dem Kommandozeilenwerkzeug weitere Menschen und Dienstkonten hinzufügen.
setup-expired-title = Dieser Einrichtungslink gilt nicht mehr
setup-expired-meaning = Einrichtungslinks gelten nur kurze Zeit. Es wurde nichts geändert.
setup-expired-fix = Starten Sie den Server neu: Er druckt bei jedem Start einen neuen Link, bis ihn jemand verwaltet.

## Die Sandbox

dev-nav = Sandbox
dev-overview = Überblick
dev-requests = Anfragen
dev-mail = Mail
dev-clock = Uhr
dev-faults = Störungen
dev-overview-title = Sandbox
dev-overview-lead = Alles hier ist gebrauchsfertig und öffentlich, auch die Geheimnisse. Jeder Schlüssel, Code und jedes Secret wird geprüft wie im Betrieb.
dev-try = Probieren Sie es
dev-accounts = Dienstkonten
dev-accounts-empty = Keine Dienstkonten. Tragen Sie eines in die Seed-Datei ein oder legen Sie es mit der Admin-API an.
dev-users = Menschen
dev-users-empty = Keine Menschen. Tragen Sie sie in die Seed-Datei ein oder legen Sie sie mit der Admin-API an.
dev-clients = Apps
dev-seeded = Organisation und Projekt
dev-organization = Organisation
dev-project = Projekt
dev-requests-title = Anfragen
dev-requests-lead = { $kept ->
    [one] Die letzte Anfrage, ohne Inhalt und Query.
   *[other] Höchstens die letzten { $kept } Anfragen, die neueste zuerst, ohne Inhalt und Query.
}
dev-requests-empty = Noch ist nichts angekommen. Senden Sie eine Anfrage und laden Sie diese Seite neu.
dev-mail-title = Mail
dev-mail-lead = Mail, die dieser Server sendet, landet hier und nirgends sonst.
dev-mail-empty = Noch wurde keine Mail gesendet.
mail-to = An
dev-clock-title = Uhr
dev-clock-lead = Stellen Sie die Uhr des Servers um, um Tokens und Schlüssel ablaufen zu sehen. Die Uhr Ihres Rechners bleibt, wie sie ist.
dev-clock-now = Zeit des Servers
dev-clock-offset = Verglichen mit der echten Zeit
dev-clock-real = Gleich
dev-clock-ahead = { $seconds ->
    [one] { $seconds } Sekunde voraus
   *[other] { $seconds } Sekunden voraus
}
dev-clock-behind = { $seconds ->
    [one] { $seconds } Sekunde zurück
   *[other] { $seconds } Sekunden zurück
}
dev-clock-field = Abstand zur echten Zeit
dev-clock-hint = Eine Zahl mit s, m, h oder d und einem Vorzeichen, zum Beispiel +65m oder -1h. 0 kehrt zur echten Zeit zurück.
dev-clock-problem = Dieser Abstand war nicht verständlich. Schreiben Sie ihn wie +65m, -1h oder 0.
dev-clock-set = Uhr stellen
dev-clock-hour = Eine Stunde voraus
dev-clock-day = Einen Tag voraus
dev-clock-reset = Echte Zeit
dev-faults-title = Störungen
dev-faults-lead = Erzwingen Sie einen Fehler bei den nächsten Token-Anfragen, um zu sehen, wie Ihr Programm damit umgeht.
dev-faults-active = Jetzt erzwungen
dev-faults-none = Nichts ist erzwungen. Anfragen werden beantwortet, wie sie es verdienen.
dev-faults-left = Noch so oft
dev-faults-clear = Nichts erzwingen
dev-faults-code = Fehler, der erzwungen wird
dev-faults-times = Wie oft
dev-faults-times-hint = 1 bis { $most }
dev-faults-problem = Diesen Code gibt es nicht:
dev-faults-force = Erzwingen

demo-title = Demo-API
demo-lead = Eine kleine geschützte API mit Rechnungen darin. Rufen Sie sie mit einem Token dieses Servers auf, um den ganzen Weg einmal zu sehen.
demo-url = Adresse
demo-discovery = Beschreibung für Googles Client-Bibliotheken
demo-scopes = Scopes
demo-opens = Erlaubt

## Ein Trace

explain-title = Trace { $trace }
explain-accepted = Die Anfrage wurde angenommen
explain-refused = Die Anfrage wurde abgelehnt
explain-fault = Die Anfrage ist bei uns gescheitert
explain-saw = Was wir gesehen haben
explain-why = Warum
explain-fix = Was hilft
explain-related = Was dazugehört
explain-this = Erklären
