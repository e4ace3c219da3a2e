import type { Messenger, Telling } from '../../src/app/ports.ts';

/** A messenger that told nothing yet, and a look at what arrived. */
export interface MessengerUnderTest {
  readonly messenger: Messenger;
  readonly arrived: () => Promise<readonly Telling[]>;
}

/** What every messenger promises. */
export function describeMessengerContract(name: string, makeMessenger: () => Promise<MessengerUnderTest>): void {
  describe(`${name} as a messenger`, () => {
    it('tells what it is given, in order', async () => {
      const { messenger, arrived } = await makeMessenger();
      const tellings = [
        { channel: 'C0PLATFORM', noticeKey: 'notice#1', wanted: 1 },
        { channel: 'C0FINANCE', noticeKey: 'notice#2', wanted: 7 },
        { channel: 'C0PLATFORM', noticeKey: 'notice#1', wanted: 2 },
      ];
      for (const telling of tellings) await messenger.tell(telling);
      expect(await arrived()).toEqual(tellings);
    });
  });
}
