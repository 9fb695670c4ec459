import type { Measured } from '../rounds.ts';
import { badAnswers, judge, perSecondOf, speedsOf, type Mark, type Speed } from '../speeds.ts';
import type { Compared } from './compared.ts';
import type { TokenCheck } from './contest.ts';
import type { Exchange } from './exchanges.ts';
import type { Failure, Login } from './logins.ts';

export interface Measurements {
  readonly tokens: readonly Measured<TokenCheck>[];
  readonly exchanges: readonly Measured<Exchange>[];
  readonly logins: readonly Measured<Login>[];
  readonly failures: readonly Measured<Failure>[];
  /** Passwords that the service says it compared for `failures`. */
  readonly compared: Compared;
}

export interface Summary {
  readonly tokens: readonly (Speed<TokenCheck> & { readonly of_jsonwebtoken: number })[];
  readonly exchanges: readonly (Speed<Exchange> & { readonly of_token: number })[];
  readonly logins: readonly (Speed<Login> & { readonly of_argon2: number })[];
  readonly failures: readonly Speed<Failure>[];
  readonly compared: Compared;
  readonly marks: { readonly logins: Mark; readonly same_time: Mark };
  /** Why the run proves nothing; empty for a valid one. */
  readonly faults: readonly string[];
}

/** Of the bare rate of argon2. */
const loginsAtLeast = 0.9;
/** The shorter of two medians of the other. */
const sameTimeAtLeast = 0.95;

export function summarise({ tokens, exchanges, logins, failures, compared }: Measurements): Summary {
  const speeds = { tokens: speedsOf(tokens), exchanges: speedsOf(exchanges), logins: speedsOf(logins) };
  const bare = {
    jsonwebtoken: perSecondOf(speeds.tokens, 'jsonwebtoken'),
    token: perSecondOf(speeds.exchanges, 'token'),
    argon2: perSecondOf(speeds.logins, 'bare argon2'),
  };
  const failed = speedsOf(failures);
  const [shorter = 0, longer = 0] = failed.map(({ p50_ms }) => p50_ms).sort((a, b) => a - b);
  return {
    tokens: speeds.tokens.map((speed) => ({ ...speed, of_jsonwebtoken: speed.per_second / bare.jsonwebtoken })),
    exchanges: speeds.exchanges.map((speed) => ({ ...speed, of_token: speed.per_second / bare.token })),
    logins: speeds.logins.map((speed) => ({ ...speed, of_argon2: speed.per_second / bare.argon2 })),
    failures: failed,
    compared,
    marks: {
      logins: judge(perSecondOf(speeds.logins, 'parley') / bare.argon2, loginsAtLeast),
      same_time: judge(shorter / longer, sameTimeAtLeast),
    },
    faults: [
      ...[...Object.values(speeds), failed].flatMap(badAnswers),
      ...faultsOf(compared.account, answered(failures, 'with an account'), 'an account’s hash'),
      ...faultsOf(compared.nobody, answered(failures, 'without an account'), 'nobody’s hash'),
    ],
  };
}

const answered = (runs: readonly Measured<Failure>[], name: Failure): number =>
  runs.filter(({ contender }) => contender === name).reduce((sum, { good }) => sum + good, 0);

/** A failed login that compared nothing would be seen in its time. */
const faultsOf = (compared: number, failed: number, what: string): string[] =>
  compared === failed ? [] : [`${compared} passwords were compared with ${what} for ${failed} failed logins`];
