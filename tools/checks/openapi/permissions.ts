import { demandsCredential, operationsOf, type OpenApi, type Operation, type Schema } from './document.ts';

/** Every service with its document, where it has one. */
export type Documents = Readonly<Record<string, OpenApi | undefined>>;

/** The permissions that there are, as the auth service's own document lists them. */
function listed(documents: Documents): readonly unknown[] {
  const list = documents['auth']?.components?.schemas?.['PermissionList'] ?? {};
  const entry = field(list, 'data').items ?? {};
  return field(entry, 'permission').enum ?? [];
}

const field = ({ properties }: Schema, name: string): Schema => properties?.[name] ?? {};

/**
 * What is wrong with who may call what, by service, in sentences: each route of each service says whether anybody may
 * call it, every caller, or one with a certain permission; and each permission opens some route.
 */
export function permissionFaults(documents: Documents): ReadonlyMap<string, readonly string[]> {
  const known = listed(documents);
  const faults = Object.entries(documents).map(([service, document]) => [service, faultsOf(document, known)] as const);
  return new Map([...faults, ['GET /v1/permissions', idle(documents, known)]]);
}

function faultsOf(document: OpenApi | undefined, known: readonly unknown[]): string[] {
  const operations = document ? [...operationsOf(document)] : [];
  if (operations.length === 0) return ['documents no route'];
  return operations.flatMap(([name, operation]) => faultOf(operation, known).map((fault) => `${name} ${fault}`));
}

function faultOf(operation: Operation, known: readonly unknown[]): string[] {
  const { 'x-permission': permission } = operation;
  if (permission === undefined) return ['does not say who may call it'];
  const open = permission === 'public';
  if (!open && permission !== 'authenticated' && !known.includes(permission))
    return [`demands ${permission}, which is no permission`];
  if (open !== demandsCredential(operation)) return [];
  return [open ? 'is public, but documents a credential' : `demands ${permission}, but documents no credential`];
}

function idle(documents: Documents, known: readonly unknown[]): string[] {
  if (known.length === 0) return ['lists no permission'];
  const demanded = new Set(
    Object.values(documents).flatMap((document) =>
      [...operationsOf(document ?? {}).values()].map((operation) => operation['x-permission']),
    ),
  );
  return known
    .filter((permission) => !demanded.has(String(permission)))
    .map((permission) => `lists ${String(permission)}, which no route demands`);
}
