/** The line with which `up` ends, and which `npm run bench -- lab` reads. */
export function renderUsage(nodes: number, seconds: number, memory: number): string {
  return `${nodes} Cassandra nodes up after ${seconds} s; the lab's processes hold ${gibibytes(memory)} GiB of memory`;
}

export function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}
