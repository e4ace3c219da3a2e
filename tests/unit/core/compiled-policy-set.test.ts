import { decodePolicySet, encodePolicySet } from '../../../src/core/compiled-policy-set.ts';
import { DEFAULT_SETTINGS, type PolicySet } from '../../../src/core/policy-set.ts';
import { aPolicy, usd } from '../../support/builders.ts';

const policySet: PolicySet = {
  revision: '0123456789abcdef0123456789abcdef01234567',
  settings: DEFAULT_SETTINGS,
  policies: [
    aPolicy({}, { minAmount: usd('87967679887258.36'), maxAmount: null }),
    aPolicy({ policyId: 'b', metadata: { $usd: '1.00' } }, { maxAmount: usd('0.01') }),
  ],
};

describe('a compiled policy set', () => {
  it('comes back as it went in, to the cent', () => {
    expect(decodePolicySet(encodePolicySet(policySet))).toEqual(policySet);
  });

  it('is refused where somebody changed it', () => {
    const text = encodePolicySet(policySet).replace('ci-deployer', 'prod-admin');
    expect(() => decodePolicySet(text)).toThrow('changed after it was compiled');
  });

  it('is refused in another format', () => {
    expect(() => decodePolicySet(encodePolicySet(policySet).replace('"format":1', '"format":2'))).toThrow('expected format 1, found 2');
  });
});
