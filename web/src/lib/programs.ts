/** Programs that send the same request. */
export function programs(path: string, request: object, origin: string): Record<'curl' | 'Python' | 'C#', string> {
  const body = JSON.stringify(request, null, 2);
  const address = origin + path;
  // In single quotes of a shell, a quote ends the text, follows by itself, and begins the text again.
  const curl = `curl -sS -H "x-api-key: $KEY" -H 'Content-Type: application/json' \\\n  ${address} -d '`
    + `${body.replaceAll("'", "'\\''")}'`;
  const words: Record<string, string> = { true: 'True', false: 'False', null: 'None' };
  // Every JSON text is also Python, but for these three words. In the indented form each ends a line, outside of quotes.
  const literal = body.replace(/(true|false|null)(?=,?$)/gm, word => words[word]!).replaceAll('\n', '\n    ');
  const python = `import os\nimport requests\n\nresponse = requests.post(\n    "${address}",\n`
    + `    headers={"x-api-key": os.environ["KEY"]},\n    json=${literal},\n)\n`
    + 'print(response.json())\nresponse.raise_for_status()\n';
  // JSON never has three quotes in a row, so a raw string holds it as it is.
  const csharp = 'using System.Text;\n\nusing var http = new HttpClient();\n'
    + 'http.DefaultRequestHeaders.Add("x-api-key", Environment.GetEnvironmentVariable("KEY"));\n'
    + `var request = """\n    ${body.replaceAll('\n', '\n    ')}\n    """;\n`
    + `using var response = await http.PostAsync("${address}",\n    new StringContent(request, Encoding.UTF8, "application/json"));\n`
    + 'Console.WriteLine(await response.Content.ReadAsStringAsync());\nresponse.EnsureSuccessStatusCode();\n';
  return { curl, Python: python, 'C#': csharp };
}

/** Programs that send the same form.
 * @param file Name of the field of a picture file; the programs name a file that the user puts in its place. */
export function formPrograms(
  path: string, fields: Record<string, string>, file: string | undefined, origin: string,
): Record<'curl' | 'Python' | 'C#', string> {
  const address = origin + path;
  const sent = Object.entries(fields);
  const curl = `curl -sS -H "x-api-key: $KEY" ${address}`
    + sent.map(([name, value]) => ` \\\n  -F '${name}=${value}'`).join('') + (file ? ` \\\n  -F '${file}=@picture.jpg'` : '');
  // Without a name of a file, the library sends a plain field; a form of such fields only is still multipart.
  const python = `import os\nimport requests\n\nresponse = requests.post(\n    "${address}",\n`
    + '    headers={"x-api-key": os.environ["KEY"]},\n    files={\n'
    + sent.map(([name, value]) => `        "${name}": (None, ${JSON.stringify(value)}),\n`).join('')
    + `${file ? `        "${file}": open("picture.jpg", "rb"),\n` : ''}    },\n)\nprint(response.json())\nresponse.raise_for_status()\n`;
  const csharp = 'using var http = new HttpClient();\n'
    + 'http.DefaultRequestHeaders.Add("x-api-key", Environment.GetEnvironmentVariable("KEY"));\nusing var form = new MultipartFormDataContent();\n'
    + sent.map(([name, value]) => `form.Add(new StringContent(${JSON.stringify(value)}), "${name}");\n`).join('')
    + (file ? `form.Add(new ByteArrayContent(await File.ReadAllBytesAsync("picture.jpg")), "${file}", "picture.jpg");\n` : '')
    + `using var response = await http.PostAsync("${address}", form);\n`
    + 'Console.WriteLine(await response.Content.ReadAsStringAsync());\nresponse.EnsureSuccessStatusCode();\n';
  return { curl, Python: python, 'C#': csharp };
}
