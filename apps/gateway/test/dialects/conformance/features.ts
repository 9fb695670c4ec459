import { contents, endings, used } from './answered.ts';
import { account, caching, limits, structured, thinking } from './asked-answering.ts';
import { citations, instructions, media } from './asked-conversation.ts';
import { responsesAlone } from './asked-responses.ts';
import { calls, choices, tools } from './asked-tools.ts';
import type { Answered, Asked, Group } from './feature.ts';
import { responsesAnswers } from './responses-answers.ts';
import { responsesWords } from './responses-words.ts';

const inAll = <Row>({ title, rows }: Group<Row>, withWords: (row: Row) => Row): Group<Row> => ({
  title,
  rows: rows.map(withWords),
});

/** A feature with its words in the Responses dialect, which are kept apart. */
function spoken(row: Asked): Asked {
  const responses = responsesWords[row.feature];
  return responses ? { ...row, forms: { ...row.forms, responses } } : row;
}

function read(row: Answered): Answered {
  const responses = responsesAnswers[row.feature];
  return responses ? { ...row, responses } : row;
}

/** What requests may say. */
export const asked: readonly Group<Asked>[] = [
  instructions,
  media,
  citations,
  tools,
  choices,
  calls,
  limits,
  structured,
  thinking,
  caching,
  account,
  responsesAlone,
].map((group) => inAll(group, spoken));

/** What answers may say. */
export const answered: readonly Group<Answered>[] = [contents, endings, used].map((group) => inAll(group, read));
