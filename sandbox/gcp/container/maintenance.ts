import { list, text, type Props } from '../../core/values';
import { badRequest } from '../errors';

const HOUR = 3_600_000;
const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/**
 * Maintenance windows (GKE documentation, "Maintenance windows and exclusions"): at least four hours at a time, and
 * at least 48 hours in any 32 days, or the API refuses them.
 */
export function validateMaintenance(inputs: Props): void {
  const policy = inputs.maintenancePolicy;
  const rule = text(policy, 'recurringWindow', 'recurrence');
  if (rule !== undefined) {
    const start = Date.parse(text(policy, 'recurringWindow', 'startTime') ?? '');
    const end = Date.parse(text(policy, 'recurringWindow', 'endTime') ?? '');
    validateWindow(rule, (end - start) / HOUR);
  }
  const exclusions = list(policy, 'maintenanceExclusions');
  if (exclusions.length > 20)
    throw badRequest(`maintenance policy has ${exclusions.length} exclusions, at most 20 are allowed.`);
  for (const exclusion of exclusions) {
    const [start, end] = [text(exclusion, 'startTime'), text(exclusion, 'endTime')].map((time) =>
      Date.parse(time ?? ''),
    );
    if (start !== undefined && end !== undefined && end <= start) {
      throw badRequest(`maintenance exclusion "${text(exclusion, 'exclusionName') ?? ''}" ends before it starts.`);
    }
    const unbounded = text(exclusion, 'exclusionOptions', 'scope') ?? 'NO_UPGRADES';
    if (unbounded === 'NO_UPGRADES' && start !== undefined && end !== undefined && end - start > 90 * 24 * HOUR) {
      throw badRequest('A maintenance exclusion of scope NO_UPGRADES cannot be longer than 90 days.');
    }
  }
}

function validateWindow(rule: string, hours: number): void {
  if (!(hours > 0)) throw badRequest('The maintenance window must end after it starts.');
  if (hours > 24 * 32) throw badRequest('The maintenance window is longer than 32 days.');
  if (hours < 4) throw badRequest(`The maintenance window must be at least 4 hours long, not ${hours}.`);
  const times = occurrencesIn32Days(rule);
  if (times * hours < 48) {
    throw badRequest(
      `The maintenance window must provide at least 48 hours of maintenance availability in any 32 day period; "${rule}" of ${hours} h provides ${times * hours} h.`,
    );
  }
}

/** How often a rule of RFC 5545 makes the window occur in 32 days at least. */
function occurrencesIn32Days(rule: string): number {
  const parts = new Map(rule.split(';').map((part) => part.split('=') as [string, string]));
  const days = (parts.get('BYDAY') ?? '').split(',').filter(Boolean);
  if (!days.every((day) => DAYS.includes(day.replace(/^[+-]?\d/, '')))) {
    throw badRequest(`Invalid recurrence "${rule}": BYDAY takes ${DAYS.join(', ')}.`);
  }
  const every = Number(parts.get('INTERVAL') ?? 1);
  if (!Number.isInteger(every) || every < 1)
    throw badRequest(`Invalid recurrence "${rule}": INTERVAL must be positive.`);
  switch (parts.get('FREQ')) {
    case 'DAILY':
      return Math.floor(32 / every);
    case 'WEEKLY':
      return Math.floor(32 / (7 * every)) * Math.max(days.length, 1);
    case 'MONTHLY':
      return every === 1 ? Math.max(days.length, 1) : 0;
    default:
      throw badRequest(`Invalid recurrence "${rule}": FREQ must be DAILY, WEEKLY or MONTHLY.`);
  }
}
