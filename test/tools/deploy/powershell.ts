/** What a reader without PowerShell can tell: brackets and texts that close, own functions and variables that exist. */
export const powershellProblems = (source: string): readonly string[] => {
  const problems: string[] = [];
  const code = source
    .replaceAll(/<#[\s\S]*?#>/g, '')
    .replaceAll(/@'\n[\s\S]*?\n'@/g, "''")
    .replaceAll(/`./g, '')
    .replaceAll(/'[^'\n]*'/g, "''")
    .replaceAll(/(?<!['"\w])#.*$/gm, '');
  for (const line of code.split('\n')) {
    if ((line.match(/"/g) ?? []).length % 2 !== 0) problems.push(`open text: ${line.trim()}`);
    if ((line.match(/'/g) ?? []).length % 2 !== 0) problems.push(`open text: ${line.trim()}`);
  }
  const open: string[] = [];
  for (const letter of code) {
    if ('({['.includes(letter)) open.push(letter);
    const wanted = { ')': '(', '}': '{', ']': '[' }[letter];
    if (wanted !== undefined && open.pop() !== wanted) problems.push(`${letter} closes nothing`);
  }
  if (open.length > 0) problems.push(`${open.join('')} is not closed`);
  const declared = new Set(
    [...code.matchAll(/^function ([\w-]+)/gm)].map(([, name]) => name?.toLowerCase()),
  );
  const called = [...code.matchAll(/(?:^|[|{(=]|\bif \(.*?\) \{)\s*([A-Z]\w+-[A-Z]\w+)/gm)];
  const system =
    /^(New|Get|Set|Add|Join|Split|Test|Start|Remove|Copy|Import|Write|Where|Select|Register|Unregister|Enable|Out|ConvertTo)-(Object|Item|ItemProperty|ChildItem|Content|Path|Process|Location|ScheduledTask\w*|CimInstance|Date|Csv|Output|Json|WindowsOptionalFeature|StrictMode|Sleep|Null)$/;
  for (const [, name = ''] of called) {
    if (!declared.has(name.toLowerCase()) && !system.test(name))
      problems.push(`no function ${name}`);
  }
  // Assigned, a loop's own, or a parameter after its type.
  const given = new Set(
    [...code.matchAll(/\$(\w+)\s*=[^=]|foreach \(\$(\w+) in|\]\s*\$(\w+)/g)].map((found) =>
      (found[1] ?? found[2] ?? found[3] ?? '').toLowerCase(),
    ),
  );
  const automatic = new Set(['_', 'env', 'null', 'true', 'false', 'psscriptroot', 'lastexitcode']);
  for (const [, name = ''] of code.matchAll(/\$(\w+)/g)) {
    const small = name.toLowerCase();
    if (!given.has(small) && !automatic.has(small)) problems.push(`nothing gives $${name}`);
  }
  return problems;
};
