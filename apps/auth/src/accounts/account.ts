/** One user's place in one tenant. */
export interface Membership {
  readonly tenantId: string;
  readonly userId: string;
  readonly role: string;
}

/** What a login is checked against. */
export interface StoredPassword {
  readonly userId: string;
  readonly passwordHash: string;
}

/** A user in one of their tenants, as the user may see it. */
export interface Account {
  readonly email: string;
  readonly tenantName: string;
  readonly role: string;
}

/** A tenant and its first user, to be made together. */
export interface NewTenant {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly userId: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly createdAt: Date;
}

/** Two spellings of one address that differ in case are one account. */
export const normalizeEmail = (email: string): string => email.toLowerCase();
