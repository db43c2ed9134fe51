/** One line for PowerShell's input: it runs each line as it comes. */
const line = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ').trim();

/**
 * `Get-AtalayaPrograms`: a JSON array with one array for each process: id, parent, name, path, session, age in
 * ms, has a window, original file name, signer, command line. Parents and command lines are asked of CIM for
 * new processes only, version info and signatures once for each file: they are what costs.
 */
export const PROGRAMS_PRELUDE = [
  '$atalayaFiles = @{}; $atalayaKnown = @{}',
  line(`
    function Get-AtalayaFile($path) {
      if (-not $atalayaFiles.ContainsKey($path)) {
        $original = ''; try { $original = (Get-Item -LiteralPath $path).VersionInfo.OriginalFilename } catch { };
        $signer = '';
        if ($path -notlike "$env:SystemRoot\\*") {
          try { $signer = (Get-AuthenticodeSignature -LiteralPath $path).SignerCertificate.Subject } catch { }
        };
        $atalayaFiles[$path] = @($original, $signer)
      };
      return $atalayaFiles[$path]
    }`),
  line(`
    function Get-AtalayaPrograms {
      $all = @(Get-Process);
      $new = @($all | Where-Object { -not $atalayaKnown.ContainsKey($_.Id) });
      if ($new.Count -gt 0) {
        $filter = if ($new.Count -gt 20) { $null } else { ($new | ForEach-Object { "ProcessId=$($_.Id)" }) -join ' OR ' };
        try {
          $rows = if ($filter) { Get-CimInstance Win32_Process -Filter $filter -Property ProcessId,ParentProcessId,CommandLine }
            else { Get-CimInstance Win32_Process -Property ProcessId,ParentProcessId,CommandLine };
          foreach ($row in $rows) { $atalayaKnown[[int]$row.ProcessId] = @([int]$row.ParentProcessId, $row.CommandLine) }
        } catch { }
      };
      $ids = @{}; foreach ($p in $all) { $ids[$p.Id] = 1 };
      foreach ($id in @($atalayaKnown.Keys)) { if (-not $ids.ContainsKey($id)) { $atalayaKnown.Remove($id) } };
      $now = Get-Date;
      $list = foreach ($p in $all) {
        $age = -1; try { $age = [int64](($now - $p.StartTime).TotalMilliseconds) } catch { };
        $path = ''; try { $path = $p.Path } catch { };
        $file = @('', ''); if ($path) { $file = Get-AtalayaFile $path };
        $more = $atalayaKnown[$p.Id]; if (-not $more) { $more = @(0, '') };
        ,@($p.Id, $more[0], $p.ProcessName, $path, $p.SessionId, $age, ($p.MainWindowHandle -ne 0), $file[0], $file[1], $more[1])
      };
      ConvertTo-Json -Compress -Depth 3 -InputObject @($list)
    }`),
] as const;

const USER32 = (signature: string): string =>
  `[DllImport("user32.dll")] static extern ${signature};`;

/**
 * `[AtalayaWindows]`: windows that are shown, the topmost first, one in a line: handle, process, class, left,
 * top, right, bottom, extended style, cloaked, display affinity, minimised, has an owner, title. Needs the
 * full language; where policy allows the restricted one only, this line fails and `windows` stays empty.
 */
export const WINDOWS_PRELUDE = [
  `Add-Type -TypeDefinition '${line(`
    using System; using System.Collections.Generic; using System.Runtime.InteropServices; using System.Text;
    public static class AtalayaWindows {
      delegate bool Each(IntPtr window, IntPtr data);
      [StructLayout(LayoutKind.Sequential)] struct Rect { public int L, T, R, B; }
      ${USER32('bool EnumWindows(Each each, IntPtr data)')}
      ${USER32('bool EnumChildWindows(IntPtr window, Each each, IntPtr data)')}
      ${USER32('bool IsWindowVisible(IntPtr window)')}
      ${USER32('bool IsIconic(IntPtr window)')}
      ${USER32('bool GetWindowRect(IntPtr window, out Rect rect)')}
      ${USER32('int GetWindowLong(IntPtr window, int index)')}
      ${USER32('IntPtr GetWindow(IntPtr window, uint command)')}
      ${USER32('uint GetWindowThreadProcessId(IntPtr window, out uint process)')}
      ${USER32('bool GetWindowDisplayAffinity(IntPtr window, out uint affinity)')}
      ${USER32('int GetSystemMetrics(int index)')}
      [DllImport("user32.dll", CharSet = CharSet.Unicode)] static extern int GetClassName(IntPtr window, StringBuilder text, int length);
      [DllImport("user32.dll", CharSet = CharSet.Unicode)] static extern int GetWindowText(IntPtr window, StringBuilder text, int length);
      [DllImport("dwmapi.dll")] static extern int DwmGetWindowAttribute(IntPtr window, int attribute, out int value, int size);
      static string Class(IntPtr window) { var text = new StringBuilder(128); GetClassName(window, text, 128); return text.ToString().Replace((char)9, (char)32); }
      public static bool Remote() { return GetSystemMetrics(0x1000) != 0; }
      public static string[] List(bool titles) {
        var lines = new List<string>();
        EnumWindows((window, data) => {
          if (!IsWindowVisible(window)) return true;
          int cloaked = 0; try { DwmGetWindowAttribute(window, 14, out cloaked, 4); } catch (Exception) { }
          Rect place; GetWindowRect(window, out place);
          uint process; GetWindowThreadProcessId(window, out process);
          uint affinity; if (!GetWindowDisplayAffinity(window, out affinity)) affinity = 0;
          string name = Class(window);
          if (name == "ApplicationFrameWindow") {
            uint host = process; uint inner = process;
            EnumChildWindows(window, (child, more) => { uint one; GetWindowThreadProcessId(child, out one); if (one != host) inner = one; return inner == host; }, IntPtr.Zero);
            process = inner;
          }
          var title = new StringBuilder(128); if (titles) GetWindowText(window, title, 128);
          lines.Add(string.Join("\\t", new object[] { window.ToInt64(), process, name, place.L, place.T, place.R, place.B, GetWindowLong(window, -20), cloaked, affinity, IsIconic(window) ? 1 : 0, GetWindow(window, 4) == IntPtr.Zero ? 0 : 1, title.ToString().Replace((char)9, (char)32) }));
          return true;
        }, IntPtr.Zero);
        return lines.ToArray();
      }
    }`)}'`,
] as const;

export const PROGRAMS_QUESTION = 'Get-AtalayaPrograms';
export const windowsQuestion = (titles: boolean): string =>
  `try { [AtalayaWindows]::List($${titles}) } catch { 'blocked' }`;
/** `True` while the session is shown elsewhere (SM_REMOTESESSION). */
export const REMOTE_QUESTION = `try { [AtalayaWindows]::Remote() } catch { 'blocked' }`;
