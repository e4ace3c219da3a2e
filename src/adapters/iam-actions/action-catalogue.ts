import { readFileSync } from 'node:fs';
import { type AccessLevel, type IamAction, type KnownActions, matchesActionPattern } from '../../core/deny-pattern.ts';
import { nearest } from './nearest.ts';

/** The actions of IAM as they were when the program was built. */
export interface ActionCatalogue extends KnownActions {
  /** The version of the data that it was made from. */
  readonly version: string;
  readonly actionCount: number;
}

/**
 * The catalogue's file, made by scripts/generate-iam-actions.ts: for each service prefix and each access level the names of its
 * actions, in AWS's upper and lower case, joined by spaces. One letter stands for a level.
 */
export interface CatalogueJson {
  readonly version: string;
  readonly services: Readonly<Record<string, Readonly<Partial<Record<LevelLetter, string>>>>>;
}

const LEVEL_LETTERS = { R: 'read', L: 'list', W: 'write', T: 'tagging', P: 'permissions' } as const satisfies Record<string, AccessLevel>;
export type LevelLetter = keyof typeof LEVEL_LETTERS;

/** What people write for a service whose prefix in IAM is another one. */
const NICKNAMES: ReadonlyMap<string, string> = new Map([
  ['alb', 'elasticloadbalancing'],
  ['docdb', 'rds'],
  ['efs', 'elasticfilesystem'],
  ['elb', 'elasticloadbalancing'],
  ['elbv2', 'elasticloadbalancing'],
  ['emr', 'elasticmapreduce'],
  ['eventbridge', 'events'],
  ['marketplace', 'aws-marketplace'],
  ['msk', 'kafka'],
  ['neptune', 'rds'],
  ['opensearch', 'es'],
  ['opensearchserverless', 'aoss'],
  ['stepfunctions', 'states'],
]);

/** Calls of an API that IAM authorises as another action. */
const AUTHORISED_AS: ReadonlyMap<string, string> = new Map([
  ['bedrock:converse', 'bedrock:InvokeModel'],
  ['bedrock:conversestream', 'bedrock:InvokeModelWithResponseStream'],
  ['lambda:invoke', 'lambda:InvokeFunction'],
]);

/** By service prefix, then by the action's name; both in lower case. */
type Index = ReadonlyMap<string, ReadonlyMap<string, IamAction>>;

/** Reads the catalogue that the build wrote. Throws where the file is missing or isn't one: the program is not built then. */
export function loadActionCatalogue(path: string): ActionCatalogue {
  return parseActionCatalogue(readFileSync(path, 'utf8'));
}

/** Reads a catalogue from its JSON text. Throws on anything else. */
export function parseActionCatalogue(text: string): ActionCatalogue {
  const json: unknown = JSON.parse(text);
  if (!isCatalogueJson(json)) throw new Error('expected the list of IAM actions that the build writes, found another JSON; run the build again');
  const index: Index = new Map(Object.entries(json.services).map(([service, levels]) => [service.toLowerCase(), actionsOf(service, levels)]));
  return {
    version: json.version,
    actionCount: [...index.values()].reduce((sum, actions) => sum + actions.size, 0),
    find: remembering((pattern) => find(index, pattern)),
    nearest: remembering((action) => nearestActions(index, action)),
  };
}

/** A catalogue never changes, and the policies of a directory ask it the same things again and again. */
function remembering<Answer>(ask: (question: string) => Answer): (question: string) => Answer {
  const answers = new Map<string, Answer>();
  return (question) => {
    const known = answers.get(question);
    if (known !== undefined) return known;
    const answer = ask(question);
    answers.set(question, answer);
    return answer;
  };
}

function isCatalogueJson(json: unknown): json is CatalogueJson {
  if (typeof json !== 'object' || json === null || !('version' in json) || !('services' in json)) return false;
  const { version, services } = json;
  if (typeof version !== 'string' || typeof services !== 'object' || services === null) return false;
  return Object.values(services).every((levels: unknown) => {
    return (
      typeof levels === 'object' && levels !== null && Object.entries(levels).every(([letter, names]) => letter in LEVEL_LETTERS && typeof names === 'string')
    );
  });
}

function actionsOf(service: string, levels: CatalogueJson['services'][string]): ReadonlyMap<string, IamAction> {
  return new Map(
    Object.entries(LEVEL_LETTERS).flatMap(([letter, level]) => {
      const names = Object.entries(levels).find(([found]) => found === letter)?.[1] ?? '';
      return names.split(' ').flatMap((name) => (name === '' ? [] : [[name.toLowerCase(), { name: `${service}:${name}`, level }] as const]));
    }),
  );
}

function find(index: Index, pattern: string): readonly IamAction[] {
  const { service, action } = parts(pattern);
  const actions = index.get(service);
  if (actions === undefined) return [];
  if (!/[*?]/.test(action)) {
    const found = actions.get(action);
    return found === undefined ? [] : [found];
  }
  return [...actions].flatMap(([name, found]) => (matchesActionPattern(action, name) ? [found] : []));
}

/** The same action of another service (`s3:RunInstances`), else a like one of the same service, else of the services that are like it. */
function nearestActions(index: Index, wanted: string): readonly string[] {
  const { service: given, action } = parts(wanted);
  const service = NICKNAMES.get(given) ?? given;
  const name = action.replaceAll(/[*?]/g, '');
  const authorisedAs = AUTHORISED_AS.get(`${service}:${action}`);
  if (authorisedAs !== undefined) return [authorisedAs];
  const services = index.has(service) ? [service] : nearest(service, [...index.keys()]);
  if (name === '') return services.map((prefix) => `${prefix}:${action}`);
  const exact = namesOf(index, services, action);
  if (exact.length > 0) return exact;
  const elsewhere = namesOf(index, [...index.keys()], action);
  if (elsewhere.length > 0) return elsewhere.slice(0, 3);
  return services.flatMap((prefix) => namesOf(index, [prefix], ...nearest(name, [...(index.get(prefix)?.keys() ?? [])]))).slice(0, 3);
}

function namesOf(index: Index, services: readonly string[], ...actions: readonly string[]): readonly string[] {
  return services.flatMap((service) => actions.flatMap((action) => index.get(service)?.get(action)?.name ?? []));
}

function parts(pattern: string): { readonly service: string; readonly action: string } {
  const colon = pattern.indexOf(':');
  return { service: pattern.slice(0, Math.max(0, colon)).toLowerCase(), action: pattern.slice(colon + 1).toLowerCase() };
}
