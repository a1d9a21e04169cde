/** Owns drawing a picture of vectors in the sizes that icons need: a window that is never shown, and a canvas. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { app, BrowserWindow } from 'electron';

const { ICON_SOURCE, ICON_SIZES, ICON_FOLDER } = process.env;

app.setPath('userData', join(ICON_FOLDER, 'painter'));
app.whenReady().then(async () => {
  const source = `data:image/svg+xml;base64,${(await readFile(ICON_SOURCE)).toString('base64')}`;
  const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true } });
  await window.loadURL('data:text/html,<canvas></canvas>');
  for (const size of ICON_SIZES.split(',')) {
    const picture = await window.webContents.executeJavaScript(`(async () => {
      const image = new Image(${size}, ${size});
      image.src = ${JSON.stringify(source)};
      await image.decode();
      const canvas = document.querySelector('canvas');
      canvas.width = canvas.height = ${size};
      canvas.getContext('2d').drawImage(image, 0, 0, ${size}, ${size});
      return canvas.toDataURL('image/png');
    })()`);
    await writeFile(join(ICON_FOLDER, `${size}x${size}.png`), Buffer.from(picture.split(',')[1], 'base64'));
  }
  app.quit();
});
