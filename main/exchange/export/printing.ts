/** Owns printing a page to a PDF: in a window that nobody sees, with nothing that runs. */
import { writeFile } from 'node:fs/promises';
import { BrowserWindow } from 'electron';

/** The number of the page at its foot; Chromium fills in the classes. */
const foot = `<div style="width: 100%; font: 8px sans-serif; color: #666; text-align: center;">
  <span class="pageNumber"></span> / <span class="totalPages"></span></div>`;

const inches = (millimetres: number) => millimetres / 25.4;

/** @param page path of an HTML file of our own making. @param pdf path of the file to write */
export async function printPage(page: string, pdf: string): Promise<void> {
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      // Of its own, and gone with it.
      partition: 'printing',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      javascript: false,
      spellcheck: false,
    },
  });
  try {
    await window.loadFile(page);
    const bytes = await window.webContents.printToPDF({
      pageSize: 'A4',
      printBackground: true,
      displayHeaderFooter: true,
      headerTemplate: '<span></span>',
      footerTemplate: foot,
      margins: { top: inches(18), bottom: inches(20), left: inches(18), right: inches(18) },
      generateTaggedPDF: true,
      generateDocumentOutline: true,
    });
    await writeFile(pdf, bytes);
  } finally {
    window.destroy();
  }
}
