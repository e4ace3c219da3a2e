import type { Iam } from '../../src/app/ports.ts';
import { sha256Hex } from '../../src/core/content-hash.ts';
import type { Principal } from '../../src/core/principal.ts';
import { eventually } from '../support/eventually.ts';

/** An account, and what people can do in it. */
export interface IamUnderTest {
  readonly iam: Iam;
  /** Where the engine's calls go. */
  readonly accountId: string;
  readonly createPrincipal: (arn: string) => Promise<void>;
  /** Takes off first what is attached. */
  readonly deletePrincipal: (arn: string) => Promise<void>;
  readonly createPolicy: (arn: string, document: string) => Promise<void>;
  readonly addDefaultVersion: (arn: string, document: string) => Promise<void>;
  readonly attachByHand: (principalArn: string, policyArn: string) => Promise<void>;
}

const DOCUMENT = '{"Version":"2012-10-17","Statement":[{"Sid":"Deny","Effect":"Deny","Action":["ec2:RunInstances"],"Resource":"*"}]}';
const OTHER_DOCUMENT = DOCUMENT.replace('RunInstances', 'StartInstances');
const DENY = 'guardrails-ci-spend-0a1b2c3d';

/** What every IAM promises the engine. `makeIam` must give an account without principals and policies at each call. */
export function describeIamContract(name: string, makeIam: () => Promise<IamUnderTest>): void {
  describe(`${name} as IAM`, () => {
    let made: IamUnderTest;
    let iam: Iam;
    let role: Principal;
    let user: Principal;
    const policyArn = (path: string): string => `arn:aws:iam::${made.accountId}:policy${path}`;
    const arnOf = (rest: string): string => `arn:aws:iam::${made.accountId}:${rest}`;

    beforeEach(async () => {
      made = await makeIam();
      iam = made.iam;
      role = { type: 'iam_role', arn: arnOf('role/team/ci-deployer') };
      user = { type: 'iam_user', arn: arnOf('user/ci-deployer') };
      await made.createPrincipal(role.arn);
      await made.createPrincipal(user.arn);
      await made.createPolicy(policyArn(`/guardrails/${DENY}`), DOCUMENT);
    });

    it('attaches to a role, and not to the user of the same name', async () => {
      expect(await iam.attach(role, DENY)).toBe('ok');
      await eventually(async () => expect(await iam.listAttached(role)).toEqual([DENY]));
      expect(await iam.listAttached(user)).toEqual([]);
    });

    it('attaches to a user, and not to the role of the same name', async () => {
      expect(await iam.attach(user, DENY)).toBe('ok');
      await eventually(async () => expect(await iam.listAttached(user)).toEqual([DENY]));
      expect(await iam.listAttached(role)).toEqual([]);
    });

    it('attaches what is attached already, and that is well', async () => {
      await iam.attach(role, DENY);
      expect(await iam.attach(role, DENY)).toBe('ok');
      await eventually(async () => expect(await iam.listAttached(role)).toEqual([DENY]));
    });

    it('detaches, and says of what is not attached that it is gone', async () => {
      await iam.attach(role, DENY);
      await eventually(async () => expect(await iam.listAttached(role)).toEqual([DENY]));
      expect(await iam.detach(role, DENY)).toBe('ok');
      await eventually(async () => expect(await iam.listAttached(role)).toEqual([]));
      expect(await iam.detach(role, DENY)).toBe('gone');
    });

    it('says of a principal or a policy that is not there that it is gone', async () => {
      const nobody: Principal = { type: 'iam_role', arn: arnOf('role/nobody') };
      expect(await iam.attach(nobody, DENY)).toBe('gone');
      expect(await iam.detach(nobody, DENY)).toBe('gone');
      expect(await iam.attach(role, 'guardrails-nothing-00000000')).toBe('gone');
      expect(await iam.listAttached(nobody)).toEqual([]);
    });

    it('lists the policies under /guardrails/ alone', async () => {
      await made.createPolicy(policyArn('/team/other'), OTHER_DOCUMENT);
      await made.createPolicy(policyArn('/guardrails/guardrails-second-0a1b2c3d'), OTHER_DOCUMENT);
      await made.attachByHand(role.arn, policyArn('/team/other'));
      await made.attachByHand(role.arn, policyArn('/guardrails/guardrails-second-0a1b2c3d'));
      await iam.attach(role, DENY);
      await eventually(async () => expect([...(await iam.listAttached(role))].sort()).toEqual([DENY, 'guardrails-second-0a1b2c3d']));
    });

    it('finds a principal by type and name, and says its real ARN', async () => {
      await eventually(async () => expect(await iam.findPrincipal(role)).toEqual({ arn: role.arn }));
      expect(await iam.findPrincipal({ type: 'iam_role', arn: arnOf('role/elsewhere/ci-deployer') })).toEqual({ arn: role.arn });
      expect(await iam.findPrincipal(user)).toEqual({ arn: user.arn });
      expect(await iam.findPrincipal({ type: 'iam_user', arn: arnOf('user/nobody') })).toBeNull();
    });

    it('holds a principal by its name, whatever path it is asked with', async () => {
      expect(await iam.attach({ type: 'iam_role', arn: arnOf('role/elsewhere/ci-deployer') }, DENY)).toBe('ok');
      await eventually(async () => expect(await iam.listAttached(role)).toEqual([DENY]));
    });

    it('finds a deny policy under /guardrails/ alone', async () => {
      await made.createPolicy(policyArn('/team/guardrails-elsewhere-0a1b2c3d'), DOCUMENT);
      await eventually(async () => expect(await iam.findDenyPolicy(role, DENY)).toEqual({ defaultVersion: 'v1', documentHash: sha256Hex(DOCUMENT) }));
      expect(await iam.findDenyPolicy(role, 'guardrails-elsewhere-0a1b2c3d')).toBeNull();
      expect(await iam.findDenyPolicy(role, 'guardrails-nothing-00000000')).toBeNull();
      expect(await iam.attach(role, 'guardrails-elsewhere-0a1b2c3d')).toBe('gone');
    });

    it('shows by its default version that a deny policy was changed; the hash stays that of v1', async () => {
      await made.addDefaultVersion(policyArn(`/guardrails/${DENY}`), OTHER_DOCUMENT);
      await eventually(async () => expect(await iam.findDenyPolicy(role, DENY)).toEqual({ defaultVersion: 'v2', documentHash: sha256Hex(DOCUMENT) }));
    });

    it('has nothing attached to a principal that was deleted and made anew', async () => {
      await iam.attach(role, DENY);
      await eventually(async () => expect(await iam.listAttached(role)).toEqual([DENY]));
      await made.deletePrincipal(role.arn);
      await eventually(async () => expect(await iam.findPrincipal(role)).toBeNull());
      await made.createPrincipal(role.arn);
      await eventually(async () => expect(await iam.findPrincipal(role)).toEqual({ arn: role.arn }));
      expect(await iam.listAttached(role)).toEqual([]);
      expect(await iam.detach(role, DENY)).toBe('gone');
    });
  });
}
