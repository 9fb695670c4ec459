import {
  AppError,
  type Interruption,
  type LostUsage,
  type TurnQuestion,
  type TurnUsage,
  type VendorName,
} from '@parley/contracts';

/** Who asked for a turn, and how; null in turns that a gateway or an instance of the release before opened. */
export interface Asked {
  readonly subject: string | null;
  readonly apiKeyId: string | null;
  readonly dialect: VendorName | null;
  readonly streamed: boolean | null;
  /** Estimated: what the model was given to read. */
  readonly inputTokens: number | null;
}

interface Base extends Asked {
  readonly tenantId: string;
  readonly id: string;
  readonly sessionId: string;
  /** As the request or the session names it. */
  readonly model: string;
  readonly requestId: string;
  /** The session's head before the turn. */
  readonly baseId: string | null;
  /** The message that holds what has come of the answer, once anything has. */
  readonly answerId: string | null;
  readonly openedAt: Date;
  /** What the answer has used, as its gateway counted last; null before that. */
  readonly usage: TurnUsage | null;
  /** Somebody has asked for its end. */
  readonly stopping: boolean;
}

export type OpenTurn = Base & { readonly status: 'open' };
export type CompletedTurn = Base & { readonly status: 'completed'; readonly answerId: string; readonly endedAt: Date };
export type InterruptedTurn = Base & {
  readonly status: 'interrupted';
  readonly reason: Interruption;
  readonly endedAt: Date;
};

/** A turn is being answered, was answered whole, or broke off. What has ended stays as it is. */
export type Turn = OpenTurn | CompletedTurn | InterruptedTurn;

/** Who begins a turn, as the token says or as it said when the turn began to wait. */
export interface Beginner {
  readonly subject: string;
  readonly keyId?: string | null | undefined;
}

export const askedBy = ({ subject, keyId }: Beginner, question: TurnQuestion | undefined): Asked => ({
  subject,
  apiKeyId: keyId ?? null,
  dialect: question?.dialect ?? null,
  streamed: question?.streamed ?? null,
  inputTokens: question?.input_tokens ?? null,
});

/** For the record of a turn whose gateway was lost; undefined where nobody knows how it was asked for. */
export function lostUsage(turn: Turn): LostUsage | undefined {
  const { subject, apiKeyId, dialect, streamed, inputTokens, requestId, usage } = turn;
  if (subject === null || dialect === null || streamed === null) return undefined;
  return {
    request_id: requestId,
    subject,
    api_key_id: apiKeyId,
    dialect,
    streamed,
    input_tokens: inputTokens ?? 0,
    ...(usage && { counted: usage }),
  };
}

/** Of a turn whose id is taken. */
export const ofAnotherSession = (): AppError =>
  new AppError('request.invalid', { fields: [{ path: 'turn_id', message: 'is of another session' }] });

/** @throws AppError turn.ended. */
export function assertOpen(turn: Turn): asserts turn is OpenTurn {
  if (turn.status !== 'open') throw new AppError('turn.ended', { detail: `The turn was ${turn.status}` });
}

export const complete = (turn: OpenTurn, answerId: string, now: Date): CompletedTurn => ({
  ...turn,
  status: 'completed',
  answerId,
  endedAt: now,
});

export const interrupt = (
  turn: OpenTurn,
  answerId: string | null,
  reason: Interruption,
  now: Date,
): InterruptedTurn => ({ ...turn, status: 'interrupted', answerId, reason, endedAt: now });

/**
 * Whether the conversation goes back to where it was before the turn: the caller was told that it failed, nothing of an
 * answer came, and who asks again would otherwise have asked twice.
 */
export const isUndone = ({ reason, answerId }: InterruptedTurn): boolean => reason === 'failed' && answerId === null;

export const durationMs = ({ openedAt }: Turn, now: Date): number => Math.max(0, now.getTime() - openedAt.getTime());
