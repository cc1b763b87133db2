/** Tells the style sheet what part of the screen the keyboard leaves: the button that ends the typing must not lie under it (iOS shrinks nothing by itself). */
export function followKeyboard(): void {
  const seen = window.visualViewport;
  if (!seen) return;
  const tell = () => {
    // Zoomed in, the driver looks at a part of the page, and the page stays as it is.
    if (seen.scale > 1.01) return;
    const { style } = document.documentElement;
    style.setProperty("--visible", `${seen.height}px`);
    style.setProperty("--above", `${seen.offsetTop}px`);
  };
  seen.addEventListener("resize", tell);
  seen.addEventListener("scroll", tell);
}
