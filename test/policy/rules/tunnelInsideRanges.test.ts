import { tunnelInsideRanges } from '../../../policy/rules/tunnelInsideRanges';
import { assertFails } from '../judging';
import { set } from '../resources';
import { shop } from '../shop';

describe('tunnel-inside-ranges', () => {
  it('finds a range that AWS keeps', () => {
    assertFails(
      tunnelInsideRanges,
      set(
        set(
          set(
            set(shop(), 'connection-0', 'tunnel1InsideCidr', '169.254.169.252/30'),
            'interface-0',
            'ipRange',
            '169.254.169.254/30',
          ),
          'peer-0',
          'ipAddress',
          '169.254.169.254',
        ),
        'peer-0',
        'peerIpAddress',
        '169.254.169.253',
      ),
      [
        ['connection-0', /AWS refuses/],
        ['connection-0', /overlaps 169\.254\.169\.252\/30/],
      ],
    );
  });

  it('finds addresses that the ends see differently', () => {
    assertFails(tunnelInsideRanges, set(shop(), 'peer-2', 'peerIpAddress', '169.254.30.10'), [
      ['peer-2', /peerIpAddress is 169\.254\.30\.10, but/],
    ]);
  });

  it('finds a range outside the link-local ones', () => {
    assertFails(tunnelInsideRanges, set(shop(), 'connection-1', 'tunnel2InsideCidr', '10.0.0.0/30'), [
      ['connection-1', /AWS refuses/],
      ['connection-1', /outside 169\.254\.0\.0\/16/],
      ['interface-3', /ipRange/],
      ['peer-3', /ipAddress/],
      ['peer-3', /peerIpAddress/],
    ]);
  });
});
