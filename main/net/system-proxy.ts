/** Owns asking Electron which proxy the system wants; what the environment names goes first. */
import { session } from 'electron';
import { proxyOfEnvironment, proxyOfSystem, type ProxyFor } from './proxy.js';

/** After app `ready`. */
export const systemProxy: ProxyFor = async (url) => {
  const named = proxyOfEnvironment(url, process.env);
  return named === undefined ? proxyOfSystem(await session.defaultSession.resolveProxy(url.href)) : named;
};
