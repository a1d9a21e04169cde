/** Owns what a report says of the machine and of the programs; never whose machine it is. */
import { arch, cpus, freemem, platform, release, totalmem } from 'node:os';
import { app } from 'electron';

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

export function machineFacts(): Record<string, string | number> {
  const [first] = cpus();
  return {
    system: `${platform()} ${release()} ${arch()}`,
    processor: `${cpus().length} × ${first?.model.trim() ?? 'unknown'}`,
    memory: gigabytes(totalmem()),
    free: gigabytes(freemem()),
  };
}

export function programVersions(): Record<string, string> {
  const { electron = '', chrome = '', node } = process.versions;
  return { Altiplano: app.getVersion(), Electron: electron, Chromium: chrome, Node: node };
}
