import Type from "typebox";

// Fields of several subjects' requests.

export const DeliveryId = Type.String({
  description: "Your own ID of the delivery: 1 to 64 visible ASCII characters",
  examples: ["RR123456785DE"],
});
export const Country = Type.String({ description: "ISO 3166, for a number without +", examples: ["GB"] });

export const RouteName = Type.Object({
  route: Type.String({ description: "1 to 64 printable ASCII characters", examples: ["north-1"] }),
});
