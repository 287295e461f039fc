import assert from 'node:assert/strict';
import type { Props } from '../../../sandbox/core/values';
import { aSite, type Site } from './cluster';
import { LocalAws, reasons, refuses, type Made } from './localAws';
import { aSubnet } from './network';

const WORKSPACE = 'amp/workspace:Workspace';
const SCRAPER = 'amp/scraper:Scraper';

async function withWorkspace(): Promise<
  Site & { workspace: Made; scrape: (source?: Props, more?: Props) => Promise<Made> }
> {
  const site = await aSite();
  const workspace = await site.aws.create(WORKSPACE, { alias: 'metrics' });
  const scrape = (source: Props = {}, more: Props = {}) =>
    site.aws.create(SCRAPER, {
      source: {
        eks: { clusterArn: site.cluster.outputs['arn'] ?? '', subnetIds: site.subnets.map(({ id }) => id), ...source },
      },
      destination: { amp: { workspaceArn: workspace.outputs['arn'] ?? '' } },
      scrapeConfiguration: 'scrape_configs: []\n',
      ...more,
    });
  return { ...site, workspace, scrape };
}

describe('local AWS: managed Prometheus', () => {
  it('a scraper has an interface in each subnet and holds it, and holds its workspace', async () => {
    const { aws, subnets, workspace, scrape } = await withWorkspace();
    const scraper = await scrape();
    await refuses('ConflictException', /scrapers attached/, () => aws.delete(workspace));
    await refuses('DependencyViolation', /has dependencies/, () => aws.delete(subnets[1]));
    await aws.delete(scraper);
    await aws.delete(workspace);
  });

  it('a scraper needs a cluster, a workspace and two zones', async () => {
    const { aws, vpc, subnets, scrape } = await withWorkspace();
    const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;
    await refuses('ValidationException', /cluster\/other was not found/, () =>
      scrape({ clusterArn: arn('eks', 'cluster/other') }),
    );
    await refuses('ResourceNotFoundException', /Workspace .*ws-1 was not found/, () =>
      scrape({}, { destination: { amp: { workspaceArn: arn('aps', 'workspace/ws-1') } } }),
    );
    const sameZone = await aSubnet(aws, vpc, '10.100.32.0/20', 'a');
    await refuses('ValidationException', /two different Availability Zones/, () =>
      scrape({ subnetIds: [subnets[0].id, sameZone.id] }),
    );
    await refuses('InvalidGroup.NotFound', /sg-9/, () => scrape({ securityGroupIds: ['sg-9'] }));
  });

  it('a scraper is moved to a workspace that exists', async () => {
    const { aws, scrape } = await withWorkspace();
    const scraper = await scrape();
    const destination = { amp: { workspaceArn: 'arn:aws:aps:eu-west-1:123456789012:workspace/ws-1' } };
    await refuses('ResourceNotFoundException', /ws-1 was not found/, () =>
      aws.update(scraper, { ...scraper.inputs, destination }),
    );
  });

  it('a workspace takes a key that exists', async () => {
    const kmsKeyArn = 'arn:aws:kms:eu-west-1:123456789012:key/none';
    await refuses('ValidationException', /KMS key .* was not found/, () =>
      new LocalAws().create(WORKSPACE, { kmsKeyArn }),
    );
  });

  it('a scrape configuration scrapes something, and comes from one source', () => {
    const aws = new LocalAws();
    const base = { destination: { amp: { workspaceArn: 'arn:aws:aps:eu-west-1:123456789012:workspace/w' } } };
    const found = reasons(aws.check(SCRAPER, { ...base, source: {}, scrapeConfiguration: 'global: {}' }));
    assert.match(found, /has no scrape_configs/);
    assert.match(found, /source\.eks,source\.vpc/);
  });
});
