-- Tokens for the specs, made as the cases of decisions.json describe them.
local cjson = require("cjson.safe")
local crypto = require("kong.spec.crypto")

local tokens = {}

local file = assert(io.open("kong/spec/decisions.json"))
tokens.cases = assert(cjson.decode(file:read("*a")))
file:close()

local kid = "2026-01"
tokens.ours = crypto.new_key(kid)
local stranger = crypto.new_key(kid)

local signers = {
  ["ours"] = tokens.ours.sign,
  ["stranger"] = stranger.sign,
  ["nobody"] = function() return "\0" end,
  ["our public key as a secret"] = function(text) return crypto.hmac_sha256(tokens.ours.pem, text) end,
}

local function segment(base, changes)
  local merged = {}
  for name, value in pairs(base) do
    merged[name] = value
  end
  for name, value in pairs(changes or {}) do
    merged[name] = value ~= cjson.null and value or nil
  end
  return crypto.encode_base64url(cjson.encode(merged))
end

function tokens.make(case)
  if case.token then
    return case.token
  end
  local header = segment({ alg = "ES256", typ = "JWT", kid = kid }, case.header)
  local signed = header .. "." .. segment(tokens.cases.claims, case.claims)
  local signature = crypto.encode_base64url(signers[case.signer or "ours"](signed))
  local sent = case.tampered and header .. "." .. segment(tokens.cases.claims, case.tampered) or signed
  return sent .. "." .. signature
end

return tokens
