import { MAX_DOCUMENT_SIZE } from '../../../src/core/deny-document.ts';
import { parsePrincipalArn } from '../../../src/core/principal.ts';

describe('limits of others that this program keeps', () => {
  it('IAM takes 6,144 characters', () => {
    expect(MAX_DOCUMENT_SIZE).toBe(6144);
  });

  it('a hostile ARN costs no more than its length', () => {
    expect(parsePrincipalArn(`arn:aws:iam::123456789012:role/${'a/'.repeat(100_000)}!`)).toBeNull();
    expect(parsePrincipalArn('arn:aws:iam::123456789012:role/a/b/c/d')).toEqual(expect.objectContaining({ path: '/a/b/c/', name: 'd' }));
    expect(parsePrincipalArn('arn:aws:iam::123456789012:role//d')).toBeNull();
  });
});
