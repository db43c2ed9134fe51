import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A device as `/sys` shows it. */
export interface SysDevice {
  /** As in `1-4`: bus and port. */
  readonly port: string;
  readonly vendor: string;
  readonly product: string;
  readonly title?: string;
  readonly serial?: string;
  readonly fixed?: boolean;
  /** Class, subclass, protocol of each function, in hexadecimal: `08:06:50`. */
  readonly functions: readonly string[];
  /** A disk behind it, of so many sectors. */
  readonly sectors?: number;
}

/** A folder that looks like `/sys` and `/proc`, in which devices are plugged and unplugged. */
export const fakeSys = () => {
  const root = mkdtempSync(join(tmpdir(), 'atalaya-sys-'));
  const sys = join(root, 'sys');
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${text}\n`);
  };
  const usb = join(sys, 'bus/usb/devices');
  write(join(usb, 'usb1/bDeviceClass'), '09');
  write(join(root, 'proc/bus/input/devices'), '');
  return {
    sys,
    proc: join(root, 'proc'),
    /** Writes any other file below the root, as `sys/class/bluetooth/hci0/type`. */
    write: (path: string, text: string) => write(join(root, path), text),
    plug: ({ port, functions, ...device }: SysDevice): void => {
      const file = (name: string, text: string) => write(join(usb, port, name), text);
      file('idVendor', device.vendor);
      file('idProduct', device.product);
      file('bDeviceClass', '00');
      file('removable', device.fixed === true ? 'fixed' : 'removable');
      if (device.title !== undefined) file('product', device.title);
      if (device.serial !== undefined) file('serial', device.serial);
      functions.forEach((one, i) => {
        const [cls = '', sub = '', protocol = ''] = one.split(':');
        write(join(usb, `${port}:1.${i}`, 'bInterfaceClass'), cls);
        write(join(usb, `${port}:1.${i}`, 'bInterfaceSubClass'), sub);
        write(join(usb, `${port}:1.${i}`, 'bInterfaceProtocol'), protocol);
      });
      if (device.sectors === undefined) return;
      const disk = join(sys, `devices/pci0000:00/usb1/${port}/${port}:1.0/host0/block/sd-${port}`);
      write(join(disk, 'size'), String(device.sectors));
      mkdirSync(join(sys, 'block'), { recursive: true });
      symlinkSync(disk, join(sys, 'block', `sd-${port}`));
    },
    unplug: (port: string, functions = 4): void => {
      for (const name of [port, ...Array.from({ length: functions }, (_, i) => `${port}:1.${i}`)]) {
        rmSync(join(usb, name), { recursive: true, force: true });
      }
      rmSync(join(sys, 'block', `sd-${port}`), { force: true });
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
};
