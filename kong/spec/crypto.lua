-- ES256 and SHA-256 as Kong has them from lua-resty-openssl, here by luaossl over the same libcrypto.
local digest = require("openssl.digest")
local hmac = require("openssl.hmac")
local pkey = require("openssl.pkey")

local crypto = {}

local digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

function crypto.encode_base64url(bytes)
  local bits = bytes:gsub(".", function(char)
    local byte, text = char:byte(), ""
    for _ = 1, 8 do
      text = byte % 2 .. text
      byte = math.floor(byte / 2)
    end
    return text
  end)
  bits = bits .. ("0"):rep(-#bits % 6)
  return (bits:gsub("%d%d%d%d%d%d", function(six)
    local at = tonumber(six, 2) + 1
    return digits:sub(at, at)
  end))
end

--- nil where a character is not of the alphabet, as in ngx.base64.
function crypto.decode_base64url(text)
  if text:match("[^%w_-]") or #text % 4 == 1 then
    return nil
  end
  local bits = text:gsub(".", function(char)
    local value, six = digits:find(char, 1, true) - 1, ""
    for _ = 1, 6 do
      six = value % 2 .. six
      value = math.floor(value / 2)
    end
    return six
  end)
  return (bits:sub(1, #bits - #bits % 8):gsub("%d%d%d%d%d%d%d%d", function(eight)
    return string.char(tonumber(eight, 2))
  end))
end

function crypto.sha256_hex(text)
  return (digest.new("sha256"):final(text):gsub(".", function(char) return ("%02x"):format(char:byte()) end))
end

function crypto.hmac_sha256(secret, text)
  return hmac.new(secret, "sha256"):final(text)
end

-- A public P-256 key in DER (RFC 5480) is this and the 64 bytes of the point.
local spki = "\48\89\48\19\6\7\42\134\72\206\61\2\1\6\8\42\134\72\206\61\3\1\7\3\66\0\4"

local function public_der(key)
  return key:toPEM("public"):gsub("%-%-.-%-%-\n", ""):gsub("\n", "")
end

--- A new key pair: signs, and gives its public half as a JWK and as PEM.
function crypto.new_key(kid)
  local key = pkey.new({ type = "EC", curve = "prime256v1" })
  local der = crypto.decode_base64url((public_der(key):gsub("+", "-"):gsub("/", "_"):gsub("=", "")))
  local x, y = der:sub(-64, -33), der:sub(-32)
  return {
    pem = key:toPEM("public"),
    jwk = {
      kty = "EC", crv = "P-256", kid = kid, alg = "ES256", use = "sig",
      x = crypto.encode_base64url(x), y = crypto.encode_base64url(y),
    },
    sign = function(text) return crypto.raw(key:sign(digest.new("sha256"):update(text))) end,
  }
end

local function padded(number)
  return ("\0"):rep(32 - #number) .. number:sub(-32)
end

--- The 64 bytes r, s of JWS (RFC 7518 §3.4) from the DER sequence that OpenSSL signs.
function crypto.raw(der)
  local r_length = der:byte(4)
  return padded(der:sub(5, 4 + r_length)) .. padded(der:sub(7 + r_length))
end

local function integer(number)
  number = number:gsub("^%z+", "")
  if number:byte(1) == nil or number:byte(1) > 127 then
    number = "\0" .. number
  end
  return "\2" .. string.char(#number) .. number
end

--- Whether `signature` (64 bytes) is that of `text` under a public JWK.
function crypto.verify(jwk, signature, text)
  local point = crypto.decode_base64url(jwk.x) .. crypto.decode_base64url(jwk.y)
  local sequence = integer(signature:sub(1, 32)) .. integer(signature:sub(33))
  local ok, result = pcall(function()
    local key = pkey.new(spki .. point, "DER")
    return key:verify("\48" .. string.char(#sequence) .. sequence, digest.new("sha256"):update(text))
  end)
  return ok and result
end

return crypto
