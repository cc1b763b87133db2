import { withoutBidiControls } from "@doorproof/voucher";
import { options } from "preact";

/**
 * From now on no text that is drawn holds a character that turns the direction of what stands beside it. Here, where
 * Preact makes a node of each text, and not at each label and name: the next screen would forget one.
 */
export function keepDirection(): void {
  const before = options.vnode;
  options.vnode = (vnode) => {
    const node: { props: unknown } = vnode;
    if (typeof node.props === "string") node.props = withoutBidiControls(node.props);
    before?.(vnode);
  };
}
