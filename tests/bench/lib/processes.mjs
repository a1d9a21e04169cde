/** Owns what Linux knows of the processes of an app: which they are, what they use, and what they are connected to. */
import { readdir, readFile, readlink } from 'node:fs/promises';

const read = (path) => readFile(path, 'utf8').catch(() => '');

/**
 * The process `pid` and all below it.
 * @returns its kind (main, page, engine, or Chromium's own word) by process id
 */
export async function processesOf(pid) {
  const parents = new Map();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // After the name in brackets, which may hold anything: state, parent (proc_pid_stat(5)).
    const [, parent] = /\) \S (\d+)/.exec(await read(`/proc/${name}/stat`)) ?? [];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const isBelow = (each) => each === pid || (parents.has(each) && isBelow(parents.get(each)));
  const found = new Map();
  for (const each of parents.keys()) if (isBelow(each)) found.set(each, await kindOf(each, pid));
  return found;
}

async function kindOf(pid, main) {
  if (pid === main) return 'main';
  const words = (await read(`/proc/${pid}/cmdline`)).split('\0').join(' ');
  const [, type = 'other'] = /--type=(\S+)/.exec(words) ?? [];
  const [, service] = /--utility-sub-type=(\S+)/.exec(words) ?? [];
  if (type === 'renderer') return 'page';
  return service?.includes('NodeService') ? 'engine' : (service?.split('.')[0] ?? type);
}

/**
 * What a process has used until now.
 * @returns milliseconds of computing, and how often one of its threads went to sleep to be woken later
 */
export async function usage(pid) {
  let computedMs = 0;
  let sleeps = 0;
  for (const task of await readdir(`/proc/${pid}/task`).catch(() => [])) {
    const [onCpuNs = '0'] = (await read(`/proc/${pid}/task/${task}/schedstat`)).split(' ');
    const status = await read(`/proc/${pid}/task/${task}/status`);
    computedMs += Number(onCpuNs) / 1e6;
    sleeps += Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return { computedMs, sleeps };
}

/** Memory in units of 1e6 bytes: all that it maps, and its fair part of it, where shared pages are divided by their users. */
export async function memory(pid) {
  const rollup = await read(`/proc/${pid}/smaps_rollup`);
  const megabytes = (name) => (Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(rollup)?.[1]) * 1024) / 1e6;
  return { rss: megabytes('Rss'), pss: megabytes('Pss') };
}

/** Sockets of the internet that a process has open, listening ones too: their local and their other address, in hexadecimal. */
export async function sockets(pid) {
  const links = await Promise.all(
    (await readdir(`/proc/${pid}/fd`).catch(() => [])).map((fd) =>
      readlink(`/proc/${pid}/fd/${fd}`).catch(() => ''),
    ),
  );
  const inodes = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  const found = [];
  for (const protocol of ['tcp', 'tcp6', 'udp', 'udp6']) {
    for (const line of (await read(`/proc/${pid}/net/${protocol}`)).split('\n').slice(1)) {
      const [, local, other, , , , , , , inode] = line.trim().split(/\s+/);
      if (inodes.has(inode)) found.push(`${protocol} ${local} ${other}`);
    }
  }
  return found;
}
