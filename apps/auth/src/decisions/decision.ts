import { builtInRoles, coveringGrant, rolePermissions, type Decision, type DecisionStep } from '@parley/contracts';
import type { StatedGrants } from '../api-keys/key-grants.js';
import type { Authority } from '../authority/authority.js';

/** A credential, which may let through less than its subject has. */
export interface Credential {
  readonly key?: StatedGrants | undefined;
  readonly tokenPermissions: Iterable<string>;
}

/** What is asked: whether the subject may do it, by this credential where one is given. */
export interface Question {
  readonly permission: string;
  readonly subject: string;
  readonly authority: Authority;
  readonly credential?: Credential | undefined;
}

/** A yes or a no, with what each part says to it. */
export function decide({ permission, subject, authority, credential }: Question): Decision {
  const step = (kind: DecisionStep['kind'], name: string | null, grants: Iterable<string>): DecisionStep => ({
    kind,
    name,
    grant: coveringGrant(new Set(grants), permission) ?? null,
  });
  const ofKey = ({ name, role, grants }: StatedGrants): DecisionStep => ({
    ...step('api_key', name, grants),
    ...(role !== null && { role }),
  });
  const sources = [
    step('role', authority.role, authority.roleGrants),
    step('own_permissions', null, authority.ownGrants),
  ];
  const bounds = [
    ...(credential?.key ? [ofKey(credential.key)] : []),
    ...(credential ? [step('token', null, credential.tokenPermissions)] : []),
  ];
  const source = sources.find(({ grant }) => grant !== null);
  const bound = bounds.find(({ grant }) => grant === null);
  return {
    allowed: source !== undefined && bound === undefined,
    permission,
    subject,
    explanation: source ? explain(source, bound, permission) : nobodyGrants(authority.role, permission),
    steps: [...sources, ...bounds],
  };
}

function explain(source: DecisionStep, bound: DecisionStep | undefined, permission: string): string {
  const covering = source.grant === permission ? permission : `${source.grant}, which covers ${permission}`;
  const granted = `${source.kind === 'role' ? `The role ${source.name}` : 'A permission of the subject’s own'} grants ${covering}`;
  if (!bound) return granted;
  if (bound.kind === 'token') return `${granted}; but the token does not have it: it was made for less`;
  const ofRole = bound.role === undefined ? '' : ` of the role ${bound.role}`;
  return `${granted}; but the API key “${bound.name}”${ofRole} does not have it`;
}

function nobodyGrants(role: string, permission: string): string {
  const enough = builtInRoles.filter((name) => coveringGrant(new Set(rolePermissions[name]), permission));
  return `Neither the role ${role} nor a permission of the subject’s own grants ${permission}; of the built-in roles these would: ${enough.join(', ')}`;
}
