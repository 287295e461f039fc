/** IPv6 in rules: flows over it are not judged, but a rule that admits the Internet over it is found. */

/** Of some ranges those of IPv6 that hold public addresses: all but unique local (RFC 4193) and link-local (RFC 4291) ones. */
export function publicIpv6(texts: readonly string[]): string[] {
  return texts.filter((text) => text.includes(':') && !/^f(c|d|e[89ab])/i.test(text));
}
