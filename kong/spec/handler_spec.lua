local cjson = require("cjson.safe")
local decision = require("kong.plugins.parley-auth.decision")
local fake_kong = require("kong.spec.fake_kong")
local tokens = require("kong.spec.tokens")

local cases = tokens.cases
local key = "ply_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf0StQ0k"

local function auth_service(_, path)
  if path == "/.well-known/jwks.json" then
    return 200, { keys = { tokens.ours.jwk } }
  end
  return 200, { access_token = "internal.jwt.of-key", expires_in = 60 }
end

local function away() end

describe("a request with an API key", function()
  it("goes on with the internal token, and without the key", function()
    local worker = fake_kong.start(cases.now, auth_service)

    local answer, headers = worker.access({ ["x-api-key"] = key, ["content-type"] = "application/json" })

    assert.is_nil(answer)
    assert.are.same({ ["authorization"] = "Bearer internal.jwt.of-key", ["content-type"] = "application/json" }, headers)
  end)

  it("is exchanged once for all requests until ten seconds before the token expires", function()
    local worker = fake_kong.start(cases.now, auth_service)
    worker.access({ authorization = "Bearer " .. key })
    worker.now = cases.now + 49
    worker.access({ ["x-api-key"] = key })
    assert.are.same({ "POST http://auth.service.consul:4001/internal/auth/exchange" }, worker.asked)

    worker.now = cases.now + 50
    worker.access({ ["x-api-key"] = key })

    assert.are.equal(2, #worker.asked)
  end)

  it("shows the auth service the key itself and the client's address, and the cache a hash only", function()
    local sent, seen = nil, {}
    local worker = fake_kong.start(cases.now, function(_, _, body)
      sent = body
      return auth_service()
    end)
    local get = kong.cache.get
    kong.cache.get = function(self, name, ...)
      table.insert(seen, name)
      return get(self, name, ...)
    end

    worker.access({ ["x-api-key"] = key })

    assert.are.same({ api_key = key, address = "192.0.2.1" }, sent)
    assert.are.equal(1, #seen)
    assert.is_truthy(seen[1]:match("^parley%-auth:key:%x+$"))
  end)

  it("is exchanged for each address that it is used from, since it may not be good at all of them", function()
    local worker = fake_kong.start(cases.now, function(_, _, body)
      if body.address == "192.0.2.1" then
        return auth_service()
      end
      return 403, { code = "credential.address_refused" }
    end)
    assert.is_nil((worker.access({ ["x-api-key"] = key })))

    worker.address = "2001:db8::7"
    local answer = worker.access({ ["x-api-key"] = key })

    assert.are.equal(403, answer.status)
    assert.are.equal("credential.address_refused", answer.body.code)
    assert.is_nil(answer.headers["WWW-Authenticate"])
  end)

  it("is exchanged without the address where the auth service is of the release before, and knows none", function()
    local worker = fake_kong.start(cases.now, function(_, _, body)
      if body.address then
        return 400, { code = "request.invalid" }
      end
      return auth_service()
    end)

    assert.is_nil((worker.access({ ["x-api-key"] = key })))
  end)

  it("is refused with a wrong checksum without asking the auth service", function()
    local worker = fake_kong.start(cases.now, auth_service)

    local answer = worker.access({ ["x-api-key"] = key:sub(1, -2) .. "l" })

    assert.are.equal(401, answer.status)
    assert.are.same({}, worker.asked)
  end)

  it("is refused for five seconds once the auth service has refused it", function()
    local worker = fake_kong.start(cases.now, function() return 401, { code = "credential.revoked" } end)

    for _ = 1, 3 do
      assert.are.equal("credential.revoked", worker.access({ ["x-api-key"] = key }).body.code)
    end
    assert.are.equal(1, #worker.asked)

    worker.now, worker.auth = cases.now + 5, auth_service
    assert.is_nil((worker.access({ ["x-api-key"] = key })))
  end)

  it("gets 503 with Retry-After while the auth service is away, and goes through a second after it is back", function()
    local worker = fake_kong.start(cases.now, away)

    local answer = worker.access({ ["x-api-key"] = key })
    assert.are.equal(503, answer.status)
    assert.are.equal("1", answer.headers["Retry-After"])
    assert.are.same({ "the auth service did not answer: connection refused" }, worker.log)

    worker.now, worker.auth = cases.now + 1, auth_service
    assert.is_nil((worker.access({ ["x-api-key"] = key })))
  end)

  it("gets 503 when the auth service answers with something that is not JSON", function()
    local worker = fake_kong.start(cases.now, function() return 200, "<html>" end)

    assert.are.equal(503, worker.access({ ["x-api-key"] = key }).status)
  end)
end)

describe("a request with a token", function()
  it("goes on with the same token as bearer, whichever header it came in", function()
    local worker = fake_kong.start(cases.now, auth_service)
    local token = tokens.make({})

    for _, sent in ipairs({ { authorization = "Bearer " .. token }, { ["x-api-key"] = token } }) do
      local answer, headers = worker.access(sent)
      assert.is_nil(answer)
      assert.are.same({ authorization = "Bearer " .. token }, headers)
    end
  end)

  for _, case in ipairs(cases.tokens) do
    if case.code then
      it("is refused: " .. case.name, function()
        local worker = fake_kong.start(cases.now, auth_service)

        local answer, headers = worker.access({ authorization = "Bearer " .. tokens.make(case) })

        assert.are.equal(401, answer.status)
        assert.are.equal(case.code, answer.body.code)
        assert.is_truthy(headers.authorization, "nothing was forwarded")
      end)
    end
  end

  it("of an unknown key id asks for the keys again at most once in five seconds", function()
    local worker = fake_kong.start(cases.now, auth_service)
    local forged = { authorization = "Bearer " .. tokens.make({ header = { kid = "unheard-of" } }) }

    for _ = 1, 5 do
      worker.access({ authorization = forged.authorization })
    end
    assert.are.equal(1, #worker.asked)

    worker.now = cases.now + 5
    worker.access({ authorization = forged.authorization })
    assert.are.equal(2, #worker.asked)
  end)

  it("goes on through an outage of the auth service while its key is known", function()
    local worker = fake_kong.start(cases.now, auth_service)
    local token = tokens.make({})
    worker.access({ authorization = "Bearer " .. token })

    worker.auth, worker.now = away, cases.now + 20

    assert.is_nil((worker.access({ authorization = "Bearer " .. token })))
  end)

  it("gets 503 with Retry-After while no key could be had", function()
    local worker = fake_kong.start(cases.now, away)

    local answer = worker.access({ authorization = "Bearer " .. tokens.make({}) })

    assert.are.equal(503, answer.status)
    assert.are.equal("1", answer.headers["Retry-After"])
  end)
end)

describe("a header that is not a client's to send", function()
  it("never reaches the service", function()
    local worker = fake_kong.start(cases.now, auth_service)
    local sent = { authorization = "Bearer " .. key }
    for _, name in ipairs(cases.foreign_headers) do
      sent[name] = name ~= "x-api-key" and "someone" or nil
    end

    local _, headers = worker.access(sent)

    assert.are.same({ authorization = "Bearer internal.jwt.of-key" }, headers)
    assert.are.same(cases.foreign_headers, decision.foreign_headers)
  end)

  it("is none that names the session", function()
    local worker = fake_kong.start(cases.now, auth_service)

    local _, headers = worker.access({ authorization = "Bearer " .. key, ["x-parley-session"] = "a-session" })

    assert.are.equal("a-session", headers["x-parley-session"])
  end)
end)

describe("a refusal", function()
  for _, case in ipairs(cases.refusals) do
    local what = case.code .. (case.detail and " with a detail" or "")
    it("of " .. what .. " reads in the format " .. case.format .. " as the services write it", function()
      local refusal = require("kong.plugins.parley-auth.refusal")

      local status, body, headers = refusal.answer(case.format, case.code, case.detail, "req-1", cjson.null)

      assert.are.equal(case.status, status)
      assert.are.same(case.body, body)
      assert.are.same(case.headers, headers)
    end)
  end

  for _, case in ipairs(cases.formats) do
    local client = case.anthropic_version and "Anthropic's client" or "any other client"
    it("on a route of format " .. case.configured .. " reads to " .. client .. " as " .. case.format, function()
      local worker = fake_kong.start(cases.now, auth_service)
      local refusal = require("kong.plugins.parley-auth.refusal")
      local sent = { ["anthropic-version"] = case.anthropic_version, ["x-request-id"] = "req-1" }

      local answer = worker.access(sent, case.configured)

      local _, body = refusal.answer(case.format, "request.unauthenticated", nil, "req-1", cjson.null)
      assert.are.same(body, answer.body)
    end)
  end

  it("is written in the format that the route asks for, with the id of the request", function()
    local worker = fake_kong.start(cases.now, auth_service)

    local answer = worker.access({ ["x-request-id"] = "req-7" }, "anthropic")

    assert.are.equal("error", answer.body.type)
    assert.are.equal("req-7", answer.body.request_id)
  end)
end)
