import { askFaults, type FaultSource, NO_FAULTS, outsideError } from '../../../../src/adapters/memory/fault-source.ts';
import { OutsideError } from '../../../../src/app/ports.ts';
import { scriptedFaults } from '../../../support/scripted-faults.ts';

const TABLE = { 'post.send': ['fails_before', 'late'], 'post.fetch': ['stale'] } as const;

describe('askFaults', () => {
  it('answers what the source decides for the call', () => {
    const ask = askFaults(scriptedFaults({ 'post.send': ['late', 'none', 'fails_before'] }), TABLE);
    expect([ask('post.send'), ask('post.send'), ask('post.send'), ask('post.send')]).toEqual(['late', 'none', 'fails_before', 'none']);
  });

  it('tells the source what is possible: all that the table names, or what it is told', () => {
    const heard: unknown[] = [];
    const decide: FaultSource['decide'] = (call, possible) => {
      heard.push([call, possible]);
      return 'none';
    };
    const ask = askFaults({ ...NO_FAULTS, decide }, TABLE);
    ask('post.send');
    ask('post.send', ['late']);
    expect(heard).toEqual([
      ['post.send', ['fails_before', 'late']],
      ['post.send', ['late']],
    ]);
  });

  it('takes for none what the table names but is not possible now', () => {
    const ask = askFaults(scriptedFaults({ 'post.send': ['late'] }), TABLE);
    expect(ask('post.send', ['fails_before'])).toBe('none');
  });

  it('refuses what the table does not name for the call', () => {
    const ask = askFaults(scriptedFaults({ 'post.send': ['stale'] }), TABLE);
    expect(() => ask('post.send')).toThrow("'stale' to post.send, which can show none, fails_before, late");
  });
});

describe('outsideError', () => {
  it('says which call and which fault', () => {
    expect(outsideError('post.send', 'late')).toBeInstanceOf(OutsideError);
    expect(outsideError('post.send', 'late').message).toBe("post.send: no answer (simulated fault 'late').");
  });
});
