import type { Sensor } from '#shared/ports/sensor.port.ts';
import { domSensor } from './dom-sensor.ts';

/**
 * Graphics adapters that exist only inside a virtual machine. Pictures drawn in software are none: plenty
 * of real machines have no usable graphics, and remote desktops and test machines draw so too.
 */
const VIRTUAL_ADAPTER = /\b(vmware|svga3d|virtualbox|vboxsvga|parallels|virgl|virtio|qxl|bochs)\b/i;

/** @returns the part of the adapter's name that gives a virtual machine away; null when nothing does. */
export const virtualAdapter = (adapter: string): string | null =>
  VIRTUAL_ADAPTER.exec(adapter)?.[0] ?? null;

/** The graphics adapter as the browser names it; null where it does not. */
const graphicsAdapter = (): string | null => {
  const gl = document.createElement('canvas').getContext('webgl');
  if (gl === null) return null;
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  const adapter: unknown = gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER);
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return typeof adapter === 'string' ? adapter : null;
};

/** Art. 29n, as far as a page sees: the graphics adapter of a virtual machine. */
export const machineSensor = (adapter: () => string | null = graphicsAdapter): Sensor =>
  domSensor(
    'machine',
    ['virtual-machine'],
    ({ emit, limited }) => {
      limited({ 'virtual-machine': { reason: 'page-only', partly: true } });
      const sign = virtualAdapter(adapter() ?? '');
      if (sign === null) return;
      emit({ kind: 'virtual-machine', phase: 'began', facts: { sign: 'graphics', found: sign } });
    },
    async () => {
      const sign = virtualAdapter(adapter() ?? '');
      // Finding nothing here proves nothing.
      return sign === null
        ? { id: 'machine', outcome: 'not-watched', cause: 'unknown', blocks: false }
        : { id: 'machine', outcome: 'failed', cause: 'virtual', names: [sign], blocks: true };
    },
  );
