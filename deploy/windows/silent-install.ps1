<#
.SYNOPSIS
  Instala el kiosco Atalaya sin preguntas, lo configura y, si se pide, deja el equipo en modo quiosco.

.DESCRIPTION
  Se ejecuta como administrador, o como SYSTEM desde Intune, SCCM o una tarea de inicio de la directiva de grupo.
  Puede repetirse: deja el equipo como dicen los parámetros. Lo que hizo queda en %ProgramData%\Atalaya\install.log.

.PARAMETER Installer
  Atalaya-…-win32-x64.exe o .msi, en este equipo o en un recurso compartido.

.PARAMETER Server
  Origen del servidor central: https://examenes.universidad.edu.ec

.PARAMETER CodesFile
  CSV con las columnas equipo;codigo (separadas por punto y coma). Solo el código de este equipo queda en él.

.PARAMETER Code
  Código de registro de este equipo, en lugar de CodesFile.

.PARAMETER CodesExpire
  Último día en que los códigos sirven, AAAA-MM-DD.

.PARAMETER Kiosk
  None: solo instala. Restricted: solo Atalaya en la cuenta de examen (Pro, Enterprise, Education).
  Single: Acceso asignado de un solo programa (Windows 11). ShellLauncher: en lugar del escritorio
  (Enterprise, Education, IoT Enterprise).

.EXAMPLE
  powershell -ExecutionPolicy Bypass -File silent-install.ps1 -Installer \\srv\atalaya\Atalaya-0.1.0-win32-x64.exe `
    -Server https://examenes.universidad.edu.ec -Room 'Aula 12' -CodesFile \\srv\atalaya\codigos.csv -Kiosk Restricted
#>
[CmdletBinding()]
param(
  [Parameter(Mandatory = $true)] [string] $Installer,
  [Parameter(Mandatory = $true)] [ValidatePattern('^https?://[^/\s]+$')] [string] $Server,
  [string] $Room,
  [string] $DeviceName,
  [ValidateSet('es', 'en')] [string] $Locale,
  [ValidatePattern('^[a-z0-9-]{1,20}$')] [string] $UpdateChannel,
  [string] $Code,
  [string] $CodesFile,
  [ValidatePattern('^\d{4}-\d{2}-\d{2}$')] [string] $CodesExpire,
  [ValidateSet('None', 'Restricted', 'Single', 'ShellLauncher')] [string] $Kiosk = 'None'
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 2

$Folder = Join-Path $env:ProgramData 'Atalaya'
$Program = Join-Path $env:ProgramFiles 'Atalaya\Atalaya.exe'
$LogFile = Join-Path $Folder 'install.log'

function Write-Log([string] $Text) {
  $line = '{0:s} {1}' -f (Get-Date), $Text
  Write-Output $line
  Add-Content -LiteralPath $LogFile -Value $line -Encoding UTF8
}

function Assert-Administrator {
  $identity = [Security.Principal.WindowsIdentity]::GetCurrent()
  $principal = New-Object Security.Principal.WindowsPrincipal($identity)
  if (-not $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
    throw 'Ejecute este script como administrador.'
  }
}

# Solo los administradores escriben aquí: de lo contrario cualquiera cambiaría la configuración.
function Protect-Folder {
  New-Item -ItemType Directory -Force -Path $Folder | Out-Null
  # Por SID, que no cambia con el idioma de Windows: Administradores, SYSTEM, Usuarios.
  & icacls.exe $Folder /inheritance:r /grant:r '*S-1-5-32-544:(OI)(CI)F' '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-545:(OI)(CI)RX' | Out-Null
  if ($LASTEXITCODE -ne 0) { throw "icacls terminó con $LASTEXITCODE" }
}

# Sin marca de orden de bytes, que PowerShell 5 añadiría.
function Write-Json([string] $Path, [hashtable] $Value) {
  $json = $Value | ConvertTo-Json -Depth 5
  [IO.File]::WriteAllText($Path, $json, (New-Object Text.UTF8Encoding($false)))
}

function Install-Program {
  if (-not (Test-Path -LiteralPath $Installer)) { throw "No se encuentra el instalador $Installer" }
  if ([IO.Path]::GetExtension($Installer) -eq '.msi') {
    $arguments = @('/i', "`"$Installer`"", '/qn', '/norestart', '/l*v', "`"$(Join-Path $Folder 'msi.log')`"")
    $process = Start-Process -FilePath 'msiexec.exe' -ArgumentList $arguments -Wait -PassThru
  } else {
    $process = Start-Process -FilePath $Installer -ArgumentList '/S' -Wait -PassThru
  }
  # 3010: instalado, pide reiniciar.
  if (@(0, 3010) -notcontains $process.ExitCode) { throw "El instalador terminó con $($process.ExitCode)" }
  if (-not (Test-Path -LiteralPath $Program)) { throw "Después de instalar falta $Program" }
  Write-Log "instalado: $Installer"
}

function Set-Configuration {
  $settings = @{ server = $Server }
  if ($Room) { $settings.room = $Room }
  if ($DeviceName) { $settings.deviceName = $DeviceName }
  if ($Locale) { $settings.locale = $Locale }
  if ($UpdateChannel) { $settings.updateChannel = $UpdateChannel }
  Write-Json (Join-Path $Folder 'kiosk.json') $settings
  Write-Log "configurado: $Server"
}

function Get-OwnCode {
  if ($Code) { return $Code }
  if (-not $CodesFile) { return $null }
  $own = Import-Csv -LiteralPath $CodesFile -Delimiter ';' -Encoding UTF8 |
    Where-Object { $_.equipo -eq $env:COMPUTERNAME } | Select-Object -First 1
  if ($null -eq $own) { throw "En $CodesFile no hay código para el equipo $env:COMPUTERNAME" }
  return $own.codigo
}

function Set-Enrolment {
  $own = Get-OwnCode
  $site = Join-Path $Folder 'site.json'
  if ($null -eq $own) { return }
  $value = @{ enrolCode = $own }
  if ($CodesExpire) { $value.enrolCodesExpire = $CodesExpire }
  Write-Json $site $value
  Write-Log 'código de registro colocado'
}

# Acceso asignado y Shell Launcher se escriben por el puente MDM, que solo atiende a SYSTEM: si el script no lo es,
# una tarea de una sola vez lo hace en su nombre.
function Set-KioskMode([string] $Mode) {
  $file = switch ($Mode) {
    'Restricted' { 'assigned-access-restricted.xml' }
    'Single' { 'assigned-access-kiosk.xml' }
    'ShellLauncher' { 'shell-launcher.xml' }
  }
  $property = if ($Mode -eq 'ShellLauncher') { 'ShellLauncher' } else { 'Configuration' }
  Copy-Item -LiteralPath (Join-Path $PSScriptRoot $file) -Destination (Join-Path $Folder 'kiosk-mode.xml') -Force
  if ($Mode -eq 'ShellLauncher') {
    Enable-WindowsOptionalFeature -Online -FeatureName 'Client-EmbeddedShellLauncher' -All -NoRestart | Out-Null
  }
  $apply = @'
$ErrorActionPreference = 'Stop'
$xml = [IO.File]::ReadAllText('__XML__')
$mdm = Get-CimInstance -Namespace 'root\cimv2\mdm\dmmap' -ClassName 'MDM_AssignedAccess'
$mdm.__PROPERTY__ = [Net.WebUtility]::HtmlEncode($xml)
Set-CimInstance -CimInstance $mdm
'@
  $apply = $apply.Replace('__XML__', (Join-Path $Folder 'kiosk-mode.xml')).Replace('__PROPERTY__', $property)
  Invoke-AsSystem $apply
  Write-Log "modo quiosco: $Mode (vale desde el próximo inicio del equipo)"
}

function Invoke-AsSystem([string] $Script) {
  $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($Script))
  $arguments = "-NoProfile -NonInteractive -ExecutionPolicy Bypass -EncodedCommand $encoded"
  $powershell = Join-Path $env:SystemRoot 'System32\WindowsPowerShell\v1.0\powershell.exe'
  if ([Security.Principal.WindowsIdentity]::GetCurrent().IsSystem) {
    $process = Start-Process -FilePath $powershell -ArgumentList $arguments -Wait -PassThru -WindowStyle Hidden
    if ($process.ExitCode -ne 0) { throw "La configuración del modo quiosco terminó con $($process.ExitCode)" }
    return
  }
  $task = 'Atalaya modo quiosco'
  $action = New-ScheduledTaskAction -Execute $powershell -Argument $arguments
  $who = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -RunLevel Highest
  Register-ScheduledTask -TaskName $task -Action $action -Principal $who -Force | Out-Null
  try {
    Start-ScheduledTask -TaskName $task
    $deadline = (Get-Date).AddMinutes(2)
    # 267009: se está ejecutando; 267011: aún no empezó.
    do {
      Start-Sleep -Seconds 1
      $result = (Get-ScheduledTaskInfo -TaskName $task).LastTaskResult
    } while (@(267009, 267011) -contains $result -and (Get-Date) -lt $deadline)
    if ($result -ne 0) { throw "La configuración del modo quiosco terminó con $result" }
  } finally {
    Unregister-ScheduledTask -TaskName $task -Confirm:$false
  }
}

Assert-Administrator
Protect-Folder
Install-Program
Set-Configuration
Set-Enrolment
if ($Kiosk -ne 'None') { Set-KioskMode $Kiosk }
Write-Log 'listo'
