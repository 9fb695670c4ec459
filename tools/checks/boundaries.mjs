// Who may import whom, as a closed matrix over the tags in each project.json (docs/adr/0002).

/** The libraries from the bottom up; each row may import every row below it, and nothing of its own row. */
const layers = [
  ['contracts', 'resilience'],
  ['service-kit', 'dialects'],
  ['cache', 'discovery', 'persistence'],
  ['messaging', 'limits'],
  ['identity'],
  ['service-client'],
  ['llm'],
];

const tagOf = (library) => `lib:${library}`;

/** In tests every project but the two lowest may use libs/testing, which itself stands on contracts alone. */
const testing = 'lib:testing';

/** Options of @nx/enforce-module-boundaries, for a test file or for one that ships. */
export function boundaries({ test }) {
  const helpers = test ? [testing] : [];
  const libraries = layers.flatMap((row, height) => {
    const below = layers.slice(0, height).flat().map(tagOf);
    return row.map((library) => ({
      sourceTag: tagOf(library),
      onlyDependOnLibsWithTags: height === 0 ? [] : [...below, ...helpers],
    }));
  });
  const packages = test
    ? []
    : [
        { sourceTag: 'lib:contracts', allowedExternalImports: ['zod'] },
        { sourceTag: 'lib:resilience', allowedExternalImports: [] },
        { sourceTag: 'lib:dialects', allowedExternalImports: ['zod'] },
      ];
  const allLibraries = layers.flat().map(tagOf);
  return {
    enforceBuildableLibDependency: false,
    banTransitiveDependencies: !test,
    depConstraints: [
      ...libraries,
      ...packages,
      { sourceTag: testing, onlyDependOnLibsWithTags: ['lib:contracts'] },
      { sourceTag: 'app:gateway', onlyDependOnLibsWithTags: [...allLibraries, ...helpers] },
      {
        sourceTag: '/^app:(?!gateway$)/',
        onlyDependOnLibsWithTags: [...allLibraries.filter((tag) => tag !== 'lib:llm'), ...helpers],
      },
    ],
  };
}
