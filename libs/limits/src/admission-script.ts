/** The numbers before those of windows and places. */
export const headArguments = 4;

/**
 * One call's windows and places, all of them or none. KEYS are its windows, then the sets of who is in. ARGV are how many
 * calls ask alike (as many go through as fit), how many of the KEYS are windows, the lease of a place and its id; then of
 * each window limit, length, cost and need, as in sliding-window.ts, and of each set its limit.
 *
 * The time is the Redis server's: the instances' own clocks differ, and a window that several of them share must not jump
 * between them. A window is `startedAt current previous`, and ends when it can no longer weigh on anything. A set has each
 * place by the time at which it ends unless it is renewed.
 */
export const admissionScript = `
local calls, windows, lease = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local allowed, at, states = calls, ${headArguments}, {}
for i = 1, windows do
  local limit, window, cost, needs = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
  at = at + 4
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
  states[i] = { started, current, previous, elapsed, window, cost }
end
local places = {}
for i = windows + 1, #KEYS do
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
  places[i] = redis.call('ZCARD', KEYS[i])
  at = at + 1
  if places[i] >= tonumber(ARGV[at]) then allowed = 0 end
end
local reply = { allowed }
for i = 1, windows do
  local started, current, previous, elapsed, window, cost = unpack(states[i])
  if allowed > 0 and cost > 0 then
    current = current + allowed * cost
    local value = string.format('%.0f %.0f %.0f', started, current, previous)
    redis.call('SET', KEYS[i], value, 'PX', 2 * window - elapsed)
  end
  reply[#reply + 1], reply[#reply + 2], reply[#reply + 3] = current, previous, elapsed
end
for i = windows + 1, #KEYS do
  if allowed > 0 then
    redis.call('ZADD', KEYS[i], now + lease, ARGV[4])
    redis.call('PEXPIRE', KEYS[i], lease)
  end
  reply[#reply + 1] = places[i]
end
return reply
`;
