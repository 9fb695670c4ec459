local cjson = require("cjson.safe")
local api_key = require("kong.plugins.parley-auth.api_key")
local crypto = require("kong.spec.crypto")
local decision = require("kong.plugins.parley-auth.decision")
local tokens = require("kong.spec.tokens")

local cases = tokens.cases

describe("a credential", function()
  for _, case in ipairs(cases.credentials) do
    it((case.code and "is refused: " or "is taken: ") .. case.name, function()
      local sent = {}
      for _, header in ipairs(case.headers) do
        local name, value = header[1], header[2]
        sent[name] = sent[name] and { sent[name], value } or value
      end

      local kind, text, detail = decision.credential(sent["authorization"], sent["x-api-key"])

      assert.are.equal(case.kind, kind)
      assert.are.equal(case.code or case.text, text)
      assert.are.equal(case.detail, detail)
    end)
  end
end)

describe("an API key", function()
  it("has the checksum that zlib computes, without the bit library too", function()
    local key = "ply_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf0StQ0k"
    assert.is_true(api_key.well_formed(key))

    package.loaded["kong.plugins.parley-auth.api_key"] = nil
    local bit = package.loaded.bit
    package.loaded.bit, package.preload.bit = nil, function() error("no bit library") end
    local plain = require("kong.plugins.parley-auth.api_key")
    package.loaded.bit, package.preload.bit = bit, nil
    package.loaded["kong.plugins.parley-auth.api_key"] = api_key

    assert.are_not.equal(api_key, plain)
    assert.is_true(plain.well_formed(key))
    assert.is_false(plain.well_formed((key:gsub("aUlT", "aUkT"))))
  end)
end)

describe("a token", function()
  local function decide(token, changes)
    local io = {
      keys = { tokens.ours.jwk }, current = true, now = cases.now,
      decode = crypto.decode_base64url, parse = cjson.decode, verify = crypto.verify,
    }
    for name, value in pairs(changes or {}) do
      io[name] = value
    end
    return decision.token(token, io)
  end

  for _, case in ipairs(cases.tokens) do
    it((case.code and "is refused: " or "is taken: ") .. case.name, function()
      local token = tokens.make(case)

      local taken, code = decide(token)

      assert.are.equal(case.accepted and token or nil, taken)
      assert.are.equal(case.code, code)
    end)
  end

  it("of an unknown key is put off while the auth service is away, for its key may be a new one", function()
    local token = tokens.make({ header = { kid = "unheard-of" } })

    assert.are.same({ nil, "service.unavailable" }, { decide(token, { current = false }) })
    assert.are.same({ nil, "service.unavailable" }, { decide(token, { current = false, keys = false }) })
  end)

  it("of a known key is taken while the auth service is away", function()
    local token = tokens.make({})

    assert.are.equal(token, (decide(token, { current = false })))
  end)

  it("is never checked with a key of another curve", function()
    local weak = { kty = "EC", crv = "P-384", kid = tokens.ours.jwk.kid }

    assert.are.same({ nil, "credential.invalid" }, { decide(tokens.make({}), { keys = { weak } }) })
  end)
end)

describe("an exchange", function()
  for _, case in ipairs(cases.exchanges) do
    it(case.name, function()
      local question = decision.exchange_question("{}")

      local entry, err, kept_s = question.means(case.status, case.body, cases.now)
      local token, code = decision.exchanged(entry, cases.now)

      assert.is_nil(err)
      assert.are.equal(case.kept_s, kept_s)
      assert.are.equal(case.token, token)
      assert.are.equal(case.code, code)
    end)
  end

  it("whose token has expired in the cache is no exchange", function()
    local entry = { token = "a.b.c", expires_at = cases.now }

    assert.are.same({ nil, "service.unavailable" }, { decision.exchanged(entry, cases.now) })
  end)
end)
