import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { defaultPolicyDirectory, ENVIRONMENT_VARIABLES, readEnvironment } from '../../../src/cli/environment.ts';
import { folderWith } from '../../support/run-guardrails.ts';

describe('the environment', () => {
  const file = join(folderWith({ '.env': 'POLICY_DIR=from-file\nSOMETHING_ELSE=1\n' }), '.env');

  it('is completed by .env, and wins over it', () => {
    expect(readEnvironment({}, file)).toEqual({ POLICY_DIR: 'from-file' });
    expect(readEnvironment({ POLICY_DIR: 'set' }, file)).toEqual({ POLICY_DIR: 'set' });
  });

  it('does without .env', () => {
    expect(readEnvironment({}, `${file}.nowhere`)).toEqual({ POLICY_DIR: undefined });
  });

  it('has a default directory, also for a variable that is set to nothing', () => {
    expect(defaultPolicyDirectory({ POLICY_DIR: 'mine' })).toBe('mine');
    expect(defaultPolicyDirectory({ POLICY_DIR: '' })).toBe('policies');
    expect(defaultPolicyDirectory({})).toBe('policies');
  });

  it('is shown whole by .env.example, and nothing else is', () => {
    expect(Object.keys(parseEnv(readFileSync('.env.example', 'utf8'))).sort()).toEqual([...ENVIRONMENT_VARIABLES].sort());
  });
});
