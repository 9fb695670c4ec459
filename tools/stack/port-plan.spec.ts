import { expect, it } from '@jest/globals';
import { portPlanFrom, type PortPlan } from './port-plan.ts';

const all = ({ edge, servers, services, offlineModel }: PortPlan): number[] => [
  edge,
  ...Object.values(servers),
  ...Object.values(services),
  offlineModel,
];

it('uses the usual ports by default', () => {
  expect(portPlanFrom({})).toMatchObject({
    edge: 8000,
    servers: { postgres: 5442, redis: 6389, rabbitmq: 5682, consul: 8510 },
    services: { gateway: 4000, auth: 4001, analytics: 4005 },
  });
});

it('moves every port but the edge into the 30 from PARLEY_PORT_BASE on, no two alike', () => {
  const plan = portPlanFrom({ PARLEY_PORT_BASE: '7000', PARLEY_PORT: '8100' });

  const { edge, ...others } = plan;
  expect(edge).toBe(8100);
  expect(all({ edge: 7000, ...others }).every((port) => port >= 7000 && port < 7030)).toBe(true);
  expect(new Set(all(plan)).size).toBe(all(plan).length);
});

it.each(['0', 'eighty', '70000', '80.5'])('refuses %s as a port, by the name of the variable', (value) => {
  expect(() => portPlanFrom({ PARLEY_PORT: value })).toThrow(
    `PARLEY_PORT must be a port between 1 and 65500, not "${value}".`,
  );
});
