import type { CheckedUser } from '../passwords/password-check.js';

/** One user's place in one tenant. */
export interface Membership {
  readonly tenantId: string;
  readonly userId: string;
  readonly role: string;
}

/** A user or service account in its tenant, as it may see itself. */
export interface Account {
  /** Null for a service account. */
  readonly email: string | null;
  readonly tenantName: string;
  readonly role: string;
}

export interface NewUser {
  readonly userId: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly createdAt: Date;
}

export interface NewMembership extends Membership {
  /** Besides those of the role. */
  readonly permissions: readonly string[];
  /**
   * Whether the user has to show first that the address is theirs. Somebody else may have made their account, in a
   * tenant of their own and with a password of their own, and waited for this membership.
   */
  readonly needsProof: boolean;
  readonly createdAt: Date;
}

/** Somebody who comes into a tenant, with an account or with the password of the one that they get. */
export type Newcomer =
  | { readonly email: string; readonly accountId: string }
  | { readonly email: string; readonly accountId?: undefined; readonly passwordHash: string };

/** A newcomer who has shown the password: of their account, or for the one that they get. */
export type PresentNewcomer = Newcomer & { readonly checked?: CheckedUser };

/** A tenant and its first user, to be made together. */
export interface NewTenant extends NewUser {
  readonly tenantId: string;
  readonly tenantName: string;
}

/** Two spellings of one address that differ in case are one account. */
export const normalizeEmail = (email: string): string => email.toLowerCase();
