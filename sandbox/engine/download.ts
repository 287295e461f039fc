import * as semver from 'semver';
import { PulumiCommand } from '@pulumi/pulumi/automation';
import { ENGINE_VERSION } from './versions';

/** Where the release download is served; asked first, so that a closed network fails in seconds. */
const LATEST_VERSION = 'https://www.pulumi.com/latest-version';
const PROBE_MILLISECONDS = 5_000;

/** The official release, as the SDK's own installer and the npm package `pulumi` fetch it. */
export async function downloadEngine(work: string, say: (line: string) => void): Promise<void> {
  say(`engine: downloading Pulumi ${ENGINE_VERSION}`);
  await fetch(LATEST_VERSION, { signal: AbortSignal.timeout(PROBE_MILLISECONDS) }).catch((error: Error) => {
    throw new Error(
      `the download site does not answer: ${error.cause instanceof Error ? error.cause.message : error.message}`,
    );
  });
  await PulumiCommand.install({ root: work, version: new semver.SemVer(ENGINE_VERSION) });
}
