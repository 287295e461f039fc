import { tryInNamespace } from './namespace';
import { NotYet, until } from './wait';

/** Waits until something listens on a port of a namespace. */
export async function listening(namespace: string, port: number, protocol: string): Promise<void> {
  const socket = ['-Hln', protocol === 'udp' ? '-u' : '-t', `sport = :${port}`];
  await until(
    `a service at ${namespace} ${port}/${protocol}`,
    15,
    async () => {
      const { stdout } = await tryInNamespace(namespace, 'ss', socket);
      return stdout.trim() === '' ? new NotYet('it does not listen') : true;
    },
    100,
  );
}
