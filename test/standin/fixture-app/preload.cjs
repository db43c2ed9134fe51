const { contextBridge, ipcRenderer } = require('electron');

const hellos = [];
ipcRenderer.on('hello', (_event, text) => hellos.push(text));

contextBridge.exposeInMainWorld('fixture', {
  echo: (value) => ipcRenderer.invoke('echo', value),
  fail: () => ipcRenderer.invoke('fail'),
  nobody: () => ipcRenderer.invoke('nobody'),
  tell: (value, onTold) => {
    ipcRenderer.once('told', (_event, ...args) => onTold(...args));
    ipcRenderer.send('tell', value);
  },
  sum: (a, b) => a + b,
  nested: { shout: (text) => `${text}!` },
  explode: () => {
    throw new RangeError('boom');
  },
  hellos: () => hellos,
  argument: process.argv.includes('--fixture=yes'),
  sandboxed: process.sandboxed,
  canRequire: (name) => {
    try {
      return typeof require(name);
    } catch (error) {
      return error.message;
    }
  },
});
