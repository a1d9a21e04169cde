/** Owns the bridge between page and main: forwards named requests, events and the text port; never decides anything. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge } from './contract/index.js';
import { eventChannel, portMessage, requestChannel } from './contract/names.js';

const bridge: Bridge = {
  request: (channel, input) => ipcRenderer.invoke(requestChannel, channel, input),
  pathOf: (file) => webUtils.getPathForFile(file),
  onEvent: (listener) => {
    const forward = (_event: unknown, name: string, data: unknown) => listener(name, data);
    ipcRenderer.on(eventChannel, forward);
    return () => ipcRenderer.off(eventChannel, forward);
  },
};

contextBridge.exposeInMainWorld('altiplano', bridge);

// A MessagePort can't pass the context bridge; it goes to the page as a message of its own window. Main sends it once
// the page has said that it listens.
ipcRenderer.on(portMessage, (event) => {
  window.postMessage(portMessage, location.origin, event.ports as MessagePort[]);
});
