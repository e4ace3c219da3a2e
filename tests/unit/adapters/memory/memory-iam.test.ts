import type { FaultSource } from '../../../../src/adapters/memory/fault-source.ts';
import { IamDirectory, type IamDirectoryOptions } from '../../../../src/adapters/memory/iam-directory.ts';
import { MemoryIam, type MemoryIamOptions } from '../../../../src/adapters/memory/memory-iam.ts';
import { OutsideError } from '../../../../src/app/ports.ts';
import { sha256Hex } from '../../../../src/core/content-hash.ts';
import type { Principal } from '../../../../src/core/principal.ts';
import { at } from '../../../support/builders.ts';
import { scriptedFaults } from '../../../support/scripted-faults.ts';
import { testClock } from '../../../support/test-clock.ts';

const ACCOUNT = '111122223333';
const OTHER_ACCOUNT = '444455556666';
const ROLE: Principal = { type: 'iam_role', arn: `arn:aws:iam::${ACCOUNT}:role/team/ci-deployer` };
const DENY = 'guardrails-ci-0a1b2c3d';
const SECOND = 'guardrails-ml-0a1b2c3d';
const policyArn = (name: string, path = '/guardrails/', account = ACCOUNT): string => `arn:aws:iam::${account}:policy${path}${name}`;

interface Parts extends Partial<Pick<MemoryIamOptions, 'engineAccountId'>>, Partial<Pick<IamDirectoryOptions, 'quota'>> {
  readonly faults?: FaultSource;
  /** How long ago everything was made; an hour unless told. */
  readonly ageMs?: number;
}

function anIam({ faults, quota = 10, engineAccountId = ACCOUNT, ageMs = 3_600_000 }: Parts = {}) {
  const clock = testClock();
  const directory = new IamDirectory({ now: clock.now, quota });
  const iam = new MemoryIam({ now: clock.now, directory, engineAccountId, ...(faults === undefined ? {} : { faults }) });
  directory.createPrincipal(ROLE.arn);
  directory.createPolicy(policyArn(DENY), 'document');
  directory.createPolicy(policyArn(SECOND), 'second');
  clock.pass(ageMs);
  const truth = (name = DENY): boolean => directory.isAttachedNow(ROLE.arn, name);
  const log = () =>
    directory
      .changes()
      .slice(3)
      .map(({ by, what }) => `${by} ${what}`);
  return { clock, directory, iam, truth, log };
}

describe('names in the memory IAM', () => {
  it('ignore case, and are given as they were made', async () => {
    const { iam, directory, truth } = anIam();
    const shouted: Principal = { type: 'iam_role', arn: `arn:aws:iam::${ACCOUNT}:role/CI-Deployer` };
    expect(directory.createPrincipal(shouted.arn)).toBe(false);
    expect(directory.createPolicy(policyArn(DENY.toUpperCase(), '/elsewhere/'), 'document')).toBe(false);
    expect(await iam.findPrincipal(shouted)).toEqual({ arn: ROLE.arn });
    expect(await iam.attach(shouted, DENY.toUpperCase())).toBe('ok');
    expect(truth()).toBe(true);
    expect([truth(DENY.toUpperCase()), directory.isAttachedNow(shouted.arn, DENY)]).toEqual([true, true]);
    expect(await iam.listAttached(shouted)).toEqual([DENY]);
    expect(await iam.detach(ROLE, DENY.toUpperCase())).toBe('ok');
    expect(truth()).toBe(false);
    directory.createPolicy(policyArn('Guardrails-Mixed'), 'document');
    expect(await iam.attach(ROLE, 'guardrails-mixed')).toBe('ok');
    expect(await iam.listAttached(ROLE)).toEqual(['Guardrails-Mixed']);
    expect(truth('guardrails-mixed')).toBe(true);
  });

  it("are looked up in the engine's account, whatever account the ARN names", async () => {
    const { iam, directory, truth } = anIam();
    const foreign: Principal = { type: 'iam_role', arn: ROLE.arn.replace(ACCOUNT, OTHER_ACCOUNT) };
    directory.createPrincipal(foreign.arn);
    expect(await iam.findPrincipal(foreign)).toEqual({ arn: ROLE.arn });
    expect(await iam.attach(foreign, DENY)).toBe('ok');
    expect([truth(), directory.isAttachedNow(foreign.arn, DENY)]).toEqual([true, false]);
  });

  it("are looked up in the principal's account where the engine has a role in each", async () => {
    const { iam, directory, truth } = anIam({ engineAccountId: null });
    const foreign: Principal = { type: 'iam_role', arn: ROLE.arn.replace(ACCOUNT, OTHER_ACCOUNT) };
    directory.createPrincipal(foreign.arn);
    expect(await iam.attach(foreign, DENY)).toBe('gone');
    directory.createPolicy(policyArn(DENY, '/guardrails/', OTHER_ACCOUNT), 'document');
    expect(await iam.attach(foreign, DENY)).toBe('ok');
    expect([truth(), directory.isAttachedNow(foreign.arn, DENY)]).toEqual([false, true]);
  });

  it('must be those of an ARN of the type', async () => {
    const { iam } = anIam();
    await expect(iam.attach({ type: 'iam_role', arn: 'ci-deployer' }, DENY)).rejects.toThrow("'ci-deployer' is no ARN");
    await expect(iam.attach({ type: 'iam_user', arn: ROLE.arn }, DENY)).rejects.toThrow('is no iam_user');
  });
});

describe('what the memory IAM refuses', () => {
  it('is one managed policy more than the quota: ours and others count', async () => {
    const { iam, directory, truth } = anIam({ quota: 2 });
    for (const name of ['one', 'two', 'three']) directory.createPolicy(policyArn(name, '/'), name);
    expect([directory.humanAttach(ROLE.arn, 'one'), directory.humanAttach(ROLE.arn, 'two'), directory.humanAttach(ROLE.arn, 'three')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(await iam.attach(ROLE, DENY)).toBe('quota');
    directory.humanDetach(ROLE.arn, 'one');
    expect(await iam.attach(ROLE, DENY)).toBe('ok');
    expect(await iam.attach(ROLE, DENY)).toBe('ok');
    expect(truth()).toBe(true);
  });

  it('is a call that the engine has no right to, by direction and by the name of the policy', async () => {
    const { iam, truth } = anIam();
    iam.denyRights([{ call: 'attach', policyNames: 'guardrails-ci-*' }]);
    expect(await iam.attach(ROLE, DENY)).toBe('access_denied');
    expect(await iam.attach(ROLE, SECOND)).toBe('ok');
    expect(await iam.detach(ROLE, DENY)).toBe('gone');
    iam.denyRights([{ call: 'detach', policyNames: '*' }]);
    expect(await iam.attach(ROLE, DENY)).toBe('ok');
    expect([await iam.detach(ROLE, DENY), await iam.detach(ROLE, SECOND)]).toEqual(['access_denied', 'access_denied']);
    expect([truth(), truth(SECOND)]).toEqual([true, true]);
    iam.denyRights([]);
    expect(await iam.detach(ROLE, DENY)).toBe('ok');
  });

  it.each([
    'role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling',
    'role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0a1b2c3d',
  ])('is any change to %s', async (rest) => {
    const { iam, directory } = anIam();
    const principal: Principal = { type: 'iam_role', arn: `arn:aws:iam::${ACCOUNT}:${rest}` };
    directory.createPrincipal(principal.arn);
    await expect(iam.attach(principal, DENY)).rejects.toThrow(OutsideError);
    await expect(iam.detach(principal, DENY)).rejects.toThrow('UnmodifiableEntity');
    expect(directory.humanAttach(principal.arn, DENY)).toBe(false);
  });
});

describe("the memory IAM's answers, when something goes wrong", () => {
  it.each(['fails_before', 'fails_after'] as const)('may be missing: %s', async (fault) => {
    const { iam, truth, log } = anIam({ faults: scriptedFaults({ 'iam.attach': [fault, 'none'], 'iam.detach': [fault] }) });
    const happened = fault === 'fails_after';
    await expect(iam.attach(ROLE, DENY)).rejects.toThrow(OutsideError);
    expect(truth()).toBe(happened);
    await iam.attach(ROLE, DENY);
    await expect(iam.detach(ROLE, DENY)).rejects.toThrow(OutsideError);
    expect(truth()).toBe(!happened);
    expect(log()).toEqual(happened ? ['engine attached', 'engine detached'] : ['engine attached']);
  });

  it.each(['list_attached', 'find_principal', 'find_deny_policy'])('may be missing from a read: %s', async (read) => {
    const { iam } = anIam({ faults: scriptedFaults({ [`iam.${read}`]: ['fails_before'] }) });
    const reads = {
      list_attached: () => iam.listAttached(ROLE),
      find_principal: () => iam.findPrincipal(ROLE),
      find_deny_policy: () => iam.findDenyPolicy(ROLE, DENY),
    };
    const chosen: () => Promise<unknown> = reads[read as keyof typeof reads];
    await expect(chosen()).rejects.toThrow(OutsideError);
    await expect(chosen()).resolves.not.toBeNull();
  });

  it('may be missing from a refused call, and then nothing comes of it later', async () => {
    const { clock, iam, directory, truth } = anIam({ faults: scriptedFaults({ 'iam.attach': ['late', 'fails_after'] }) });
    iam.denyRights([{ call: 'attach', policyNames: '*' }]);
    expect(await iam.attach(ROLE, DENY)).toBe('access_denied');
    expect(directory.nextLandingAt()).toBeNull();
    await expect(iam.attach(ROLE, DENY)).rejects.toThrow(OutsideError);
    clock.pass(3_600_000);
    expect(truth()).toBe(false);
  });
});

describe('a late call to the memory IAM', () => {
  it('takes effect within a minute of being sent, at its own time', async () => {
    const { clock, iam, directory, truth } = anIam({ faults: scriptedFaults({ 'iam.attach': ['late'] }, [59_999]) });
    await expect(iam.attach(ROLE, DENY)).rejects.toThrow(OutsideError);
    expect(directory.nextLandingAt()).toBe(at('2026-01-15T13:01:00.000Z'));
    clock.pass(59_999);
    expect(truth()).toBe(false);
    clock.pass(1);
    expect(truth()).toBe(true);
    clock.pass(10_000);
    expect(directory.nextLandingAt()).toBeNull();
    expect(directory.changes().at(-1)).toEqual({ at: '2026-01-15T13:01:00.000Z', by: 'engine', what: 'attached', principalArn: ROLE.arn, policyName: DENY });
  });

  it('takes effect in the order of time, before whatever is done afterwards', async () => {
    const { clock, iam, directory, truth, log } = anIam({ faults: scriptedFaults({ 'iam.attach': ['late'], 'iam.detach': ['late'] }, [30_000, 10_000]) });
    await expect(iam.attach(ROLE, DENY)).rejects.toThrow(OutsideError);
    await expect(iam.detach(ROLE, DENY)).rejects.toThrow(OutsideError);
    clock.pass(60_000);
    expect(directory.humanDetach(ROLE.arn, DENY)).toBe(true);
    expect(truth()).toBe(false);
    expect(log()).toEqual(['engine attached', 'human detached']);
  });

  it('takes effect in the order of sending where the time is the same', async () => {
    const { clock, iam, truth, log } = anIam({ faults: scriptedFaults({ 'iam.attach': ['late'], 'iam.detach': ['late'] }, [30_000, 30_000]) });
    await expect(iam.attach(ROLE, DENY)).rejects.toThrow(OutsideError);
    await expect(iam.detach(ROLE, DENY)).rejects.toThrow(OutsideError);
    clock.pass(60_000);
    expect(truth()).toBe(false);
    expect(log()).toEqual(['engine attached', 'engine detached']);
  });

  it.each<[string, (made: ReturnType<typeof anIam>) => unknown, unknown]>([
    ['whether it is attached', ({ truth }) => truth(), true],
    ['who is there', ({ directory }) => directory.principals()[0]?.attached.length, 1],
    ['what was changed', ({ log }) => log(), ['engine attached']],
    ['what lands next', ({ directory }) => directory.nextLandingAt(), null],
    ['what is listed', async ({ iam }) => await iam.listAttached(ROLE), [DENY]],
    ['to attach it', ({ directory }) => directory.humanAttach(ROLE.arn, DENY), false],
    ['to detach it', ({ directory }) => directory.humanDetach(ROLE.arn, DENY), true],
    ['to delete the policy', ({ directory }) => directory.deletePolicy(policyArn(DENY)), false],
    ['another detach', async ({ iam }) => await iam.detach(ROLE, DENY), 'ok'],
  ])('has taken effect for whoever asks next: %s', async (_, ask, expected) => {
    const made = anIam({ faults: scriptedFaults({ 'iam.attach': ['late'] }) });
    await expect(made.iam.attach(ROLE, DENY)).rejects.toThrow(OutsideError);
    made.clock.pass(60_000);
    expect(await ask(made)).toEqual(expected);
  });

  it('lands on whoever has the name by then, or on nobody', async () => {
    const { clock, iam, directory } = anIam({ faults: scriptedFaults({ 'iam.attach': ['late', 'late'] }, [10_000, 30_000]) });
    await expect(iam.attach(ROLE, DENY)).rejects.toThrow(OutsideError);
    await expect(iam.attach(ROLE, DENY)).rejects.toThrow(OutsideError);
    directory.deletePrincipal(ROLE.arn);
    clock.pass(20_000);
    const successor = `arn:aws:iam::${ACCOUNT}:role/ci-deployer`;
    expect(directory.createPrincipal(successor)).toBe(true);
    clock.pass(20_000);
    expect(directory.principals()).toMatchObject([{ arn: successor, attached: [{ name: DENY }] }]);
  });

  it('can be stale from the time at which it took effect', async () => {
    const { clock, iam } = anIam({ faults: scriptedFaults({ 'iam.attach': ['late'], 'iam.list_attached': ['stale', 'stale'] }, [29_999]) });
    await expect(iam.attach(ROLE, DENY)).rejects.toThrow(OutsideError);
    clock.pass(89_999);
    expect(await iam.listAttached(ROLE)).toEqual([]);
    clock.pass(1);
    expect(await iam.listAttached(ROLE)).toEqual([DENY]);
  });
});

describe('a stale view of the memory IAM', () => {
  const always = (fault: 'stale', amounts: readonly number[] = []): FaultSource => ({
    ...scriptedFaults({}, amounts),
    decide: (call) => (call.startsWith('iam.') ? fault : 'none'),
  });

  it('shows to a read any state of the last minute, and none older', async () => {
    const faults = scriptedFaults({ 'iam.list_attached': ['stale', 'stale', 'none', 'stale', 'stale'] }, [0, 1]);
    const { clock, directory, iam } = anIam({ faults });
    directory.humanAttach(ROLE.arn, DENY);
    clock.pass(30_000);
    directory.humanAttach(ROLE.arn, SECOND);
    expect(await iam.listAttached(ROLE)).toEqual([]);
    expect(await iam.listAttached(ROLE)).toEqual([DENY]);
    expect(await iam.listAttached(ROLE)).toEqual([DENY, SECOND]);
    clock.pass(30_000);
    expect(await iam.listAttached(ROLE)).toEqual([DENY]);
    clock.pass(30_000);
    expect(await iam.listAttached(ROLE)).toEqual([DENY, SECOND]);
  });

  it('shows who was there before, and what a policy was before', async () => {
    const { clock, directory, iam } = anIam({ faults: always('stale') });
    directory.addPolicyVersion(policyArn(DENY), true);
    expect(await iam.findDenyPolicy(ROLE, DENY)).toEqual({ defaultVersion: 'v1', documentHash: sha256Hex('document') });
    directory.deletePrincipal(ROLE.arn);
    expect(await iam.findPrincipal(ROLE)).toEqual({ arn: ROLE.arn });
    clock.pass(60_000);
    expect(await iam.findDenyPolicy(ROLE, DENY)).toEqual({ defaultVersion: 'v2', documentHash: sha256Hex('document') });
    expect(await iam.findPrincipal(ROLE)).toBeNull();
  });

  it('lets a detach answer gone, without effect, just after an attach', async () => {
    const { clock, directory, iam, truth, log } = anIam({ faults: scriptedFaults({ 'iam.detach': ['stale', 'stale'] }) });
    directory.humanAttach(ROLE.arn, DENY);
    clock.pass(59_999);
    expect(await iam.detach(ROLE, DENY)).toBe('gone');
    expect(truth()).toBe(true);
    clock.pass(1);
    expect(await iam.detach(ROLE, DENY)).toBe('ok');
    expect(truth()).toBe(false);
    expect(log()).toEqual(['human attached', 'engine detached']);
  });

  it('lets an attach answer ok, without effect, just after a detach', async () => {
    const { clock, directory, iam, truth } = anIam({ faults: scriptedFaults({ 'iam.attach': ['stale', 'stale'] }) });
    directory.humanAttach(ROLE.arn, DENY);
    clock.pass(30_000);
    directory.humanDetach(ROLE.arn, DENY);
    clock.pass(29_999);
    expect(await iam.attach(ROLE, DENY)).toBe('ok');
    expect(truth()).toBe(false);
    clock.pass(30_001);
    expect(await iam.attach(ROLE, DENY)).toBe('ok');
    expect(truth()).toBe(true);
  });

  it('lets an attach answer gone where the principal, or the policy, has just been made', async () => {
    const { iam, directory, truth } = anIam({ ageMs: 10_000, faults: always('stale') });
    expect(await iam.attach(ROLE, DENY)).toBe('gone');
    expect(truth()).toBe(false);
    const old = anIam({ faults: always('stale') });
    old.directory.createPolicy(policyArn('guardrails-new-0a1b2c3d'), 'new');
    expect(await old.iam.attach(ROLE, 'guardrails-new-0a1b2c3d')).toBe('gone');
    expect(directory.changes().filter(({ by }) => by === 'engine')).toEqual([]);
  });

  it('lets an attach answer ok, without effect, where the principal has just been deleted', async () => {
    const { iam, directory } = anIam({ faults: always('stale') });
    directory.deletePrincipal(ROLE.arn);
    expect(await iam.attach(ROLE, DENY)).toBe('ok');
    expect(directory.principals()).toEqual([]);
  });

  it('is no possibility for a call that would answer the same by it', async () => {
    const heard: string[] = [];
    const decide: FaultSource['decide'] = (call, possible) => {
      heard.push(`${call} ${possible.join()}`);
      return 'none';
    };
    const { directory, iam } = anIam({ faults: { decide, below: () => 0 } });
    directory.humanAttach(ROLE.arn, SECOND);
    await iam.attach(ROLE, DENY);
    await iam.findDenyPolicy(ROLE, DENY);
    expect(heard).toEqual(['iam.attach fails_before,fails_after,late', 'iam.find_deny_policy fails_before']);
  });
});
