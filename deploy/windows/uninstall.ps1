<#
.SYNOPSIS
  Quita el kiosco Atalaya y devuelve el equipo a como estaba.

.DESCRIPTION
  Se ejecuta como administrador, fuera de un examen. Primero pide al propio kiosco que devuelva lo que un cierre
  brusco hubiera dejado (--restore), después quita el modo quiosco, el programa y la configuración.
  Los exámenes que este equipo aún no entregó al servidor se conservan, salvo con -Purge.

.PARAMETER Purge
  Borra también los datos del kiosco de todas las cuentas: clave del equipo, exámenes y respuestas guardados.
#>
[CmdletBinding()]
param([switch] $Purge)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 2

$Folder = Join-Path $env:ProgramData 'Atalaya'
$Program = Join-Path $env:ProgramFiles 'Atalaya\Atalaya.exe'

function Assert-Administrator {
  $identity = [Security.Principal.WindowsIdentity]::GetCurrent()
  $principal = New-Object Security.Principal.WindowsPrincipal($identity)
  if (-not $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
    throw 'Ejecute este script como administrador.'
  }
}

# Los cambios del kiosco están en la cuenta que lo usó: esta los devuelve ahora, las demás al entrar (RunOnce).
function Restore-Machine {
  if (-not (Test-Path -LiteralPath $Program)) { return }
  $process = Start-Process -FilePath $Program -ArgumentList '--restore' -Wait -PassThru
  if ($process.ExitCode -ne 0) {
    throw "El kiosco no pudo devolver el equipo (terminó con $($process.ExitCode)). Cierre el examen y repita."
  }
}

function Remove-KioskMode {
  if (-not (Test-Path -LiteralPath (Join-Path $Folder 'kiosk-mode.xml'))) { return }
  $script = @'
$ErrorActionPreference = 'Stop'
$mdm = Get-CimInstance -Namespace 'root\cimv2\mdm\dmmap' -ClassName 'MDM_AssignedAccess'
$mdm.Configuration = $null
$mdm.ShellLauncher = $null
Set-CimInstance -CimInstance $mdm
'@
  $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($script))
  $powershell = Join-Path $env:SystemRoot 'System32\WindowsPowerShell\v1.0\powershell.exe'
  $task = 'Atalaya modo quiosco'
  $action = New-ScheduledTaskAction -Execute $powershell -Argument "-NoProfile -NonInteractive -EncodedCommand $encoded"
  $who = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -RunLevel Highest
  Register-ScheduledTask -TaskName $task -Action $action -Principal $who -Force | Out-Null
  try {
    Start-ScheduledTask -TaskName $task
    $deadline = (Get-Date).AddMinutes(2)
    do {
      Start-Sleep -Seconds 1
      $result = (Get-ScheduledTaskInfo -TaskName $task).LastTaskResult
    } while (@(267009, 267011) -contains $result -and (Get-Date) -lt $deadline)
    if ($result -ne 0) { throw "El modo quiosco no se pudo quitar (terminó con $result)" }
  } finally {
    Unregister-ScheduledTask -TaskName $task -Confirm:$false
  }
}

function Remove-Program {
  $places = @(
    'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\*',
    'HKLM:\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\*'
  )
  $entries = Get-ItemProperty -Path $places -ErrorAction SilentlyContinue |
    Where-Object { $_.PSObject.Properties['DisplayName'] -and $_.DisplayName -like 'Atalaya*' }
  foreach ($entry in $entries) {
    if ($entry.PSChildName -match '^\{[0-9A-Fa-f-]{36}\}$') {
      $process = Start-Process -FilePath 'msiexec.exe' -ArgumentList @('/x', $entry.PSChildName, '/qn', '/norestart') -Wait -PassThru
    } else {
      $uninstaller = Join-Path (Split-Path -Parent $Program) 'Uninstall Atalaya.exe'
      $process = Start-Process -FilePath $uninstaller -ArgumentList '/allusers', '/S' -Wait -PassThru
    }
    if (@(0, 3010) -notcontains $process.ExitCode) { throw "El desinstalador terminó con $($process.ExitCode)" }
  }
}

function Remove-Configuration {
  if (Test-Path -LiteralPath $Folder) { Remove-Item -LiteralPath $Folder -Recurse -Force }
  # Lo que vino por directiva de grupo vuelve con ella: retírela también de la unidad organizativa.
  $policy = 'HKLM:\SOFTWARE\Policies\Atalaya'
  if (Test-Path -LiteralPath $policy) { Remove-Item -LiteralPath $policy -Recurse -Force }
}

function Remove-Data {
  foreach ($home_ in Get-ChildItem -LiteralPath (Join-Path $env:SystemDrive 'Users') -Directory -Force) {
    foreach ($place in @('AppData\Roaming\Atalaya', 'AppData\Local\atalaya-updater')) {
      $data = Join-Path $home_.FullName $place
      if (Test-Path -LiteralPath $data) { Remove-Item -LiteralPath $data -Recurse -Force }
    }
  }
}

Assert-Administrator
Restore-Machine
Remove-KioskMode
Remove-Program
Remove-Configuration
if ($Purge) { Remove-Data }
Write-Output 'Listo. Reinicie el equipo.'
