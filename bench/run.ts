import { benchDeciding } from './deciding.ts';
import { machineLine } from './machine.ts';
import { benchReading } from './reading.ts';

process.stdout.write(`${machineLine()}\n\n`);
process.stdout.write(`${benchReading()}\n`);
process.stdout.write(`${benchDeciding()}\n`);
