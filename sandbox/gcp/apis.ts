import { accessNotConfigured } from './errors';
import { projectNumber, type GcpSession } from './session';

export const SERVICE = 'gcp:projects/service:Service';

/** The APIs the local cloud knows, with the titles error messages give them. */
export const APIS: Readonly<Record<string, string>> = {
  'artifactregistry.googleapis.com': 'Artifact Registry API',
  'autoscaling.googleapis.com': 'Cloud Autoscaling API',
  'certificatemanager.googleapis.com': 'Certificate Manager API',
  'cloudbilling.googleapis.com': 'Cloud Billing API',
  'cloudkms.googleapis.com': 'Cloud Key Management Service (KMS) API',
  'cloudresourcemanager.googleapis.com': 'Cloud Resource Manager API',
  'cloudtrace.googleapis.com': 'Cloud Trace API',
  'compute.googleapis.com': 'Compute Engine API',
  'container.googleapis.com': 'Kubernetes Engine API',
  'containerfilesystem.googleapis.com': 'Container File System API',
  'containersecurity.googleapis.com': 'Container Security API',
  'dns.googleapis.com': 'Cloud DNS API',
  'gkebackup.googleapis.com': 'Backup for GKE API',
  'gkeconnect.googleapis.com': 'GKE Connect API',
  'gkehub.googleapis.com': 'GKE Hub API',
  'iam.googleapis.com': 'Identity and Access Management (IAM) API',
  'iamcredentials.googleapis.com': 'IAM Service Account Credentials API',
  'logging.googleapis.com': 'Cloud Logging API',
  'monitoring.googleapis.com': 'Cloud Monitoring API',
  'networkconnectivity.googleapis.com': 'Network Connectivity API',
  'networkmanagement.googleapis.com': 'Network Management API',
  'networksecurity.googleapis.com': 'Network Security API',
  'networkservices.googleapis.com': 'Network Services API',
  'oslogin.googleapis.com': 'Cloud OS Login API',
  'pubsub.googleapis.com': 'Cloud Pub/Sub API',
  'secretmanager.googleapis.com': 'Secret Manager API',
  'servicemanagement.googleapis.com': 'Service Management API',
  'servicenetworking.googleapis.com': 'Service Networking API',
  'serviceusage.googleapis.com': 'Service Usage API',
  'storage.googleapis.com': 'Cloud Storage API',
  'storage-api.googleapis.com': 'Google Cloud Storage JSON API',
  'storage-component.googleapis.com': 'Cloud Storage',
};

/** Enabled in every new project (Service Usage, "Services enabled by default"). */
const ENABLED_BY_DEFAULT = [
  'cloudtrace.googleapis.com',
  'logging.googleapis.com',
  'monitoring.googleapis.com',
  'servicemanagement.googleapis.com',
  'serviceusage.googleapis.com',
  'storage.googleapis.com',
  'storage-api.googleapis.com',
  'storage-component.googleapis.com',
];

/** What enabling an API enables with it (Service Usage API, `services.enable`: "and its dependencies"). */
const DEPENDENCIES: Readonly<Record<string, readonly string[]>> = {
  'compute.googleapis.com': ['oslogin.googleapis.com'],
  'container.googleapis.com': [
    'artifactregistry.googleapis.com',
    'autoscaling.googleapis.com',
    'compute.googleapis.com',
    'containerfilesystem.googleapis.com',
    'dns.googleapis.com',
    'gkebackup.googleapis.com',
    'iam.googleapis.com',
    'iamcredentials.googleapis.com',
    'networkconnectivity.googleapis.com',
    'oslogin.googleapis.com',
    'pubsub.googleapis.com',
  ],
  'iam.googleapis.com': ['iamcredentials.googleapis.com'],
};

export function dependenciesOf(service: string): readonly string[] {
  return DEPENDENCIES[service] ?? [];
}

/** Enabled APIs that need this one. */
export function dependentsOf(cloud: GcpSession, project: string, service: string): string[] {
  return Object.entries(DEPENDENCIES)
    .filter(([api, needs]) => needs.includes(service) && isEnabled(cloud, project, api))
    .map(([api]) => api);
}

export function isEnabled(cloud: GcpSession, project: string, service: string): boolean {
  return ENABLED_BY_DEFAULT.includes(service) || cloud.get(SERVICE, `${project}/${service}`) !== undefined;
}

/** Refuses an operation whose API the project has not enabled. */
export function requireApi(cloud: GcpSession, project: string, service: string): void {
  if (isEnabled(cloud, project, service)) return;
  throw accessNotConfigured(project, projectNumber(project), service, APIS[service] ?? service);
}
