import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installPackage } from '../../tools/stack/servers/apt.ts';
import { findProgram } from '../../tools/stack/servers/programs.ts';
import type { Report } from '../../tools/stack/report.ts';

const run = promisify(execFile);

export interface Load {
  readonly url: string;
  /** Default POST. */
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What is sent in turn, in place of what all requests have. */
  readonly turns?: readonly Turn[];
  /** Each turn is taken once, which ends the load, if the time does not. */
  readonly once?: boolean;
  /** Of a good answer; default any 2xx. */
  readonly status?: number;
  /** Text that every good answer contains. */
  readonly expect: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface Turn {
  readonly path?: string;
  readonly body?: string;
  /** A token or key. */
  readonly credential?: string;
}

export interface Result {
  /** Of the expected status, with the expected text. */
  readonly good: number;
  /** Other answers, and requests that got none. */
  readonly bad: number;
  /** Good answers a second, of those that came within the time. */
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** After the time is up no request begins, and those under way have this long to end: so that no answer goes uncounted. */
const graceSeconds = 2;

/** The load generator: wrk, in C, so that the load takes as little as possible from what is measured. */
export async function installLoad(report: Report): Promise<void> {
  if (findProgram(['wrk']) === undefined) await installPackage('wrk', 'wrk', report);
}

/** Asks on so many connections, each with its next request as soon as it has its answer. */
export async function load(options: Load): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  try {
    const script = join(folder, 'load.lua');
    await writeFile(script, toLua(options));
    const duration = `-d${Math.ceil(options.seconds + graceSeconds)}s`;
    const { stdout } = await run('wrk', ['-t1', `-c${options.connections}`, duration, '-s', script, options.url]);
    const line = stdout.split('\n').find((each) => each.startsWith('RESULT '));
    if (line === undefined) throw new Error(`wrk gave no result:\n${stdout}`);
    return JSON.parse(line.slice('RESULT '.length)) as Result;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A script as wrk's SCRIPTING document describes it; `setup` and `done` run outside of the one thread, the rest in it. */
const toLua = ({ method = 'POST', headers, body, turns = [], once, expect, status, seconds }: Load) => `
local ffi = require("ffi")
ffi.cdef[[
  typedef struct { long seconds; long microseconds; } timeval;
  int gettimeofday(timeval *now, void *zone);
  int getpid(void);
  int kill(int pid, int signal);
]]
local clock = ffi.new("timeval")
local function now()
  ffi.C.gettimeofday(clock, nil)
  return tonumber(clock.seconds) + tonumber(clock.microseconds) / 1e6
end

wrk.method = ${quote(method)}
${body === undefined ? '' : `wrk.body = ${quote(body)}`}
${Object.entries({ 'content-type': 'application/json', ...headers })
  .map(([name, value]) => `wrk.headers[${quote(name)}] = ${quote(value)}`)
  .join('\n')}

${turns.length > 0 ? inTurn(turns) : ''}
-- Of those once each the first is lost: wrk builds one request before it begins.
local left, open = ${once ? turns.length - 1 : 'math.huge'}, 0
local worker
function setup(thread) worker = thread end

function init()
  good, bad, late = 0, 0, 0
  began = now()
  stop = began + ${seconds}
  ended = stop
end

-- Milliseconds before the next request of a connection: none, and at the end longer than wrk runs. With the last answer
-- an interrupt ends wrk, with a summary as usual.
function delay()
  if now() > stop or left == 0 then
    if open == 0 then ffi.C.kill(ffi.C.getpid(), 2) end
    return 3600000
  end
  left = left - 1
  open = open + 1
  return 0
end

function response(status, headers, body)
  open = open - 1
  local expected = ${status === undefined ? 'status > 199 and status < 300' : `status == ${status}`}
  if not expected or not body:find(${quote(expect)}, 1, true) then bad = bad + 1
  else
    good = good + 1
    if now() > stop then late = late + 1 elseif left == 0 then ended = now() end
  end
end

function done(summary, latency)
  local errors = summary.errors
  local good, late = worker:get("good"), worker:get("late")
  local bad = worker:get("bad") + errors.connect + errors.read + errors.write + errors.timeout
  print(string.format('RESULT {"good":%d,"bad":%d,"perSecond":%.1f,"p50Ms":%.3f,"p95Ms":%.3f,"p99Ms":%.3f}', good, bad,
    (good - late) / (worker:get("ended") - worker:get("began")), latency:percentile(50) / 1000,
    latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
`;

/** Without it wrk sends one request that it has built beforehand. */
const inTurn = (turns: readonly Turn[]): string => `
local turns, turn = { ${turns.map(table).join(', ')} }, 0
function request()
  turn = turn % #turns + 1
  local own = turns[turn]
  if own.credential then wrk.headers["authorization"] = "Bearer " .. own.credential end
  return wrk.format(nil, own.path, nil, own.body)
end
`;

const table = (turn: Turn): string =>
  `{ ${Object.entries(turn)
    .map(([name, value]) => `${name} = ${quote(String(value))}`)
    .join(', ')} }`;

const quote = (text: string) => `"${text.replace(/["\\\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))}"`;
