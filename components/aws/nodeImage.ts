/** What differs between the families of EKS's node images. */
export interface NodeImage {
  /** Device that holds images, logs and everything else that pods write to their node. */
  readonly dataDevice: string;
  /** Launch template user data that sets the kubelet's pod limit, base64. */
  userData(maxPods: number): string;
}

/** The settings name a node image that the program cannot configure. */
export class UnknownNodeImageError extends Error {
  override readonly name = 'UnknownNodeImageError';

  constructor(readonly amiType: string) {
    super(`nodes.image is "${amiType}": set an EKS amiType that begins with AL2023_ or BOTTLEROCKET_`);
  }
}

/**
 * EKS merges this into the user data it writes itself (EKS user guide, "Customize managed nodes with
 * launch templates"), so it holds the one value that EKS would not choose: without it the limit is that
 * of the instance type without prefixes.
 */
export function nodeImage(amiType: string): NodeImage {
  if (amiType.startsWith('AL2023_')) {
    return { dataDevice: '/dev/xvda', userData: (maxPods) => base64(nodeadm(maxPods)) };
  }
  if (amiType.startsWith('BOTTLEROCKET_')) {
    return { dataDevice: '/dev/xvdb', userData: (maxPods) => base64(`[settings.kubernetes]\nmax-pods = ${maxPods}\n`) };
  }
  throw new UnknownNodeImageError(amiType);
}

/** A `NodeConfig` of Amazon Linux 2023's nodeadm, as a part of a MIME document. */
function nodeadm(maxPods: number): string {
  return [
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="//"',
    '',
    '--//',
    'Content-Type: application/node.eks.aws',
    '',
    'apiVersion: node.eks.aws/v1alpha1',
    'kind: NodeConfig',
    'spec:',
    '  kubelet:',
    '    config:',
    `      maxPods: ${maxPods}`,
    '',
    '--//--',
    '',
  ].join('\n');
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
