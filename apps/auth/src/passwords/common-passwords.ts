import { AppError } from '@parley/contracts';
import { dictionary } from '@zxcvbn-ts/language-common';

const common: ReadonlySet<string> = new Set(dictionary['passwords-common']);

/**
 * 49,000 passwords that guessers try first, whatever their case, are nobody's (NIST SP 800-63B §5.1.1.2); and nobody's is
 * their own address.
 * @throws AppError request.invalid that names the field.
 */
export function demandUncommon(password: string, { field, email }: { field: string; email?: string }): void {
  const lower = password.toLowerCase();
  if (common.has(lower)) throw refusal(field, 'is on the list of common passwords');
  if (email !== undefined && lower === email.toLowerCase()) throw refusal(field, 'is the address of the account');
}

const refusal = (path: string, message: string): AppError =>
  new AppError('request.invalid', { fields: [{ path, message }] });
