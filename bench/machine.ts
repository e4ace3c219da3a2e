import { arch, cpus, platform } from 'node:os';

/** On what the figures were measured. */
export function machineLine(): string {
  const [first] = cpus();
  return `Node ${process.version}, ${platform()} ${arch()}, ${cpus().length} x ${first?.model.trim() ?? 'unknown processor'}; median of 7 runs, spread = fastest / slowest`;
}
