import { z } from 'zod';
import { storedText } from '../storable.js';
import { pageOf } from './page.js';
import { grants, roleName } from './roles.js';

/** At most 254 characters (RFC 5321 §4.5.3.1.3); case makes no difference. */
export const emailAddress = z.email().max(254);

/**
 * 8 characters at least (OWASP Authentication Cheat Sheet) and 1,024 at most; no rule on their kinds. One that is on the
 * list of common passwords is refused.
 */
export const newPassword = z.string().min(8).max(1_024);

export const tenant = z
  .strictObject({ id: z.uuid(), name: z.string(), created_at: z.iso.datetime() })
  .meta({ id: 'Tenant' });
export type Tenant = z.infer<typeof tenant>;

export const updateTenantRequest = z.strictObject({ name: storedText(100) }).meta({ id: 'UpdateTenantRequest' });
export type UpdateTenantRequest = z.infer<typeof updateTenantRequest>;

/**
 * Either a tenant of one's own, by email and `tenant_name`, or a place in an existing one, by `invitation_token`: then the
 * address is the invitation's, and an account that has it already must give its password. Whoever made that account may
 * know it too: unless a password reset has shown whose the address is, `new_password` takes its place.
 */
export const registerRequest = z
  .strictObject({
    password: newPassword,
    email: emailAddress.optional(),
    tenant_name: storedText(100).optional(),
    invitation_token: z.string().min(1).max(200).optional(),
    new_password: newPassword
      .optional()
      .describe('Of an account that exists, from the acceptance of the invitation on; all its logins end'),
  })
  .refine(
    ({ email, tenant_name, invitation_token }) =>
      invitation_token === undefined
        ? email !== undefined && tenant_name !== undefined
        : email === undefined && tenant_name === undefined,
    'must have email and tenant_name, or invitation_token',
  )
  .refine(({ new_password, invitation_token }) => new_password === undefined || invitation_token !== undefined, {
    path: ['new_password'],
    error: 'goes with an invitation_token',
  })
  .refine(({ new_password, password }) => new_password !== password, {
    path: ['new_password'],
    error: 'must be another than password',
  })
  .meta({ id: 'RegisterRequest' });
export type RegisterRequest = z.infer<typeof registerRequest>;

/** The same whether the address had an account or not; then nothing has changed. */
export const registration = z.strictObject({ email: z.string(), tenant_name: z.string() }).meta({ id: 'Registration' });
export type Registration = z.infer<typeof registration>;

export const user = z
  .strictObject({
    id: z.uuid(),
    email: z.string(),
    role: z.string(),
    permissions: z.array(z.string()).describe('Besides those of the role'),
    created_at: z.iso.datetime().describe('When the user joined the tenant'),
    last_login_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof user>;

export const userPage = pageOf(user).meta({ id: 'UserPage' });
export type UserPage = z.infer<typeof userPage>;

/** `password` is what a new account starts with; an address that has an account, in whichever tenant, keeps its own. */
export const createUserRequest = z
  .strictObject({ email: emailAddress, password: newPassword, role: roleName, permissions: grants.default([]) })
  .meta({ id: 'CreateUserRequest' });
export type CreateUserRequest = z.infer<typeof createUserRequest>;

export const updateUserRequest = z
  .strictObject({ role: roleName, permissions: grants })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'must change something')
  .meta({ id: 'UpdateUserRequest' });
export type UpdateUserRequest = z.infer<typeof updateUserRequest>;

export const createInvitationRequest = z
  .strictObject({
    email: emailAddress,
    role: roleName,
    expires_in_s: z.int().min(60).max(2_592_000).default(604_800).describe('7 days by default, 30 at most'),
  })
  .meta({ id: 'CreateInvitationRequest' });
export type CreateInvitationRequest = z.infer<typeof createInvitationRequest>;

export const invitation = z
  .strictObject({
    id: z.uuid(),
    email: z.string(),
    role: z.string(),
    status: z.enum(['pending', 'accepted', 'revoked', 'expired']),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: 'Invitation' });
export type Invitation = z.infer<typeof invitation>;

export const createdInvitation = invitation
  .extend({ token: z.string().describe('For the person who is invited; shown this once') })
  .meta({ id: 'CreatedInvitation' });
export type CreatedInvitation = z.infer<typeof createdInvitation>;

export const invitationPage = pageOf(invitation).meta({ id: 'InvitationPage' });
export type InvitationPage = z.infer<typeof invitationPage>;

export const changePasswordRequest = z
  .strictObject({ current_password: z.string().min(1).max(1_024), new_password: newPassword })
  .meta({ id: 'ChangePasswordRequest' });
export type ChangePasswordRequest = z.infer<typeof changePasswordRequest>;

export const requestPasswordReset = z.strictObject({ email: emailAddress }).meta({ id: 'RequestPasswordReset' });
export type RequestPasswordReset = z.infer<typeof requestPasswordReset>;

export const resetPasswordRequest = z
  .strictObject({ token: z.string().min(1).max(200), new_password: newPassword })
  .meta({ id: 'ResetPasswordRequest' });
export type ResetPasswordRequest = z.infer<typeof resetPasswordRequest>;
