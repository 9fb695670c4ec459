/** Keys as providers write them (`sk-…`, `sk-ant-…`, `AIza…`, `xai-…`), ours, bearer tokens, and what is called a key. */
const credentials = [
  /\b(?:sk|pk|rk|xai|gsk|hf|ply|plr)[-_][\w*.-]{6,}/g,
  /\bAIza[\w-]{10,}/g,
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /(?<=\bbearer\s+)[^\s"']{6,}/gi,
  /(?<=\b(?:api[ _-]?key|authorization|secret)[^:=\n]{0,20}[:=]\s*["']?)(?!bearer\b)[^\s"']{6,}/gi,
];

/** A provider's sentence that may be passed on: some repeat the key that they refuse, or a part of it. */
export const withoutCredentials = (text: string): string =>
  credentials.reduce((kept, credential) => kept.replace(credential, '[redacted]'), text);
