-- What a refused caller reads: the same status, code and body that the services themselves answer (libs/contracts,
-- apps/gateway/src/dialects); kong/spec/decisions.json holds both to it.

local refusal = {}

local codes = {
  ["request.unauthenticated"] = { status = 401, title = "No credential was given" },
  ["credential.invalid"] = { status = 401, title = "The credential is not valid" },
  ["credential.expired"] = { status = 401, title = "The credential has expired" },
  ["credential.revoked"] = { status = 401, title = "The credential was revoked" },
  ["credential.address_refused"] = { status = 403, title = "The key may not be used from this address" },
  ["service.unavailable"] = { status = 503, title = "A part that the request needs is not available", retry_after = "1" },
}

local formats = {}

-- RFC 6750 §3.
local function challenge(code)
  if code == "request.unauthenticated" then
    return "Bearer"
  end
  return codes[code].status == 401 and 'Bearer error="invalid_token"' or nil
end

function formats.problem(code, definition, detail, request_id)
  return "application/problem+json", {
    type = "urn:parley:error:" .. code,
    title = definition.title,
    status = definition.status,
    code = code,
    detail = detail,
    request_id = request_id,
  }
end

local openai_types = { [401] = "authentication_error", [403] = "permission_error" }
local anthropic_types = { [401] = "authentication_error", [403] = "permission_error", [503] = "overloaded_error" }

-- OpenAI's clients look for this code; the rest are ours.
local function openai_code(code, status)
  return code:match("^credential%.") and status == 401 and "invalid_api_key" or code
end

function formats.openai(code, definition, detail, _, null)
  local kind = openai_types[definition.status] or "server_error"
  local message, vendor_code = detail or definition.title, openai_code(code, definition.status)
  return "application/json", {
    error = { message = message, type = kind, param = null, code = vendor_code },
  }
end

function formats.anthropic(code, definition, detail, request_id)
  local kind = anthropic_types[definition.status]
  return "application/json", {
    type = "error",
    error = { type = kind, message = detail or definition.title, details = { error_code = code } },
    request_id = request_id,
  }
end

--- The format of a refusal. On paths that both vendors have the client tells: Anthropic's always send its version header.
function refusal.format(conf, headers)
  if conf.error_format ~= "by_client" then
    return conf.error_format
  end
  return headers["anthropic-version"] and "anthropic" or "openai"
end

--- Status, body (a table) and headers of a refusal. `null` is what the JSON encoder writes as null.
function refusal.answer(format, code, detail, request_id, null)
  local definition = codes[code]
  local content_type, body = formats[format](code, definition, detail, request_id, null)
  return definition.status, body, {
    ["Content-Type"] = content_type,
    ["Retry-After"] = definition.retry_after,
    ["WWW-Authenticate"] = challenge(code),
  }
end

return refusal
