/** A finite float as Python's `repr` and `json.dumps` write it: the shortest digits, with an exponent below 1e-4 and from 1e16 on. */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const [digits = "0", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const sign = exponent < 0 ? "-" : "+";
    return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const sign = Object.is(value, -0) ? "-" : "";
  const text = exponent < 0 ? smallDecimal(digits, exponent) : String(value);
  return sign + (text.includes(".") ? text : `${text}.0`);
}

function smallDecimal(digits: string, exponent: number): string {
  const sign = digits.startsWith("-") ? "-" : "";
  const plain = digits.replace("-", "").replace(".", "");
  return `${sign}0.${"0".repeat(-exponent - 1)}${plain}`;
}

/** A number as Python writes what its `json` reads: an integer, or a float. */
export function pythonNumber(value: number): string {
  return Number.isInteger(value) && !Object.is(value, -0)
    ? BigInt(value).toString()
    : pythonFloat(value);
}
