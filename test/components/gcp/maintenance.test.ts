import assert from 'node:assert/strict';
import { recurringWindow } from '../../../components/gcp/maintenance';

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const HOUR = 60 * 60 * 1000;

describe('the maintenance window on GKE', () => {
  it('recurs weekly on the day and hour of the settings', () => {
    assert.deepEqual(recurringWindow({ day: 'sunday', startHour: 15 }), {
      startTime: '2024-01-07T15:00:00Z',
      endTime: '2024-01-08T03:00:00Z',
      recurrence: 'FREQ=WEEKLY;BYDAY=SU',
    });
  });

  DAYS.forEach((day, index) => {
    it(`first occurs on the day it recurs on: ${day}`, () => {
      const { startTime, recurrence } = recurringWindow({ day, startHour: 0 });
      assert.equal(new Date(startTime).getUTCDay(), index);
      assert.equal(recurrence, `FREQ=WEEKLY;BYDAY=${day.slice(0, 2).toUpperCase()}`);
    });
  });

  it('gives GKE its 48 hours in any 32 days', () => {
    const { startTime, endTime } = recurringWindow({ day: 'friday', startHour: 22 });
    const occurrences = Math.floor(32 / 7);
    assert.ok((occurrences * (Date.parse(endTime) - Date.parse(startTime))) / HOUR >= 48);
  });
});
