import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorCode } from '@parley/contracts';

interface Named {
  readonly name: string;
}

export interface CredentialCase extends Named {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly kind?: string;
  readonly text?: string;
  readonly code?: ErrorCode;
  readonly detail?: string;
}

export interface TokenCase extends Named {
  /** Changes to the header and to the claims; null takes a field away. */
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Claims that stand in the place of the signed ones. */
  readonly tampered?: Readonly<Record<string, unknown>>;
  readonly token?: string;
  readonly signer?: 'stranger' | 'nobody' | 'our public key as a secret';
  readonly code?: ErrorCode;
}

export interface ExchangeCase extends Named {
  /** The auth service's answer; without a status it gives none. */
  readonly status?: number;
  readonly body?: object;
  readonly token?: string;
  readonly code?: ErrorCode;
}

export interface RefusalCase {
  readonly format: 'problem' | 'openai' | 'anthropic';
  readonly code: ErrorCode;
  readonly status: number;
  readonly detail?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** How a refusal reads on a route, by the client that is refused. */
interface FormatCase {
  readonly configured: RefusalCase['format'] | 'by_client';
  readonly anthropic_version?: string;
  readonly format: RefusalCase['format'];
}

interface Decisions {
  /** Seconds since the epoch, the time of every case. */
  readonly now: number;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly credentials: readonly CredentialCase[];
  readonly tokens: readonly TokenCase[];
  readonly exchanges: readonly ExchangeCase[];
  readonly refusals: readonly RefusalCase[];
  readonly formats: readonly FormatCase[];
  readonly foreign_headers: readonly string[];
}

/** The cases that Kong's plugin and the embedded edge must answer alike. */
export const decisions = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../kong/spec/decisions.json'), 'utf8'),
) as Decisions;
