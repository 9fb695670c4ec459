-- The form of an API key, as @parley/identity mints it: "ply_", 43 digits of base 62, and the CRC-32 of
-- those 47 characters as 6 more. A typo is told from a key without asking the auth service.

local api_key = {}

local alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
local checksum_digits = 6

-- LuaJIT has `bit`; plain Lua 5.1, which runs the specs where there is no LuaJIT, has not.
local has_bit, bit = pcall(require, "bit")

local function xor_by_arithmetic(a, b)
  local result, place = 0, 1
  while a > 0 or b > 0 do
    if a % 2 ~= b % 2 then
      result = result + place
    end
    a, b, place = math.floor(a / 2), math.floor(b / 2), place * 2
  end
  return result
end

local function xor(a, b)
  if has_bit then
    return bit.bxor(a, b) % 0x100000000 -- bit works on signed numbers
  end
  return xor_by_arithmetic(a, b)
end

-- CRC-32 as in zlib: polynomial 0xEDB88320, reflected.
local function crc32(text)
  local crc = 0xFFFFFFFF
  for i = 1, #text do
    crc = xor(crc, text:byte(i))
    for _ = 1, 8 do
      local odd = crc % 2 == 1
      crc = math.floor(crc / 2)
      if odd then
        crc = xor(crc, 0xEDB88320)
      end
    end
  end
  return xor(crc, 0xFFFFFFFF)
end

local function base62(value, digits)
  local text = {}
  for i = digits, 1, -1 do
    local digit = value % 62
    text[i] = alphabet:sub(digit + 1, digit + 1)
    value = (value - digit) / 62
  end
  return table.concat(text)
end

--- True when form and checksum are right. Says nothing about validity.
function api_key.well_formed(text)
  if #text ~= 53 or not text:match("^ply_%w+$") then
    return false
  end
  return text:sub(-checksum_digits) == base62(crc32(text:sub(1, -checksum_digits - 1)), checksum_digits)
end

return api_key
