/** Owns the reference of the start bench: the least that an Electron app with a window does. */
import { app, BrowserWindow } from 'electron';

app.setPath('userData', process.env.BARE_HOME);
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1180, height: 800, webPreferences: { sandbox: true } });
  window.webContents.once('did-finish-load', () => {
    console.log(JSON.stringify({ interactive: true }));
    app.quit();
  });
  window.loadFile('index.html');
});
