/** Owns the reference of the benches of the start and of rest: the least that an Electron app with a window does. */
import { app, BrowserWindow } from 'electron';

app.setPath('userData', process.env.BARE_HOME);
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1180, height: 800, webPreferences: { sandbox: true } });
  window.webContents.once('did-finish-load', () => {
    console.log(JSON.stringify({ interactive: true }));
    if (process.env.BARE_STAYS === undefined) app.quit();
  });
  window.loadFile('index.html');
});
