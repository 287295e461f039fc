/** Stack configuration to validated settings. */
import { type Draft, unreadable } from '../draft';
import { type Problem, SettingsError } from '../problem';
import type { Settings } from '../settings';
import { checkSettings } from './checks';
import { type Fields, boolean, decodeFields, defaulted, listOf, nested, oneOf, optional, required } from './schema';
import { site } from './site';
import { access, alerts, cassandra, link, links, operators, overlay, pool, tags } from './stack';
import { label } from './values';

/** In the order in which problems are reported; `links` is filled in by `withDefaultLinks`. */
const FIELDS: Fields<Settings> = {
  cluster: defaulted(label(2, 32), 'xcloud'),
  connectivity: defaulted(oneOf('native', 'overlay'), 'native'),
  dns: defaulted(oneOf('forward'), 'forward'),
  pool: nested(pool),
  link: nested(link),
  overlay: nested(overlay),
  links: optional(links),
  cassandra: nested(cassandra),
  operators: nested(operators),
  access: nested(access),
  alerts: nested(alerts),
  tags: defaulted(tags, {}),
  protect: defaulted(boolean, false),
  sites: required(listOf(site), 'list the sites'),
};

/** Settings as far as they could be read, and everything that is wrong with them so far. */
export interface Decoded {
  readonly draft: Draft<Settings>;
  readonly problems: Problem[];
}

/**
 * Reads a stack's configuration by key, without the project prefix. Values are decoded objects, or
 * texts that hold scalars or JSON as Pulumi hands them over.
 */
export function decodeSettings(raw: Readonly<Record<string, unknown>>): Decoded {
  const problems: Problem[] = [];
  const draft = withDefaultLinks(decodeFields<Settings>(FIELDS, raw, { key: '', problems }));
  problems.push(...checkSettings(draft));
  return { draft, problems };
}

/** Validated settings; throws `SettingsError` with every problem that needs no address arithmetic. */
export function parseSettings(raw: Readonly<Record<string, unknown>>): Settings {
  return completeSettings(decodeSettings(raw));
}

/** The draft as settings, which it is once nothing is wrong with it; throws `SettingsError` otherwise. */
export function completeSettings({ draft, problems }: Decoded): Settings {
  if (problems.length > 0) {
    throw new SettingsError(problems);
  }
  return draft as Settings;
}

/** Two sites in two clouds are linked without being told to. */
function withDefaultLinks(draft: Draft<Settings>): Draft<Settings> {
  if (draft.links !== undefined || unreadable(draft, 'links')) {
    return draft;
  }
  const [a, b, ...more] = draft.sites ?? [];
  const pair =
    more.length === 0 && a?.name !== undefined && b?.name !== undefined && a.name !== b.name && a.cloud !== b.cloud;
  return { ...draft, links: pair ? [{ sites: [a.name, b.name] }] : [] };
}
