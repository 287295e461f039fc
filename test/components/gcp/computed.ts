import type { Computed } from '../recorder';

/** What Google Cloud computes for the resources of a site. */
export const computedByGcp: Computed = (type) => {
  switch (type) {
    case 'gcp:container/cluster:Cluster':
      return {
        endpoint: '198.51.100.7',
        masterAuth: { clusterCaCertificate: 'Y2VydGlmaWNhdGU=' },
        controlPlaneEndpointsConfig: { dnsEndpointConfig: { endpoint: 'gke-0123.europe-west4.gke.goog' } },
      };
    case 'gcp:serviceaccount/account:Account':
      return { email: 'node@example-project.iam.gserviceaccount.com', member: 'serviceAccount:node@example-project' };
    case 'gcp:projects/serviceIdentity:ServiceIdentity':
      return { member: 'serviceAccount:agent@container-engine-robot' };
    default:
      return {};
  }
};
