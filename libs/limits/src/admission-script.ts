/**
 * One call's windows and places, all of them or none. KEYS are its windows, then the sets of who is in. ARGV are how many
 * calls ask alike (as many go through as fit), how many of the KEYS are windows, the lease of a place and its id; then of
 * each window limit, length, cost and need, as in sliding-window.ts, and of each set its limit. The reply is how many calls
 * go through; then of each window its counts and how long ago it began, and of each set how many were in.
 *
 * The time is the Redis server's: the instances' own clocks differ, and a window that several of them share must not jump
 * between them. A window is `startedAt current previous`, and ends when it can no longer weigh on anything. A set has each
 * place by the time at which it ends unless it is renewed.
 */
export const admissionScript = `
local windows = tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local allowed, reply = tonumber(ARGV[1]), { 0 }
for i = 1, windows do
  local at = 4 * i
  local limit, window, cost, needs = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
  local started, current, previous = now, 0, 0
  local kept = redis.call('GET', KEYS[i])
  if kept then
    local s, c, p = string.match(kept, '^(%d+) (%d+) (%d+)$')
    s, c, p = tonumber(s), tonumber(c), tonumber(p)
    if now < s + window then
      started, current, previous = math.min(s, now), c, p
    elseif now < s + 2 * window then
      started, previous = s + window, c
    end
  end
  local elapsed = now - started
  if needs > 0 then
    local over = (limit - current - needs) * window - previous * (window - elapsed)
    if over < 0 then allowed = 0
    elseif cost > 0 then allowed = math.min(allowed, math.floor(over / (cost * window)) + 1) end
  end
  reply[3 * i - 1], reply[3 * i], reply[3 * i + 1] = current, previous, elapsed
end
local limits, counts = 4 * windows + 4 - windows, 2 * windows + 1
for i = windows + 1, #KEYS do
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
  local inside = redis.call('ZCARD', KEYS[i])
  if inside >= tonumber(ARGV[limits + i]) then allowed = 0 end
  reply[counts + i] = inside
end
reply[1] = allowed
if allowed == 0 then return reply end
for i = 1, windows do
  local window, cost = tonumber(ARGV[4 * i + 2]), tonumber(ARGV[4 * i + 3])
  if cost > 0 then
    local current, previous, elapsed = reply[3 * i - 1] + allowed * cost, reply[3 * i], reply[3 * i + 1]
    local value = string.format('%.0f %.0f %.0f', now - elapsed, current, previous)
    redis.call('SET', KEYS[i], value, 'PX', 2 * window - elapsed)
    reply[3 * i - 1] = current
  end
end
local lease = tonumber(ARGV[3])
for i = windows + 1, #KEYS do
  redis.call('ZADD', KEYS[i], now + lease, ARGV[4])
  redis.call('PEXPIRE', KEYS[i], lease)
end
return reply
`;
