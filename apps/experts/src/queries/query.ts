import { hash } from 'node:crypto';
import {
  AppError,
  errorCodes,
  type ErrorCode,
  type ExpertAnswer,
  type ExpertQuery,
  type ExpertQuestion,
} from '@parley/contracts';
import { validate as isUuid } from 'uuid';
import { mostCentral } from '../consensus/medoid.js';
import { plurality, type Consensus } from '../consensus/plurality.js';

/** A query as stored, without its answers. It runs until it is answered, fails, or is interrupted. */
export interface StoredQuery extends Consensus {
  readonly id: string;
  readonly status: ExpertQuery['status'];
  readonly question: string;
  readonly options: readonly string[] | null;
  readonly requestHash: string;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/** The end of a query whose experts have all answered, or not. */
export interface Conclusion extends Consensus {
  readonly status: 'answered' | 'failed';
  /** Answers that count. */
  readonly answered: number;
}

/** Failed and late experts change nothing, as long as there is one that said anything. */
export function conclude(answers: readonly ExpertAnswer[], voting: boolean): Conclusion {
  const counted = answers.flatMap(({ status, answer }) => (status === 'answered' && answer !== null ? [answer] : []));
  const spoke = answers.some(({ status }) => status === 'answered' || status === 'unclear');
  const consensus = voting ? plurality(counted) : mostCentral(counted);
  return { ...consensus, status: spoke ? 'answered' : 'failed', answered: counted.length };
}

const isKnown = (code: string | null): code is ErrorCode => code !== null && code in errorCodes;

/** Limits of callers are by the minute, so after one the next call is let in. */
const limitWindowMs = 60_000;

/**
 * Why nobody answered. Where the gateway refused the caller, and every time for the same reason, that is the reason;
 * anything else is the circle's own failure.
 */
export function failureOf(queryId: string, answers: readonly ExpertAnswer[]): AppError {
  const codes = new Set(answers.map(({ error_code }) => error_code));
  const [code = null, other] = codes;
  const refused = other === undefined && isKnown(code) && /^(request|credential)\./.test(code);
  const detail = `No expert gave an answer; the query ${queryId} tells why`;
  const isLimit = refused && code === 'request.rate_limited';
  return new AppError(refused ? code : 'circle.failed', { detail, ...(isLimit && { retryAfterMs: limitWindowMs }) });
}

/** Equal for questions that are the same to the letter. */
export const hashOf = ({ question, options, model }: ExpertQuestion): string =>
  hash('sha256', JSON.stringify([question, options ?? null, model ?? null]));

/** The session that a query is asked in, by the header that says so; null outside of one. */
export function sessionOf(askedIn: string | undefined): string | null {
  const [session = ''] = askedIn?.split('/') ?? [];
  return isUuid(session) ? session : null;
}

/** What callers see of a query. */
export const toExpertQuery = (query: StoredQuery, answers: readonly ExpertAnswer[]): ExpertQuery => ({
  id: query.id,
  status: query.status,
  question: query.question,
  options: query.options && [...query.options],
  consensus: query.consensus,
  agreement: query.agreement,
  answers: [...answers],
  created_at: query.createdAt.toISOString(),
  finished_at: query.finishedAt?.toISOString() ?? null,
});
