-- What the plugin decides, without I/O, clock or Kong: all three are handed in. The embedded edge decides the same in
-- apps/gateway/src/edge; kong/spec/decisions.json holds the cases that both must answer alike.

local api_key = require("kong.plugins.parley-auth.api_key")

local decision = {}

local issuer, audience = "parley-auth", "parley"
local longest_token = 4096 -- bytes
local longest_key_id = 64
local clock_tolerance = 5  -- seconds that the clocks of two machines may differ, either way
local given_up_before = 10 -- seconds before its expiry that an exchanged token is replaced
local kept_at_most = 300   -- seconds that an exchanged token is kept
local refused_for = 5      -- seconds that the refusal of a key is remembered
local keys_for = 5         -- seconds between two fetches of the signing keys, so that unknown ids cannot flood auth
local unavailable_for = 1  -- seconds before an auth service that did not answer is asked again

--- What nobody outside may say: who is calling, as some gateways put it, and what services tell each other. Nothing behind
-- the edge believes the first; they go all the same. x-parley-session is a client's to send, and stays.
decision.foreign_headers = {
  "x-api-key", "x-tenant-id", "x-user-id", "x-user", "x-consumer-id", "x-consumer-custom-id", "x-consumer-username",
  "x-credential-identifier", "x-anonymous-consumer", "x-authenticated-userid", "x-forwarded-user", "x-remote-user",
  "x-parley-deadline-ms", "x-parley-expert-query", "x-parley-asked-in",
}

local function given(header)
  return header ~= nil and header ~= ""
end

local function bearer(authorization)
  return type(authorization) == "string" and authorization:match("^[Bb][Ee][Aa][Rr][Ee][Rr] +(%S+)$")
end

--- The kind ("api_key" or "token") and text of the one credential of a request, or nil, an error code and a sentence for
-- the caller. A header that was sent more than once comes as a table.
function decision.credential(authorization, x_api_key)
  if not given(authorization) and not given(x_api_key) then
    return nil, "request.unauthenticated"
  end
  if given(authorization) and given(x_api_key) then
    return nil, "credential.invalid", "Send one credential: either the Authorization header or x-api-key"
  end
  local text = x_api_key
  if given(authorization) then
    text = bearer(authorization)
    if not text then
      return nil, "credential.invalid", "The Authorization header must read: Bearer <key or token>"
    end
  end
  if type(text) == "string" and api_key.well_formed(text) then
    return "api_key", text
  end
  if type(text) == "string" and #text <= longest_token and text:match("^[%w_-]+%.[%w_-]+%.[%w_-]+$") then
    return "token", text
  end
  return nil, "credential.invalid", "This is neither an API key nor a token"
end

local function is_ours(header)
  return type(header) == "table" and header.alg == "ES256" and header.crit == nil
    and type(header.kid) == "string" and #header.kid <= longest_key_id
end

local function parts_of(token, io)
  local head, body, tail = token:match("^([^.]+)%.([^.]+)%.([^.]+)$")
  local header = io.parse(io.decode(head) or "")
  local claims = io.parse(io.decode(body) or "")
  local signature = io.decode(tail)
  if not is_ours(header) or type(claims) ~= "table" or not signature or #signature ~= 64 then
    return nil
  end
  return { kid = header.kid, signed = head .. "." .. body, signature = signature, claims = claims }
end

-- The P-256 key of that id, as the JWK that OpenSSL is given: its point and nothing else.
local function key_of(keys, kid)
  for _, key in ipairs(keys or {}) do
    if key.kid == kid and key.kty == "EC" and key.crv == "P-256" then
      return { kty = key.kty, crv = key.crv, x = key.x, y = key.y }
    end
  end
end

-- The code for claims that do not hold at `now`; nil when they do.
local function refusal_of(claims, now)
  if type(claims.exp) ~= "number" or type(claims.nbf) ~= "number" or claims.nbf > now + clock_tolerance then
    return "credential.invalid"
  end
  if claims.exp + clock_tolerance <= now then
    return "credential.expired"
  end
  if claims.aud ~= audience or claims.iss ~= issuer then
    return "credential.invalid"
  end
end

--- The token itself when it is ours and holds, or nil and an error code. `io` has `keys` (JWKs), `current` (whether they
-- are the newest: with older ones nobody can tell an unknown key from a forged one), `now` in seconds, and the functions
-- `decode` (base64url), `parse` (JSON) and `verify` (ES256: key, signature, signed text).
function decision.token(token, io)
  local parts = parts_of(token, io)
  if not parts then
    return nil, "credential.invalid"
  end
  local key = key_of(io.keys, parts.kid)
  if not key then
    return nil, io.current and "credential.invalid" or "service.unavailable"
  end
  if not io.verify(key, parts.signature, parts.signed) then
    return nil, "credential.invalid"
  end
  local code = refusal_of(parts.claims, io.now)
  return not code and token or nil, code
end

-- A question is a request to the auth service; `means` turns the answer (status, body, now in seconds; no status where
-- there was none) into what a kong.cache loader returns: value, nil, seconds to keep it.

local function keys_mean(status, body)
  if status == 200 and type(body) == "table" and type(body.keys) == "table" then
    return { keys = body.keys }, nil, keys_for
  end
  return {}, nil, unavailable_for
end

decision.keys_question = { method = "GET", path = "/.well-known/jwks.json", means = keys_mean }

local refusals = {
  ["credential.invalid"] = true, ["credential.expired"] = true, ["credential.revoked"] = true,
  ["credential.address_refused"] = true,
}

local function exchange_means(status, body, now)
  body = type(body) == "table" and body or {}
  if status == 200 and type(body.access_token) == "string" and type(body.expires_in) == "number" then
    local kept = math.max(math.min(body.expires_in - given_up_before, kept_at_most), unavailable_for)
    return { token = body.access_token, expires_at = now + body.expires_in }, nil, kept
  end
  if status == 400 or status == 401 or (status == 403 and refusals[body.code]) then
    return { code = refusals[body.code] and body.code or "credential.invalid" }, nil, refused_for
  end
  return { code = "service.unavailable" }, nil, unavailable_for
end

--- `body` is JSON. `plain` asks without the address, for an auth service of the release before, which knows none (400).
function decision.exchange_question(body, plain)
  return {
    method = "POST",
    path = "/internal/auth/exchange",
    headers = { ["Content-Type"] = "application/json" },
    body = body,
    means = exchange_means,
    instead = plain and decision.exchange_question(plain),
  }
end

--- The token of an exchange, or nil and an error code. While another request renews it, kong.cache may give an old one.
function decision.exchanged(entry, now)
  if entry and entry.token and entry.expires_at > now then
    return entry.token
  end
  return nil, entry and entry.code or "service.unavailable"
end

return decision
