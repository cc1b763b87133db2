import { stageScreens } from "../fixtures/screens-stage.ts";
import { schemesHold, sizesHold } from "./screens.contract.ts";

const stage = stageScreens();

schemesHold(stage, ["dark"]);
sizesHold(stage, [
  [390, 844, 200],
  [844, 390, 100],
  [844, 390, 200],
  [1280, 800, 100],
]);
