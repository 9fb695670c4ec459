/** A question may carry images and documents: 32 MiB, as Anthropic's own limit. */
export const maxBodyBytes = 32 * 1024 * 1024;
