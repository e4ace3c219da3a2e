import { canonicalJson, contentId, sha256Hex } from '../../../src/core/content-hash.ts';

describe('content hashes', () => {
  it('hash the UTF-8 bytes as any other tool does', () => {
    expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(sha256Hex('é')).toBe('4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c');
  });

  it('write equal values equally, however they were built', () => {
    expect(canonicalJson({ b: [1, null, true], a: { d: 'x', c: 2 } })).toBe('{"a":{"c":2,"d":"x"},"b":[1,null,true]}');
    expect(canonicalJson({ a: { c: 2, d: 'x' }, b: [1, null, true] })).toBe(canonicalJson({ b: [1, null, true], a: { d: 'x', c: 2 } }));
  });

  it('tell apart ids whose parts only look alike when joined', () => {
    expect(contentId('evt', ['a', 'bc'])).toMatch(/^evt-[0-9a-f]{32}$/);
    expect(contentId('evt', ['a', 'bc'])).not.toBe(contentId('evt', ['ab', 'c']));
    expect(contentId('evt', ['1'])).not.toBe(contentId('evt', [1]));
    expect(contentId('evt', ['a', null])).toBe(contentId('evt', ['a', null]));
  });
});
