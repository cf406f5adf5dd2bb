# Google's library for Ruby as Debian has it. It knows one address, https://www.googleapis.com/oauth2/v4/token, whatever the
# key file says; the environment is what `carnet google env ruby` prints (google-wire 12: O1, O2).

require "googleauth"
require "json"
require "net/http"

READY = JSON.parse(File.read(ENV.fetch("CARNET_READY_FILE")))
READ = READY["demo"]["scopes"].first
CI = READY["service_accounts"].find { |account| account["email"].start_with?("ci@") }
AUDIENCE = "https://invoices.example.com"

def credentials(**more)
  File.open(CI["key_file"]) do |file|
    Google::Auth::ServiceAccountCredentials.make_creds(json_key_io: file, **more)
  end
end

def claims(token)
  JSON.parse(token.split(".")[1].tr("-_", "+/").unpack1("m"))
end

def expect(name, had, wanted)
  raise "#{name} is #{had.inspect}, expected #{wanted.inspect}" unless wanted === had
end

def invoices(token)
  Net::HTTP.get_response(URI("#{READY["demo"]["api"]}/invoices"), { "Authorization" => "Bearer #{token}" }).code
end

CASES = {
  "O1 a token, by an assertion of 120 seconds" => lambda {
    said = credentials(scope: READ).fetch_access_token!
    expect "iss", claims(said["access_token"])["iss"], READY["issuer"]
    expect "expires_in", said["expires_in"], 3600
    expect "the API's answer", invoices(said["access_token"]), "200"
  },
  "O1 an ID token" => lambda {
    token = credentials(target_audience: AUDIENCE).fetch_access_token!["id_token"]
    expect "aud", claims(token)["aud"], AUDIENCE
    expect "email", claims(token)["email"], CI["email"]
  },
  "O1 for a person, by delegation" => lambda {
    acting = credentials(scope: READ)
    acting.sub = "alice@example.com"
    expect "the API's answer", invoices(acting.fetch_access_token!["access_token"]), "200"
  },
  "O1 a refusal is told in Google's words" => lambda {
    begin
      credentials(scope: "https://demo.carnet.dev/auth/nothing").fetch_access_token!
      raise "it was granted"
    rescue Signet::AuthorizationError => error
      expect "the error", error.message, /invalid_scope/
    end
  },
  "O2 the address that is built in is there" => lambda {
    address = credentials(scope: READ).token_credential_uri.to_s
    expect "the address", address, "https://www.googleapis.com/oauth2/v4/token"
  },
}.freeze

failed = CASES.count do |name, body|
  body.call
  puts "passed: #{name}"
  false
rescue StandardError => error
  puts "failed: #{name}", error.full_message(highlight: false)
  true
end
puts "#{CASES.size - failed} passed, #{failed} failed"
exit failed.zero?
