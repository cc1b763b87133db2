/**
 * Tells the style sheet how much of the screen the keyboard leaves free, so that no button lies under it: iOS does not
 * resize the page.
 */
export function followKeyboard(): void {
  const seen = window.visualViewport;
  if (!seen) return;
  const tell = () => {
    // When zoomed in, only a part of the page is visible, and nothing is changed.
    if (seen.scale > 1.01) return;
    const { style } = document.documentElement;
    style.setProperty("--visible", `${seen.height}px`);
    style.setProperty("--above", `${seen.offsetTop}px`);
  };
  seen.addEventListener("resize", tell);
  seen.addEventListener("scroll", tell);
}
