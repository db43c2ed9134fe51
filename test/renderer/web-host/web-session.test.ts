import { describe, expect, test } from 'vitest';
import { virtualAdapter } from '#renderer/adapters/web-sensors/machine.web-sensor.ts';
import {
  readWebSession,
  type SessionSource,
  sessionDeviceName,
  sessionEnrolCode,
} from '#renderer/adapters/web-session.ts';

const CROS = 'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/140.0.0.0';
const LINUX = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0';

type Managed = NonNullable<SessionSource['managed']>;
const refusing: Managed = {
  getAnnotatedAssetId: () => Promise.reject(new DOMException('', 'NotAllowedError')),
  getHostname: () => Promise.reject(new DOMException('', 'NotAllowedError')),
  getSerialNumber: () => Promise.reject(new DOMException('', 'NotAllowedError')),
  getManagedConfiguration: () => Promise.reject(new DOMException('', 'NotAllowedError')),
};
const trusting = (configuration: Record<string, unknown> = {}): Managed => ({
  getAnnotatedAssetId: async () => ' CB-0042 ',
  getHostname: async () => null,
  getSerialNumber: async () => '5CD1234',
  getManagedConfiguration: async () => configuration,
});
const source = (given: Partial<SessionSource>): SessionSource => ({
  userAgent: CROS,
  platform: 'Linux x86_64',
  userAgentData: { platform: 'Chrome OS' },
  fillsTheScreen: true,
  ...given,
});

describe('kind of session', () => {
  test.each<[string, Partial<SessionSource>, string]>([
    [
      'kiosk: ChromeOS, policy trusts the page, whole screen at the start',
      { managed: trusting() },
      'managed-kiosk',
    ],
    ['managed, in a window', { managed: trusting(), fillsTheScreen: false }, 'managed'],
    [
      'ChromeOS that refuses the attributes, even with the whole screen',
      { managed: refusing },
      'chromeos',
    ],
    ['ChromeOS without the interface', {}, 'chromeos'],
    [
      'older ChromeOS without client hints',
      { managed: trusting(), userAgentData: { platform: '' } },
      'managed-kiosk',
    ],
    [
      'another system with the whole screen (F11)',
      { userAgent: LINUX, userAgentData: { platform: 'Linux' } },
      'browser',
    ],
    [
      'another system that claims the interface',
      { userAgent: LINUX, userAgentData: { platform: 'Linux' }, managed: trusting() },
      'browser',
    ],
  ])('%s', async (_, given, kind) => {
    expect((await readWebSession(source(given))).kind).toBe(kind);
  });

  test('an attribute that is empty is an answer all the same: the policy trusts the page', async () => {
    const managed: Managed = { ...refusing, getAnnotatedAssetId: async () => null };
    const session = await readWebSession(source({ managed }));
    expect(session).toMatchObject({ kind: 'managed-kiosk', assetId: null, serial: null });
  });

  test('a browser that never answers does not hold the start up', async () => {
    const never = () => new Promise<never>(() => undefined);
    const managed: Managed = { getAnnotatedAssetId: never, getManagedConfiguration: never };
    expect((await readWebSession(source({ managed }))).kind).toBe('chromeos');
  });
});

describe('what policy gives the page', () => {
  const session = (configuration: Record<string, unknown>, managed = trusting(configuration)) =>
    readWebSession(source({ managed }));
  test.each([
    ['one code', { enrolCode: 'ABCD-EFGH' }, 'ABCD-EFGH'],
    ['by asset number', { enrolCodes: { 'cb-0042': 'AAAA-0042' } }, 'AAAA-0042'],
    ['by serial number', { enrolCodes: { '5CD1234': 'AAAA-1234' } }, 'AAAA-1234'],
    ['another device', { enrolCodes: { other: 'AAAA-1234' } }, null],
    ['a code of the wrong type', { enrolCode: 7, enrolCodes: { 'CB-0042': 12345 } }, null],
    ['a table of the wrong type', { enrolCodes: 'ABCD' }, null],
    ['nothing', {}, null],
  ])('enrolment: %s', async (_, configuration, code) => {
    expect(sessionEnrolCode(await session(configuration))).toBe(code);
  });

  test.each([
    [{ deviceName: ' Carro 3 ' }, 'Carro 3'],
    [{ deviceName: 5 }, 'CB-0042'],
    [{}, 'CB-0042'],
  ])('name from %j', async (configuration, name) => {
    expect(sessionDeviceName(await session(configuration))).toBe(name);
  });

  test('without anything it gets letters of its own', async () => {
    const nameless = await session({}, refusing);
    const letters = [0, 0.5, 0.999, 0.25];
    expect(sessionDeviceName(nameless, () => letters.shift() ?? 0)).toBe(`${nameless.system} BR9J`);
    // A room full of browsers: no two alike but by chance (26 ** 4 names).
    const names = new Set(Array.from({ length: 30 }, () => sessionDeviceName(nameless)));
    expect(names.size).toBeGreaterThan(27);
  });
});

test.each([
  ['ANGLE (VMware, Inc., SVGA3D; build: RELEASE; LLVM;, OpenGL 4.1)', 'VMware'],
  ['ANGLE (Parallels, Parallels using AMD Radeon, OpenGL 3.3)', 'Parallels'],
  ['virgl (AMD Radeon RX 6600)', 'virgl'],
  ['VirtualBox Graphics Adapter (WDDM)', 'VirtualBox'],
  ['ANGLE (Intel, Mesa Intel(R) UHD Graphics 600 (GLK 2), OpenGL ES 3.2)', null],
  ['ANGLE (AMD, AMD Radeon(TM) Graphics Direct3D11 vs_5_0 ps_5_0, D3D11)', null],
  ['ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)', null],
  ['ANGLE (Mesa, llvmpipe (LLVM 15.0.7, 256 bits), OpenGL 4.5)', null],
  ['ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11, D3D11)', null],
  ['', null],
])('graphics adapter %j gives away %j', (adapter, sign) => {
  expect(virtualAdapter(adapter)).toBe(sign);
});
