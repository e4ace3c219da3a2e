import { DENY_POLICIES, movedArn, PRINCIPALS, policyArn } from './company.ts';
import type { Happening } from './happening.ts';
import type { SeededRandom } from './seeded-random.ts';

const HOUR_MS = 3_600_000;
const aPrincipal = (random: SeededRandom): string => random.pick(PRINCIPALS);
const aDenyPolicy = (random: SeededRandom): string => random.pick([...DENY_POLICIES.keys()]);

/** What people do to IAM behind the engine's back, and what it refuses. Each is undone after a while, or not at all. */
export const IAM_HAPPENINGS: Readonly<Record<string, Happening>> = {
  'attach by hand': ({ directory }, random) => directory.humanAttach(aPrincipal(random), aDenyPolicy(random)),
  'detach by hand': ({ directory }, random) => {
    const held = directory.principals().flatMap(({ arn, attached }) => attached.map(({ name }) => [arn, name] as const));
    const one = held.length > 0 ? random.pick(held) : null;
    return one !== null && directory.humanDetach(one[0], one[1]);
  },
  'detach and attach again by hand': ({ directory, world }, random) => {
    const held = directory
      .principals()
      .flatMap(({ arn, attached }) => attached.filter(({ name }) => DENY_POLICIES.has(name)).map(({ name }) => [arn, name] as const));
    const one = held.length > 0 ? random.pick(held) : null;
    if (one === null) return false;
    world.after(random.below(1_200_000), () => void directory.humanAttach(one[0], one[1]));
    return directory.humanDetach(one[0], one[1]);
  },
  'principal deleted and made again': ({ directory, world }, random) => {
    const arn = aPrincipal(random);
    world.after(random.below(HOUR_MS / 2), () => void directory.createPrincipal(arn));
    return directory.deletePrincipal(arn);
  },
  'principal made again under another path': ({ directory, world }, random) => {
    const arn = aPrincipal(random);
    if (!directory.deletePrincipal(arn)) return false;
    world.after(random.below(60_000), () => void directory.createPrincipal(movedArn(arn)));
    if (random.chance(0.5)) {
      world.after(60_000 + random.below(HOUR_MS), () => {
        directory.deletePrincipal(movedArn(arn));
        directory.createPrincipal(arn);
      });
    }
    return true;
  },
  'no room left at a principal': ({ directory, world }, random) => {
    const arn = aPrincipal(random);
    const fillers = Array.from({ length: directory.quota }, (_, index) => `other-${index}`);
    for (const name of fillers) directory.createPolicy(policyArn(name, '/'), '{}');
    const attached = fillers.filter((name) => directory.humanAttach(arn, name));
    world.after(random.below(HOUR_MS), () => {
      for (const name of attached) directory.humanDetach(arn, name);
    });
    return attached.length > 0;
  },
  'deny policy changed': ({ directory, world }, random) => {
    const arn = policyArn(aDenyPolicy(random));
    if (random.chance(0.7)) world.after(random.below(HOUR_MS), () => void directory.setDefaultVersion(arn, 1));
    return directory.addPolicyVersion(arn, random.chance(0.9));
  },
  'deny policy deleted': ({ directory, world }, random) => {
    const name = aDenyPolicy(random);
    const document = random.chance(0.8) ? (DENY_POLICIES.get(name) ?? '') : 'another document';
    const path = random.chance(0.8) ? '/guardrails/' : '/';
    if (random.chance(0.8)) world.after(random.below(HOUR_MS), () => void directory.createPolicy(policyArn(name, path), document));
    return directory.deletePolicy(policyArn(name));
  },
  'rights shrink': ({ iam, world }, random) => {
    iam.denyRights([{ call: random.pick(['attach', 'detach']), policyNames: random.pick(['*', 'guardrails-auto-*']) }]);
    world.after(random.below(HOUR_MS), () => iam.denyRights([]));
    return true;
  },
};
