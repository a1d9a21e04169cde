/**
 * `npm run texts`: writes down what the app says in resources/locales/en.json, takes out of the other catalogues what
 * it says no more, and names what they lack. With --check it writes nothing: a part of `npm run check`.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { inProject } from './lib/paths.mjs';
import { main, say } from './lib/say.mjs';
import { catalogueProblems, findTexts } from './lib/texts.mjs';

const folder = inProject('resources', 'locales');
const fileOf = (language) => join(folder, `${language}.json`);
const readCatalogue = async (language) => JSON.parse(await readFile(fileOf(language), 'utf8'));
const writeCatalogue = (language, catalogue) =>
  writeFile(fileOf(language), `${JSON.stringify(catalogue, null, 2)}\n`);

await main(async () => {
  const { texts, problems } = findTexts();
  const languages = (await readdir(folder)).map((file) => basename(file, '.json')).sort();
  if (!process.argv.includes('--check')) {
    await writeCatalogue('en', Object.fromEntries(texts.map((text) => [text, text])));
    for (const language of languages.filter((other) => other !== 'en')) {
      const catalogue = await readCatalogue(language);
      const kept = texts.filter((text) => text in catalogue).map((text) => [text, catalogue[text]]);
      await writeCatalogue(language, Object.fromEntries(kept));
    }
  }
  for (const language of languages) {
    problems.push(...catalogueProblems(language, await readCatalogue(language), texts));
  }
  for (const problem of problems) say(problem);
  return problems.length === 0 ? 0 : 1;
});
