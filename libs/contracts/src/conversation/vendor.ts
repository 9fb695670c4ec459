import { z } from 'zod';

/** The wire formats that models are spoken to in. A provider speaks one; a client's dialect is one. */
export const vendorName = z.enum(['anthropic', 'openai']);
export type VendorName = z.infer<typeof vendorName>;

const vendorFields = z.record(z.string(), z.unknown());

/**
 * Fields that one vendor alone has, spelled as that vendor spells them. A provider of the same vendor gets them back
 * whole; for another one each is refused or named as dropped, never lost in silence.
 */
export const vendorBag = z.strictObject({ anthropic: vendorFields.optional(), openai: vendorFields.optional() });
export type VendorBag = z.infer<typeof vendorBag>;

/** A block, tool or choice that only one vendor knows, kept as it came. */
export const verbatim = z.strictObject({ type: z.literal('vendor'), vendor: vendorName, value: vendorFields });
export type Verbatim = z.infer<typeof verbatim>;
