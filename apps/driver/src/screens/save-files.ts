/**
 * Saves files: by the phone's share sheet where there is one, since an app on an iPhone's home screen cannot download;
 * else as downloads.
 */
export async function saveFiles(files: readonly File[]): Promise<void> {
  if (navigator.maxTouchPoints > 0 && navigator.canShare?.({ files: [...files] })) {
    // Closing the sheet rejects, and is no fault.
    await navigator.share({ files: [...files] }).catch(() => {});
    return;
  }
  for (const file of files) {
    const address = URL.createObjectURL(file);
    const link = Object.assign(document.createElement("a"), { href: address, download: file.name });
    link.click();
    // Later, because the browser reads the file after the click has returned.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }
}
