/** Hands files to the driver: by the phone's own sharing where there is one (an app on an iPhone's home screen downloads nothing), else as downloads. */
export async function saveFiles(files: readonly File[]): Promise<void> {
  if (navigator.maxTouchPoints > 0 && navigator.canShare?.({ files: [...files] })) {
    // They may close the sheet again, which is no fault.
    await navigator.share({ files: [...files] }).catch(() => {});
    return;
  }
  for (const file of files) {
    const address = URL.createObjectURL(file);
    const link = Object.assign(document.createElement("a"), { href: address, download: file.name });
    link.click();
    // The browser reads it after the click has returned.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }
}
