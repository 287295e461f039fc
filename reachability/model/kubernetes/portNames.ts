/** Ports that cass-operator names on its pods (cass-operator, `construct_podtemplatespec.go`); rules and Services may use the names. */
export const PORT_NAMES: Readonly<Record<string, number>> = {
  native: 9042,
  'tls-native': 9142,
  internode: 7000,
  'tls-internode': 7001,
  jmx: 7199,
  'mgmt-api-http': 8080,
  prometheus: 9103,
  metrics: 9000,
  dns: 53,
  'dns-tcp': 53,
};
