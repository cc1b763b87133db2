import { property8 } from "./property8.contract.ts";

property8(40);
