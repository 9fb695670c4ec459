-- The I/O of the plugin: decision.lua decides, refusal.lua words what a refused caller reads.
local base64 = require("ngx.base64")
local cjson = require("cjson.safe")
local http = require("resty.http")
local pkey = require("resty.openssl.pkey")
local sha256_hex = require("kong.tools.sha256").sha256_hex
local decision = require("kong.plugins.parley-auth.decision")
local refusal = require("kong.plugins.parley-auth.refusal")

local function ask(conf, question)
  local client = http.new()
  client:set_timeouts(1000, 2000, 2000) -- ms: connect, send, read
  local response, err = client:request_uri(conf.auth_url, question)
  if response and response.status == 400 and question.instead then
    return ask(conf, question.instead)
  end
  if response then
    return question.means(response.status, cjson.decode(response.body), ngx.time())
  end
  kong.log.err("the auth service did not answer: ", err)
  return question.means(nil, nil, ngx.time())
end

local function verify(jwk, signature, signed)
  local key = pkey.new(cjson.encode(jwk), { format = "JWK" })
  return key and key:verify(signature, signed, "sha256", nil, { ecdsa_use_raw = true })
end

local settle, last_keys = {}, nil -- the newest good keys this worker saw, in force while the auth service is away

function settle.api_key(conf, key)
  local address = kong.client.get_forwarded_ip()
  local plain = cjson.encode({ api_key = key })
  local question = decision.exchange_question(cjson.encode({ api_key = key, address = address }), plain)
  local entry = kong.cache:get("parley-auth:key:" .. sha256_hex(key .. " " .. address), nil, ask, conf, question)
  return decision.exchanged(entry, ngx.time())
end

function settle.token(conf, token)
  local entry = kong.cache:get("parley-auth:keys", nil, ask, conf, decision.keys_question)
  last_keys = entry and entry.keys or last_keys
  return decision.token(token, {
    keys = last_keys, current = entry and entry.keys ~= nil, now = ngx.time(),
    decode = base64.decode_base64url, parse = cjson.decode, verify = verify,
  })
end

local ParleyAuth = { VERSION = "1.0.0", PRIORITY = 1400 } -- after correlation-id and cors, before rate limits

function ParleyAuth:access(conf)
  local headers = kong.request.get_headers(1000)
  local kind, text, detail = decision.credential(headers["authorization"], headers["x-api-key"])
  local token, code = nil, text
  if kind then token, code = settle[kind](conf, text) end
  if not token then
    local format, id = refusal.format(conf, headers), kong.request.get_header("x-request-id")
    local status, body, with = refusal.answer(format, code, detail, id, cjson.null)
    return kong.response.exit(status, cjson.encode(body), with)
  end
  for _, name in ipairs(decision.foreign_headers) do kong.service.request.clear_header(name) end
  kong.service.request.set_header("Authorization", "Bearer " .. token)
end

return ParleyAuth
