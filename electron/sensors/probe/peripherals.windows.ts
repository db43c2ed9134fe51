import type { Peripheral, UsbFunction } from '#shared/incident/peripheral-rules.ts';
import { recordsOf, textOf } from './system-tool.ts';

/**
 * One listing of everything that Windows has plugged in, and of the disks on USB with what is in them.
 * A card reader without a card has a disk without a size. Bluetooth is not asked for: Windows lists what
 * was ever paired as present, whether it is connected or at home.
 */
const PNP_SCRIPT = [
  "$d = Get-CimInstance Win32_PnPEntity -Filter \"Present = TRUE AND (DeviceID LIKE 'USB\\\\%' OR DeviceID LIKE 'SD\\\\%' OR PNPClass = 'Keyboard')\"",
  'Select-Object DeviceID, Name, PNPClass, Service, @{n="CompatibleID";e={@($_.CompatibleID) -join ";"}}',
].join(' | ');
export const PERIPHERALS_SCRIPT = `${PNP_SCRIPT}; $s = Get-CimInstance Win32_DiskDrive -Filter "InterfaceType = 'USB'" | Select-Object PNPDeviceID, Size; ConvertTo-Json -Compress -Depth 3 @(@($d) + @($s))`;

const FUNCTION = /Class_([0-9A-F]{2})(?:&SubClass_([0-9A-F]{2}))?(?:&Prot_([0-9A-F]{2}))?/i;
const USB_ID = /^USB\\VID_([0-9A-F]{4})&PID_([0-9A-F]{4})(&MI_[0-9A-F]{2})?\\(.+)$/i;

const hex = (text: string | undefined): number => Number.parseInt(text ?? '0', 16);

const functionsOf = (compatible: string): readonly UsbFunction[] => {
  // The most telling id comes first; `DevClass_00` says that the functions are to be asked.
  const first = compatible.split(';').find((id) => /\\Class_/i.test(id));
  const found = first === undefined ? null : FUNCTION.exec(first);
  return found === null ? [] : [[hex(found[1]), hex(found[2]), hex(found[3])]];
};

interface Found {
  readonly device: Peripheral;
  readonly functions: UsbFunction[];
}

/**
 * What hangs on a Windows machine.
 * @param json what `PERIPHERALS_SCRIPT` printed.
 */
export const parsePnp = (json: string): readonly Peripheral[] => {
  const records = recordsOf(json);
  const disks = records
    .filter(({ PNPDeviceID }) => /^USBSTOR\\/i.test(textOf(PNPDeviceID)))
    .map(({ PNPDeviceID, Size }) => ({
      id: textOf(PNPDeviceID).toUpperCase(),
      medium: Number(Size ?? 0) > 0,
    }));
  const found: Found[] = [];
  const parts: { model: string; functions: readonly UsbFunction[]; name: string }[] = [];
  for (const record of records) {
    const id = textOf(record.DeviceID);
    const name = textOf(record.Name).slice(0, 80);
    const functions = functionsOf(textOf(record.CompatibleID));
    const usb = USB_ID.exec(id);
    if (usb !== null) {
      const [, vendor = '', product = '', part, unit = ''] = usb;
      const model = `${vendor}:${product}`.toLowerCase();
      if (part !== undefined) {
        parts.push({ model, functions, name });
        continue;
      }
      const disk = disks.find((one) => one.id.includes(`\\${unit.toUpperCase()}&`));
      const device: Peripheral = {
        bus: 'usb',
        vendor: vendor.toLowerCase(),
        product: product.toLowerCase(),
        unit,
        name,
        functions: [],
        fixed: false,
        ...(disk === undefined ? {} : { medium: disk.medium }),
      };
      found.push({ device, functions: [...functions] });
    } else if (/^SD\\/i.test(id)) {
      const device: Peripheral = {
        bus: 'card',
        vendor: '',
        product: '',
        unit: id,
        name,
        functions: [],
        fixed: false,
        category: 'card',
      };
      found.push({ device, functions: [] });
    } else if (/^ACPI\\/i.test(id) && textOf(record.PNPClass) === 'Keyboard') {
      const device: Peripheral = {
        bus: 'system',
        vendor: '',
        product: '',
        unit: id,
        name,
        functions: [],
        fixed: true,
        category: 'keyboard',
      };
      found.push({ device, functions: [] });
    }
  }
  return found.map(({ device, functions }): Peripheral => {
    if (device.bus !== 'usb') return device;
    // A device of several functions is called "USB Composite Device"; its parts have the telling names.
    const own = parts.filter(({ model }) => model === `${device.vendor}:${device.product}`);
    return {
      ...device,
      name: own[0]?.name ?? device.name,
      functions: [...functions, ...own.flatMap((part) => part.functions)],
    };
  });
};
