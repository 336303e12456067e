/** Checks of a running server: engines, what each lacks with its cure, and the available families. */
import type { EngineHealth, FamilyOffer, Missing } from '@limner/contract';
import { healthOf } from '../connect.ts';
import type { Context } from '../context.ts';
import { missingLine } from '../missing-line.ts';
import { sentenceOf } from '../sentence.ts';
import type { Finding, Report } from './finding.ts';

/** Engines that ship with Limner: if one of these lacks something, the installation is broken. */
const BUILT_IN = new Set(['starter', 'cutout', 'upscale', 'embedded']);

export async function checkServer(context: Context, report: Report): Promise<void> {
  const { words, language, withServer } = context;
  try {
    await withServer(async ({ url, client }) => {
      const health = await healthOf(url);
      report({ state: 'good', sentence: words.doctor.serverOk(url, health?.version ?? '?') });
      if (health?.redis === 'ready') report({ state: 'good', sentence: words.doctor.redisOk });
      if (health?.redis === 'away') report({ state: 'missing', sentence: words.doctor.redisAway });
      const { parts } = await client.call('storage', {});
      const aside = parts.find(({ part }) => part === 'set_aside');
      if (aside && aside.files > 0) report(setAsideFinding(aside, words));
      const engines = await client.call('listEngines', {});
      const families = await client.call('listFamilies', {});
      for (const engine of engines) reportEngine(engine, context, report);
      for (const family of families) report(familyFinding(family, context));
      const known = engines.flatMap(({ missing }) => missing);
      for (const missing of lackedBy(families, known))
        report({ state: 'missing', sentence: missingLine(missing, language) });
    });
  } catch (error) {
    report({ state: 'bad', sentence: words.doctor.serverBad(sentenceOf(error, language)) });
  }
}

const setAsideFinding = (
  { files, size_bytes }: { files: number; size_bytes: number },
  words: Context['words'],
): Finding => ({
  state: 'missing',
  sentence: words.doctor.setAside(files, (size_bytes / 1024 ** 2).toFixed(1)),
});

function reportEngine(engine: EngineHealth, { words, language }: Context, report: Report): void {
  const works = engine.status === 'ready' || engine.status === 'idle' || engine.status === 'busy';
  const isBroken = BUILT_IN.has(engine.kind) && (!works || engine.missing.length > 0);
  const address = engine.url ? ` (${engine.url})` : '';
  const note = engine.note ? `. ${engine.note[language]}` : '';
  report({
    state: isBroken ? 'bad' : works ? 'good' : 'missing',
    sentence: `${words.doctor.engine(engine.label[language] + address, words.engineStatus[engine.status])}${note}`,
  });
  for (const missing of engine.missing) {
    report({
      state: BUILT_IN.has(engine.kind) ? 'bad' : 'missing',
      sentence: missingLine(missing, language),
    });
  }
}

/** Missing things of families that no engine reported, each once. */
function lackedBy(families: FamilyOffer[], known: Missing[]): Missing[] {
  const lacked = families
    .filter(({ available }) => !available)
    .flatMap(({ engines }) => engines.flatMap(({ missing }) => missing))
    .filter(({ what }) => what === 'server');
  const seen = new Set(known.map(({ cure }) => cure.en));
  return lacked.filter(({ cure }) => !seen.has(cure.en) && seen.add(cure.en));
}

function familyFinding(family: FamilyOffer, { words, language }: Context): Finding {
  const name = family.label[language];
  return family.available
    ? { state: 'good', sentence: words.doctor.family(name, family.id) }
    : { state: 'missing', sentence: words.doctor.familyNot(name, family.id) };
}
