/** Without the differences that nobody means: case, width (Unicode NFKC), runs of white space. */
const fold = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();

/** Quotes, brackets, emphasis and the punctuation of sentences; nothing that names may end with, as C++ and C# do. */
const wrapping = new Set('"\'“”„‘’‚«»‹›`*_~<>()[]{}.,;:!?…。，、；：！？「」『』');

function peel(text: string): string {
  const characters = Array.from(text);
  const first = characters.findIndex((character) => !wrapping.has(character) && character !== ' ');
  const last = characters.findLastIndex((character) => !wrapping.has(character) && character !== ' ');
  return first < 0 ? '' : characters.slice(first, last + 1).join('');
}

/** `b) `, `2. `, `option c: ` and the bullet of a list, of folded text. */
const label = /^(?:[-*•] )?(?:option )?\(?([a-z]|\d{1,2})[).:\]] |^[-*•] |^option (?=\S)/u;
const unlabel = (text: string): string => peel(text.replace(label, ''));
const labelOf = (text: string): string | undefined => label.exec(text)?.[1];

/** How far a text and an option may be stripped to be the same, the least first. */
const readings = [fold, (text: string) => peel(fold(text)), (text: string) => unlabel(peel(fold(text)))] as const;

/** The one of `candidates` for which `test` holds; undefined for none and for several. */
function only(candidates: readonly string[], test: (candidate: string) => boolean): string | undefined {
  const found = candidates.filter(test);
  return found.length === 1 ? found[0] : undefined;
}

/**
 * The option that the whole text is, whatever its case, its quotes and punctuation, or a letter or number before it
 * (`B) Paris.` is Paris). Where the options have letters of their own, the letter alone will do.
 */
export function optionThatIs(text: string, options: readonly string[]): string | undefined {
  for (const readOption of readings) {
    for (const readText of readings) {
      const said = readText(text);
      const option = said === '' ? undefined : only(options, (candidate) => readOption(candidate) === said);
      if (option !== undefined) return option;
    }
  }
  const letter = unlabel(peel(fold(text)));
  return only(options, (option) => labelOf(fold(option)) === letter);
}

/** Scripts that put no space between words: there a name may stand beside any letter. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
const wordCharacter = /[\p{L}\p{N}]/u;
const isEdge = (character = ''): boolean => wordCharacter.test(character) && !unspaced.test(character);

/** Finds the option as whole words. */
function mentionOf(option: string): RegExp {
  const escaped = option.replace(/[\\^$.*+?()[\]{}|/-]/gu, '\\$&');
  const characters = Array.from(option);
  const before = isEdge(characters[0]) ? '(?<![\\p{L}\\p{N}])' : '';
  const after = isEdge(characters.at(-1)) ? '(?![\\p{L}\\p{N}])' : '';
  return new RegExp(before + escaped + after, 'gu');
}

const isLetter = (text: string): boolean => /^\p{L}$/u.test(text);

/**
 * The one option that the text mentions. A longer one hides those within it: “New York” does not mention York. Among
 * options of a single letter none is looked for, since “a” is a word. What a text says about an option is not
 * understood: “not Paris” mentions Paris.
 */
export function optionMentioned(text: string, options: readonly string[]): string | undefined {
  if (options.some((option) => isLetter(fold(option)))) return undefined;
  let rest = fold(text);
  const found: string[] = [];
  for (const option of options.toSorted((a, b) => fold(b).length - fold(a).length)) {
    const without = rest.replace(mentionOf(fold(option)), '\u0000');
    if (without !== rest) found.push(option);
    rest = without;
  }
  return found.length === 1 ? found[0] : undefined;
}
