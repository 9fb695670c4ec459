import type { ExpertDefinition } from '../circle/expert-file.js';

/** What all experts are asked. */
export interface Asked {
  readonly question: string;
  readonly options: readonly string[] | null;
}

const howToVote =
  'You are asked to choose one of the given options. Reason briefly, then end with one line of its own that reads ANSWER: <option>, with the option word for word as it was given.';

/** The instructions of the expert, then the question in the caller's words; options stand below it, unnumbered. */
export function promptFor({ instructions }: ExpertDefinition, { question, options }: Asked) {
  const voting = options !== null;
  const system = voting ? `${instructions}\n\n${howToVote}` : instructions;
  const user = voting ? `${question}\n\nThe options:\n${options.map((option) => `- ${option}`).join('\n')}` : question;
  return [
    { role: 'system' as const, content: system },
    { role: 'user' as const, content: user },
  ];
}
