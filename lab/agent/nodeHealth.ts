/** What a node answers to load balancers' health checks: whether it serves. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { listening } from '../core/listening';
import { startInNamespace } from '../core/namespace';
import { labDirectory } from '../core/paths';

const SCRIPT = path.join(__dirname, 'answerHealth.sh');

/** HTTP services in namespaces, each of which answers 200 or 503. */
export class HealthAnswers {
  private readonly healthy = new Map<string, boolean>();

  /** Has a port of a namespace answer; the first time it starts to listen. */
  async at(namespace: string, port: number, healthy: boolean): Promise<void> {
    const key = `${namespace}-${port}`;
    const before = this.healthy.get(key);
    if (before === healthy) return;
    this.healthy.set(key, healthy);
    const file = path.join(labDirectory, 'health', key);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    // In one step, so that nobody reads half an answer.
    fs.writeFileSync(`${file}.new`, response(healthy));
    fs.renameSync(`${file}.new`, file);
    if (before !== undefined) return;
    const answer = `EXEC:sh ${SCRIPT} ${file}`;
    startInNamespace(namespace, `health-${key}`, 'socat', [`TCP-LISTEN:${port},reuseaddr,fork`, answer]);
    await listening(namespace, port, 'tcp');
  }
}

function response(healthy: boolean): string {
  const status = healthy ? '200 OK' : '503 Service Unavailable';
  return `HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
}
