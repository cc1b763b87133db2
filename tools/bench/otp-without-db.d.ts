// The package ships no types; these are the two functions that the bench compares with.
declare module "otp-without-db" {
  const otp: {
    createNewOTP(phone: string, otp: string, key: string, expiresAfter?: number, algorithm?: string): string;
    verifyOTP(phone: string, otp: string, hash: string, key: string, algorithm?: string): boolean;
  };
  export default otp;
}
