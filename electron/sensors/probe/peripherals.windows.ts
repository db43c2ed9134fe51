import type { Peripheral, UsbFunction } from '#shared/incident/peripheral-category.ts';
import { EMPTY, failed, partial, type Reading } from '#shared/incident/reading.ts';
import { readRecords, recordsIn, refusedClass, type ToolRecord, textOf } from './system-tool.ts';

/**
 * One listing of everything that Windows has plugged in, and of the disks on USB with what is in them.
 * A card reader without a card has a disk without a size. Bluetooth is not asked for: Windows lists what
 * was ever paired as present, whether it is connected or at home.
 */
const PNP = [
  "Get-CimInstance Win32_PnPEntity -Filter \"Present = TRUE AND (DeviceID LIKE 'USB\\\\%' OR DeviceID LIKE 'SD\\\\%' OR PNPClass = 'Keyboard')\" -ErrorAction Stop",
  'Select-Object DeviceID, Name, PNPClass, Service, @{n="CompatibleID";e={@($_.CompatibleID) -join ";"}}',
].join(' | ');
const DISKS =
  'Get-CimInstance Win32_DiskDrive -Filter "InterfaceType = \'USB\'" -ErrorAction Stop | Select-Object PNPDeviceID, Size';
/** Each class by itself, since one may be refused: `devices` and `disks`, or why the first is not there. */
export const PERIPHERALS_SCRIPT = `$r = @{}; try { $r.devices = @(${PNP}) } catch { $r.refused = "$($_.Exception.NativeErrorCode)" }; try { $r.disks = @(${DISKS}) } catch { }; ConvertTo-Json -Compress -Depth 4 $r`;

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
 * What hangs on a Windows machine. `empty` when it names nothing: there is always a root hub or a keyboard.
 * @param json what `PERIPHERALS_SCRIPT` printed.
 */
export const readPnp = (json: string): Reading<readonly Peripheral[]> => {
  const read = readRecords(json);
  if (!('value' in read)) return read;
  const [answer = {}] = read.value;
  const refused = textOf(answer.refused);
  if (refused !== '') return refusedClass(refused);
  if (!('devices' in answer)) return failed('tool-unread');
  const records = recordsIn(answer.devices);
  if (records.length === 0) return EMPTY;
  const named = records.filter(({ DeviceID }) => textOf(DeviceID) !== '');
  if (named.length === 0) return failed('tool-unread');
  // Without the disks a reader's card cannot be told from an empty reader.
  const disks = 'disks' in answer ? recordsIn(answer.disks) : null;
  return partial(parsePnp(named, disks ?? []), disks === null ? 'tool-failed' : null);
};

const parsePnp = (
  records: readonly ToolRecord[],
  drives: readonly ToolRecord[],
): readonly Peripheral[] => {
  const disks = drives
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
        // Windows makes up a name from the port for what has no serial number, with ampersands in it.
        ...(unit.includes('&') ? { place: unit } : {}),
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
