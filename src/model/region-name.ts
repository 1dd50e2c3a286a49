/** Whether a text has the form of a region's name, whether or not AWS has such a one: `us-gov-east-1`. */
export function isRegionName(text: string): boolean {
  return /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(text);
}
