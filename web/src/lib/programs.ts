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
