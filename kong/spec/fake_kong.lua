-- As much of Kong 3.9 as the handler touches, and as strict: a wrong argument fails here as it would there.
-- Real: JSON, SHA-256, ES256. Fake: the request, the cache with its clock, the connection to the auth service.
local cjson = require("cjson.safe")
local crypto = require("kong.spec.crypto")

local fake_kong = {}

local function check(condition, message)
  return condition or error(message, 3)
end

-- kong.cache over mlcache: keeps what a loader gives, serialised, for the seconds it names; a loader's error is not kept,
-- and brings back a value that has gone stale.
local function new_cache(clock)
  local entries = {}
  return {
    get = function(_, key, options, load, ...)
      check(type(key) == "string", "key must be a string")
      check(options == nil or type(options) == "table", "opts must be a table")
      check(type(load) == "function", "callback must be a function")
      local entry = entries[key]
      if entry and entry.till > clock.now then
        return cjson.decode(entry.value)
      end
      local value, err, ttl = load(...)
      if err then
        return entry and cjson.decode(entry.value), not entry and "failed to get from node cache: " .. err or nil
      end
      local text = check(cjson.encode(value), "only plain values can be cached")
      entries[key] = { value = text, till = clock.now + (ttl or 3600) }
      return cjson.decode(text)
    end,
  }
end

local function new_http(state)
  return {
    new = function()
      return {
        set_timeouts = function(_, connect, send, read)
          check(connect > 0 and send > 0 and read > 0, "three timeouts in milliseconds")
        end,
        request_uri = function(_, uri, params)
          check(uri:match("^https?://[^/]+$") and params.path:match("^/"), "bad address")
          check(params.body == nil or type(params.body) == "string", "the body must be a string")
          table.insert(state.asked, params.method .. " " .. uri .. params.path)
          local status, body = state.auth(params.method, params.path, params.body and cjson.decode(params.body))
          if not status then
            return nil, "connection refused"
          end
          return { status = status, body = type(body) == "table" and cjson.encode(body) or body }
        end,
      }
    end,
  }
end

local openssl_pkey = {
  new = function(text, options)
    check(type(text) == "string" and options.format == "JWK", "a JWK is given as text")
    local jwk = cjson.decode(text)
    return {
      verify = function(_, signature, signed, algorithm, padding, with)
        check(algorithm == "sha256" and padding == nil and with.ecdsa_use_raw == true, "not how ES256 is verified")
        return crypto.verify(jwk, signature, signed)
      end,
    }
  end,
}

local function new_pdk(state)
  return {
    cache = new_cache(state),
    client = { get_forwarded_ip = function() return state.address end },
    log = { err = function(...) table.insert(state.log, table.concat({ ... })) end },
    request = {
      get_header = function(name)
        local value = state.headers[name:lower()]
        return type(value) == "table" and value[1] or value
      end,
      get_headers = function(max)
        check(max > 1 and max <= 1000, "max_headers must be between 1 and 1000")
        return state.headers
      end,
    },
    response = {
      exit = function(status, body, headers)
        check(type(status) == "number" and (body == nil or type(body) == "string"), "bad arguments of exit")
        for name, value in pairs(headers) do
          check(type(name) == "string" and type(value) == "string", "invalid header " .. tostring(name))
        end
        state.answer = { status = status, body = cjson.decode(body), headers = headers }
        error(state.answer, 0) -- ends the phase, as ngx.exit does
      end,
    },
    service = { request = {
      set_header = function(name, value)
        check(type(value) == "string", "invalid header value")
        state.headers[name:lower()] = value
      end,
      clear_header = function(name) state.headers[name:lower()] = nil end,
    } },
  }
end

--- A Kong worker at the time `now` with the plugin freshly loaded. `auth(method, path, body)` answers for the auth service
-- (status and body; nothing where it is away) and may be replaced, as the client's `address` may; `asked` lists the calls; `access(headers, format)`
-- runs the phase and gives the answer, if the plugin gave one, and the headers that the service would see.
function fake_kong.start(now, auth)
  local state = { now = now, auth = auth, address = "192.0.2.1", asked = {}, log = {} }
  _G.kong = new_pdk(state)
  _G.ngx = { time = function() return state.now end }
  package.loaded["ngx.base64"] = { decode_base64url = crypto.decode_base64url }
  package.loaded["resty.http"] = new_http(state)
  package.loaded["resty.openssl.pkey"] = openssl_pkey
  package.loaded["kong.tools.sha256"] = { sha256_hex = crypto.sha256_hex }
  package.loaded["kong.plugins.parley-auth.handler"] = nil
  local handler = require("kong.plugins.parley-auth.handler")

  function state.access(headers, format)
    state.headers, state.answer = headers, nil
    local conf = { auth_url = "http://auth.service.consul:4001", error_format = format or "problem" }
    local ok, failure = pcall(handler.access, handler, conf)
    if not ok and failure ~= state.answer then
      error(failure, 0)
    end
    return state.answer, state.headers
  end

  return state
end

return fake_kong
