import { busContract } from './bus.contract.ts';
import { MemoryBus } from './memory-bus.ts';

busContract('MemoryBus', async () => {
  const bus = new MemoryBus();
  return [bus, bus];
});
