/** Hands a file to the driver: by the phone's own sharing where there is one (an app on an iPhone's home screen downloads nothing), else as a download. */
export async function saveFile(bytes: Blob, name: string): Promise<void> {
  const files = [new File([bytes], name, { type: bytes.type })];
  if (navigator.maxTouchPoints > 0 && navigator.canShare?.({ files })) {
    // He may close the sheet again, which is his right and no fault.
    await navigator.share({ files }).catch(() => {});
    return;
  }
  const address = URL.createObjectURL(bytes);
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  // The browser reads it after the click has returned.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
