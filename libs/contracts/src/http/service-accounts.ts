import { z } from 'zod';
import { storedText } from '../storable.js';
import { overlapSeconds } from './api-keys.js';
import { pageOf } from './page.js';
import { grants, roleName } from './roles.js';

const name = storedText(100);

export const createServiceAccountRequest = z
  .strictObject({ name, role: roleName, permissions: grants.default([]) })
  .meta({ id: 'CreateServiceAccountRequest' });
export type CreateServiceAccountRequest = z.infer<typeof createServiceAccountRequest>;

export const updateServiceAccountRequest = z
  .strictObject({ name, role: roleName, permissions: grants })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'must change something')
  .meta({ id: 'UpdateServiceAccountRequest' });
export type UpdateServiceAccountRequest = z.infer<typeof updateServiceAccountRequest>;

/** Its `id` is the OAuth client id. */
export const serviceAccount = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    role: z.string(),
    permissions: z.array(z.string()).describe('Besides those of the role'),
    created_at: z.iso.datetime(),
    previous_secret_expires_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ServiceAccount' });
export type ServiceAccount = z.infer<typeof serviceAccount>;

export const serviceAccountWithSecret = serviceAccount
  .extend({ client_secret: z.string().describe('Shown this once') })
  .meta({ id: 'ServiceAccountWithSecret' });
export type ServiceAccountWithSecret = z.infer<typeof serviceAccountWithSecret>;

export const serviceAccountPage = pageOf(serviceAccount).meta({ id: 'ServiceAccountPage' });
export type ServiceAccountPage = z.infer<typeof serviceAccountPage>;

export const rotateSecretRequest = z
  .strictObject({ overlap_s: overlapSeconds })
  .prefault({})
  .meta({ id: 'RotateSecretRequest' });
export type RotateSecretRequest = z.infer<typeof rotateSecretRequest>;
