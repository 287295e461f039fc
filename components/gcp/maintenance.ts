import type { MaintenanceSettings } from '../../plan/settings';

/** RFC 3339 instants of one occurrence, and the RFC 5545 rule by which it recurs. */
export interface RecurringWindow {
  readonly startTime: string;
  readonly endTime: string;
  readonly recurrence: string;
}

/**
 * GKE wants at least 48 hours of maintenance in any 32 days ("Configure maintenance windows and
 * exclusions"). 32 days hold four occurrences of a weekly window for certain: twelve hours each.
 */
const WINDOW_HOURS = 12;

/** RFC 5545 day, and a past date that fell on it: the window's first occurrence. */
const DAYS = {
  monday: { code: 'MO', date: '2024-01-01' },
  tuesday: { code: 'TU', date: '2024-01-02' },
  wednesday: { code: 'WE', date: '2024-01-03' },
  thursday: { code: 'TH', date: '2024-01-04' },
  friday: { code: 'FR', date: '2024-01-05' },
  saturday: { code: 'SA', date: '2024-01-06' },
  sunday: { code: 'SU', date: '2024-01-07' },
} as const;

/** The weekly maintenance window that begins on the day and hour (UTC) of the settings. */
export function recurringWindow(maintenance: MaintenanceSettings): RecurringWindow {
  const { code, date } = DAYS[maintenance.day];
  const start = Date.parse(`${date}T00:00:00Z`) + hours(maintenance.startHour);
  return {
    startTime: rfc3339(start),
    endTime: rfc3339(start + hours(WINDOW_HOURS)),
    recurrence: `FREQ=WEEKLY;BYDAY=${code}`,
  };
}

function hours(count: number): number {
  return count * 60 * 60 * 1000;
}

function rfc3339(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
